/** How a run ends: its outcome, and what stays in the journal. */
import { factsOf } from '../model/update/error-codes.ts';
import { TRAITS } from '../model/device/dialect.ts';
import { couldBeAsked, type JournalEntry } from '../model/update/journal.ts';
import type { UpdateError } from '../model/update/update-error.ts';
import type { ActiveState, Outcome } from '../model/update/update-state.ts';
import type { Decision } from './decision.ts';
import { endSession } from './end-session.ts';
import { isBegun, mayBeOpen, oldFirmwareOf, withRestartPossible } from './known.ts';
import { openedOf } from './session.ts';
import { wasHandedOver } from './preflight.ts';
import type { Run } from './run.ts';
import { type Ending, Refusal } from './steps/step.ts';
import { saidByDevice } from './said-by-device.ts';
import { RESTART_PATIENCE_MS } from '../model/update/restart-patience.ts';

function atEnd(run: Run) {
  return {
    phase: 'ended',
    dialect: run.linkIfOpen?.dialect ?? null,
    progress: run.progress(),
    durationMs: run.ports.clock.now() - run.startedAt,
  } as const;
}

export function outcomeOf(run: Run, ending: Ending): Outcome {
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

export async function outcomeOfCancel(run: Run): Promise<Outcome> {
  // Once it was asked to finalize, there is no session to end, and the restart cannot be undone, unless it refused.
  const { finalizeSent, tries } = run.known;
  const handedOver = (finalizeSent && !tries.finalizeError) || (!run.isBegun && wasHandedOver(run.leftOfThis));
  const { idle, known: after } = handedOver ? { idle: null, known: run.known } : await endSession(run);
  // Where it cannot be asked, nobody can say why the request that was given up had no answer yet.
  const isUntold = isBegun(after) && run.linkIfOpen?.tellsStatus === false;
  const known = isUntold ? withRestartPossible(after) : after;
  run.become(known);
  const begun = isBegun(known) ? mayBeOpen(known, run.linkIfOpen?.tellsStatus === true) : run.claim().opened;
  return { ...atEnd(run), outcome: 'cancelled', deviceIdle: idle, oldFirmware: oldFirmwareOf(known), begun };
}

export async function outcomeOfError(
  run: Run,
  decision: Exclude<Decision, { kind: 'go-on' }>,
  during: ActiveState['phase'],
): Promise<Outcome> {
  switch (decision.kind) {
    case 'rejected':
      // The session stays open on the device after a refusal, and would answer "busy" to the next try.
      run.become((await endSession(run)).known);
      return {
        ...atEnd(run),
        outcome: 'rejected',
        said: decision.said,
        // It refused this image, but may have taken one of an earlier run.
        oldFirmware: run.known.earlierFinalize ? 'unknown' : 'runs',
      };
    case 'not-seen-again':
      return { ...atEnd(run), outcome: 'not-seen-again', patienceMs: run.plan.patienceMs ?? RESTART_PATIENCE_MS };
    case 'staged':
      return { ...atEnd(run), outcome: 'staged', slot: openedOf(run.known.session)?.slot?.label ?? null };
    case 'accepted':
      return { ...atEnd(run), outcome: 'accepted', hashNamed: false };
    case 'failed':
      return failed(run, decision.error, during);
  }
}

function failed(run: Run, error: UpdateError, during: ActiveState['phase']): Outcome {
  const refusal = error instanceof Refusal ? error : null;
  const { code, status, retryAfterMs } = error;
  return {
    ...atEnd(run),
    outcome: 'failed',
    code,
    during,
    status,
    said: saidByDevice(error),
    retryAfterMs,
    // It was seen to run the new slot. Where marking it had no answer at all, it may have rolled back since.
    oldFirmware: code === 'not-marked-valid' && status !== null ? 'replaced' : oldFirmwareOf(run.known),
    resumable: canGoOn(run) && !factsOf(code).session.gone,
    otherSession: refusal?.otherSession ?? null,
    restarted: refusal?.restarted ?? false,
    judgement: refusal?.judgement ?? null,
  };
}

/** Whether the next run finds a session of ours, and can ask it how much it has. */
function canGoOn(run: Run): boolean {
  if (run.isBegun) return run.link.tellsStatus;
  const left = run.leftOfThis;
  if (left === null || left.phase === 'unconfirmed') return false;
  return run.linkIfOpen?.tellsStatus ?? couldBeAsked(left);
}

/** Brings the journal in line with the end: what can be resumed stays in it, and so does what is not certain. */
export async function settleJournal(run: Run, outcome: Outcome): Promise<Outcome> {
  const { left } = run.known;
  const inDoubt =
    outcome.outcome === 'not-seen-again' || ('oldFirmware' in outcome && outcome.oldFirmware === 'unknown');
  if (!staysInJournal(run, outcome)) {
    if (inDoubt) run.noteDoubt('in-doubt');
    else if (mayHoldImage(run, outcome)) run.noteDoubt('held');
    else await run.journal.clear(run.plan.deviceId);
  }
  // Nothing was begun, so that what an earlier run left still holds.
  else if (!run.isBegun && left) run.journal.note(inDoubt && cannotTell(left) ? { ...left, finalizeSent: true } : left);
  else if (!run.isBegun) await run.journal.clear(run.plan.deviceId);
  await run.journal.settled();
  return outcome;
}

/** Whether nothing that the device tells the next run will show what runs. */
function cannotTell({ dialect }: JournalEntry): boolean {
  return TRAITS[dialect].provesWhatRuns === 'nothing';
}

/** Whether the device may start an image at its next restart: this one, or one from before that nothing has replaced. */
function mayHoldImage(run: Run, { outcome }: Outcome): boolean {
  if (outcome === 'accepted' || outcome === 'staged') return true;
  return run.known.mayHoldAnother && outcome !== 'updated' && outcome !== 'rolled-back';
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
      // A device that cannot be asked cannot be looked for again: the person looks at it, and decides.
      return run.link.tellsStatus;
    case 'cancelled':
      // A session that may still be open can be resumed, or ended, the next time.
      return outcome.deviceIdle !== true;
    case 'failed':
      // Where nothing was begun, another client's session says nothing about what an earlier run left.
      return !factsOf(outcome.code).session.gone || (!run.isBegun && outcome.code === 'other-session');
  }
}
