import { expect } from 'chai';
import { failedBefore, noProgress } from '../../../src/model/update/nothing-sent.ts';
import { describeAny } from '../../../src/words/update/describe-any.ts';

const NAMES = { device: 'Kitchen', version: null };

describe('what is said of a device that takes its image whole', () => {
  it('says why it needs a host, and how to get one', () => {
    const { detail } = describeAny(failedBefore('esphome', 0, { code: 'needs-host' }), NAMES);
    expect(detail).to.equal(
      'Needs a Moult host on this network: it speaks a protocol of its own, which browsers don’t. Kitchen still runs its old firmware. Start Moult on a computer there, and open the page that it serves.',
    );
    const other = describeAny(failedBefore('wled', 0, { code: 'needs-host' }), NAMES);
    expect(other.detail).to.contain('choose that under “More”');
  });

  it('asks a person to restart a device that no request restarts', () => {
    const half = (dialect: 'esphome-web' | 'wled'): string =>
      describeAny(failedBefore(dialect, 0, { code: 'half-left' }), NAMES).detail;
    expect(half('esphome-web')).to.contain('Unplug it for a moment, then press “It has restarted: update”');
    expect(half('wled')).to.contain('press Update, or press “Restart and update”');
  });

  it('says who removes a half upload that a device takes no other file beside, and what to do about another’s', () => {
    const left = (dialect: 'pretty-ota' | 'elegant-ota'): string => {
      const failed = failedBefore(dialect, 0, { code: 'unreachable' });
      return describeAny({ ...failed, leaves: 'half' }, NAMES).detail;
    };
    expect(left('pretty-ota')).to.contain(
      'takes no other file beside it. The next update from here takes it away first.',
    );
    expect(left('elegant-ota')).to.contain('would add the next upload to it');
    const busy = failedBefore('pretty-ota', 0, { code: 'busy', status: 400, said: 'An update is already running' });
    const { detail } = describeAny(busy, NAMES);
    expect(detail).to.match(/It said: "An update is already running".*Wait until whoever sends it a file is done/);
  });

  it('asks for the secret that such a device has', () => {
    const { detail } = describeAny(failedBefore('esphome', 0, { code: 'unauthorised' }), NAMES);
    expect(detail).to.match(/password for updates.*Enter the password under Edit, as its configuration/);
  });

  it('tells no result while new firmware may still go back', () => {
    const words = describeAny(
      {
        ...{ phase: 'restarting', dialect: 'esphome', progress: noProgress(1), startedOver: null },
        ...{ elapsedMs: 0, patienceMs: 120_000, settling: true },
      },
      NAMES,
    );
    expect(words.title).to.equal('Waiting to see if it stays');
    expect(words.detail).to.contain('may still go back');
  });
});
