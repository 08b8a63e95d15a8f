/** The steps after the last byte: finalize, look for the device until it is back, mark the image valid. */
import { afterFinalize } from './after-finalize.ts';
import type { Run } from './run.ts';
import type { Step } from './step.ts';
import * as limits from './time-limits.ts';
import { UpdateError } from './update-error.ts';

export async function finalize(run: Run): Promise<Step> {
  const { plan, link } = run;
  run.finalizeSent = true;
  // Each time: a session that was started over has noted writing since.
  run.note('finalizing');
  await link.finalize(
    { sha256: plan.sha256, restart: plan.restart },
    { signal: run.signal, silenceMs: limits.FINALIZE_SILENCE_MS },
  );
  if (link.dialect === 'documented') return { do: 'end', with: { outcome: 'accepted' } };
  if (!plan.restart) return { do: 'end', with: { outcome: 'staged', slot: run.session?.slot ?? null } };
  run.note('restarting');
  return { do: 'look' };
}

export async function look(run: Run): Promise<Step> {
  run.taken = false;
  const status = await run.askStatus(limits.RESTART_ASK_SILENCE_MS);
  const slot = run.session?.slot ?? null;
  const after = afterFinalize(status, run.plan, run.link.dialect, slot, run.session?.id ?? null);
  switch (after.is) {
    case 'new':
      return { do: 'mark-valid', slot: slot ?? '' };
    case 'old':
      return { do: 'end', with: { outcome: 'rolled-back', slot: after.slot } };
    case 'other':
      throw run.otherSession(after.session);
    case 'untold':
      return { do: 'end', with: { outcome: 'accepted' } };
    case 'taken':
      if (!run.plan.restart) return { do: 'end', with: { outcome: 'staged', slot } };
      run.taken = true;
      throw new UpdateError('busy');
    case 'open':
      // Fewer bytes: it restarted, and another session got the same number.
      if (after.writtenBytes < run.meter.acknowledged) throw run.otherSession(status.session);
      // It has not finalized, so the old firmware is certain again.
      run.finalizeSent = false;
      throw new UpdateError('not-finalized');
  }
}

export async function markValid(run: Run, slot: string): Promise<Step> {
  const options = { signal: run.signal, silenceMs: limits.RESTART_ASK_SILENCE_MS };
  await run.link.markValid(options);
  // Between the look and the mark it may have restarted, and marked the old image: only a look after it proves.
  const status = await run.link.status(options);
  const running = status.running?.label ?? null;
  if (running === slot) return { do: 'end', with: { outcome: 'updated', slot } };
  if (running === null) throw new UpdateError('garbled');
  return { do: 'end', with: { outcome: 'rolled-back', slot: running } };
}
