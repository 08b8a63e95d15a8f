import { expect } from 'chai';
import { outcomeOf, outcomeOfCancel, outcomeOfError, settleJournal } from '../../src/update/outcome.ts';
import type { JournalEntry } from '../../src/model/update/journal.ts';
import type { Run } from '../../src/update/run.ts';
import type { Ending } from '../../src/update/steps/step.ts';
import type { UpdateErrorCode } from '../../src/model/update/error-codes.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import type { Outcome } from '../../src/model/update/update-state.ts';
import { counting, mute } from './scripted/deciding.ts';
import { endedAs } from './scripted/outcomes.ts';
import { LET_GO_MS } from '../../src/update/time-limits.ts';
import { Bench, DEVICE_ID, left, NEW, OLD, ScriptedLink, session, status, put, seen } from './scripted/scripted.ts';

async function failedWith(run: Run, code: UpdateErrorCode, details: { status?: number } = {}): Promise<Outcome> {
  return outcomeOfError(run, { kind: 'failed', error: new UpdateError(code, details) }, 'writing');
}

describe('what the journal keeps after an end', () => {
  /** What is in the journal after that outcome of a run that had begun. */
  async function kept(outcome: Outcome, run: Run = new Bench().begunRun(4096)): Promise<JournalEntry | null> {
    await settleJournal(run, outcome);
    return run.ports.journal.read(DEVICE_ID);
  }

  for (const name of ['updated', 'rolled-back', 'rejected'] as const) {
    it(`is nothing: ${name}`, async () => {
      expect(await kept(endedAs(name))).to.equal(null);
    });
  }

  for (const name of ['accepted', 'staged'] as const) {
    it(`is that the next restart starts it, without a doubt of what runs until then: ${name}`, async () => {
      const run = new Bench().begunRun(4096);
      put(run, { finalizeSent: true });
      expect(await kept(endedAs(name), run)).to.include({ phase: 'unconfirmed', finalizeSent: false, sentTo: 0 });
    });
  }

  it('is what the device may hold of an earlier run, until this one has replaced it', async () => {
    const holding = (): Run => {
      const run = new Bench().begunRun(4096);
      put(run, { mayHoldAnother: true });
      return run;
    };
    for (const name of ['rejected', 'cancelled'] as const)
      expect(await kept(endedAs(name), holding()), name).to.include({ phase: 'unconfirmed', finalizeSent: false });
    const lost = holding();
    expect(await kept(await failedWith(lost, 'session-lost'), lost)).to.include({ phase: 'unconfirmed' });
    for (const name of ['updated', 'rolled-back'] as const)
      expect(await kept(endedAs(name), holding()), name).to.equal(null);
  });

  it('is a doubt where the refused image was not the only one that was handed over', async () => {
    const rejected = { ...endedAs('rejected'), oldFirmware: 'unknown' } as Outcome;
    expect(await kept(rejected)).to.include({ phase: 'unconfirmed', sessionId: null, acknowledged: 0, sentTo: 0 });
  });

  it('is what can be resumed: a failure, or a cancel whose session may still be open', async () => {
    expect(await kept(endedAs('failed'))).to.include({ phase: 'writing', acknowledged: 4096 });
    const open = { ...endedAs('cancelled'), deviceIdle: null } as Outcome;
    expect(await kept(open)).to.include({ phase: 'writing', acknowledged: 4096 });
    expect(await kept(endedAs('cancelled')), 'the device is idle').to.equal(null);
  });

  it('is nothing where our session is not on the device any more', async () => {
    for (const code of ['session-lost', 'session-spoilt', 'other-session', 'unconfirmed'] as const) {
      const run = new Bench().begunRun(4096);
      expect(await kept(await failedWith(run, code), run), code).to.equal(null);
    }
  });

  it('is the device to look for again, where it can be asked, and a doubt where it cannot', async () => {
    expect(await kept(endedAs('not-seen-again'))).to.include({ phase: 'writing' });
    expect(await kept(endedAs('not-seen-again'), new Bench(mute()).begunRun(4096))).to.include({
      phase: 'unconfirmed',
    });
  });

  it('is a doubt from here on where this run began nothing, and the device cannot tell what it runs', async () => {
    for (const [dialect, isDoubted, finalizeSent] of [
      ['documented', true, true],
      ['documented', false, false],
      ['shipped', true, false],
    ] as const) {
      const run = new Bench(new ScriptedLink(dialect)).run();
      const held = left({ dialect, phase: 'unconfirmed', finalizeSent: false });
      put(run, { left: held, earlierFinalize: isDoubted });
      const said = `${dialect}, ${isDoubted}`;
      expect(await kept(await failedWith(run, 'unreachable'), run), said).to.deep.equal({ ...held, finalizeSent });
    }
  });

  it('is what an earlier run left, where this one began nothing', async () => {
    for (const code of ['unreachable', 'other-session'] as const) {
      const run = new Bench().run();
      put(run, { left: left({ acknowledged: 8192 }) });
      expect(await kept(await failedWith(run, code), run), code).to.deep.equal(seen(run).left);
    }
    const gone = new Bench().run();
    put(gone, { left: left() });
    expect(await kept(await failedWith(gone, 'session-lost'), gone), 'it is gone').to.equal(null);
    const nothing = new Bench();
    await nothing.journal.write(left());
    expect(await kept(endedAs('failed'), nothing.run()), 'and nothing was left').to.equal(null);
  });
});

describe('a failure', () => {
  const resumable = async (run: Run, code: UpdateErrorCode = 'no-progress'): Promise<boolean> => {
    const outcome = await failedWith(run, code);
    return outcome.outcome === 'failed' && outcome.resumable;
  };

  it('can be resumed where a session of ours is open and the device can be asked', async () => {
    expect(await resumable(new Bench().begunRun(4096))).to.equal(true);
    expect(await resumable(new Bench(counting()).begunRun(4096))).to.equal(true);
    expect(await resumable(new Bench(mute()).begunRun(4096))).to.equal(false);
    for (const code of ['session-lost', 'session-spoilt', 'other-session', 'unconfirmed'] as const) {
      expect(await resumable(new Bench().begunRun(4096), code), code).to.equal(false);
    }
  });

  it('before anything was begun can be resumed where an earlier run left something', async () => {
    const run = (entry: JournalEntry | null, link = new ScriptedLink()): Run => {
      const made = new Bench(link).run();
      put(made, { left: entry });
      return made;
    };
    expect(await resumable(run(null)), 'nothing').to.equal(false);
    expect(await resumable(run(left()))).to.equal(true);
    expect(await resumable(run(left({ phase: 'unconfirmed' }))), 'only a doubt').to.equal(false);
    expect(await resumable(run(left({ sha256: 'ff'.repeat(32) }))), 'another image').to.equal(false);
    expect(await resumable(run(left(), mute())), 'the device cannot be asked').to.equal(false);
  });

  it('before the device was reached is judged by what was known of it', async () => {
    const unopened = async (entry: JournalEntry): Promise<boolean> => {
      const run = new Bench().run();
      Object.defineProperty(run, 'linkIfOpen', { value: null });
      put(run, { left: entry });
      return resumable(run, 'unreachable');
    };
    expect(await unopened(left({ dialect: 'documented', tellsStatus: true }))).to.equal(true);
    expect(await unopened(left({ dialect: 'shipped', tellsStatus: false }))).to.equal(false);
    // Entries of older versions do not have this field.
    expect(await unopened(left({ dialect: 'shipped' }))).to.equal(true);
    expect(await unopened(left({ dialect: 'documented' }))).to.equal(false);
  });

  it('quotes the device, and not the gateway where that had no answer from it', async () => {
    const told = async (error: UpdateError): Promise<unknown> => {
      const outcome = await outcomeOfError(new Bench().begunRun(4096), { kind: 'failed', error }, 'writing');
      return 'said' in outcome ? outcome.said : 'nothing';
    };
    const byGateway = { status: 502, said: 'Nothing answers at that address and port, or the connection broke.' };
    expect(await told(new UpdateError('unreachable', byGateway))).to.equal(null);
    expect(await told(new UpdateError('unreachable', byGateway).as('no-progress')), 'after many tries').to.equal(null);
    expect(await told(new UpdateError('silent', { status: 504, said: 'No answer.' }).as('unconfirmed'))).to.equal(null);
    const refused = { status: 403, said: 'This browser is not paired with the host.' };
    expect(await told(new UpdateError('unreachable', refused)), 'what to do').to.equal(refused.said);
    const fault = new UpdateError('device-fault', { status: 500, said: 'write failed' });
    expect(await told(fault.as('no-progress'))).to.equal('write failed');
  });

  it('knows that the new firmware runs only where the device refused to mark it', async () => {
    const run = (): Run => {
      const made = new Bench().begunRun(4096);
      put(made, { finalizeSent: true });
      return made;
    };
    expect(await failedWith(run(), 'not-marked-valid', { status: 500 })).to.include({ oldFirmware: 'replaced' });
    expect(await failedWith(run(), 'not-marked-valid')).to.include({ oldFirmware: 'unknown' });
    expect(await failedWith(run(), 'no-progress', { status: 500 })).to.include({ oldFirmware: 'unknown' });
  });
});

describe('a refused image', () => {
  it('leaves the old firmware, unless an earlier run may have handed one over', async () => {
    for (const earlier of [false, true]) {
      const bench = new Bench();
      bench.link.statuses = [status()];
      const run = bench.begunRun(4096);
      put(run, { earlierFinalize: earlier });
      const ending = outcomeOfError(run, { kind: 'rejected', said: 'sha256 mismatch' }, 'finalizing');
      await bench.clock.pass(LET_GO_MS);
      expect(await ending).to.include({ outcome: 'rejected', oldFirmware: earlier ? 'unknown' : 'runs' });
    }
  });
});

describe('a cancel', () => {
  it('ends no session once the image was handed over, by this run or an earlier one', async () => {
    const bench = new Bench();
    const run = bench.begunRun(4096);
    put(run, { finalizeSent: true });
    expect(await outcomeOfCancel(run)).to.include({ outcome: 'cancelled', deviceIdle: null, oldFirmware: 'unknown' });
    const again = bench.run();
    put(again, { left: left({ phase: 'restarting' }) });
    expect(await outcomeOfCancel(again)).to.include({ deviceIdle: null });
    expect(bench.link.asked).to.deep.equal([]);
  });

  it('claims nothing of the old firmware where a device that may hold an image cannot be asked', async () => {
    for (const [isBegun, mayHoldAnother, oldFirmware] of [
      [true, true, 'unknown'],
      [true, false, 'runs'],
      // Nothing that was sent is without an answer.
      [false, true, 'runs'],
    ] as const) {
      const bench = new Bench(new ScriptedLink('documented', false));
      const run = isBegun ? bench.begunRun() : bench.run();
      run.become({ mayHoldAnother });
      expect(await outcomeOfCancel(run)).to.include({ outcome: 'cancelled', oldFirmware });
    }
    // It says that it ended our session.
    const bench = new Bench();
    bench.link.statuses = [status({ session: session({ writtenBytes: 4096 }) })];
    bench.link.aborts = [{ idle: true }];
    const run = bench.begunRun(4096);
    run.become({ mayHoldAnother: true });
    const ending = outcomeOfCancel(run);
    await bench.clock.pass(LET_GO_MS);
    expect(await ending).to.include({ deviceIdle: true, oldFirmware: 'runs' });
    // It has just answered.
    const refused = new Bench(new ScriptedLink('documented', false)).begunRun();
    refused.become({ mayHoldAnother: true });
    const decision = { kind: 'rejected', said: null } as const;
    expect(await outcomeOfError(refused, decision, 'finalizing')).to.include({ oldFirmware: 'runs' });
  });

  it('ends the session of this run though an earlier one had handed an image over', async () => {
    const bench = new Bench();
    bench.link.statuses = [status({ session: session({ writtenBytes: 4096 }) })];
    bench.link.aborts = [{ idle: true }];
    const run = bench.begunRun(4096);
    put(run, { left: left({ phase: 'restarting' }) });
    const ending = outcomeOfCancel(run);
    await bench.clock.pass(LET_GO_MS);
    expect(await ending).to.include({ deviceIdle: true });
  });
});

describe('a cancel after a begin without an answer', () => {
  const begunSaid = async (link: ScriptedLink): Promise<unknown> => {
    const bench = new Bench(link);
    link.statuses = [status({ running: null, next: null })];
    const run = bench.run();
    put(run, { beginInDoubt: true });
    const ending = outcomeOfCancel(run);
    await bench.clock.pass(LET_GO_MS);
    const outcome = await ending;
    return outcome.outcome === 'cancelled' && outcome.begun;
  };

  it('may have begun something only where the device can be asked: else nothing was shown to be there', async () => {
    expect(await begunSaid(counting())).to.equal(true);
    expect(await begunSaid(mute())).to.equal(false);
  });
});

describe('an end without an error', () => {
  it('is the outcome with its slot, the progress and the time it took', async () => {
    const bench = new Bench();
    const run = bench.begunRun(4096);
    await bench.clock.pass(1500);
    const progress = run.progress();
    for (const ending of [
      { outcome: 'updated', slot: NEW.label },
      { outcome: 'staged', slot: NEW.label },
      { outcome: 'rolled-back', slot: OLD.label, isPrevious: true, fellBack: false },
      { outcome: 'accepted', hashNamed: true },
    ] as const satisfies Ending[]) {
      const outcome = outcomeOf(run, ending);
      expect(outcome).to.include({ phase: 'ended', dialect: 'shipped', durationMs: 1500, ...ending });
      expect(outcome.progress).to.deep.equal(progress);
    }
  });

  it('is accepted without a hash that was named, where only the session that is gone shows it', async () => {
    const outcome = await outcomeOfError(new Bench(counting()).begunRun(4096), { kind: 'accepted' }, 'confirming');
    expect(outcome).to.include({ outcome: 'accepted', hashNamed: false });
  });

  it('is staged without a slot where the device never told one', async () => {
    const outcome = await outcomeOfError(new Bench().run(), { kind: 'staged' }, 'restarting');
    expect(outcome).to.include({ outcome: 'staged', slot: null });
  });
});
