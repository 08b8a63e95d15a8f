import { holdsForAll, SCHEDULES } from './random-schedules.ts';
import { fc } from '../../random.ts';

describe(`${SCHEDULES} random fault schedules on a shipped device`, () => {
  holdsForAll(
    'end, say "Updated" only where it is true, write no byte twice and keep to one request at a time',
    fc.record({ dialect: fc.constant('shipped'), verifies: fc.boolean() }),
  );
});
