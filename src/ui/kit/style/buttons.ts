import { css } from 'lit';

/** For elements with buttons. Quiet by default; `next` is the one next action; `link` reads as text. */
export const buttons = css`
  button {
    min-height: var(--target);
    padding: 0 calc(4 * var(--u));
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: transparent;
    color: var(--ink);
    font: 500 var(--text) / 1.2 var(--face);
    cursor: pointer;
    transition: background-color var(--quick);
    touch-action: manipulation;
  }
  /* A finger hovers over nothing: on a phone the last button that it met would stay tinted. */
  @media (hover: hover) {
    button:hover {
      background: var(--accent-wash);
    }
  }
  button:disabled {
    opacity: var(--faint);
    cursor: default;
  }
  button[aria-pressed='true'] {
    border-color: var(--accent);
    background: var(--accent-wash);
    color: var(--ink);
  }
  button.next {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  button.next:hover {
    filter: brightness(1.08);
  }
  button.quiet {
    border-color: transparent;
    padding: 0 calc(2.5 * var(--u));
    color: var(--ink-soft);
  }
  button.quiet:hover {
    color: var(--ink);
  }
  button.danger {
    border-color: var(--red);
    background: var(--red);
    color: var(--sheet);
  }
  button.link {
    min-width: var(--target);
    margin: 0 calc(-1 * var(--u));
    border: 0;
    padding: 0 var(--u);
    color: var(--accent);
    text-decoration: underline;
    text-underline-offset: 3px;
    text-align: start;
  }
  @media (forced-colors: active) {
    button.next,
    button[aria-pressed='true'] {
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;
