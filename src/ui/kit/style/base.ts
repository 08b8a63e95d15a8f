import { css } from 'lit';

/** For every shadow root. */
export const base = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  dl,
  dd,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  ul {
    list-style: none;
  }
  h1,
  h2,
  h3 {
    font-weight: 600;
    line-height: 1.25;
    overflow-wrap: anywhere;
  }
  .small {
    font-size: var(--small);
  }
  .soft {
    color: var(--ink-soft);
  }
  .mono {
    font-family: var(--mono);
    font-size: var(--small);
    overflow-wrap: anywhere;
  }
  .numbers {
    font-variant-numeric: tabular-nums;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(2 * var(--u));
  }
  .off-screen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  svg.icon {
    width: 20px;
    height: 20px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :focus-visible {
    outline: var(--ring);
    outline-offset: 2px;
  }
  a {
    color: var(--accent);
  }
`;
