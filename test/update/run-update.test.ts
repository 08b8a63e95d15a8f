import { expect } from 'chai';
import { UpdateControls } from '../../src/update/controls.ts';
import { FINALIZE_FAILURES_AT_MOST } from '../../src/update/decide-finishing.ts';
import { runUpdate } from '../../src/update/run-update.ts';
import { RESTART_PATIENCE_MS } from '../../src/model/update/restart-patience.ts';
import { LET_GO_MS } from '../../src/update/time-limits.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import { found, Played, takesAll, WHOLE, written } from './scripted/played.ts';
import { Bench, IMAGE, NEW, OLD, plan, ScriptedLink, session, status } from './scripted/scripted.ts';

describe('an update that goes well', () => {
  it('shows each phase once, and ends with what was proven', async () => {
    const bench = written();
    bench.link.finalizes = [null];
    bench.link.statuses.push(status({ running: NEW }), status({ running: NEW }));
    bench.link.marks = [null];
    const played = new Played(bench);
    const outcome = await played.end();
    expect(outcome).to.include({
      phase: 'ended',
      outcome: 'updated',
      slot: NEW.label,
      markedValid: true,
      dialect: 'shipped',
    });
    expect(outcome.progress).to.include({ acknowledged: WHOLE, total: WHOLE, retries: 0 });
    expect(bench.journal.entries.size).to.equal(0);
    expect(found('restarting', played)).to.have.length(1);
    expect(found('restarting', played)[0]).to.include({ elapsedMs: 0, patienceMs: RESTART_PATIENCE_MS });
    const [detecting, checking] = played.states;
    expect(detecting).to.include({ phase: 'detecting', dialect: null });
    expect(checking).to.include({ phase: 'checking', dialect: 'shipped' });
  });

  it('shows before each chunk which bytes are on their way', async () => {
    const bench = written();
    bench.link.finalizes = [null];
    const played = new Played(bench);
    await played.end({ restart: false });
    expect(found('writing', played).map((state) => state.progress.inFlight)).to.deep.equal([
      { start: 0, end: 4096 },
      { start: 4096, end: 12_288 },
      { start: 12_288, end: WHOLE },
      null,
    ]);
    for (const state of found('writing', played))
      expect(state).to.have.all.keys('phase', 'dialect', 'progress', 'startedOver');
  });

  it('says how long it took, in milliseconds', async () => {
    const bench = written();
    bench.link.finalizes = [bench.clock.sleep(3000, new AbortController().signal).then(() => null)];
    expect((await new Played(bench).end({ restart: false })).durationMs).to.equal(3000);
  });

  it('is staged where no restart was asked for, and notes that the next restart starts it', async () => {
    const bench = written();
    bench.link.finalizes = [null];
    expect(await new Played(bench).end({ restart: false })).to.include({ outcome: 'staged', slot: NEW.label });
    expect([...bench.journal.entries.values()]).to.have.nested.property('[0].phase', 'unconfirmed');
  });

  it('is staged where the device took it and stays up', async () => {
    const bench = written();
    bench.link.finalizes = [null];
    const lastTaken = { sha256: IMAGE.sha256, slot: NEW.label };
    bench.link.statuses.push(...Array.from({ length: 10 }, () => status({ lastTaken })));
    expect(await new Played(bench).end({ patienceMs: 5000 })).to.include({ outcome: 'staged', slot: NEW.label });
  });

  it('is rolled back where the old slot runs, and leaves no journal', async () => {
    const bench = written();
    bench.link.finalizes = [null];
    bench.link.statuses.push(status());
    expect(await new Played(bench).end()).to.include({ outcome: 'rolled-back', slot: OLD.label });
    expect(bench.journal.entries.size).to.equal(0);
  });

  it('is accepted by a documented device, and notes that it may start at a later restart', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.begins = [session({ id: null, writtenBytes: null })];
    bench.link.writes = [1, 2, 3].map(() => ({ writtenBytes: null, sessionId: null }));
    bench.link.finalizes = [null];
    expect(await new Played(bench).end()).to.include({ outcome: 'accepted', dialect: 'documented' });
    expect([...bench.journal.entries.values()]).to.have.nested.property('[0].phase', 'unconfirmed');
  });
});

describe('trouble on the way', () => {
  it('is shown: what it was, which try it is, how long the wait is', async () => {
    const bench = new Bench();
    const later = new UpdateError('busy', { status: 429, retryAfterMs: 3000 });
    bench.link.statuses = [later, later, refusedStatus()];
    const played = new Played(bench);
    await played.end();
    expect(found('retrying', played)).to.have.length(2);
    for (const [at, state] of found('retrying', played).entries()) {
      expect(state).to.include({
        after: 'busy',
        attempt: at + 1,
        delayMs: 3000,
        startedOver: null,
        dialect: 'shipped',
      });
    }
  });

  it('gives a browser the moment that it needs to let go of a request that was given up', async () => {
    const bench = new Bench();
    bench.link.statuses = [new UpdateError('silent'), refusedStatus()];
    const ports = { ...bench.ports, random: () => 0 };
    const controls = new UpdateControls();
    const running = (async () => {
      for await (const state of runUpdate(plan(), ports, controls)) if (state.phase === 'ended') return;
    })();
    await bench.clock.pass(LET_GO_MS - 1);
    expect(bench.link.asked).to.have.length(1);
    await bench.clock.pass(1);
    await running;
    expect(bench.link.asked).to.have.length(2);
  });

  it('is shown where a session was started over', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.begins = [session(), new UpdateError('unauthorised')];
    bench.link.writes = [new UpdateError('silent')];
    const played = new Played(bench);
    await played.end();
    expect(found('retrying', played)).to.have.length(1);
    expect(found('retrying', played)[0]).to.include({ after: 'silent', startedOver: 'silent' });
  });

  it('at finalize is shown as looking for the device, once there is a doubt', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.begins = [session()];
    takesAll(bench.link);
    bench.link.finalizes = [new UpdateError('unreachable'), null];
    const played = new Played(bench);
    expect(await played.end()).to.include({ outcome: 'accepted' });
    expect(played.states.slice(-3).map(({ phase }) => phase)).to.deep.equal(['finalizing', 'restarting', 'ended']);
  });

  it('at finalize, again and again, is a refusal', async () => {
    const bench = written();
    const fault = new UpdateError('device-fault', { status: 500 });
    const open = status({ session: session({ writtenBytes: WHOLE }) });
    bench.link.finalizes = Array.from({ length: FINALIZE_FAILURES_AT_MOST + 1 }, () => fault);
    // One status request after each finalize, and one before the session is ended.
    bench.link.statuses.push(...Array.from({ length: FINALIZE_FAILURES_AT_MOST + 2 }, () => open));
    bench.link.aborts = [{ idle: true }];
    expect((await new Played(bench).end()).outcome).to.equal('rejected');
  });

  it('without a network is shown as waiting', async () => {
    const bench = new Bench();
    bench.network.up = false;
    bench.link.statuses = [new UpdateError('unreachable'), refusedStatus()];
    const played = new Played(bench);
    await played.end();
    expect(found('waiting', played)).to.have.length(1);
    expect(found('waiting', played)[0]).to.include({ why: 'offline', dialect: 'shipped' });
  });

  function refusedStatus(): UpdateError {
    return new UpdateError('unauthorised');
  }
});
