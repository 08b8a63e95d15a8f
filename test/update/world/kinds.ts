/** Every kind of device that the fault matrix goes through; the compiler asks for those of each dialect that takes chunks. */
import type { ChunkedDialect } from '../../../src/model/device/dialect.ts';
import { WITH_COUNTER, WITHOUT_COUNTER } from './fault-matrix-documented.ts';
import { SHIPPED } from './fault-matrix-shipped.ts';
import type { Kind } from './fault-matrix.ts';

const OF_DIALECT: Readonly<Record<ChunkedDialect, readonly Kind[]>> = {
  shipped: [SHIPPED],
  documented: [WITHOUT_COUNTER, WITH_COUNTER],
};

export const KINDS: readonly Kind[] = Object.values(OF_DIALECT).flat();
