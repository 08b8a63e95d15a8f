import fc from 'fast-check';
import { holdsForAll, SCHEDULES, TIME_LIMIT_MS } from './random-schedules.ts';

describe(`${SCHEDULES} random fault schedules on a shipped device`, function () {
  this.timeout(TIME_LIMIT_MS);

  it('end, say "Updated" only where it is true, write no byte twice and keep to one request at a time', async () => {
    await holdsForAll(fc.record({ dialect: fc.constant('shipped'), verifies: fc.boolean() }));
  });
});
