import { css } from 'lit';

/** For a form in a panel of “More”: one thing below the other, and fields no wider than what is typed into them. */
export const stackedForm = css`
  :host,
  form {
    display: grid;
    gap: calc(3 * var(--u));
    justify-items: start;
  }
  form > div {
    width: min(100%, 320px);
  }
`;
