import { expect } from 'chai';
import { UpdateControls } from '../../src/update/controls.ts';
import { runUpdate } from '../../src/update/run-update.ts';
import { RESTART_ASK_EVERY_MS } from '../../src/update/time-limits.ts';
import { RESTART_PATIENCE_MS } from '../../src/model/update/restart-patience.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import type { UpdateState } from '../../src/model/update/update-state.ts';
import { found, Played, takesAll, WHOLE, written } from './scripted/played.ts';
import { Bench, DEVICE_ID, left, NEW, plan, ScriptedLink, session, status } from './scripted/scripted.ts';

describe('an update that fails', () => {
  const refused = new UpdateError('unauthorised', { status: 401, said: 'invalid ota token' });

  it('before the device answered knows no dialect, and claims only that the old firmware runs', async () => {
    const bench = new Bench();
    const ports = { ...bench.ports, open: () => Promise.reject(refused) };
    const states: UpdateState[] = [];
    for await (const state of runUpdate(plan(), ports, new UpdateControls())) states.push(state);
    expect(states.at(-1)).to.include({
      outcome: 'failed',
      code: 'unauthorised',
      status: 401,
      said: 'invalid ota token',
      during: 'detecting',
      dialect: null,
      oldFirmware: 'runs',
      resumable: false,
      otherSession: null,
      restarted: false,
      judgement: null,
    });
  });

  it('claims nothing of the old firmware where a restart of a device that holds an image would look the same', async () => {
    const held = left({ phase: 'unconfirmed', finalizeSent: false });
    for (const [error, entry, oldFirmware] of [
      [new UpdateError('not-allowed'), held, 'unknown'],
      [new UpdateError('not-allowed'), left({ mayHoldAnother: true }), 'unknown'],
      [new UpdateError('not-allowed'), left(), 'runs'],
      [refused, held, 'runs'],
      [new UpdateError('aborted'), held, 'runs'],
    ] as const) {
      const bench = new Bench();
      await bench.journal.write(entry);
      const ports = { ...bench.ports, open: () => Promise.reject(error) };
      const states: UpdateState[] = [];
      for await (const state of runUpdate(plan(), ports, new UpdateControls())) states.push(state);
      expect(states.at(-1), `${error.code}, ${entry.phase}`).to.include({ outcome: 'failed', oldFirmware });
    }
  });

  it('leaves the journal as an earlier run left it where nothing was begun, and can be resumed', async () => {
    const bench = new Bench();
    await bench.journal.write(left());
    bench.link.statuses = [refused];
    expect(await new Played(bench).end()).to.include({ outcome: 'failed', during: 'checking', resumable: true });
    expect(bench.journal.entries.get(DEVICE_ID)).to.deep.equal(left());
  });

  it('leaves no journal where nothing was begun by anybody', async () => {
    const bench = new Bench();
    bench.link.statuses = [status()];
    bench.link.begins = [refused];
    expect(await new Played(bench).end()).to.include({ outcome: 'failed', during: 'beginning', resumable: false });
    expect(bench.journal.entries.size).to.equal(0);
  });

  it('in the middle can be resumed, and stays in the journal', async () => {
    const bench = new Bench();
    bench.link.statuses = [status()];
    bench.link.begins = [session()];
    bench.link.writes = [{ writtenBytes: 4096, sessionId: '7' }, refused];
    expect(await new Played(bench).end()).to.include({ during: 'writing', resumable: true, oldFirmware: 'runs' });
    expect(bench.journal.entries.get(DEVICE_ID)).to.include({ phase: 'writing', acknowledged: 4096 });
  });

  it('in the middle cannot be resumed on a device that does not tell how far it is', async () => {
    const bench = new Bench(new ScriptedLink('documented', false));
    bench.link.begins = [session()];
    bench.link.writes = [refused];
    expect(await new Played(bench).end()).to.include({ during: 'writing', resumable: false });
  });

  it('because the session is gone cannot be resumed, and leaves the doubt alone in the journal', async () => {
    const bench = new Bench();
    bench.link.statuses = [status(), status()];
    bench.link.begins = [session()];
    bench.link.writes = [new UpdateError('unreachable')];
    expect(await new Played(bench).end()).to.include({ code: 'session-lost', during: 'checking', resumable: false });
    expect(bench.journal.entries.size).to.equal(0);
  });

  it('after a session that was gone leaves in doubt what runs, where the device may hold an image', async () => {
    for (const [entry, oldFirmware] of [
      [left({ dialect: 'documented', phase: 'unconfirmed', finalizeSent: false }), 'unknown'],
      [null, 'runs'],
    ] as const) {
      const bench = new Bench(new ScriptedLink('documented', false));
      if (entry !== null) await bench.journal.write(entry);
      bench.link.begins = [session(), session()];
      bench.link.writes = [new UpdateError('session-lost', { status: 404 }), refused];
      expect(await new Played(bench).end()).to.include({ code: 'unauthorised', oldFirmware });
    }
  });

  it('for another client’s session shows what is known of it', async () => {
    const bench = new Bench();
    const theirs = session({ id: '8' });
    bench.link.statuses = [status({ session: theirs })];
    expect(await new Played(bench).end()).to.include({ code: 'other-session', otherSession: theirs });
  });

  it('for the image gives the inspector’s verdict', async () => {
    const bench = new Bench();
    bench.link.statuses = [status()];
    expect(await new Played(bench).end({ chipId: 9 })).to.have.nested.property(
      'judgement.finding.reason',
      'wrong-chip',
    );
  });

  it('at finalize does not claim that the old firmware runs', async () => {
    const bench = written();
    bench.link.finalizes = [refused];
    expect(await new Played(bench).end()).to.include({ during: 'finalizing', oldFirmware: 'unknown' });
  });

  it('at marking the image valid says that the new firmware runs, and stays in the journal for another try', async () => {
    const bench = written();
    bench.link.finalizes = [null];
    bench.link.statuses.push(status({ running: NEW }));
    bench.link.marks = [refused];
    expect(await new Played(bench).end()).to.include({
      code: 'not-marked-valid',
      during: 'confirming',
      oldFirmware: 'replaced',
    });
    expect(bench.journal.entries.get(DEVICE_ID)).to.include({ phase: 'restarting' });
  });

  it('where the end cannot be known cannot be resumed, and leaves no journal', async () => {
    const bench = new Bench(new ScriptedLink('documented', true));
    bench.link.statuses = [status({ running: null, next: null })];
    bench.link.begins = [session()];
    takesAll(bench.link);
    bench.link.finalizes = [new UpdateError('unreachable'), new UpdateError('conflict')];
    const played = new Played(bench);
    expect(await played.end()).to.include({ code: 'unconfirmed', during: 'restarting', resumable: false });
    expect(bench.journal.entries.get(DEVICE_ID)).to.include({
      ...{ phase: 'unconfirmed', finalizeSent: true, acknowledged: 0, sessionId: null },
    });
  });

  it('is rejected with the device’s words, and leaves neither session nor journal', async () => {
    const bench = written();
    bench.link.finalizes = [new UpdateError('hash-mismatch', { said: 'sha256 mismatch' })];
    bench.link.statuses.push(status({ session: session({ writtenBytes: WHOLE }) }));
    bench.link.aborts = [{ idle: true }];
    expect(await new Played(bench).end()).to.include({ outcome: 'rejected', said: 'sha256 mismatch' });
    expect(bench.link.asked.at(-1)).to.deep.equal({ kind: 'abort' });
    expect(bench.journal.entries.size).to.equal(0);
  });

  it('is not seen again after the patience, and stays in the journal to look again', async () => {
    for (const patienceMs of [5000, undefined]) {
      const bench = written();
      bench.link.finalizes = [null];
      bench.link.statuses.push(
        ...Array.from(
          { length: 2 * (RESTART_PATIENCE_MS / RESTART_ASK_EVERY_MS) },
          () => new UpdateError('unreachable'),
        ),
      );
      const played = new Played(bench);
      const outcome = await played.end(patienceMs === undefined ? {} : { patienceMs });
      expect(outcome).to.include({ outcome: 'not-seen-again', patienceMs: patienceMs ?? RESTART_PATIENCE_MS });
      expect(bench.journal.entries.get(DEVICE_ID)).to.include({ phase: 'restarting' });
      const waits = found('restarting', played).map((state) => state.phase === 'restarting' && state.elapsedMs);
      expect(waits.slice(0, 3)).to.deep.equal([0, 1000, 2000]);
    }
  });

  it('does not hide a defect', async () => {
    const bench = new Bench();
    bench.link.statuses = [];
    const thrown = await new Played(bench).end().catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(Error).and.not.instanceOf(UpdateError);
  });
});
