/** Takes the place of `one-partition.ts` in the page that a board serves: ViperHTTP has no such device. */
import type * as one from './one-partition.ts';

export const OVERWRITES = '';

export const onePartitionText: typeof one.onePartitionText = () => null;
