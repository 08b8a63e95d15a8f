/**
 * Takes the place of `tells.ts` in the page that a board serves: no file of another product is for that board, so none
 * is recognised.
 */
import type * as tells from './tells.ts';

export const readTells: typeof tells.readTells = () => Promise.resolve(undefined);

export const builtOn: typeof tells.builtOn = () => null;
