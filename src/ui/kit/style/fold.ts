/** What stands before the devices: on a phone a line that opens it, in a wide window always in sight. */
import { css, html, type TemplateResult } from 'lit';
import { chevronIcon } from './icons.ts';

/** What has the class `folded`, after the button, is what it opens. The width is where the page gets its two columns. */
export const folds = css`
  .fold {
    display: inline-flex;
    align-items: center;
    gap: var(--u);
    padding-inline: calc(3 * var(--u)) calc(2 * var(--u));
    text-align: start;
  }
  .fold[aria-expanded='true'] > :last-child {
    transform: rotate(180deg);
  }
  @media (min-width: 720px) {
    .fold {
      display: none;
    }
  }
  @media not all and (min-width: 720px) {
    .fold[aria-expanded='false'] ~ .folded {
      display: none;
    }
  }
`;

export function fold(words: TemplateResult | string, isOpen: boolean, toggle: () => void): TemplateResult {
  return html`<button class="fold" aria-expanded=${isOpen ? 'true' : 'false'} @click=${toggle}>
    ${words}${chevronIcon}
  </button>`;
}
