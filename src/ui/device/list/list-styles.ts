/** How the list is laid out: what finds and sorts its devices, and the devices in one column or several. */
import { css } from 'lit';

export const listStyles = css`
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(2 * var(--u));
    margin-bottom: calc(2 * var(--u));
  }
  ::slotted(*) {
    flex: 1 1 300px;
    margin: 0;
  }
  .sort {
    display: flex;
    align-items: center;
    gap: calc(2 * var(--u));
    font-weight: 400;
  }
  .sort select {
    width: auto;
    max-width: 100%;
    margin: 0;
  }
  .end {
    margin-inline-start: auto;
  }
  /* Its room is kept: the rows stay where they are when the first device needs attention. */
  [role='status'] {
    min-width: 12em;
    min-height: var(--target);
  }
  /* All begin at the height of the search, which may have the groups below it. */
  @media (min-width: 720px) {
    .tools {
      align-items: flex-start;
    }
  }
  /* On a phone the devices come first: all of this is one row above them. */
  @media not all and (min-width: 720px) {
    .end {
      margin: 0;
    }
    [role='status'] {
      flex: 1;
      min-width: 0;
      text-align: end;
    }
    [role='status'] button {
      font-size: var(--small);
      line-height: 1.1;
    }
  }
  ul {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    column-gap: calc(4 * var(--u));
    border-top: 1px solid var(--line);
  }
  @media (min-width: 720px) {
    ul.dense {
      grid-template-columns: repeat(auto-fill, minmax(200px, 1fr));
    }
  }
  li {
    position: relative;
    min-width: 0;
    content-visibility: auto;
    contain-intrinsic-size: auto 44px;
  }
  li.open {
    grid-column: 1 / -1;
  }
  li::after {
    content: '';
    position: absolute;
    inset: auto 0 0;
    border-bottom: 1px solid var(--line);
  }
`;
