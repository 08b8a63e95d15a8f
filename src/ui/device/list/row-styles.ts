/** How a row is laid out: two lines where it is narrow, columns where it is wide. */
import { css } from 'lit';

export const rowStyles = css`
  :host {
    container-type: inline-size;
  }
  /* Where it is brought into view, the bar that comes with the press of its button does not cover that. */
  :host([open]) {
    scroll-margin-block-end: 64px;
  }
  .line {
    display: flex;
  }
  .main {
    flex: 1;
    display: flex;
    align-items: center;
    gap: calc(2 * var(--u));
    min-width: 0;
    padding: 0 var(--u);
    border: 0;
    border-radius: 4px;
    color: var(--ink);
    text-align: start;
  }
  .main:focus-visible {
    outline-offset: -2px;
  }
  .words {
    flex: 1;
    min-width: 0;
  }
  .name,
  .second {
    display: block;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .name {
    font-weight: 500;
    line-height: 1.3;
  }
  .second {
    line-height: 1.3;
    color: var(--ink-soft);
    font-size: var(--small);
    font-weight: 400;
  }
  .second > :not(:first-child, :empty)::before {
    content: '· ';
  }
  .state.failed,
  .state.offline {
    color: var(--red);
  }
  .state.needs {
    color: var(--amber);
  }
  .state.updated {
    color: var(--accent);
  }
  .chevron {
    display: none;
    color: var(--ink-soft);
  }
  .chevron svg {
    display: block;
  }
  :host([open]) .chevron svg {
    transform: rotate(180deg);
  }
  /* In a row as narrow as this, the dot alone tells the usual states. */
  @container (max-width: 280px) {
    .state.online,
    .state.unasked {
      display: none;
    }
    .state.online + .version::before,
    .state.unasked + .version::before {
      content: none !important;
    }
  }
  @container (min-width: 340px) {
    .chevron {
      display: block;
    }
  }
  @container (min-width: 620px) {
    .words {
      display: grid;
      grid-template-columns: minmax(0, 2fr) minmax(0, 1.6fr) minmax(0, 1fr) minmax(0, 1.6fr);
      align-items: center;
      gap: calc(3 * var(--u));
    }
    .second {
      display: contents;
    }
    .second > * {
      overflow: hidden;
      white-space: nowrap;
      text-overflow: ellipsis;
      color: var(--ink-soft);
      font-size: var(--small);
      font-weight: 400;
    }
    .second > .state {
      order: 1;
    }
    .second > :not(:first-child, :empty)::before {
      content: none;
    }
  }
  device-card {
    max-width: 560px;
    padding: calc(2 * var(--u)) var(--u) calc(4 * var(--u)) calc(6 * var(--u));
  }
`;
