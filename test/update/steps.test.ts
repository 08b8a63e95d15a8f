import { expect } from 'chai';
import type { DeviceStatus } from '../../src/update/ports.ts';
import type { Run } from '../../src/update/run.ts';
import { type Ask, chunkEnd, perform, Refusal, type Step } from '../../src/update/steps.ts';
import * as limits from '../../src/update/time-limits.ts';
import { UpdateError } from '../../src/update/update-error.ts';
import { Bench, DEVICE_ID, IMAGE, left, NEW, OLD, ScriptedLink, session, status } from './scripted.ts';

const WHOLE = IMAGE.bytes.length;

async function errorOf(work: Promise<unknown>): Promise<UpdateError> {
  const outcome: unknown = await work.then(
    () => 'no error at all',
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(UpdateError);
  return outcome as UpdateError;
}

const refusalOf = async (work: Promise<unknown>): Promise<Refusal> => {
  const error = await errorOf(work);
  if (!(error instanceof Refusal)) throw error;
  return error;
};

/** A run that has all bytes on the device and has asked it to finalize. */
function handedOver(bench: Bench): Run {
  const run = bench.begunRun(WHOLE);
  run.finalizeSent = true;
  return run;
}

describe('opening', () => {
  it('opens the link, reads what was left, and checks next', async () => {
    const bench = new Bench();
    await bench.journal.write(left());
    const run = bench.run();
    expect(await perform({ do: 'open' }, run)).to.deep.equal({ do: 'check' });
    expect(run.link).to.equal(bench.link);
    expect(run.left).to.deep.equal(left());
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
    await perform({ do: 'open' }, run);
    expect(asked).to.deep.equal([{ signal: run.signal, silenceMs: limits.ASK_SILENCE_MS }]);
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
      await perform({ do: 'open' }, run);
      expect(run.finalizeSent, phase).to.equal(!certain);
    }
  });

  it('goes on without what was left where the database fails', async () => {
    const bench = new Bench();
    bench.journal.read = () => Promise.reject(new Error('blocked'));
    const run = bench.run();
    expect(await perform({ do: 'open' }, run)).to.deep.equal({ do: 'check' });
    expect(run.left).to.equal(null);
  });
});

describe('checking', () => {
  async function checked(device: Partial<DeviceStatus>, prepare: (run: Run) => void = () => undefined) {
    const bench = new Bench();
    bench.link.statuses = [status(device)];
    const run = bench.run();
    prepare(run);
    const step = await perform({ do: 'check' }, run);
    return { run, step, bench };
  }

  it('begins on an idle device, and remembers the slot that runs', async () => {
    const { step, run, bench } = await checked({});
    expect(step).to.deep.equal({ do: 'begin', force: false });
    expect(run.previousSlot).to.equal(OLD.label);
    expect(bench.link.limits).to.deep.equal([limits.ASK_SILENCE_MS]);
  });

  it('begins at once where the device cannot be asked', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    expect(await perform({ do: 'check' }, bench.run())).to.deep.equal({ do: 'begin', force: false });
    expect(bench.link.asked).to.deep.equal([]);
  });

  it('goes on in the session that was left, from where the device is', async () => {
    const { step, run } = await checked({ session: session({ writtenBytes: 8192 }) }, (one) => (one.left = left()));
    expect(step).to.deep.equal({ do: 'write' });
    expect(run.meter.acknowledged).to.equal(8192);
    expect(run.previousSlot, 'from the journal').to.equal(OLD.label);
  });

  it('does not go on in a session that was left for another image', async () => {
    const entry = left({ sha256: 'f'.repeat(64) });
    const bench = new Bench();
    bench.link.statuses = [status({ session: session() })];
    const run = bench.run();
    run.left = entry;
    expect(await refusalOf(perform({ do: 'check' }, run))).to.include({ code: 'other-session' });
  });

  it('goes on in a session that a begin before the reload may have opened, and in no older one', async () => {
    const before = left({ phase: 'beginning', sessionId: '6' });
    const { step } = await checked({ session: session({ id: '7' }) }, (run) => (run.left = before));
    expect(step).to.deep.equal({ do: 'write' });

    const bench = new Bench();
    bench.link.statuses = [status({ session: session({ id: '6' }) })];
    const run = bench.run();
    run.left = before;
    expect(await refusalOf(perform({ do: 'check' }, run))).to.include({ code: 'other-session' });
  });

  it('takes a session for its own that its begin in doubt opened, and no older one', async () => {
    const inDoubt = (run: Run) => {
      run.beginInDoubt = true;
      run.sessionBefore = '6';
    };
    const { step, run } = await checked({ session: session({ id: '7' }) }, inDoubt);
    expect(step).to.deep.equal({ do: 'write' });
    expect(run.sessionBefore, 'stays what it was before the begin').to.equal('6');

    const bench = new Bench();
    bench.link.statuses = [status({ session: session({ id: '6' }) })];
    const other = bench.run();
    inDoubt(other);
    await refusalOf(perform({ do: 'check' }, other));
  });

  it('remembers the session that was open before its begin', async () => {
    const bench = new Bench();
    const theirs = session({ id: '3', expectedSha256: 'f'.repeat(64) });
    bench.link.statuses = [status({ session: theirs })];
    const run = bench.run({ takeOver: '3' });
    expect(await perform({ do: 'check' }, run)).to.deep.equal({ do: 'begin', force: true });
    expect(run.sessionBefore).to.equal('3');
  });

  it('shows a stranger’s session, and one that a device cannot hold at all', async () => {
    const theirs = session({ expectedSha256: 'f'.repeat(64) });
    const bench = new Bench();
    bench.link.statuses = [status({ session: theirs }), status({ supported: false })];
    const run = bench.run();
    expect(await refusalOf(perform({ do: 'check' }, run))).to.include({ code: 'other-session', otherSession: theirs });
    expect(await refusalOf(perform({ do: 'check' }, run))).to.include({ code: 'unsupported', otherSession: null });
  });

  it('watches the restart of an image that was handed over before a reload', async () => {
    const { step, run } = await checked({ running: NEW }, (one) => (one.left = left({ phase: 'restarting' })));
    expect(step).to.deep.equal({ do: 'look' });
    expect(run.session).to.deep.equal({ id: '7', slot: NEW.label });
    expect(run.previousSlot).to.equal(OLD.label);
    expect(run.finalizeSent).to.equal(true);
    expect(run.meter.complete).to.equal(true);
  });

  it('knows that the old firmware runs where the device tells its slots and did not take the image', async () => {
    const handed = (run: Run) => (run.finalizeSent = true);
    expect((await checked({}, handed)).run.finalizeSent).to.equal(false);
    expect((await checked({ running: null }, handed)).run.finalizeSent, 'it does not tell').to.equal(true);
  });
});

describe('the image against the device', () => {
  async function judged(
    device: Partial<DeviceStatus>,
    plan: Parameters<Bench['run']>[0] = {},
  ): Promise<Refusal | Step> {
    const bench = new Bench();
    bench.link.statuses = [status(device)];
    return perform({ do: 'check' }, bench.run(plan)).catch((error: unknown) => {
      if (error instanceof Refusal) return error;
      throw error;
    });
  }

  const small = { ...NEW, size: WHOLE - 1 };

  it('is too large where the slot to write to is too small', async () => {
    expect(await judged({ next: small })).to.include({ code: 'too-large' });
    expect(await judged({ next: { ...NEW, size: WHOLE } })).to.include({ do: 'begin' });
    expect(await judged({ next: { ...NEW, size: null } }), 'not told').to.include({ do: 'begin' });
  });

  it('is held against what the open session can take, where one is open', async () => {
    const open = session({ capacityBytes: WHOLE - 1 });
    expect(await judged({ session: open })).to.include({ code: 'too-large' });
    expect(await judged({ session: session({ capacityBytes: null, slot: small }) })).to.include({ code: 'too-large' });
  });

  it('goes nowhere on a device that tells its slots and has none to write to', async () => {
    const refusal = await judged({ next: null });
    expect(refusal).to.include({ code: 'wrong-image' });
    expect(refusal).to.have.nested.property('judgement.reason', 'no-update-slot');
    expect(await judged({ next: null, running: null }), 'a device that tells nothing').to.include({ do: 'begin' });
  });

  it('for another chip is refused, and sent where the person overruled just that', async () => {
    const refusal = await judged({}, { chipId: 9 });
    expect(refusal).to.include({ code: 'wrong-image' });
    expect(refusal).to.have.nested.property('judgement.reason', 'wrong-chip');
    expect(await judged({}, { chipId: 9, overruled: ['trailing-bytes'] })).to.include({ code: 'wrong-image' });
    expect(await judged({}, { chipId: 9, overruled: ['wrong-chip'] })).to.include({ do: 'begin' });
  });

  it('that does not fit is refused also where somebody overruled that', async () => {
    expect(await judged({ next: small }, { overruled: ['too-large'] })).to.include({ code: 'too-large' });
  });
});

describe('beginning', () => {
  it('sends size and hash, and writes next', async () => {
    const bench = new Bench();
    bench.link.begins = [session({ id: '9' })];
    const run = bench.run();
    run.sessionWaits = 3;
    expect(await perform({ do: 'begin', force: true }, run)).to.deep.equal({ do: 'write' });
    expect(bench.link.asked).to.deep.equal([{ do: 'begin', size: WHOLE, sha256: IMAGE.sha256, force: true }]);
    expect(bench.link.limits).to.deep.equal([limits.BEGIN_SILENCE_MS]);
    expect(run.session).to.deep.equal({ id: '9', slot: NEW.label });
    expect(run.beginInDoubt).to.equal(false);
    expect(run.sessionWaits).to.equal(0);
  });

  it('is in the journal before it is sent, with the session that was there before', async () => {
    const bench = new Bench();
    bench.link.begins = [new UpdateError('unreachable')];
    const run = bench.run();
    run.sessionBefore = '6';
    await errorOf(perform({ do: 'begin', force: false }, run));
    await run.journal.settled();
    expect(bench.journal.written[0]).to.include({ deviceId: DEVICE_ID, phase: 'beginning', sessionId: '6' });
  });

  it('is in doubt after a lost answer, and not after a clear no', async () => {
    for (const [error, doubt] of [
      [new UpdateError('unreachable'), true],
      [new UpdateError('device-fault', { status: 504 }), true],
      [new UpdateError('conflict', { status: 409 }), false],
      [new UpdateError('unauthorised', { status: 401 }), false],
    ] as const) {
      const bench = new Bench();
      bench.link.begins = [error];
      const run = bench.run();
      expect(await errorOf(perform({ do: 'begin', force: false }, run))).to.equal(error);
      expect(run.beginInDoubt, error.code).to.equal(doubt);
    }
  });

  it('stays in doubt where an earlier one was: a later no does not undo it', async () => {
    const bench = new Bench();
    bench.link.begins = [new UpdateError('unreachable'), new UpdateError('conflict')];
    const run = bench.run();
    await errorOf(perform({ do: 'begin', force: false }, run));
    await errorOf(perform({ do: 'begin', force: false }, run));
    expect(run.beginInDoubt).to.equal(true);
  });
});

describe('writing', () => {
  it('sends the next chunk from where the device is, and counts it', async () => {
    const bench = new Bench();
    bench.link.writes = [{ writtenBytes: 4096 + 4096, sessionId: '7' }];
    const run = bench.begunRun(4096);
    run.attempt = 5;
    expect(await perform({ do: 'write' }, run)).to.deep.equal({ do: 'write' });
    expect(bench.link.asked).to.deep.equal([{ do: 'write', offset: 4096, bytes: 4096 }]);
    expect(bench.link.limits).to.deep.equal([limits.LEAST_CHUNK_SILENCE_MS]);
    expect(run.meter.acknowledged).to.equal(8192);
    expect(run.attempt, 'the count starts anew').to.equal(0);
  });

  it('takes a device at its silence where it counts nothing', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.writes = [{ writtenBytes: null, sessionId: null }];
    const run = bench.begunRun();
    await perform({ do: 'write' }, run);
    expect(run.meter.acknowledged).to.equal(4096);
  });

  it('learns from each chunk how large the next may be and how long it may take', async () => {
    const bench = new Bench();
    const run = bench.begunRun();
    bench.link.writes = [bench.clock.pass(8_000).then(() => ({ writtenBytes: 4096, sessionId: '7' }))];
    await perform({ do: 'write' }, run);
    expect(run.pace.size).to.equal(8192);
    expect(run.chunkPatience.limit(4096), 'nothing was waited for in between').to.be.at.least(
      limits.LEAST_CHUNK_SILENCE_MS,
    );
  });

  it('has doubts where the device counts differently, more or less', async () => {
    for (const writtenBytes of [0, 4095, 4097, 8192]) {
      const bench = new Bench();
      bench.link.writes = [{ writtenBytes, sessionId: '7' }];
      const run = bench.begunRun();
      const error = await errorOf(perform({ do: 'write' }, run));
      expect(error.code).to.equal('garbled');
      expect(error.cause).to.include(`${writtenBytes}`);
      expect(run.meter.acknowledged).to.equal(0);
    }
  });

  it('has doubts where another session took the bytes, if the device can be asked', async () => {
    const bench = new Bench();
    bench.link.writes = [{ writtenBytes: 4096, sessionId: '8' }];
    const run = bench.begunRun();
    expect(await errorOf(perform({ do: 'write' }, run))).to.include({ code: 'garbled' });
    expect(run.meter.acknowledged).to.equal(0);
  });

  it('ends where another session took the bytes and the device cannot be asked', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.writes = [{ writtenBytes: 4096, sessionId: '8' }];
    expect(await refusalOf(perform({ do: 'write' }, bench.begunRun()))).to.include({ code: 'other-session' });
  });

  it('does not take a number for another one where ours was never told', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.writes = [{ writtenBytes: 4096, sessionId: '8' }];
    const run = bench.run();
    run.opened(session({ id: null }));
    await perform({ do: 'write' }, run);
    expect(run.meter.acknowledged).to.equal(4096);
  });

  it('finalizes once everything is there, and sends nothing', async () => {
    const bench = new Bench();
    expect(await perform({ do: 'write' }, bench.begunRun(WHOLE))).to.deep.equal({ do: 'finalize' });
    expect(bench.link.asked).to.deep.equal([]);
  });
});

describe('the end of a chunk', () => {
  const endFrom = (start: number, chunkBytes: number): number =>
    chunkEnd(new Bench().begunRun(0, { chunkBytes }), start);

  it('is a chunk further, at a block’s end', () => {
    expect(endFrom(0, 4096)).to.equal(4096);
    expect(endFrom(4096, 8192)).to.equal(12_288);
  });

  it('comes earlier where a chunk would begin a block that it does not end', () => {
    expect(endFrom(100, 4096)).to.equal(4096);
    expect(endFrom(100, 8192)).to.equal(8192);
  });

  it('lies within a block where a chunk is smaller than one', () => {
    expect(endFrom(0, 1024)).to.equal(1024);
    expect(endFrom(3072, 1024)).to.equal(4096);
    expect(endFrom(3500, 1024), 'up to the block’s end').to.equal(4096);
  });

  it('is the end of the image at last', () => {
    expect(endFrom(16_384, 8192)).to.equal(WHOLE);
    expect(endFrom(WHOLE - 1, 1024)).to.equal(WHOLE);
  });
});

describe('asking after a doubt', () => {
  async function asked(device: Partial<DeviceStatus>): Promise<{ run: Run; step: Step }> {
    const bench = new Bench();
    bench.link.statuses = [status(device)];
    const run = bench.begunRun(4096);
    const step = await perform({ do: 'ask' }, run);
    expect(bench.link.limits).to.deep.equal([limits.ASK_SILENCE_MS]);
    return { run, step };
  }

  it('goes on from where the device says it is: the chunk arrived, or it did not', async () => {
    for (const writtenBytes of [4096, 8192]) {
      const { run, step } = await asked({ session: session({ writtenBytes }) });
      expect(step).to.deep.equal({ do: 'write' });
      expect(run.meter.acknowledged).to.equal(writtenBytes);
    }
  });

  it('ends where the device holds no session: it restarted', async () => {
    expect(await errorOf(asked({}))).to.include({ code: 'session-lost' });
  });

  it('ends where the session is somebody else’s', async () => {
    for (const theirs of [session({ id: '8', writtenBytes: 8192 }), session({ expectedSize: 1, writtenBytes: 0 })]) {
      expect(await refusalOf(asked({ session: theirs }))).to.include({ code: 'other-session', otherSession: theirs });
    }
  });

  it('ends where our session has less than it had: another one got its number after a restart', async () => {
    const theirs = session({ writtenBytes: 4095 });
    expect(await refusalOf(asked({ session: theirs }))).to.include({ code: 'other-session', otherSession: theirs });
  });
});

describe('finalizing', () => {
  async function finalized(link: ScriptedLink, restart: boolean) {
    const bench = new Bench(link);
    link.finalizes = [null];
    const run = bench.begunRun(WHOLE, { restart });
    const step = await perform({ do: 'finalize' }, run);
    await run.journal.settled();
    return { step, run, bench };
  }

  it('asks for the restart, and looks for the device after it', async () => {
    const { step, run, bench } = await finalized(new ScriptedLink(), true);
    expect(step).to.deep.equal({ do: 'look' });
    expect(bench.link.asked).to.deep.equal([{ do: 'finalize', sha256: IMAGE.sha256, restart: true }]);
    expect(bench.link.limits).to.deep.equal([limits.FINALIZE_SILENCE_MS]);
    expect(run.finalizeSent).to.equal(true);
    expect(bench.journal.entries.get(DEVICE_ID)).to.include({ phase: 'restarting', slot: NEW.label });
  });

  it('is staged where no restart was asked for', async () => {
    const { step } = await finalized(new ScriptedLink(), false);
    expect(step).to.deep.equal({ do: 'end', with: { outcome: 'staged', slot: NEW.label } });
  });

  it('is accepted by a documented device, which can prove no more', async () => {
    for (const restart of [true, false]) {
      const { step } = await finalized(new ScriptedLink('documented', false), restart);
      expect(step).to.deep.equal({ do: 'end', with: { outcome: 'accepted' } });
    }
  });

  it('is in the journal before it is sent: the device may restart with the answer', async () => {
    const bench = new Bench();
    bench.link.finalizes = [new UpdateError('unreachable'), new UpdateError('unreachable')];
    const run = bench.begunRun(WHOLE);
    await run.journal.settled();
    await errorOf(perform({ do: 'finalize' }, run));
    await run.journal.settled();
    expect(bench.journal.entries.get(DEVICE_ID)).to.include({ phase: 'finalizing' });
    expect(run.finalizeSent).to.equal(true);

    run.note('restarting');
    await errorOf(perform({ do: 'finalize' }, run));
    await run.journal.settled();
    expect(bench.journal.entries.get(DEVICE_ID), 'it does not fall back').to.include({ phase: 'restarting' });
  });
});

describe('looking for the device after its restart', () => {
  async function looked(device: Partial<DeviceStatus>, changes: Parameters<Bench['run']>[0] = {}) {
    const bench = new Bench();
    bench.link.statuses = [status(device)];
    const run = bench.begunRun(WHOLE, changes);
    run.finalizeSent = true;
    run.taken = true;
    const step = await perform({ do: 'look' }, run).catch((error: unknown) => error);
    expect(bench.link.limits).to.deep.equal([limits.RESTART_ASK_SILENCE_MS]);
    return { run, step };
  }

  const lastTaken = { sha256: IMAGE.sha256, slot: NEW.label };

  it('marks the image valid where the new slot runs', async () => {
    const { step, run } = await looked({ running: NEW });
    expect(step).to.deep.equal({ do: 'mark-valid', slot: NEW.label });
    expect(run.taken).to.equal(false);
  });

  it('is rolled back where the old slot runs', async () => {
    const { step } = await looked({});
    expect(step).to.deep.equal({ do: 'end', with: { outcome: 'rolled-back', slot: OLD.label } });
  });

  it('is accepted where the device does not tell what runs', async () => {
    expect((await looked({ running: null })).step).to.deep.equal({ do: 'end', with: { outcome: 'accepted' } });
  });

  it('waits on while the device has taken the image and not restarted', async () => {
    const { step, run } = await looked({ lastTaken });
    expect(step).to.be.instanceOf(UpdateError).and.include({ code: 'busy' });
    expect(run.taken).to.equal(true);
  });

  it('is staged there where no restart was asked for', async () => {
    const { step } = await looked({ lastTaken }, { restart: false });
    expect(step).to.deep.equal({ do: 'end', with: { outcome: 'staged', slot: NEW.label } });
  });

  it('ends where the old slot runs and somebody else has begun', async () => {
    const theirs = session({ id: '8' });
    const { step } = await looked({ session: theirs });
    expect(step).to.be.instanceOf(Refusal).and.include({ code: 'other-session', otherSession: theirs });
  });

  it('goes on where our session is still open, and is certain of the old firmware again', async () => {
    const { step, run } = await looked({ session: session({ writtenBytes: WHOLE }) });
    expect(step).to.deep.equal({ do: 'write' });
    expect(run.finalizeSent).to.equal(false);
    expect(run.meter.complete).to.equal(true);
  });

  it('ends where "our" session has less than it had: progress never falls, and nobody else’s is written to', async () => {
    const theirs = session({ writtenBytes: 4096 });
    const { step, run } = await looked({ session: theirs });
    expect(step).to.be.instanceOf(Refusal).and.include({ code: 'other-session', otherSession: theirs });
    expect(run.meter.complete).to.equal(true);
  });
});

describe('marking the image valid', () => {
  async function marked(after: Partial<DeviceStatus>) {
    const bench = new Bench();
    bench.link.marks = [null];
    bench.link.statuses = [status(after)];
    const step: Ask = { do: 'mark-valid', slot: NEW.label };
    const next = await perform(step, handedOver(bench)).catch((error: unknown) => error);
    expect(bench.link.asked).to.deep.equal([{ do: 'mark-valid' }, { do: 'status' }]);
    expect(new Set(bench.link.limits)).to.deep.equal(new Set([limits.RESTART_ASK_SILENCE_MS]));
    return next;
  }

  it('is updated only where a look after it shows the new slot', async () => {
    expect(await marked({ running: NEW })).to.deep.equal({
      do: 'end',
      with: { outcome: 'updated', slot: NEW.label },
    });
  });

  it('is rolled back where the device restarted in between, and marked the old image', async () => {
    expect(await marked({ running: OLD })).to.deep.equal({
      do: 'end',
      with: { outcome: 'rolled-back', slot: OLD.label },
    });
  });

  it('proves nothing where the device does not tell what runs', async () => {
    expect(await marked({ running: null }))
      .to.be.instanceOf(UpdateError)
      .and.include({ code: 'garbled' });
  });
});
