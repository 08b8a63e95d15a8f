import { expect } from 'chai';
import { FIRST_WINDOW_MS, TRIES_ONCE_BEGUN } from '../../src/update/backoff.ts';
import { ABORT_TIMEOUT_MS, LET_GO_MS } from '../../src/update/time-limits.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import { type EndedSession, LONGEST_MS, endSession } from '../../src/update/end-session.ts';
import { Bench, LUCK, NEW, OLD, ScriptedLink, session, status, put } from './scripted/scripted.ts';

const dropped = new UpdateError('unreachable');

/** Lets time pass until there is an answer. */
async function ended(bench: Bench, run = bench.begunRun()): Promise<EndedSession> {
  let over = false;
  const winding = endSession(run).finally(() => (over = true));
  // It is awaited below; until then it must not count as an unhandled rejection.
  winding.catch(() => undefined);
  const isOver = () => over;
  while (!isOver()) await bench.clock.pass(LET_GO_MS);
  expect(bench.clock.pending).to.equal(0);
  return winding;
}

/** As `ended`: whether the device is idle. */
async function wound(bench: Bench, run = bench.begunRun()): Promise<boolean | null> {
  return (await ended(bench, run)).idle;
}

describe('leaving the device idle', () => {
  it('ends our session, and answers that the device is idle because it said so', async () => {
    const bench = new Bench();
    bench.link.statuses = [status({ session: session({ writtenBytes: 4096 }) })];
    bench.link.aborts = [{ idle: true }];
    expect(await wound(bench)).to.equal(true);
    expect(bench.link.asked).to.deep.equal([{ kind: 'status' }, { kind: 'abort' }]);
    expect(new Set(bench.link.limits)).to.deep.equal(new Set([ABORT_TIMEOUT_MS]));
  });

  it('needs no abort where no session is open', async () => {
    const bench = new Bench();
    bench.link.statuses = [status()];
    expect(await wound(bench)).to.equal(true);
    expect(bench.link.asked).to.deep.equal([{ kind: 'status' }]);
  });

  for (const [whose, other] of [
    ['another number', session({ id: '8' })],
    ['our number and another image', session({ expectedSha256: 'f'.repeat(64) })],
  ] as const) {
    it(`never ends another client’s session: ${whose}`, async () => {
      const bench = new Bench();
      bench.link.statuses = [status({ session: other })];
      expect(await wound(bench)).to.equal(false);
      expect(bench.link.asked).to.deep.equal([{ kind: 'status' }]);
    });
  }

  describe('after a begin whose answer is not known', () => {
    async function inDoubt(sessionBefore: string | null, id: string): Promise<boolean | null> {
      const bench = new Bench();
      const run = bench.run();
      put(run, { beginInDoubt: true });
      put(run, { sessionBefore: sessionBefore });
      bench.link.statuses = [status({ session: session({ id }) })];
      bench.link.aborts = [{ idle: true }];
      return wound(bench, run);
    }

    it('ends a session that was not there before', async () => {
      expect(await inDoubt(null, '8')).to.equal(true);
      expect(await inDoubt('7', '8')).to.equal(true);
    });

    it('leaves the one that was there before', async () => expect(await inDoubt('7', '7')).to.equal(false));
  });

  it('asks nothing before the browser has let go of the request that was given up', async () => {
    const bench = new Bench();
    bench.link.statuses = [status()];
    const winding = endSession(bench.begunRun());
    await bench.clock.pass(LET_GO_MS - 1);
    expect(bench.link.asked).to.deep.equal([]);
    await bench.clock.pass(1);
    expect((await winding).idle).to.equal(true);
  });

  it('tries again after an error, and asks first each time', async () => {
    const bench = new Bench();
    const open = status({ session: session() });
    bench.link.statuses = [dropped, open, open];
    bench.link.aborts = [dropped, { idle: true }];
    expect(await wound(bench)).to.equal(true);
    expect(bench.link.asked.map((asked) => asked.kind)).to.deep.equal(['status', 'status', 'abort', 'status', 'abort']);
  });

  it('waits between two tries: longer each time, and no less than the device asked for', async () => {
    const bench = new Bench();
    const later = new UpdateError('busy', { status: 429, retryAfterMs: 4_000 });
    bench.link.statuses = [dropped, dropped, later, status()];
    const winding = endSession(bench.begunRun());
    await bench.clock.pass(LET_GO_MS);
    for (const [delayMs, asked] of [
      [LUCK * FIRST_WINDOW_MS, 1],
      [LUCK * FIRST_WINDOW_MS * 2, 2],
      [4_000, 3],
    ] as const) {
      await bench.clock.pass(delayMs - 1);
      expect(bench.link.asked.length).to.equal(asked);
      await bench.clock.pass(1);
      expect(bench.link.asked.length).to.equal(asked + 1);
    }
    expect((await winding).idle).to.equal(true);
  });

  it('gives up in time, since a person waits, and then claims nothing', async () => {
    const bench = new Bench();
    bench.link.statuses = Array.from({ length: TRIES_ONCE_BEGUN }, () => dropped);
    expect(await wound(bench)).to.equal(null);
    expect(bench.clock.now()).to.be.at.most(LONGEST_MS);
    expect(bench.link.asked.length).to.be.greaterThan(3);
  });

  it('asks once where another try would not help, or the device asks for a longer wait', async () => {
    for (const error of [
      new UpdateError('unauthorised', { status: 401 }),
      new UpdateError('busy', { status: 429, retryAfterMs: LONGEST_MS }),
    ]) {
      const bench = new Bench();
      bench.link.statuses = [error];
      expect(await wound(bench)).to.equal(null);
      expect(bench.link.asked.length).to.equal(1);
    }
  });

  it('asks again where the device does not say whether it is idle', async () => {
    const bench = new Bench();
    bench.link.statuses = [status({ session: session() }), status()];
    bench.link.aborts = [{ idle: null }];
    expect(await wound(bench)).to.equal(true);
  });

  it('believes a device that says that it is not idle', async () => {
    const bench = new Bench();
    bench.link.statuses = [status({ session: session() })];
    bench.link.aborts = [{ idle: false }];
    expect(await wound(bench)).to.equal(false);
  });

  it('asks nothing where nothing was begun', async () => {
    const bench = new Bench();
    expect(await wound(bench, bench.run())).to.equal(null);
    expect(bench.link.asked).to.deep.equal([]);
  });

  it('asks nothing of a documented device that cannot be asked', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    expect(await wound(bench)).to.equal(null);
    expect(bench.link.asked).to.deep.equal([]);
  });

  it('asks a documented device with a status whether its session is over, which it cannot be told to end', async () => {
    for (const [open, idle] of [
      [null, true],
      [session({ expectedSha256: null }), false],
    ] as const) {
      const bench = new Bench(new ScriptedLink('documented', true));
      bench.link.statuses = [status({ session: open })];
      bench.link.aborts = [{ idle: false }];
      expect(await wound(bench)).to.equal(idle);
    }
  });

  describe('of a device that may start another image at any restart', () => {
    const NO_SESSION = new UpdateError('session-lost', { status: 404 });
    for (const [what, statuses, aborts, isDoubted] of [
      ['our session is gone, and it runs another slot', [status({ running: NEW })], [], true],
      ['our session is gone, and the slot from before runs', [status()], [], false],
      [
        'another’s session is open, and it runs another slot',
        [status({ running: NEW, session: session({ id: '8' }) })],
        [],
        true,
      ],
      ['it does not answer', [dropped, status()], [], true],
      ['it has no session to end', [status({ session: session() })], [NO_SESSION], true],
      ['it ends our session', [status({ session: session() })], [{ idle: true }], false],
    ] as const) {
      it(`${isDoubted ? 'doubts' : 'is sure'} that the old firmware runs: ${what}`, async () => {
        const bench = new Bench();
        const run = bench.begunRun();
        run.become({ mayHoldAnother: true, previousSlot: OLD });
        bench.link.statuses = [...statuses];
        bench.link.aborts = [...aborts];
        expect((await ended(bench, run)).known.earlierFinalize).to.equal(isDoubted);
      });
    }
  });

  it('does not hide a defect', async () => {
    const bench = new Bench();
    const thrown = await wound(bench).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(Error).and.not.instanceOf(UpdateError);
  });
});
