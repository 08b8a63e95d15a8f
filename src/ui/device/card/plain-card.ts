/** A card in an opened line of a list: the line has its name and its frame. */
import { css } from 'lit';

export const plainCard = css`
  :host([plain]) article {
    padding: 0;
    border: 0;
    background: none;
  }
  :host([plain]) h2 {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  /* Nobody sees the name, which the row above has; with the focus on it, the card is what is shown to have it. */
  :host([plain]) article:has(h2:focus-visible) {
    outline: var(--ring);
    outline-offset: 2px;
  }
`;
