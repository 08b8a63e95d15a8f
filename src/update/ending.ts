/** How a run ends: its outcome, and what stays in the journal. */
import { wasHandedOver } from './preflight.ts';
import type { Decision } from './recovery.ts';
import type { Run } from './run.ts';
import { type Ending, Refusal } from './step.ts';
import { DEFAULT_PATIENCE_MS } from './time-limits.ts';
import type { UpdateError } from '../model/update-error.ts';
import type { ActiveState, Outcome } from '../model/update-state.ts';
import { windDown } from './wind-down.ts';
import { couldBeAsked } from '../model/journal.ts';
import { factsOf } from '../model/error-codes.ts';

function atEnd(run: Run) {
  return {
    phase: 'ended',
    dialect: run.linkIfOpen?.dialect ?? null,
    progress: run.progress(),
    durationMs: run.ports.clock.now() - run.startedAt,
  } as const;
}

export function ended(run: Run, ending: Ending): Outcome {
  const common = atEnd(run);
  switch (ending.outcome) {
    case 'updated':
      return { ...common, outcome: 'updated', slot: ending.slot, markedValid: true };
    case 'accepted':
      return { ...common, outcome: 'accepted', hashNamed: ending.hashNamed };
    case 'staged':
      return { ...common, outcome: 'staged', slot: ending.slot };
    case 'rolled-back': {
      const { slot, isPrevious, fellBack } = ending;
      return { ...common, outcome: 'rolled-back', slot, isPrevious, fellBack };
    }
  }
}

export async function cancelled(run: Run): Promise<Outcome> {
  // Once it was asked to finalize there is no session to end, and the restart cannot be taken back; unless it said no.
  const handedOver = (run.finalizeSent && !run.finalizeError) || (!run.begun && wasHandedOver(run.leftOfThis));
  const deviceIdle = handedOver ? null : await windDown(run);
  const begun = run.begun ? run.opens : run.claim().opened;
  return { ...atEnd(run), outcome: 'cancelled', deviceIdle, oldFirmware: run.oldFirmware, begun };
}

export async function endedByError(
  run: Run,
  decision: Exclude<Decision, { kind: 'go-on' }>,
  during: ActiveState['phase'],
): Promise<Outcome> {
  switch (decision.kind) {
    case 'rejected':
      // The session stays open on the device after a refusal, and would answer "busy" to the next try.
      await windDown(run);
      return {
        ...atEnd(run),
        outcome: 'rejected',
        said: decision.said,
        // It refused this image; one of an earlier run it may have taken.
        oldFirmware: run.earlierFinalize ? 'unknown' : 'runs',
      };
    case 'not-seen-again':
      return { ...atEnd(run), outcome: 'not-seen-again', patienceMs: run.plan.patienceMs ?? DEFAULT_PATIENCE_MS };
    case 'staged':
      return { ...atEnd(run), outcome: 'staged', slot: run.session?.slot?.label ?? null };
    case 'accepted':
      return { ...atEnd(run), outcome: 'accepted', hashNamed: false };
    case 'failed':
      return failed(run, decision.error, during);
  }
}

function failed(run: Run, error: UpdateError, during: ActiveState['phase']): Outcome {
  const refusal = error instanceof Refusal ? error : null;
  const { code, status, said, retryAfterMs } = error;
  return {
    ...atEnd(run),
    outcome: 'failed',
    code,
    during,
    status,
    said,
    retryAfterMs,
    // It was seen to run the new slot. Where a mark had no answer at all it may have gone back since.
    oldFirmware: code === 'not-marked-valid' && status !== null ? 'replaced' : run.oldFirmware,
    resumable: canGoOn(run) && !factsOf(code).session.gone,
    otherSession: refusal?.otherSession ?? null,
    restarted: refusal?.restarted ?? false,
    judgement: refusal?.judgement ?? null,
  };
}

/** Whether the next run finds a session of ours, and can ask it how much it has. */
function canGoOn(run: Run): boolean {
  if (run.begun) return run.link.tellsStatus;
  const left = run.leftOfThis;
  if (left === null || left.phase === 'unconfirmed') return false;
  return run.linkIfOpen?.tellsStatus ?? couldBeAsked(left);
}

/** Brings the journal in line with the end: what can go on stays in it, and what is not certain. */
export async function end(run: Run, outcome: Outcome): Promise<Outcome> {
  if (!staysInJournal(run, outcome)) {
    const inDoubt =
      outcome.outcome === 'not-seen-again' || ('oldFirmware' in outcome && outcome.oldFirmware === 'unknown');
    if (inDoubt) run.noteDoubt();
    else await run.journal.clear(run.plan.deviceId);
  }
  // Nothing was begun: what an earlier run left is still how things stand.
  else if (!run.begun && run.left) run.journal.note(run.left);
  else if (!run.begun) await run.journal.clear(run.plan.deviceId);
  await run.journal.settled();
  return outcome;
}

function staysInJournal(run: Run, outcome: Outcome): boolean {
  switch (outcome.outcome) {
    case 'updated':
    case 'accepted':
    case 'staged':
    case 'rolled-back':
    case 'rejected':
      return false;
    case 'not-seen-again':
      // Who cannot be asked cannot be looked for again: the person looks at the device, and decides.
      return run.link.tellsStatus;
    case 'cancelled':
      // A session that may still be open is ours to go on from, or to end, the next time.
      return outcome.deviceIdle !== true;
    case 'failed':
      // Before it began, another's session says nothing of what an earlier run left.
      return !factsOf(outcome.code).session.gone || (!run.begun && outcome.code === 'other-session');
  }
}
