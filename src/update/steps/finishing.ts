/** The steps after the last byte: finalize, look for the device until it is back, mark the image valid. */
import { afterFinalize } from '../what-runs.ts';
import type { Run } from '../run.ts';
import { isSameSlot } from '../../model/device/slots.ts';
import { type StepResult, trouble } from './step.ts';
import * as limits from '../time-limits.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { saidYes, withAnswer, withHandedOver, withStillOpen } from '../known.ts';

export async function finalize(run: Run): Promise<StepResult> {
  const { plan, link } = run;
  run.become(withHandedOver(run.known));
  // Noted each time: a session that was started over has noted `writing` since.
  run.note('finalizing');
  await run.noted();
  const { names } = await link.finalize(
    { sha256: plan.sha256, restart: plan.restart },
    { signal: run.signal, timeoutMs: limits.FINALIZE_TIMEOUT_MS },
  );
  if (link.traits.provesWhatRuns === 'nothing') {
    return names === 'image' ? { kind: 'end', with: { outcome: 'accepted', hashNamed: true } } : afterYes(run);
  }
  if (!plan.restart && names === 'image') return { kind: 'end', with: { outcome: 'staged', slot: labelWritten(run) } };
  run.note('restarting');
  return { kind: 'look' };
}

/**
 * A server may say "yes" to everything. A device that took the image has no session any more, and says so when it is
 * asked once more; a second "yes" shows nothing.
 */
function afterYes(run: Run): StepResult {
  if (saidYes(run.known)) return trouble(new UpdateError('unconfirmed'));
  const isDoubted = run.known.tries.finalizeFailures > 0;
  run.become({ ...withAnswer(run.known, isDoubted ? 'yes-after-doubt' : 'yes'), yesAt: run.ports.clock.now() });
  return { kind: run.link.tellsStatus && !isDoubted ? 'ask' : 'finalize' };
}

export async function look(run: Run): Promise<StepResult> {
  run.become(withAnswer(run.known, 'none'));
  const status = await run.askStatus(limits.RESTART_ASK_TIMEOUT_MS);
  const after = afterFinalize(status, run.plan, run.link.traits, run.written);
  switch (after.kind) {
    case 'new':
      return { kind: 'mark-valid' };
    case 'old':
    case 'third': {
      const { slot, fellBack } = after;
      return { kind: 'end', with: { outcome: 'rolled-back', slot, isPrevious: after.kind === 'old', fellBack } };
    }
    case 'other':
      return trouble(run.otherSession(after.session));
    case 'untold':
      return trouble(new UpdateError('unconfirmed'));
    case 'taken':
      if (!run.plan.restart) return { kind: 'end', with: { outcome: 'staged', slot: labelWritten(run) } };
      run.become(withAnswer(run.known, 'taken'));
      return trouble(new UpdateError('busy'));
    case 'open':
      // With fewer bytes, it has restarted, and another session has the same number.
      if (after.writtenBytes < run.meter.acknowledged) return trouble(run.otherSession(status.session));
      // It has not finalized, so that it is certain again that the old firmware runs.
      run.become(withStillOpen(run.known));
      return trouble(new UpdateError('not-finalized'));
  }
}

export async function markValid(run: Run): Promise<StepResult> {
  const options = { signal: run.signal, timeoutMs: limits.RESTART_ASK_TIMEOUT_MS };
  await run.link.markValid(options);
  // Before it was marked, it may have restarted, so that the old image was marked: only a status after that proves
  // which.
  const { running, boot } = await run.link.status(options);
  if (running === null) return trouble(new UpdateError('garbled'));
  const { slot, previous } = run.written;
  if (slot !== null && isSameSlot(running, slot)) {
    return { kind: 'end', with: { outcome: 'updated', slot: slot.label } };
  }
  const isPrevious = previous === null || isSameSlot(running, previous);
  const fellBack = isSameSlot(boot, slot);
  return { kind: 'end', with: { outcome: 'rolled-back', slot: running.label, isPrevious, fellBack } };
}

function labelWritten(run: Run): string | null {
  return run.written.slot?.label ?? null;
}
