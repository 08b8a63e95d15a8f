/** `npm run test:matrix`: every cell, which takes minutes. */
import { KINDS } from '../../../update/world/kinds.ts';
import { crossJobs } from './job-matrix.ts';

for (const kind of KINDS) {
  describe(`the fault matrix of a ${kind.name} device, by the host`, () => {
    crossJobs(kind, { rows: () => true, lulls: true });
  });
}
