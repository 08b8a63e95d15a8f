/** Of the fault matrix through jobs what tells most in some seconds; `npm run test:matrix` plays all of it. */
import { WITH_COUNTER } from '../../../update/world/fault-matrix-documented.ts';
import { SHIPPED } from '../../../update/world/fault-matrix-shipped.ts';
import { crossJobs, type JobTrouble } from './job-matrix.ts';

const OF_SHIPPED: ReadonlySet<JobTrouble> = new Set<JobTrouble>([
  'dropped after',
  'restart after',
  'host started again',
  'cancelled',
]);

describe(`the fault matrix of a ${SHIPPED.name} device, by the host`, () => {
  crossJobs(SHIPPED, { rows: (_row, trouble) => OF_SHIPPED.has(trouble), lulls: false });
});

describe(`the fault matrix of a ${WITH_COUNTER.name} device, by the host`, () => {
  crossJobs(WITH_COUNTER, { rows: (_row, trouble) => trouble === 'host started again', lulls: false });
});
