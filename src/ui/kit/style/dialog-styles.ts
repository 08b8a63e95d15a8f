import { css } from 'lit';

/** For elements with a native dialog: a sheet from the bottom of a phone, a card in a wide window. */
export const dialogs = css`
  dialog {
    width: min(480px, 100vw);
    max-width: 100vw;
    max-height: 92dvh;
    margin: auto auto 0;
    padding: calc(5 * var(--u));
    border: 1px solid var(--line);
    border-radius: var(--radius) var(--radius) 0 0;
    background: var(--sheet);
    color: var(--ink);
    box-shadow: var(--shadow);
    overflow: auto;
    /* What has focus is not to lie under the buttons that stick below, nor under two lines of what is wrong. */
    scroll-padding-block: calc(4 * var(--u)) 128px;
  }
  dialog::backdrop {
    background: var(--veil);
  }
  @media (min-width: 560px) {
    dialog {
      margin: auto;
      border-radius: var(--radius);
    }
  }
  dialog h2 {
    font-size: var(--large);
  }
  dialog form {
    display: flex;
    flex-direction: column;
    gap: calc(4 * var(--u));
  }
  /* With the browser's own mark that it opens, which a flex box would not have. */
  summary {
    padding-block: calc(3 * var(--u));
    cursor: pointer;
    color: var(--ink-soft);
  }
  /* In reach on a phone, however long the form is. */
  .end {
    position: sticky;
    bottom: calc(-5 * var(--u));
    margin: 0 calc(-5 * var(--u)) calc(-5 * var(--u));
    padding: calc(3 * var(--u)) calc(5 * var(--u));
    border-top: 1px solid var(--line);
    background: var(--sheet);
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: calc(2 * var(--u));
  }
  .end .error {
    flex: 1 1 100%;
    margin: 0;
  }
  .end .error:empty {
    display: none;
  }
`;
