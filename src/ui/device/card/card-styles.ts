/** How a card is laid out: a fixed part with the buttons at its end, and below it what comes and goes. */
import { css } from 'lit';

export const cardStyles = css`
  :host {
    content-visibility: auto;
    contain-intrinsic-size: auto 320px;
  }
  article {
    display: flex;
    flex-direction: column;
    height: 100%;
    padding: calc(4 * var(--u));
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--sheet);
  }
  /* What stands below the buttons, wherever it is in the reading order. */
  article > *,
  .long {
    order: 2;
  }
  header,
  device-face,
  update-progress {
    order: 0;
  }
  h2 {
    font-size: var(--large);
  }
  .one-line {
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .dot {
    vertical-align: -1px;
  }
  /* A field of cells, two lines of numbers, and one of what to know meanwhile: also before an update and after it. */
  device-face,
  update-progress {
    min-height: calc(64px + 2 * var(--u) + 4.35 * var(--small));
    margin-top: calc(3 * var(--u));
  }
  /* Its long words stand below the buttons, and are heard with its short ones. */
  .status {
    display: contents;
  }
  /* A title and two small lines are kept, also while nothing is said. */
  .say {
    order: 0;
    display: flex;
    align-items: flex-start;
    gap: calc(2 * var(--u));
    min-height: calc(1.45 * var(--text) + 2.9 * var(--small));
    margin-top: calc(2 * var(--u));
  }
  .say > span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  strong {
    display: block;
    font-weight: 600;
  }
  .say .small {
    display: block;
  }
  .good svg {
    color: var(--accent);
  }
  .needs svg {
    color: var(--amber);
  }
  .bad svg,
  .bad strong {
    color: var(--red);
  }
  .actions {
    order: 1;
    display: flex;
    gap: calc(2 * var(--u));
    margin-top: calc(2 * var(--u));
  }
  .primary {
    flex: 1;
    min-width: 0;
  }
  .long,
  article > p,
  device-doctor {
    margin-top: calc(3 * var(--u));
    overflow-wrap: anywhere;
  }
  .note {
    padding-inline-start: calc(2 * var(--u));
    border-inline-start: 3px solid var(--amber-mark);
  }
`;
