/** How the shell is laid out: the head, the place with its firmware beside or above it, and what stays at the foot. */
import { css } from 'lit';

export const shellStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 100dvh;
    --page: 1440px;
    --edge: calc(4 * var(--u));
    /* Of what is as wide as the window, so that it begins and ends where the page does. */
    --gutter: max(var(--edge), calc((100% - var(--page)) / 2 + var(--edge)));
  }
  .skip {
    position: absolute;
    z-index: 21;
    padding: calc(3 * var(--u)) calc(4 * var(--u));
    background: var(--sheet);
  }
  /* First to be reached by keys, and seen only then. */
  .skip:not(:focus) {
    clip-path: inset(50%);
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 52px;
    padding: 0 var(--gutter);
    border-bottom: 1px solid var(--line);
  }
  .brand {
    display: inline-flex;
    align-items: center;
    gap: calc(2 * var(--u));
    min-height: var(--target);
    color: var(--ink);
    font-size: var(--large);
    font-weight: 600;
    text-decoration: none;
  }
  .head notice-bar {
    margin-inline-start: auto;
  }
  .brand svg {
    width: 22px;
    height: 22px;
    fill: var(--accent);
  }
  main {
    flex: 1;
    display: grid;
    align-content: start;
    gap: calc(5 * var(--u));
    width: 100%;
    max-width: var(--page);
    margin: 0 auto;
    padding: var(--edge);
    outline-offset: -2px;
  }
  main > * {
    min-width: 0;
  }
  .firmware {
    padding-bottom: calc(5 * var(--u));
    border-bottom: 1px solid var(--line);
  }
  .foot {
    position: sticky;
    bottom: 0;
    z-index: 10;
  }
  app-nav.low {
    padding-bottom: env(safe-area-inset-bottom);
    border-top: 1px solid var(--line);
    background: var(--paper);
  }
  app-nav.high {
    display: none;
  }
  @media print {
    .head,
    .firmware,
    notice-bar,
    .foot {
      display: none;
    }
  }
  @media (min-width: 720px) {
    app-nav.low {
      display: none;
    }
    app-nav.high {
      display: block;
      /* Its last word ends where the page does. */
      margin-inline-end: calc(-4 * var(--u));
    }
    :host {
      --edge: calc(6 * var(--u));
    }
    main.split {
      grid-template-columns: minmax(240px, 320px) 1fr;
      gap: calc(8 * var(--u));
    }
    .firmware {
      padding: 0;
      border: 0;
    }
    /* It stays where it is from the start: what comes over the head never comes over it. */
    .firmware firmware-panel {
      position: sticky;
      top: calc(52px + var(--edge));
    }
  }
  /* Beside what comes over the head. */
  @media (min-width: 1000px) {
    .head watch-pill {
      margin-inline: auto calc(3 * var(--u));
    }
    .head notice-bar {
      margin-inline-start: 0;
    }
  }
`;
