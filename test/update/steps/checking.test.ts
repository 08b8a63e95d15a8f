import { expect } from 'chai';
import type { DeviceStatus } from '../../../src/model/device/link.ts';
import { TRUST_A_RESTART_FOR_MS } from '../../../src/update/preflight.ts';
import type { Run } from '../../../src/update/run.ts';
import { type Step } from '../../../src/update/steps/step.ts';
import { perform } from '../../../src/update/steps/perform.ts';
import * as limits from '../../../src/update/time-limits.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import {
  Bench,
  IMAGE,
  left,
  NEW,
  OLD,
  refusalOf,
  ScriptedLink,
  session,
  status,
  put,
  seen,
  troubleOf,
  stepOrError,
} from '../scripted/scripted.ts';

const WHOLE = IMAGE.bytes.length;

/** A dialect that was assumed: no answer has shown it. */
class Guessed extends ScriptedLink {
  override readonly certain = false;
}

describe('opening', () => {
  it('opens the link, reads what was left, and checks next', async () => {
    const bench = new Bench();
    await bench.journal.write(left());
    const run = bench.run();
    expect(await perform({ kind: 'open' }, run)).to.deep.equal({ kind: 'check' });
    expect(run.link).to.equal(bench.link);
    expect(seen(run).left).to.deep.equal(left());
  });

  it('gives detection the time of a question, and the signal of the person', async () => {
    const bench = new Bench();
    const run = bench.run();
    const asked: unknown[] = [];
    const open = (options: unknown) => {
      asked.push(options);
      return Promise.resolve(bench.link);
    };
    Object.assign(run, { ports: { ...bench.ports, open } });
    await perform({ kind: 'open' }, run);
    expect(asked).to.deep.equal([{ signal: run.signal, timeoutMs: limits.ASK_TIMEOUT_MS }]);
  });

  it('knows after which phases the old firmware is not certain', async () => {
    for (const [phase, certain] of [
      ['beginning', true],
      ['writing', true],
      ['finalizing', false],
      ['restarting', false],
    ] as const) {
      const bench = new Bench();
      await bench.journal.write(left({ phase }));
      const run = bench.run();
      await perform({ kind: 'open' }, run);
      expect(seen(run).oldFirmware, phase).to.equal(certain ? 'runs' : 'unknown');
    }
    const bench = new Bench();
    await bench.journal.write(left({ phase: 'writing', finalizeSent: true }));
    const run = bench.run();
    await perform({ kind: 'open' }, run);
    expect(seen(run).oldFirmware, 'an earlier finalize').to.equal('unknown');
  });

  it('notes what the device may hold, until a status shows what it starts next', async () => {
    for (const [running, boot, mayHold] of [
      [OLD, NEW, true],
      [OLD, OLD, false],
      [null, null, true],
    ] as const) {
      const bench = new Bench();
      await bench.journal.write(left({ phase: 'unconfirmed', finalizeSent: false }));
      bench.link.statuses = [status({ running, boot })];
      const run = bench.run();
      await perform({ kind: 'open' }, run);
      expect(run.known, 'before it is asked').to.include({ mayHoldAnother: true, earlierFinalize: false });
      await perform({ kind: 'check' }, run);
      expect(run.known.mayHoldAnother, `${running?.label} runs, ${boot?.label} is next`).to.equal(mayHold);
    }
  });

  it('does not take one garbled answer for another dialect than was spoken before', async () => {
    for (const [dialect, was, good] of [
      ['documented', 'shipped', false],
      ['documented', 'documented', true],
    ] as const) {
      const bench = new Bench(new Guessed(dialect, false));
      await bench.journal.write(left({ dialect: was }));
      const opening = perform({ kind: 'open' }, bench.run());
      if (good) expect(await opening).to.deep.equal({ kind: 'check' });
      else
        expect(await troubleOf(opening)).to.include({
          code: 'garbled',
          cause: 'it answers as documented, and spoke shipped',
        });
    }
    const certain = new Bench(new ScriptedLink('documented', false));
    await certain.journal.write(left({ dialect: 'shipped' }));
    expect(await perform({ kind: 'open' }, certain.run()), 'it was seen to speak so').to.deep.equal({ kind: 'check' });
    expect(await perform({ kind: 'open' }, new Bench(new Guessed('documented', false)).run())).to.include({
      kind: 'check',
    });
  });

  it('detects once more after a guess whose token was refused: the other dialect is certain, the same guess is final', async () => {
    const refused = new UpdateError('unauthorised', { status: 401 });
    const links = [new Guessed('documented', false), new ScriptedLink()];
    for (const [again, found] of [
      [links[1], { kind: 'check' }],
      [links[0], refused],
    ] as const) {
      const bench = new Bench(links[0]);
      await bench.journal.write(left({ dialect: 'documented' }));
      const run = bench.run();
      await perform({ kind: 'open' }, run);
      // Its own note is not what an earlier run left.
      run.note('beginning');
      await run.journal.settled();
      put(run, { guessRefused: refused });
      Object.assign(run.ports, { open: async () => again });
      const opened = await stepOrError(perform({ kind: 'open' }, run));
      expect(opened).to.deep.equal(found);
      expect(seen(run).left).to.include({ phase: 'writing' });
    }
  });

  it('goes on without what was left where the database fails', async () => {
    const bench = new Bench();
    bench.journal.read = () => Promise.reject(new Error('blocked'));
    const run = bench.run();
    expect(await perform({ kind: 'open' }, run)).to.deep.equal({ kind: 'check' });
    expect(seen(run).left).to.equal(null);
  });
});

describe('checking', () => {
  async function checked(device: Partial<DeviceStatus>, prepare: (run: Run) => void = () => undefined) {
    const bench = new Bench();
    bench.link.statuses = [status(device)];
    const run = bench.run();
    prepare(run);
    const step = await perform({ kind: 'check' }, run);
    return { run, step, bench };
  }

  it('begins on an idle device, and remembers the slot that runs', async () => {
    const { step, run, bench } = await checked({});
    expect(step).to.deep.equal({ kind: 'begin', force: false });
    expect(seen(run).previousSlot).to.deep.include({ label: OLD.label });
    expect(bench.link.limits).to.deep.equal([limits.ASK_TIMEOUT_MS]);
  });

  it('begins at once where the device cannot be asked', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    expect(await perform({ kind: 'check' }, bench.run())).to.deep.equal({ kind: 'begin', force: false });
    expect(bench.link.asked).to.deep.equal([]);
  });

  it('goes on in the session that was left, from where the device is', async () => {
    const { step, run } = await checked({ session: session({ writtenBytes: 8192 }) }, (one) =>
      put(one, { left: left() }),
    );
    expect(step).to.deep.equal({ kind: 'write' });
    expect(run.meter.acknowledged).to.equal(8192);
    expect(seen(run).previousSlot, 'from the journal').to.deep.equal({ label: OLD.label, address: null });
  });

  it('does not go on in a session that was left for another image', async () => {
    const entry = left({ sha256: 'f'.repeat(64) });
    const bench = new Bench();
    bench.link.statuses = [status({ session: session() })];
    const run = bench.run();
    put(run, { left: entry });
    expect(await refusalOf(perform({ kind: 'check' }, run))).to.include({ code: 'other-session' });
  });

  it('goes on in a session that a begin before the reload may have opened, and in no older one', async () => {
    const before = left({ phase: 'beginning', sessionId: '6' });
    const { step } = await checked({ session: session({ id: '7' }) }, (run) => put(run, { left: before }));
    expect(step).to.deep.equal({ kind: 'write' });

    const bench = new Bench();
    bench.link.statuses = [status({ session: session({ id: '6' }) })];
    const run = bench.run();
    put(run, { left: before });
    expect(await refusalOf(perform({ kind: 'check' }, run))).to.include({ code: 'other-session' });
  });

  it('takes a session for its own that its begin in doubt opened, and no older one', async () => {
    const inDoubt = (run: Run) => {
      put(run, { beginInDoubt: true });
      put(run, { sessionBefore: '6' });
    };
    const { step, run } = await checked({ session: session({ id: '7' }) }, inDoubt);
    expect(step).to.deep.equal({ kind: 'write' });
    expect(seen(run).sessionBefore, 'stays what it was before the begin').to.equal('6');

    const bench = new Bench();
    bench.link.statuses = [status({ session: session({ id: '6' }) })];
    const other = bench.run();
    inDoubt(other);
    await refusalOf(perform({ kind: 'check' }, other));
  });

  it('remembers the session that was open before its begin', async () => {
    const bench = new Bench();
    const theirs = session({ id: '3', expectedSha256: 'f'.repeat(64) });
    bench.link.statuses = [status({ session: theirs })];
    const run = bench.run({ takeOver: '3' });
    expect(await perform({ kind: 'check' }, run)).to.deep.equal({ kind: 'begin', force: true });
    expect(seen(run).sessionBefore).to.equal('3');
  });

  it('throws away what a wrong guess began, without asking', async () => {
    const bench = new Bench();
    bench.link.statuses = [status({ session: session({ id: '9', expectedSize: null, expectedSha256: null }) })];
    const run = bench.run();
    run.enterSession(session({ id: '9' }));
    put(run, { misbegun: '9' });
    expect(await perform({ kind: 'check' }, run)).to.deep.equal({ kind: 'begin', force: true });
  });

  it('does not take the slot that was written for the old firmware’s, however long ago', async () => {
    for (const [running, old] of [
      [NEW, 'unknown'],
      [OLD, 'runs'],
    ] as const) {
      const bench = new Bench();
      bench.link.statuses = [status({ running })];
      const run = bench.run();
      put(run, { left: left({ phase: 'restarting' }) });
      put(run, { earlierFinalize: true });
      await bench.clock.pass(TRUST_A_RESTART_FOR_MS + 1);
      await perform({ kind: 'check' }, run).catch(() => undefined);
      expect(seen(run).oldFirmware, running.label).to.equal(old);
    }
  });

  it('shows another client’s session, and one that a device cannot hold at all', async () => {
    const theirs = session({ expectedSha256: 'f'.repeat(64) });
    const bench = new Bench();
    bench.link.statuses = [status({ session: theirs }), status({ supported: false })];
    const run = bench.run();
    expect(await refusalOf(perform({ kind: 'check' }, run))).to.include({
      code: 'other-session',
      otherSession: theirs,
      restarted: false,
    });
    expect(await refusalOf(perform({ kind: 'check' }, run))).to.include({ code: 'unsupported', otherSession: null });
  });

  it('watches the restart of an image that was handed over before a reload', async () => {
    const { step, run } = await checked({ running: NEW }, (one) => put(one, { left: left({ phase: 'restarting' }) }));
    expect(step).to.deep.equal({ kind: 'look' });
    expect(seen(run).session).to.deep.equal({ id: '7', slot: { label: NEW.label, address: null } });
    expect(seen(run).previousSlot).to.deep.include({ label: OLD.label });
    expect(seen(run).finalizeSent).to.equal(true);
    expect(run.known.session).to.deep.include({ kind: 'handed-over', answer: 'none', sentTo: 0, isShown: false });
    expect(run.meter.complete).to.equal(true);
  });

  it('only looks where it is only to look: it says what became of an image, and sends none', async () => {
    const looked = async (device: Partial<DeviceStatus>, phase: 'writing' | 'restarting'): Promise<unknown> => {
      const bench = new Bench();
      bench.link.statuses = [status(device)];
      const run = bench.run({ onlyLook: true });
      put(run, { left: left({ phase }) });
      return stepOrError(perform({ kind: 'check' }, run));
    };
    expect(await looked({ running: NEW }, 'restarting')).to.deep.equal({ kind: 'look' });
    expect(await looked({}, 'restarting')).to.deep.include({ kind: 'end' });
    expect(await looked({ session: session({ writtenBytes: 8192 }) }, 'writing')).to.include({ code: 'unconfirmed' });
    expect((await checked({})).step, 'where it may send').to.include({ kind: 'begin' });
  });

  it('ends a session that was left where the device has more of it than was sent', async () => {
    const bench = new Bench(new ScriptedLink('documented', true));
    bench.link.statuses = [status({ running: null, next: null, session: session({ writtenBytes: 8193 }) })];
    const run = bench.run();
    put(run, { left: left({ dialect: 'documented', sentTo: 8192 }) });
    expect(await troubleOf(perform({ kind: 'check' }, run))).to.include({ code: 'session-spoilt' });
  });

  it('ends as rolled back where the slot from before runs, and begins nothing', async () => {
    const { step, bench } = await checked({}, (one) => put(one, { left: left({ phase: 'restarting' }) }));
    expect(step).to.deep.equal({
      kind: 'end',
      with: { outcome: 'rolled-back', slot: OLD.label, isPrevious: true, fellBack: false },
    });
    expect(bench.link.asked).to.deep.equal([{ kind: 'status' }]);
  });

  it('says that a session which was left is gone, and is certain of what runs only where the same slot does', async () => {
    for (const [running, old] of [
      [OLD, 'runs'],
      [NEW, 'unknown'],
    ] as const) {
      const bench = new Bench();
      bench.link.statuses = [status({ running, next: running === OLD ? NEW : OLD })];
      const run = bench.run();
      put(run, { left: left() });
      expect(await troubleOf(perform({ kind: 'check' }, run))).to.include({ code: 'session-lost' });
      expect(seen(run).oldFirmware).to.equal(old);
    }
  });

  it('begins where what was left is gone and the person has chosen that before', async () => {
    const bench = new Bench();
    bench.link.statuses = [status()];
    const run = bench.run({ beginAgain: true });
    put(run, { left: left() });
    expect(await perform({ kind: 'check' }, run)).to.deep.equal({ kind: 'begin', force: false });
  });

  it('does not know what became of an image that a documented device was handed', async () => {
    for (const tellsStatus of [true, false]) {
      const bench = new Bench(new ScriptedLink('documented', tellsStatus));
      bench.link.statuses = [status({ running: null, next: null })];
      const run = bench.run();
      put(run, { left: left({ dialect: 'documented', phase: 'finalizing' }) });
      expect(await troubleOf(perform({ kind: 'check' }, run))).to.include({ code: 'unconfirmed' });
      put(run, { left: left({ dialect: 'documented', phase: 'unconfirmed' }) });
      bench.link.statuses = [status({ running: null, next: null })];
      expect(await perform({ kind: 'check' }, run), 'told before').to.include({ kind: 'begin' });
    }
  });

  it('knows that the old firmware runs where the device tells its slots and did not take the image', async () => {
    const handed = (run: Run) => put(run, { earlierFinalize: true });
    expect(seen((await checked({}, handed)).run).oldFirmware).to.equal('runs');
    expect(seen((await checked({ running: null }, handed)).run).oldFirmware, 'it does not tell').to.equal('unknown');
    const doubted = (run: Run) => {
      put(run, { earlierFinalize: true });
      put(run, { left: left({ phase: 'unconfirmed', slot: null, previousSlot: null }) });
    };
    expect(seen((await checked({}, doubted)).run).oldFirmware, 'a doubt names no slot').to.equal('unknown');
  });
});

describe('the image, checked against the device', () => {
  async function judged(
    device: Partial<DeviceStatus>,
    plan: Parameters<Bench['run']>[0] = {},
  ): Promise<UpdateError | Step> {
    const bench = new Bench();
    bench.link.statuses = [status(device)];
    return stepOrError(perform({ kind: 'check' }, bench.run(plan)));
  }

  const small = { ...NEW, size: WHOLE - 1 };

  it('is too large where the slot to write to is too small', async () => {
    expect(await judged({ next: small })).to.include({ code: 'too-large' });
    expect(await judged({ next: { ...NEW, size: WHOLE } })).to.include({ kind: 'begin' });
    expect(await judged({ next: { ...NEW, size: null } }), 'not told').to.include({ kind: 'begin' });
  });

  it('is judged for another chip also where the device cannot be asked', async () => {
    const otherChip = { chipId: (IMAGE.inspection.chip?.id ?? 0) + 1 };
    for (const tellsStatus of [true, false]) {
      const bench = new Bench(new ScriptedLink('documented', tellsStatus));
      bench.link.statuses = [status({ running: null, next: null })];
      expect(await refusalOf(perform({ kind: 'check' }, bench.run(otherChip)))).to.include({ code: 'wrong-image' });
    }
  });

  it('is checked against what the open session can take, where one is open', async () => {
    const open = session({ capacityBytes: WHOLE - 1 });
    expect(await judged({ session: open })).to.include({ code: 'too-large' });
    expect(await judged({ session: session({ capacityBytes: null, slot: small }) })).to.include({ code: 'too-large' });
  });

  it('is not sent to a device that runs from its only update slot: nothing is begun', async () => {
    for (const next of [OLD, { ...OLD, label: 'another name' }, { ...OLD, address: null }]) {
      const refusal = await judged({ next });
      expect(refusal).to.include({ code: 'wrong-image' });
      expect(refusal).to.have.nested.property('judgement.finding.reason', 'only-slot-runs');
    }
  });

  it('is watched all the same where it was handed over: it runs from that slot now', async () => {
    const bench = new Bench();
    bench.link.statuses = [status({ running: NEW, next: NEW })];
    const run = bench.run();
    put(run, { left: left({ phase: 'restarting' }) });
    expect(await perform({ kind: 'check' }, run)).to.deep.equal({ kind: 'look' });
  });

  it('is said to be the only one that may go over the air, where the factory slot runs', async () => {
    for (const [running, only] of [
      [{ label: 'factory', address: 0x8000, size: null, subtype: 0 }, true],
      [OLD, undefined],
    ] as const) {
      const bench = new Bench();
      bench.link.statuses = [status({ running })];
      const run = bench.run();
      await perform({ kind: 'check' }, run);
      expect(seen(run).mayBeOnlyUpdate).to.equal(only ?? false);
    }
  });

  it('is not sent to a device that tells its slots and has none to write to', async () => {
    const refusal = await judged({ next: null });
    expect(refusal).to.include({ code: 'wrong-image' });
    expect(refusal).to.have.nested.property('judgement.finding.reason', 'no-update-slot');
    expect(await judged({ next: null, running: null }), 'a device that tells nothing').to.include({ kind: 'begin' });
  });

  it('is refused for another chip, and sent where the person overruled just that', async () => {
    const refusal = await judged({}, { chipId: 9 });
    expect(refusal).to.include({ code: 'wrong-image' });
    expect(refusal).to.have.nested.property('judgement.finding.reason', 'wrong-chip');
    expect(await judged({}, { chipId: 9, overruled: ['trailing-bytes'] })).to.include({ code: 'wrong-image' });
    expect(await judged({}, { chipId: 9, overruled: ['wrong-chip'] })).to.include({ kind: 'begin' });
  });

  it('is refused where it does not fit, also where somebody overruled that', async () => {
    expect(await judged({ next: small }, { overruled: ['too-large'] })).to.include({ code: 'too-large' });
  });
});
