/** How the choice of devices is laid out: the list, and the button that stays in sight with its options. */
import { css } from 'lit';

export const choiceStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(4 * var(--u));
  }
  .filters {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 180px), 1fr));
    gap: calc(3 * var(--u));
  }
  li {
    border-top: 1px solid var(--line);
    content-visibility: auto;
    contain-intrinsic-size: auto 56px;
  }
  li:last-child {
    border-bottom: 1px solid var(--line);
  }
  li label {
    padding: calc(1.5 * var(--u)) 0;
  }
  .who {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .who b {
    display: block;
    font-weight: 500;
  }
  .misfit {
    display: block;
    color: var(--amber);
  }
  /* What has focus is not to lie under the options that stick below. */
  input,
  select {
    scroll-margin-bottom: 16rem;
  }
  .end {
    position: sticky;
    bottom: 0;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: calc(2 * var(--u));
    padding: calc(2 * var(--u)) 0;
    border-top: 1px solid var(--line);
    background: var(--paper);
  }
  details {
    flex: 1 1 100%;
  }
  summary {
    padding-block: calc((var(--target) - 1.45 * var(--small)) / 2);
    color: var(--ink-soft);
    cursor: pointer;
  }
  /* Above the bar of places, which sticks there too. */
  @media (max-width: 719px) {
    .end {
      bottom: calc(57px + env(safe-area-inset-bottom));
    }
  }
`;
