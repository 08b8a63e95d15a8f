import { css } from 'lit';

/** For what stands one below the other in “More”: each under a heading of its own. */
export const sections = css`
  h2 {
    font-size: var(--large);
    margin: calc(6 * var(--u)) 0 calc(2 * var(--u));
  }
  p + p {
    margin-top: calc(2 * var(--u));
  }
`;
