import { holdsForAll, SCHEDULES } from './random-schedules.ts';
import { fc } from '../../random.ts';

describe(`${SCHEDULES} random fault schedules on a documented device`, () => {
  holdsForAll(
    'end, claim nothing that the device cannot prove and keep to one request at a time',
    fc.record({
      dialect: fc.constant('documented'),
      status: fc.constantFrom('none', 'counter'),
      answers: fc.constantFrom('json', 'text', 'empty'),
      counterKey: fc.constantFrom(null, 'written', 'bytes_written', 'seq'),
      beginWhileActive: fc.constantFrom('refuse', 'replace'),
      restarts: fc.boolean(),
      verifies: fc.boolean(),
    }),
  );
});
