/**
 * `npm run test:hawkbit`: the whole way against the real hawkBit. In each case what the server's own data say is what the
 * devices run.
 */
import { assignments } from './cases/assignments.ts';
import { cancels } from './cases/cancels.ts';
import { disturbances } from './cases/disturbances.ts';
import { many } from './cases/many.ts';
import { updates } from './cases/updates.ts';
import { RealFleet, type Story } from './real-fleet.ts';
import { RealHawkbit } from './real-hawkbit.ts';

describe('the real hawkBit, and moult agent', () => {
  let hawkbit: RealHawkbit;
  let started: RealHawkbit | null = null;
  before(async () => {
    hawkbit = started = await RealHawkbit.start();
  });
  after(() => started?.stop());

  let stories = 0;
  const story: Story = (title, tell) => {
    it(title, async () => {
      stories += 1;
      const fleet = new RealFleet(hawkbit, `moult-${stories}`);
      try {
        await tell(fleet);
        await fleet.agree();
      } finally {
        await fleet.close();
      }
    });
  };
  updates(story);
  assignments(story);
  cancels(story);
  disturbances(story);
  many(story);
});
