import { css } from 'lit';

/** What has the class `file` looks like a button, and opens the file picker by the field in it. */
export const fileInput = css`
  .file {
    position: relative;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: calc(2 * var(--u));
    min-height: var(--target);
    padding: 0 calc(4 * var(--u));
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    font-weight: 500;
    /* As a button's: beside one, both labels stand on one line. */
    line-height: 1.2;
  }
  @media (hover: hover) {
    .file:hover {
      background: var(--accent-wash);
    }
  }
  .file:focus-within {
    outline: var(--ring);
    outline-offset: 2px;
  }
  /* The real field lies over all of it: one target, one tab stop, no script between tap and picker. */
  .file > input {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    opacity: 0;
    cursor: pointer;
    font-size: 0;
  }
`;
