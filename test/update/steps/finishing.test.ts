import { expect } from 'chai';
import type { DeviceStatus } from '../../../src/model/device/link.ts';
import type { Run } from '../../../src/update/run.ts';
import { type Ask, Refusal } from '../../../src/update/steps/step.ts';
import { perform } from '../../../src/update/steps/perform.ts';
import * as limits from '../../../src/update/time-limits.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import {
  Bench,
  DEVICE_ID,
  IMAGE,
  NEW,
  OLD,
  ScriptedLink,
  session,
  status,
  put,
  seen,
  troubleOf,
  stepOrError,
} from '../scripted/scripted.ts';

const WHOLE = IMAGE.bytes.length;

/** A run that has all bytes on the device and has asked it to finalize. */
function handedOver(bench: Bench): Run {
  const run = bench.begunRun(WHOLE);
  put(run, { finalizeSent: true });
  return run;
}

describe('finalizing', () => {
  async function finalized(link: ScriptedLink, restart: boolean) {
    const bench = new Bench(link);
    link.finalizes = [null];
    const run = bench.begunRun(WHOLE, { restart });
    const step = await perform({ kind: 'finalize' }, run);
    await run.journal.settled();
    return { step, run, bench };
  }

  it('asks for the restart, and looks for the device after it', async () => {
    const { step, run, bench } = await finalized(new ScriptedLink(), true);
    expect(step).to.deep.equal({ kind: 'look' });
    expect(bench.link.asked).to.deep.equal([{ kind: 'finalize', sha256: IMAGE.sha256, restart: true }]);
    expect(bench.link.limits).to.deep.equal([limits.FINALIZE_TIMEOUT_MS]);
    expect(seen(run).finalizeSent).to.equal(true);
    expect(bench.journal.entries.get(DEVICE_ID)).to.include({ phase: 'restarting', slot: NEW.label });
  });

  it('is staged where no restart was asked for', async () => {
    const { step } = await finalized(new ScriptedLink(), false);
    expect(step).to.deep.equal({ kind: 'end', with: { outcome: 'staged', slot: NEW.label } });
  });

  it('is accepted by a documented device that names the image, and can prove no more', async () => {
    for (const restart of [true, false]) {
      const { step } = await finalized(new ScriptedLink('documented', false), restart);
      expect(step).to.deep.equal({ kind: 'end', with: { outcome: 'accepted', hashNamed: true } });
    }
  });

  for (const [tellsStatus, asks] of [
    [false, 'finalize'],
    [true, 'ask'],
  ] as const) {
    it(`is no more than a yes where the image is not named: the device is asked once more, by ${asks}`, async () => {
      const link = new ScriptedLink('documented', tellsStatus);
      link.finalizes = [{ names: 'yes' }, { names: 'yes' }];
      const run = new Bench(link).begunRun(WHOLE);
      expect(await perform({ kind: 'finalize' }, run)).to.deep.equal({ kind: asks });
      expect(await troubleOf(perform({ kind: 'finalize' }, run)), 'who says yes again').to.include({
        code: 'unconfirmed',
      });
    });
  }

  it('was taken where the device said yes, and has no session any more', async () => {
    const link = new ScriptedLink('documented', true);
    link.finalizes = [{ names: 'yes' }];
    link.statuses = [status()];
    const run = new Bench(link).begunRun(WHOLE);
    await perform({ kind: 'finalize' }, run);
    expect(await perform({ kind: 'ask' }, run)).to.deep.equal({
      kind: 'end',
      with: { outcome: 'accepted', hashNamed: false },
    });
  });

  it('is looked for where no restart was asked for and the image is not named', async () => {
    const link = new ScriptedLink();
    link.finalizes = [{ names: 'yes' }];
    const run = new Bench(link).begunRun(WHOLE, { restart: false });
    expect(await perform({ kind: 'finalize' }, run)).to.deep.equal({ kind: 'look' });
  });

  it('is in the journal before it is sent: the device may restart with the answer', async () => {
    const bench = new Bench();
    bench.link.finalizes = [new UpdateError('unreachable'), new UpdateError('unreachable')];
    const run = bench.begunRun(WHOLE);
    await run.journal.settled();
    await troubleOf(perform({ kind: 'finalize' }, run));
    await run.journal.settled();
    expect(bench.journal.entries.get(DEVICE_ID)).to.include({ phase: 'finalizing' });
    expect(seen(run).finalizeSent).to.equal(true);

    // The session was started over, and noted that it writes.
    run.note('writing');
    await troubleOf(perform({ kind: 'finalize' }, run));
    await run.journal.settled();
    expect(bench.journal.entries.get(DEVICE_ID), 'and so the second time').to.include({ phase: 'finalizing' });
  });
});

describe('looking for the device after its restart', () => {
  async function looked(device: Partial<DeviceStatus>, changes: Parameters<Bench['run']>[0] = {}) {
    const bench = new Bench();
    bench.link.statuses = [status(device)];
    const run = bench.begunRun(WHOLE, changes);
    put(run, { previousSlot: OLD });
    put(run, { finalizeSent: true });
    put(run, { taken: true });
    const step = await stepOrError(perform({ kind: 'look' }, run));
    expect(bench.link.limits).to.deep.equal([limits.RESTART_ASK_TIMEOUT_MS]);
    return { run, step };
  }

  const lastTaken = { sha256: IMAGE.sha256, slot: NEW.label };

  it('marks the image valid where the new slot runs', async () => {
    const { step, run } = await looked({ running: NEW });
    expect(step).to.deep.equal({ kind: 'mark-valid' });
    expect(seen(run).taken).to.equal(false);
  });

  it('is rolled back where the old slot runs', async () => {
    const { step } = await looked({});
    expect(step).to.deep.equal({
      kind: 'end',
      with: { outcome: 'rolled-back', slot: OLD.label, isPrevious: true, fellBack: false },
    });
  });

  it('knows from the slot that is set to start that the bootloader went back by itself', async () => {
    const { step } = await looked({ boot: NEW });
    expect(step).to.deep.include({
      with: { outcome: 'rolled-back', slot: OLD.label, isPrevious: true, fellBack: true },
    });
  });

  it('does not call a third slot the one from before', async () => {
    const { step } = await looked({ running: { label: 'factory', address: 0x8000, size: null }, boot: null });
    expect(step).to.deep.include({
      with: { outcome: 'rolled-back', slot: 'factory', isPrevious: false, fellBack: false },
    });
  });

  it('knows a slot by its place where only that is told', async () => {
    const { step } = await looked({ running: { ...NEW, label: '0x20000' } });
    expect(step).to.deep.equal({ kind: 'mark-valid' });
  });

  it('proves nothing where the device does not tell what runs', async () => {
    expect((await looked({ running: null })).step)
      .to.be.instanceOf(UpdateError)
      .and.include({ code: 'unconfirmed' });
  });

  it('waits on while the device has taken the image and not restarted', async () => {
    const { step, run } = await looked({ lastTaken });
    expect(step).to.be.instanceOf(UpdateError).and.include({ code: 'busy' });
    expect(seen(run).taken).to.equal(true);
  });

  it('is staged there where no restart was asked for', async () => {
    const { step } = await looked({ lastTaken }, { restart: false });
    expect(step).to.deep.equal({ kind: 'end', with: { outcome: 'staged', slot: NEW.label } });
  });

  it('ends where the old slot runs and another client has begun', async () => {
    const theirs = session({ id: '8', writtenBytes: WHOLE });
    const { step } = await looked({ session: theirs });
    expect(step).to.be.instanceOf(Refusal).and.include({ code: 'other-session', otherSession: theirs });
  });

  it('says so where our session is still open, and is certain of the old firmware again', async () => {
    const { step, run } = await looked({ session: session({ writtenBytes: WHOLE }) });
    expect(step).to.be.instanceOf(UpdateError).and.include({ code: 'not-finalized' });
    expect(seen(run).finalizeSent).to.equal(false);
    expect(run.meter.complete).to.equal(true);
  });

  it('ends where "our" session has less than it had: progress never falls, and another client’s is not written to', async () => {
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
    const step: Ask = { kind: 'mark-valid' };
    const next = await stepOrError(perform(step, handedOver(bench)));
    expect(bench.link.asked).to.deep.equal([{ kind: 'mark-valid' }, { kind: 'status' }]);
    expect(new Set(bench.link.limits)).to.deep.equal(new Set([limits.RESTART_ASK_TIMEOUT_MS]));
    return next;
  }

  it('is updated only where a look after it shows the new slot', async () => {
    expect(await marked({ running: NEW })).to.deep.equal({
      kind: 'end',
      with: { outcome: 'updated', slot: NEW.label },
    });
  });

  it('is rolled back where the device restarted in between, and marked the old image', async () => {
    expect(await marked({ running: OLD })).to.deep.equal({
      kind: 'end',
      with: { outcome: 'rolled-back', slot: OLD.label, isPrevious: true, fellBack: false },
    });
  });

  it('proves nothing where the device does not tell what runs', async () => {
    expect(await marked({ running: null }))
      .to.be.instanceOf(UpdateError)
      .and.include({ code: 'garbled' });
  });
});
