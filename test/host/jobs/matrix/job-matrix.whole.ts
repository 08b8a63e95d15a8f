/** `npm run test:matrix`: every cell, which takes minutes. */
import { WITH_COUNTER, WITHOUT_COUNTER } from '../../../update/world/fault-matrix-documented.ts';
import { SHIPPED } from '../../../update/world/fault-matrix-shipped.ts';
import { crossJobs } from './job-matrix.ts';

for (const kind of [SHIPPED, WITHOUT_COUNTER, WITH_COUNTER]) {
  describe(`the fault matrix of a ${kind.name} device, by the host`, () => {
    crossJobs(kind, { rows: () => true, lulls: true });
  });
}
