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
  .state,
  .group {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .name {
    display: block;
    font-weight: 500;
    line-height: 1.3;
  }
  /* What a device gets is never cut: it has a line of its own where the state leaves it no room. */
  .second {
    --between: 0.9em;
    display: flex;
    flex-wrap: wrap;
    margin-inline-start: calc(-1 * var(--between));
    /* Nothing is between two where a line begins. */
    clip-path: inset(0 0 0 var(--between));
    line-height: 1.3;
    color: var(--ink-soft);
    font-size: var(--small);
    font-weight: 400;
  }
  .second > :not(:empty)::before {
    content: '·';
    display: inline-block;
    width: var(--between);
    text-align: center;
  }
  .version {
    max-width: 100%;
    overflow-wrap: anywhere;
  }
  /* It takes what room is left, and never a line. */
  .group {
    flex: 1;
    min-width: 0;
  }
  /* Its words change all the time, and no row may grow under a finger: they are cut before the version is. */
  .second:has(.state.updating) {
    flex-wrap: nowrap;
  }
  .state.updating {
    min-width: 0;
  }
  .state.updating + .version {
    flex: none;
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
  /* The dot alone tells that nobody has asked a device of which nothing is known. */
  @container (max-width: 400px) {
    .state.unasked:has(+ .version > .unknown) {
      display: none;
    }
  }
  /* In columns a row is one of hundreds, and no higher than the others: the dot alone tells the usual states. */
  @container (max-width: 280px) {
    .state.online,
    .state.unasked,
    .unknown {
      display: none;
    }
    .second {
      flex-wrap: nowrap;
    }
    .version {
      overflow: hidden;
      white-space: nowrap;
      text-overflow: ellipsis;
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
    .second > :not(:empty)::before {
      content: none;
    }
  }
  device-card {
    max-width: 560px;
    padding: calc(2 * var(--u)) var(--u) calc(4 * var(--u)) calc(6 * var(--u));
  }
`;
