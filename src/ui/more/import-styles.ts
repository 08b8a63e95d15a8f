import { css } from 'lit';

export const importStyles = css`
  :host,
  .plan {
    display: grid;
    gap: calc(3 * var(--u));
    justify-items: start;
  }
  .plan {
    width: 100%;
    padding: calc(4 * var(--u));
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--sheet);
  }
  .plan h3 {
    font-size: var(--text);
  }
  .plan form {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-end;
    gap: calc(2 * var(--u));
  }
  /* In sight however long the lists above are. */
  .plan > .row {
    position: sticky;
    bottom: var(--foot, 0px);
    width: 100%;
    padding-block: calc(2 * var(--u));
    background: var(--sheet);
  }
  details {
    width: 100%;
  }
  summary {
    min-height: var(--target);
    align-content: center;
    cursor: pointer;
    font-weight: 500;
  }
  .paste {
    display: grid;
    gap: calc(2 * var(--u));
    justify-items: start;
    padding-bottom: calc(2 * var(--u));
  }
  .paste p {
    margin: 0;
  }
  textarea {
    width: 100%;
    padding: calc(2 * var(--u)) calc(3 * var(--u));
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--sheet);
    color: var(--ink);
    /* Below 16 px, iOS zooms the page into the field. */
    font: max(16px, var(--small)) / 1.4 var(--mono);
    white-space: pre;
  }
  li {
    overflow-wrap: anywhere;
  }
  a {
    padding: calc(3 * var(--u)) 0;
  }
`;
