/** Where notices lie: over the head of the page, or below it where a person wants to read them. */
import { css } from 'lit';

export const noticeStyles = css`
  :host {
    position: relative;
  }
  .count {
    display: inline-flex;
    align-items: center;
    gap: var(--u);
    padding: 0 calc(2 * var(--u));
    color: var(--amber);
  }
  /* Over the head from its edge to the number, and down to where what is below begins. The newest is seen, the others by scrolling. */
  ul {
    --height: calc(52px + var(--edge) - var(--u));
    position: fixed;
    z-index: 20;
    top: 2px;
    left: calc(var(--gutter) - 2 * var(--u));
    width: calc(100vw - var(--edge) - 67px);
    max-height: var(--height);
    overflow: auto;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    background: var(--amber-wash);
    line-height: 1.2;
  }
  li {
    display: flex;
    align-items: center;
    gap: calc(3 * var(--u));
    min-height: var(--target);
    padding: 0 calc(3 * var(--u));
    font-size: var(--small);
  }
  li:not(:only-child) {
    min-height: calc(var(--height) - 2px);
  }
  li + li {
    border-top: 1px solid var(--line);
  }
  p {
    --lines: 3;
    flex: 1 0 55%;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: var(--lines);
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  /* A long label takes two lines, rather than all the room for the words. */
  span {
    display: flex;
    gap: calc(4 * var(--u));
  }
  /* Behind the number is room for it. */
  @media not all and (min-width: 1000px) {
    ul:not(.whole) .close {
      display: none;
    }
  }
  /* As wide as the column of the firmware, which begins below them also where the page is scrolled. */
  @media (min-width: 720px) {
    ul {
      width: min(320px + 4 * var(--u), 100vw - 500px);
    }
    p {
      --lines: 4;
    }
  }
  /* Somebody wants to read them. */
  .whole {
    top: calc(52px + 2 * var(--u));
    right: max(calc(2 * var(--u)), calc(50vw - 720px + 6 * var(--u)));
    left: auto;
    width: min(480px, calc(100vw - 4 * var(--u)));
    max-height: 60dvh;
    line-height: inherit;
  }
  .whole li {
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 calc(3 * var(--u));
    min-height: 0;
    padding: var(--u) calc(4 * var(--u));
  }
  .whole p {
    --lines: none;
    flex: 1 1 24ch;
    padding: calc(2 * var(--u)) 0;
  }
  .calm {
    color: inherit;
  }
  ul.calm {
    background: var(--sheet);
  }
  .away {
    border: 0;
    box-shadow: none;
  }
`;
