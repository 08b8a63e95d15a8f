import { expect } from 'chai';
import type { DeviceStatus, WriteAnswer } from '../../../src/model/device/link.ts';
import type { Run } from '../../../src/update/run.ts';
import type { StepResult } from '../../../src/update/steps/step.ts';
import { perform } from '../../../src/update/steps/perform.ts';
import { chunkEnd } from '../../../src/update/steps/writing.ts';
import * as limits from '../../../src/update/time-limits.ts';
import { withAnswer } from '../../../src/update/known.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import {
  Bench,
  DEVICE_ID,
  IMAGE,
  NEW,
  refusalOf,
  ScriptedLink,
  session,
  status,
  put,
  seen,
  troubleOf,
} from '../scripted/scripted.ts';

const WHOLE = IMAGE.bytes.length;

describe('beginning', () => {
  it('sends size and hash, and writes next', async () => {
    const bench = new Bench();
    bench.link.begins = [session({ id: '9' })];
    const run = bench.run();
    put(run, { sessionWaits: 3 });
    expect(await perform({ kind: 'begin', force: true }, run)).to.deep.equal({ kind: 'write' });
    expect(bench.link.asked).to.deep.equal([{ kind: 'begin', size: WHOLE, sha256: IMAGE.sha256, force: true }]);
    expect(bench.link.limits).to.deep.equal([limits.BEGIN_TIMEOUT_MS]);
    expect(seen(run).session).to.deep.equal({ id: '9', slot: NEW });
    expect(seen(run).beginInDoubt).to.equal(false);
    expect(seen(run).sessionWaits).to.equal(0);
  });

  it('is garbled where the device noted another size or hash, and what it opened is thrown away', async () => {
    for (const [echo, good] of [
      [session({ id: '9', expectedSha256: 'f'.repeat(64) }), false],
      [session({ id: '9', expectedSize: WHOLE - 1 }), false],
      [session({ id: '9', expectedSize: null, expectedSha256: null }), true],
    ] as const) {
      const bench = new Bench();
      bench.link.begins = [echo];
      bench.link.statuses = [status({ session: echo })];
      const run = bench.run();
      const beginning = perform({ kind: 'begin', force: false }, run);
      if (good) expect(await beginning).to.deep.equal({ kind: 'write' });
      else {
        expect(await troubleOf(beginning)).to.include({ code: 'garbled' });
        expect(await perform({ kind: 'check' }, run)).to.deep.equal({ kind: 'begin', force: true });
      }
    }
  });

  it('is in the journal before it is sent, with the session that was there before', async () => {
    const bench = new Bench();
    bench.link.begins = [new UpdateError('unreachable')];
    const run = bench.run();
    put(run, { sessionBefore: '6' });
    await troubleOf(perform({ kind: 'begin', force: false }, run));
    await run.journal.settled();
    expect(bench.journal.written[0]).to.include({ deviceId: DEVICE_ID, phase: 'beginning', sessionId: '6' });
  });

  it('is in doubt after a lost answer, and not after a clear no', async () => {
    for (const [error, doubt, dialect = 'shipped'] of [
      [new UpdateError('unreachable'), true],
      [new UpdateError('device-fault', { status: 504 }), true],
      [new UpdateError('unauthorised', { status: 401 }), false],
      // The browser may have sent it twice: then this answers the second.
      [new UpdateError('conflict', { status: 409 }), true],
      [new UpdateError('conflict', { status: 409 }), true, 'documented'],
    ] as const) {
      const bench = new Bench(new ScriptedLink(dialect));
      bench.link.begins = [error];
      const run = bench.run();
      expect(await troubleOf(perform({ kind: 'begin', force: false }, run))).to.equal(error);
      expect(seen(run).beginInDoubt, error.code).to.equal(doubt);
    }
  });

  it('is not in doubt after a conflict where nothing sends a request twice', async () => {
    const bench = new Bench();
    bench.link.begins = [new UpdateError('conflict', { status: 409 }), new UpdateError('unreachable')];
    const run = bench.run();
    Object.assign(run, { ports: { ...bench.ports, sendsOnce: true } });
    await troubleOf(perform({ kind: 'begin', force: false }, run));
    expect(seen(run).beginInDoubt).to.equal(false);
    await troubleOf(perform({ kind: 'begin', force: false }, run));
    expect(seen(run).beginInDoubt, 'its answer may be lost all the same').to.equal(true);
  });

  it('stays in doubt where an earlier begin was in doubt: a later no does not undo that', async () => {
    const bench = new Bench();
    bench.link.begins = [new UpdateError('unreachable'), new UpdateError('conflict')];
    const run = bench.run();
    await troubleOf(perform({ kind: 'begin', force: false }, run));
    await troubleOf(perform({ kind: 'begin', force: false }, run));
    expect(seen(run).beginInDoubt).to.equal(true);
  });
});

describe('writing', () => {
  it('sends the next chunk from where the device is, and counts it', async () => {
    const bench = new Bench();
    bench.link.writes = [{ writtenBytes: 4096 + 4096, sessionId: '7' }];
    const run = bench.begunRun(4096);
    put(run, { attempt: 5 });
    expect(await perform({ kind: 'write' }, run)).to.deep.equal({ kind: 'write' });
    expect(bench.link.asked).to.deep.equal([{ kind: 'write', offset: 4096, bytes: 4096 }]);
    expect(bench.link.limits).to.deep.equal([limits.LEAST_CHUNK_TIMEOUT_MS]);
    expect(run.meter.acknowledged).to.equal(8192);
    expect(seen(run).attempt, 'the count starts anew').to.equal(0);
  });

  it('notes what was acknowledged and what is sent, while the chunk is on its way', async () => {
    const bench = new Bench();
    let answer: (written: WriteAnswer) => void = () => undefined;
    bench.link.writes = [new Promise((resolve) => (answer = resolve))];
    const run = bench.begunRun(4096);
    await run.journal.settled();
    const noted = bench.journal.written.length;
    const writing = perform({ kind: 'write' }, run);
    await run.journal.settled();
    expect(bench.link.asked).to.have.length(1);
    expect(bench.journal.written.slice(noted)).to.have.length(1);
    expect(bench.journal.entries.get(DEVICE_ID)).to.include({ phase: 'writing', acknowledged: 4096, sentTo: 8192 });
    answer({ writtenBytes: 8192, sessionId: '7' });
    await writing;
  });

  it('takes a yes without a count as the whole chunk where the device counts nothing', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.writes = [{ writtenBytes: null, sessionId: null }];
    const run = bench.begunRun();
    await perform({ kind: 'write' }, run);
    expect(run.meter.acknowledged).to.equal(4096);
  });

  it('has shown the session to be open once a chunk is counted in it', async () => {
    for (const writtenBytes of [4096, null]) {
      const bench = new Bench(new ScriptedLink('documented', true));
      bench.link.writes = [{ writtenBytes, sessionId: null }];
      const run = bench.run();
      run.enterSession(session({ id: null, writtenBytes: null }));
      await perform({ kind: 'write' }, run);
      expect(seen(run).sessionShown).to.equal(writtenBytes !== null);
    }
  });

  it('learns from each chunk how large the next may be and how long it may take', async () => {
    const bench = new Bench();
    await bench.clock.pass(60_000);
    const run = bench.begunRun();
    const answer = { writtenBytes: 4096, sessionId: '7' };
    bench.link.writes = [bench.clock.sleep(8_000, run.signal).then(() => answer)];
    const writing = perform({ kind: 'write' }, run);
    await bench.clock.pass(8_000);
    await writing;
    expect(run.pace.size).to.equal(8192);
    expect(run.chunkTimeout.limit(4096, false)).to.equal(limits.SLOWER_THAN_SEEN * 8_000);
  });

  it('has doubts where the device counts differently, more or less', async () => {
    for (const writtenBytes of [0, 4095, 4097, 8192]) {
      const bench = new Bench();
      bench.link.writes = [{ writtenBytes, sessionId: '7' }];
      const run = bench.begunRun();
      const error = await troubleOf(perform({ kind: 'write' }, run));
      expect(error.code).to.equal('garbled');
      expect(error.cause).to.include(`${writtenBytes}`);
      expect(run.meter.acknowledged).to.equal(0);
    }
  });

  it('has doubts where another session took the bytes, if the device can be asked', async () => {
    const bench = new Bench();
    bench.link.writes = [{ writtenBytes: 4096, sessionId: '8' }];
    const run = bench.begunRun();
    expect(await troubleOf(perform({ kind: 'write' }, run))).to.include({ code: 'garbled' });
    expect(run.meter.acknowledged).to.equal(0);
  });

  it('ends where another session took the bytes and the device cannot be asked', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.writes = [{ writtenBytes: 4096, sessionId: '8' }];
    expect(await refusalOf(perform({ kind: 'write' }, bench.begunRun()))).to.include({
      code: 'other-session',
      otherSession: null,
      // No client can take over there, so ours was dropped.
      restarted: true,
    });
  });

  it('does not take a number for another one where ours was never told', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.writes = [{ writtenBytes: 4096, sessionId: '8' }];
    const run = bench.run();
    run.enterSession(session({ id: null }));
    await perform({ kind: 'write' }, run);
    expect(run.meter.acknowledged).to.equal(4096);
  });

  it('finalizes once everything is there, and sends nothing', async () => {
    const bench = new Bench();
    expect(await perform({ kind: 'write' }, bench.begunRun(WHOLE))).to.deep.equal({ kind: 'finalize' });
    expect(bench.link.asked).to.deep.equal([]);
  });
});

describe('the end of a chunk', () => {
  const endFrom = (start: number, chunkBytes: number): number =>
    chunkEnd(new Bench().begunRun(0, { chunkBytes: { direct: chunkBytes } }), start);

  it('is one chunk further, at the end of a block', () => {
    expect(endFrom(0, 4096)).to.equal(4096);
    expect(endFrom(4096, 8192)).to.equal(12_288);
  });

  it('is nearer where a chunk would begin a block that it does not fill', () => {
    expect(endFrom(100, 4096)).to.equal(4096);
    expect(endFrom(100, 8192)).to.equal(8192);
  });

  it('is a whole chunk further where a chunk is smaller than a block: cut at each block, every other chunk would be a remainder', () => {
    expect(endFrom(0, 3072)).to.equal(3072);
    expect(endFrom(3072, 3072)).to.equal(6144);
    expect(endFrom(3500, 1024)).to.equal(4524);
  });

  it('is the end of the image at last', () => {
    expect(endFrom(16_384, 8192)).to.equal(WHOLE);
    expect(endFrom(WHOLE - 1, 1024)).to.equal(WHOLE);
  });
});

describe('after the last byte', () => {
  it('is asked for the session where it was never shown to be open, before anything is finalized', async () => {
    for (const [id, writtenBytes, step] of [
      [null, null, 'ask'],
      ['7', null, 'finalize'],
      [null, WHOLE, 'finalize'],
    ] as const) {
      const run = new Bench(new ScriptedLink('documented', true)).run();
      run.enterSession(session({ id, writtenBytes }));
      run.acknowledge(WHOLE);
      expect(await perform({ kind: 'write' }, run)).to.deep.equal({ kind: step });
    }
  });
});

describe('after the last byte of chunks that were taken without a count', () => {
  async function taken(written: number | null, tellsStatus = true): Promise<StepResult[]> {
    const bench = new Bench(new ScriptedLink('documented', tellsStatus));
    bench.link.writes = [{ writtenBytes: null, sessionId: null }];
    bench.link.statuses = [
      status({ running: null, next: null, session: session({ id: null, writtenBytes: written }) }),
    ];
    const run = bench.begunRun(WHOLE - 1);
    const steps = [await perform({ kind: 'write' }, run), await perform({ kind: 'write' }, run)];
    if (steps.at(-1)?.kind !== 'ask') return steps;
    const asked = await perform({ kind: 'ask' }, run);
    return [...steps, asked, ...(asked.kind === 'write' ? [await perform({ kind: 'write' }, run)] : [])];
  }

  it('is asked how much it has, before anything is finalized: what says yes to every chunk may have none of them', async () => {
    expect((await taken(WHOLE)).map(({ kind }) => kind)).to.deep.equal(['write', 'ask', 'write', 'finalize']);
    expect((await taken(0)).map(({ kind }) => kind)).to.deep.equal(['write', 'ask', 'trouble']);
  });

  it('is not asked where it cannot tell', async () => {
    expect((await taken(null, false)).map(({ kind }) => kind)).to.deep.equal(['write', 'finalize']);
    expect(
      (await taken(null)).map(({ kind }) => kind),
      'a session without a count',
    ).to.deep.equal(['write', 'ask', 'write', 'finalize']);
  });
});

describe('asking after a mere “yes”', () => {
  const TIME_LIMIT_MS = 20_000;

  async function askedLater(ms: number, refused = false): Promise<{ run: Run; step: StepResult }> {
    const bench = new Bench(new ScriptedLink('documented', true));
    // A clock that has run for long tells a moment from a span.
    await bench.clock.pass(10 * TIME_LIMIT_MS);
    bench.link.statuses = [status({ running: null, next: null })];
    const run = bench.begunRun(WHOLE);
    put(run, { saidYes: true, yesAt: bench.clock.now() });
    if (refused) run.become(withAnswer(run.known, 'yes-then-refused'));
    await bench.clock.pass(ms);
    return { run, step: await perform({ kind: 'ask' }, run) };
  }

  const accepted = { kind: 'end', with: { outcome: 'accepted', hashNamed: false } };

  it('is answered by the session that is gone: only a device that took the image does both', async () => {
    for (const ms of [0, TIME_LIMIT_MS]) expect((await askedLater(ms)).step).to.deep.equal(accepted);
  });

  it('is not answered where the session may have run out by then: the device is asked to finalize again', async () => {
    const { run, step } = await askedLater(TIME_LIMIT_MS + 1);
    expect(step).to.deep.equal({ kind: 'finalize' });
    expect(run.known.session).to.include({ answer: 'yes-after-doubt' });
    expect((await askedLater(TIME_LIMIT_MS + 1, true)).step, 'it refused another finalize').to.deep.equal(accepted);
  });
});

describe('asking after a doubt', () => {
  async function asked(device: Partial<DeviceStatus>): Promise<{ run: Run; step: StepResult }> {
    const bench = new Bench();
    bench.link.statuses = [status(device)];
    const run = bench.begunRun(4096);
    put(run, { sentTo: 8192 });
    const step = await perform({ kind: 'ask' }, run);
    expect(bench.link.limits).to.deep.equal([limits.ASK_TIMEOUT_MS]);
    return { run, step };
  }

  const stepOf = async (work: ReturnType<typeof asked>): Promise<StepResult> => (await work).step;

  it('goes on from where the device says it is: the chunk arrived, or it did not', async () => {
    for (const writtenBytes of [4096, 8192]) {
      const { run, step } = await asked({ session: session({ writtenBytes }) });
      expect(step).to.deep.equal({ kind: 'write' });
      expect(run.meter.acknowledged).to.equal(writtenBytes);
    }
  });

  it('notices a chunk that was taken twice: the device counts more than was sent', async () => {
    expect(await troubleOf(stepOf(asked({ session: session({ writtenBytes: 8193 }) })))).to.include({
      code: 'session-spoilt',
    });
  });

  it('ends where the device holds no session: it restarted', async () => {
    expect(await troubleOf(stepOf(asked({})))).to.include({ code: 'session-lost' });
  });

  it('ends where the session is another client’s, and knows by its number whether the device has restarted', async () => {
    for (const [theirs, restarted] of [
      [session({ id: '8', writtenBytes: 8192 }), false],
      [session({ id: '6', writtenBytes: 8192 }), true],
      [session({ expectedSize: 1, writtenBytes: 0 }), true],
    ] as const) {
      expect(await refusalOf(stepOf(asked({ session: theirs })))).to.include({
        code: 'other-session',
        otherSession: theirs,
        restarted,
      });
    }
  });

  it('goes on after a pause with a device that tells its session and counts nothing, but cannot settle a doubt', async () => {
    for (const [id, sentTo, step] of [
      ['7', 4096, { kind: 'write' }],
      [null, 4096, { kind: 'write' }],
      ['7', 4097, 'not-counted'],
    ] as const) {
      const bench = new Bench(new ScriptedLink('documented', true));
      bench.link.statuses = [status({ session: session({ id, writtenBytes: null }) })];
      const run = bench.begunRun(4096);
      put(run, { sentTo: sentTo });
      const asking = perform({ kind: 'ask' }, run);
      if (typeof step === 'string') expect(await troubleOf(asking)).to.include({ code: step });
      else expect(await asking).to.deep.equal(step);
      expect(run.meter.acknowledged).to.equal(4096);
    }
  });

  it('ends where another session counts nothing', async () => {
    const bench = new Bench(new ScriptedLink('documented', true));
    bench.link.statuses = [status({ session: session({ id: '8', writtenBytes: null }) })];
    expect(await refusalOf(perform({ kind: 'ask' }, bench.begunRun(4096)))).to.include({ code: 'other-session' });
  });

  it('ends where our session has less than it had: another one got its number after a restart', async () => {
    const theirs = session({ writtenBytes: 4095 });
    expect(await refusalOf(stepOf(asked({ session: theirs })))).to.include({
      code: 'other-session',
      otherSession: theirs,
      restarted: true,
    });
  });
});
