/** Takes the place of `gateway-word.ts` in the page that a board serves, which reaches that board without a gateway. */
import type * as gateway from './gateway-word.ts';

export const gatewayWord: typeof gateway.gatewayWord = () => null;
export const notCarried: typeof gateway.notCarried = () => null;
export const silenceIn: typeof gateway.silenceIn = () => null;
