import { css } from 'lit';

/** For elements with fields. */
export const fields = css`
  label,
  legend {
    display: block;
    padding: 0;
    font-weight: 500;
  }
  input:not([type='checkbox'], [type='radio']),
  select {
    width: 100%;
    min-height: var(--target);
    margin-top: var(--u);
    padding: 0 calc(3 * var(--u));
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--sheet);
    color: var(--ink);
    /* Below 16 px, iOS zooms the page into the field. */
    font: max(16px, var(--text)) / 1.2 var(--face);
  }
  /* The browser's own colour is too pale to be read on this paper, and Firefox makes it paler. */
  ::placeholder {
    color: var(--ink-soft);
    opacity: 1;
  }
  input[aria-invalid='true'] {
    border-color: var(--red);
  }
  input[type='checkbox'],
  input[type='radio'] {
    width: 20px;
    height: 20px;
    margin: 0;
    flex: none;
    accent-color: var(--accent);
  }
  label.choice {
    display: flex;
    align-items: center;
    gap: calc(2.5 * var(--u));
    min-height: var(--target);
    font-weight: 400;
  }
  .hint {
    margin-top: var(--u);
    color: var(--ink-soft);
    font-size: var(--small);
  }
  .error {
    margin-top: var(--u);
    color: var(--red);
    font-size: var(--small);
  }
`;
