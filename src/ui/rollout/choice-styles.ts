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
  /* On a phone the first devices are on the first screen. */
  @media not all and (min-width: 720px) {
    :host {
      gap: calc(2 * var(--u));
    }
    .how {
      font-size: var(--small);
    }
    .fold + .filters {
      margin-top: calc(3 * var(--u));
    }
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
  .end {
    position: sticky;
    bottom: var(--foot, 0px);
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
  /* It sticks in sight: the page is not scrolled for it. */
  .end * {
    scroll-margin-bottom: calc(-1 * (var(--foot, 0px) + var(--end, 0px) + var(--u)));
  }
`;
