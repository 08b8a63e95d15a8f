/** Takes the place of `identity.ts` in the page that a board serves: ViperHTTP tells its slots, and not what it is. */
import type * as identity from './identity.ts';

export const firmwareText: typeof identity.firmwareText = () => '';

export const identityText: typeof identity.identityText = () => '';
