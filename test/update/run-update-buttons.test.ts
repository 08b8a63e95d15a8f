import { expect } from 'chai';
import { TRIES_ONCE_BEGUN } from '../../src/update/backoff.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import type { Outcome, UpdateState } from '../../src/model/update/update-state.ts';
import { found, LONG_MS, Played, STEP_MS, written } from './scripted/played.ts';
import { Bench, DEVICE_ID, IMAGE, left, ScriptedLink, session, status } from './scripted/scripted.ts';

describe('a person who pauses', () => {
  async function pausedWhile(phase: UpdateState['phase'], bench: Bench): Promise<Played> {
    const played = new Played(bench);
    played.onState = (state) => {
      if (state.phase === phase) played.controls.pause();
    };
    void played.start().catch(() => undefined);
    await bench.clock.pass(LONG_MS);
    expect(played.states.at(-1)).to.include({ phase: 'waiting', why: 'paused', dialect: bench.link.dialect });
    expect(bench.clock.pending, 'timers').to.equal(0);
    played.onState = () => undefined;
    return played;
  }

  it('stops all timers, also one of a retry that was just announced', async () => {
    const bench = new Bench();
    bench.link.statuses = [new UpdateError('busy', { retryAfterMs: 60_000 })];
    const played = await pausedWhile('retrying', bench);
    expect(found('retrying', played)).to.have.length(1);
  });

  it('lets what is in flight finish, and the device is asked before the run goes on', async () => {
    const bench = written();
    bench.link.statuses.push(status({ session: session({ writtenBytes: 4096 }) }), new UpdateError('unauthorised'));
    const played = await pausedWhile('writing', bench);
    const before = bench.link.asked.length;
    expect(bench.link.asked.at(-1)).to.include({ kind: 'write' });
    played.controls.resume();
    await bench.clock.pass(STEP_MS);
    expect(bench.link.asked[before]).to.deep.equal({ kind: 'status' });
    expect(bench.link.asked[before + 1]).to.include({ kind: 'write', offset: 4096 });
  });

  it('can resume from the last chunk after a reload, since the journal knows it', async () => {
    const bench = written();
    await pausedWhile('writing', bench);
    expect(bench.journal.entries.get(DEVICE_ID)).to.include({ phase: 'writing', acknowledged: 4096, sentTo: 4096 });
  });

  it('or cancels: what the device may be left with is in the journal before it is told to stop', async () => {
    const bench = written();
    const played = new Played(bench);
    played.onState = (state) => {
      if (state.phase === 'writing') played.controls.cancel();
    };
    const noted: unknown[] = [];
    bench.link.status = async () => {
      await bench.clock.pass(0);
      if (bench.link.asked.some(({ kind: what }) => what === 'write')) noted.push(bench.journal.entries.get(DEVICE_ID));
      return status();
    };
    expect(await played.end()).to.include({ outcome: 'cancelled', deviceIdle: true });
    expect(noted).to.have.length(1);
    expect(noted[0]).to.include({ phase: 'writing', acknowledged: 4096, sentTo: 4096 });
  });

  it('before anything was begun is asked nothing again', async () => {
    const bench = new Bench();
    bench.link.statuses = [status()];
    bench.link.begins = [new UpdateError('unauthorised')];
    const played = await pausedWhile('checking', bench);
    expect(bench.journal.written, 'nothing is there to go on with').to.deep.equal([]);
    played.controls.resume();
    await bench.clock.pass(STEP_MS);
    expect(bench.link.asked.map((asked) => asked.kind)).to.deep.equal(['status', 'begin']);
  });

  it('on a device that cannot be asked just goes on', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.begins = [session()];
    bench.link.writes = [{ writtenBytes: null, sessionId: null }, new UpdateError('unauthorised')];
    const played = await pausedWhile('writing', bench);
    played.controls.resume();
    await bench.clock.pass(STEP_MS);
    expect(bench.link.asked.map((asked) => asked.kind)).to.deep.equal(['begin', 'write', 'write']);
  });

  it('and goes on before the pause was shown is not left waiting', async () => {
    const bench = new Bench();
    bench.link.statuses = [new UpdateError('unauthorised')];
    const played = new Played(bench);
    played.onState = (state) => {
      if (state.phase === 'detecting') played.controls.pause();
      if (state.phase === 'waiting') played.controls.resume();
    };
    expect(await played.end()).to.include({ outcome: 'failed', code: 'unauthorised' });
    expect(found('waiting', played)).to.have.length(1);
  });
});

describe('a person who cancels', () => {
  async function cancelledWhile(phase: UpdateState['phase'], bench: Bench): Promise<Outcome> {
    const played = new Played(bench);
    played.onState = (state) => {
      if (state.phase === phase) played.controls.cancel();
    };
    return played.end();
  }

  it('before anything was begun leaves the device and the journal as they were', async () => {
    const bench = new Bench();
    const another = left({ sha256: 'f'.repeat(64) });
    await bench.journal.write(another);
    bench.link.statuses = [status()];
    expect(await cancelledWhile('checking', bench)).to.include({
      outcome: 'cancelled',
      begun: false,
      deviceIdle: null,
      oldFirmware: 'runs',
    });
    expect(bench.link.asked).to.deep.equal([{ kind: 'status' }]);
    expect(bench.journal.entries.get(DEVICE_ID)).to.deep.equal(another);
  });

  it('before a resumed update asked ends the session that an earlier run left, and says so', async () => {
    const bench = new Bench();
    await bench.journal.write(left());
    const open = status({ session: session({ writtenBytes: 8192 }) });
    bench.link.statuses = [new UpdateError('unreachable'), open];
    bench.link.aborts = [{ idle: true }];
    expect(await cancelledWhile('checking', bench)).to.include({ begun: true, deviceIdle: true });
    expect(bench.link.asked.at(-1)).to.deep.equal({ kind: 'abort' });
    expect(bench.journal.entries.size).to.equal(0);
  });

  it('before a resumed update asked says that its session may be open, where it cannot be told', async () => {
    const bench = new Bench();
    await bench.journal.write(left());
    bench.link.statuses = Array.from({ length: TRIES_ONCE_BEGUN }, () => new UpdateError('unreachable'));
    expect(await cancelledWhile('checking', bench)).to.include({ begun: true, deviceIdle: null });
    expect(bench.journal.entries.get(DEVICE_ID)).to.deep.equal(left());
  });

  for (const [idle, stays] of [
    [true, false],
    [false, true],
  ] as const) {
    it(`while writing is told that the device is ${idle ? 'idle' : 'not idle'}, and the journal ${stays ? 'stays' : 'goes'}`, async () => {
      const bench = written();
      bench.link.statuses.push(status({ session: session({ writtenBytes: 4096 }) }));
      bench.link.aborts = [{ idle }];
      expect(await cancelledWhile('writing', bench)).to.include({ deviceIdle: idle, begun: true, oldFirmware: 'runs' });
      expect(bench.journal.entries.has(DEVICE_ID)).to.equal(stays);
    });
  }

  it('where the device cannot be told keeps the journal: the session is ours to go on from', async () => {
    const bench = written();
    bench.link.statuses.push(...Array.from({ length: TRIES_ONCE_BEGUN }, () => new UpdateError('unreachable')));
    expect(await cancelledWhile('writing', bench)).to.include({ deviceIdle: null });
    expect(bench.journal.entries.has(DEVICE_ID)).to.equal(true);
  });

  it('after the image was handed over asks nothing, and does not claim that the old firmware runs', async () => {
    const bench = written();
    bench.link.finalizes = [new UpdateError('aborted')];
    expect(await cancelledWhile('finalizing', bench)).to.include({ deviceIdle: null, oldFirmware: 'unknown' });
    expect(bench.link.asked.at(-1)).to.include({ kind: 'finalize' });
  });

  it('after a finalize that was refused asks whether the session is open, and ends it', async () => {
    const open = status({ session: session({ writtenBytes: IMAGE.bytes.length }) });
    for (const [found, idle, oldFirmware] of [
      [open, true, 'runs'],
      // It may have been taken all the same.
      [status(), null, 'unknown'],
    ] as const) {
      const bench = written();
      bench.link.finalizes = [new UpdateError('busy', { status: 429 })];
      bench.link.statuses.push(new UpdateError('aborted'), found);
      bench.link.aborts = [{ idle: true }];
      const outcome = await cancelledWhile('restarting', bench);
      expect(outcome).to.include({ outcome: 'cancelled', begun: true, deviceIdle: idle, oldFirmware });
      expect(bench.link.asked.at(-1)).to.include({ kind: idle ? 'abort' : 'status' });
    }
  });

  for (const code of ['aborted', 'unauthorised'] as const) {
    it(`in the middle of a request is not told what became of it (${code})`, async () => {
      const bench = new Bench();
      bench.link.statuses = [new UpdateError(code)];
      expect((await cancelledWhile('checking', bench)).outcome).to.equal('cancelled');
    });
  }
});
