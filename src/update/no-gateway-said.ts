/**
 * Takes the place of `said-by-device.ts` in the page that a board serves, which reaches that board without a gateway.
 */
import type * as gateway from './said-by-device.ts';

export const saidByDevice: typeof gateway.saidByDevice = ({ said }) => said;
