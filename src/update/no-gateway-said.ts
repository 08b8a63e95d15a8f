/** Takes the place of `said-by-device.ts` in the page that a board serves: nobody answers in that board's place. */
import type * as gateway from './said-by-device.ts';

export const saidByDevice: typeof gateway.saidByDevice = ({ said }) => said;
