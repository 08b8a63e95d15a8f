/** How a run of an image that goes whole ends: its outcome, and what stays in the journal. */
import { isSameFirmware } from '../../model/device/identity.ts';
import type { UpdateError } from '../../model/update/update-error.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { ActiveState, ByIdentity, OldFirmware, Outcome } from '../../model/update/update-state.ts';
import { saidByDevice } from '../said-by-device.ts';
import { Refusal } from '../steps/step.ts';
import { RESTART_PATIENCE_MS } from '../../model/update/restart-patience.ts';
import type { WholeDecision } from './decide-whole.ts';
import { withHandedOver } from './held-image.ts';
import { isHandedOver } from './whole-known.ts';
import type { WholeEnding } from './whole-step.ts';
import type { WholeRun } from './whole-run.ts';

function atEnd(run: WholeRun) {
  const { link, ports, startedAt } = run.parts;
  return {
    phase: 'ended',
    dialect: link.dialect,
    progress: run.progress(),
    durationMs: ports.clock.now() - startedAt,
  } as const;
}

/** What it told before and after. An end that depends on both has both. */
function told(run: WholeRun): ByIdentity {
  const both = run.byIdentity();
  if (both === null) throw new Error('An end by identity without one.');
  return both;
}

export function outcomeOf(run: WholeRun, ending: WholeEnding): Outcome {
  const common = atEnd(run);
  switch (ending.outcome) {
    case 'updated':
    case 'rolled-back':
      return { ...common, outcome: ending.outcome, ...told(run) };
    case 'accepted':
      return { ...common, outcome: 'accepted', why: ending.why, ...told(run) };
    case 'staged':
      return { ...common, outcome: 'staged', slot: null };
    case 'rejected':
      // It refused this upload, but may have taken an earlier one whose answer was lost.
      return { ...common, outcome: 'rejected', said: ending.said, oldFirmware: run.oldFirmware };
  }
}

export function outcomeOfCancel(run: WholeRun): Outcome {
  const { oldFirmware, leaves } = run;
  return { ...atEnd(run), outcome: 'cancelled', deviceIdle: null, oldFirmware, begun: run.known.uploads > 0, leaves };
}

export function outcomeOfError(
  run: WholeRun,
  decision: Exclude<WholeDecision, { kind: 'go-on' }>,
  during: ActiveState['phase'],
): Outcome {
  const { patienceMs = RESTART_PATIENCE_MS } = run.parts.plan;
  switch (decision.kind) {
    case 'not-seen-again':
      return { ...atEnd(run), outcome: 'not-seen-again', patienceMs };
    case 'staged':
      return { ...atEnd(run), outcome: 'staged', slot: null };
    case 'untold':
      return { ...atEnd(run), outcome: 'accepted', why: 'no-restart-seen', ...told(run) };
    case 'failed':
      return failed(run, decision.error, during);
  }
}

function failed(run: WholeRun, error: UpdateError, during: ActiveState['phase']): Outcome {
  const { code, status, retryAfterMs } = error;
  const said = saidByDevice(error);
  const { leaves } = run;
  return {
    ...atEnd(run),
    ...{ outcome: 'failed', code, during, status, said, retryAfterMs, leaves },
    oldFirmware: oldFirmwareAfter(run, code),
    // Every upload begins with the first byte.
    resumable: false,
    otherSession: null,
    restarted: false,
    judgement: error instanceof Refusal ? error.judgement : null,
  };
}

function oldFirmwareAfter(run: WholeRun, code: UpdateErrorCode): OldFirmware {
  if (code === 'unconfirmed') return 'unknown';
  if (code === 'stand-in-runs') return 'set-aside';
  // It answered as before.
  if (code === 'not-set-aside') return 'runs';
  if (!seenUnchanged(run)) return run.oldFirmware;
  return run.isSetAside ? 'set-aside' : 'runs';
}

/** Whether it answered after the upload as before it, and has not restarted: what ran still runs. */
function seenUnchanged({ known, showsOld }: WholeRun): boolean {
  return known.now !== null && known.isHeard && known.upload.kind === 'lost' && showsOld;
}

/**
 * Brings the journal in line with the end: a half upload that may be left stays in it, and so does what is not certain.
 */
export async function settleJournal(run: WholeRun, outcome: Outcome): Promise<Outcome> {
  if (isHandedOver(run.known)) run.become({ held: withHandedOver(run.known.held) });
  const { left, plan } = run.parts;
  if (outcome.outcome === 'not-seen-again') run.note('restarting');
  // Nothing was begun, so that what an earlier run left still holds.
  else if (run.known.uploads === 0 && !isShown(outcome) && left !== null)
    run.journal.note(isToldOnce(run, outcome) ? { ...left, phase: 'unconfirmed' } : left);
  else if (run.leaves === 'half') run.note('writing');
  else if (isOpen(outcome) || startsLater(outcome)) run.note('unconfirmed');
  // Where only an absence shows a restart, what runs is known as long as the device answers.
  else if ((run.known.held.isThere && !isShown(outcome)) || wasOnlyAway(run, outcome))
    run.note('unconfirmed', !run.hidesStart);
  else await run.journal.clear(plan.deviceId);
  await run.journal.settled();
  return outcome;
}

function isOpen(outcome: Outcome): boolean {
  return 'oldFirmware' in outcome && outcome.oldFirmware === 'unknown';
}

/**
 * What it took may start at its next restart, whenever that comes: it said “yes”, and did not restart or was not seen
 * to, or what took the upload in the place of its firmware runs on.
 */
function startsLater(outcome: Outcome): boolean {
  if (outcome.outcome === 'staged') return true;
  if (outcome.outcome === 'failed') return outcome.code === 'stand-in-runs';
  return outcome.outcome === 'accepted' && 'why' in outcome && outcome.why === 'no-restart-seen';
}

/** Whether an absence is all that was seen of its restart: the network may have been away in its place. */
function wasOnlyAway({ hidesStart }: WholeRun, outcome: Outcome): boolean {
  return hidesStart && isShown(outcome) && 'before' in outcome && isSameFirmware(outcome.before, outcome.now);
}

/** Whether the end can no longer be found out: the next run then begins from nothing. */
function isToldOnce({ parts }: WholeRun, outcome: Outcome): boolean {
  const isUnconfirmed = outcome.outcome === 'failed' && outcome.code === 'unconfirmed';
  return isUnconfirmed && parts.link.traits.provesWhatRuns === 'nothing';
}

function isShown({ outcome }: Outcome): boolean {
  return outcome === 'updated' || outcome === 'accepted' || outcome === 'rolled-back';
}
