import { expect } from 'chai';
import { ABORT_SILENCE_MS } from '../../src/update/time-limits.ts';
import { UpdateError } from '../../src/update/update-error.ts';
import { TRIES, windDown } from '../../src/update/wind-down.ts';
import { Bench, ScriptedLink, session, status } from './scripted.ts';

const dropped = new UpdateError('unreachable');

describe('leaving the device idle', () => {
  it('ends our session, and answers that the device is idle because it said so', async () => {
    const bench = new Bench();
    bench.link.statuses = [status({ session: session({ writtenBytes: 4096 }) })];
    bench.link.aborts = [{ idle: true }];
    expect(await windDown(bench.begunRun())).to.equal(true);
    expect(bench.link.asked).to.deep.equal([{ do: 'status' }, { do: 'abort' }]);
    expect(new Set(bench.link.limits)).to.deep.equal(new Set([ABORT_SILENCE_MS]));
  });

  it('needs no abort where no session is open', async () => {
    const bench = new Bench();
    bench.link.statuses = [status()];
    expect(await windDown(bench.begunRun())).to.equal(true);
    expect(bench.link.asked).to.deep.equal([{ do: 'status' }]);
  });

  for (const [whose, other] of [
    ['another number', session({ id: '8' })],
    ['our number and another image', session({ expectedSha256: 'f'.repeat(64) })],
  ] as const) {
    it(`never ends somebody else’s session: ${whose}`, async () => {
      const bench = new Bench();
      bench.link.statuses = [status({ session: other })];
      expect(await windDown(bench.begunRun())).to.equal(false);
      expect(bench.link.asked).to.deep.equal([{ do: 'status' }]);
    });
  }

  describe('after a begin whose answer is not known', () => {
    async function inDoubt(sessionBefore: string | null, id: string): Promise<boolean | null> {
      const bench = new Bench();
      const run = bench.run();
      run.beginInDoubt = true;
      run.sessionBefore = sessionBefore;
      bench.link.statuses = [status({ session: session({ id }) })];
      bench.link.aborts = [{ idle: true }];
      return windDown(run);
    }

    it('ends a session that was not there before', async () => {
      expect(await inDoubt(null, '8')).to.equal(true);
      expect(await inDoubt('7', '8')).to.equal(true);
    });

    it('leaves the one that was', async () => expect(await inDoubt('7', '7')).to.equal(false));
  });

  it('tries again after an error, and asks first each time', async () => {
    const bench = new Bench();
    const open = status({ session: session() });
    bench.link.statuses = [dropped, open, open];
    bench.link.aborts = [dropped, { idle: true }];
    expect(await windDown(bench.begunRun())).to.equal(true);
    expect(bench.link.asked.map((asked) => asked.do)).to.deep.equal(['status', 'status', 'abort', 'status', 'abort']);
  });

  it('gives up after a few tries, and then claims nothing: a person waits', async () => {
    const bench = new Bench();
    bench.link.statuses = Array.from({ length: TRIES + 1 }, () => dropped);
    expect(await windDown(bench.begunRun())).to.equal(null);
    expect(bench.link.asked.length).to.equal(TRIES);
  });

  it('asks again where the device does not say whether it is idle', async () => {
    const bench = new Bench();
    bench.link.statuses = [status({ session: session() }), status()];
    bench.link.aborts = [{ idle: null }];
    expect(await windDown(bench.begunRun())).to.equal(true);
  });

  it('believes a device that says that it is not idle', async () => {
    const bench = new Bench();
    bench.link.statuses = [status({ session: session() })];
    bench.link.aborts = [{ idle: false }];
    expect(await windDown(bench.begunRun())).to.equal(false);
  });

  it('asks nothing where nothing was begun', async () => {
    const bench = new Bench();
    expect(await windDown(bench.run())).to.equal(null);
    expect(bench.link.asked).to.deep.equal([]);
  });

  it('asks nothing of a documented device, which cannot be told to stop', async () => {
    const bench = new Bench(new ScriptedLink('documented'));
    expect(await windDown(bench.begunRun())).to.equal(null);
    expect(bench.link.asked).to.deep.equal([]);
  });

  it('does not hide a defect', async () => {
    const bench = new Bench();
    const thrown = await windDown(bench.begunRun()).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(Error).and.not.instanceOf(UpdateError);
  });
});
