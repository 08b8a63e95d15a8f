/**
 * The first step of an image that goes whole: what the device is, what it shows of an earlier run, and whether the
 * image is for it.
 */
import { doubtOf, refusalOf } from '../../model/firmware/fit.ts';
import { type DeviceIdentity, hasRestarted, wouldShowRestart } from '../../model/device/identity.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Judged } from '../../model/update/update-state.ts';
import { TRUST_A_RESTART_FOR_MS, wasHandedOver } from '../preflight.ts';
import { Refusal, trouble } from '../steps/step.ts';
import * as limits from '../time-limits.ts';
import { conclude } from './conclude.ts';
import { askIdentity } from './ask-identity.ts';
import { tellsPredicted } from './predicted.ts';
import { withStartPossible } from './held-image.ts';
import { withRecalled } from './told-before.ts';
import { withRestart } from './whole-known.ts';
import { endingStep, type WholeResult } from './whole-step.ts';
import type { WholeRun } from './whole-run.ts';

export async function identify(run: WholeRun): Promise<WholeResult> {
  const { plan, link } = run.parts;
  if (!plan.restart && link.runsOn !== true) return trouble(new UpdateError('restarts-itself'));
  const identity = await askIdentity(run, limits.ASK_TIMEOUT_MS);
  const shown = shownEnd(run, identity) ?? shownMeanwhile(run, identity);
  if (shown !== null) return shown;
  // What it tells shows what runs, unless the file of an earlier run would tell the same. What stands in for its
  // firmware may start that file at any restart.
  const isFile = run.predicted !== null && tellsPredicted(run.predicted, identity) === true;
  const tellsFirmware = identity.standsIn !== true && (identity.version !== null || identity.build !== null);
  if (tellsFirmware && (run.leftOfThis === null || !isFile)) run.become({ earlierInDoubt: false });
  if (plan.onlyLook === true) return trouble(new UpdateError('unconfirmed'));
  const judgement = judged(run, identity);
  if (judgement !== null)
    return trouble(new Refusal(judgement.finding.reason === 'too-large' ? 'too-large' : 'wrong-image', { judgement }));
  if (identity.takesUpdates === false) return trouble(new Refusal('unsupported'));
  const { before } = run;
  const isAfterUpload = before !== null && run.known.uploads > 0;
  if (isAfterUpload && hasRestarted(before.identity, identity, run.elapsedMs) === true)
    run.become(withRestart(run.known));
  const wasOn = tellsNoRestart(run, identity);
  // What an earlier upload may have left may run by now. Where only an absence shows a restart, the old
  // firmware is what answers first.
  if (!wasOn && (before !== null || !run.hidesStart)) run.become({ held: withStartPossible(run.known.held) });
  run.hearBefore(identity);
  if (run.leaves !== 'half' || run.parts.link.release !== undefined) return { kind: 'prepare' };
  if (plan.restartFirst !== true || run.known.restartedFirst) return trouble(new UpdateError('half-left'));
  if (run.parts.link.traits.restartsByHand === true) {
    // The person says that the device was restarted; what the device tells outweighs that.
    if (wasOn) return trouble(new UpdateError('half-left'));
    run.become({ ...withRestart(run.known), restartedFirst: true });
    return { kind: 'prepare' };
  }
  return { kind: 'restart' };
}

/** Whether its uptime shows that the device has not restarted since its last answer. */
function tellsNoRestart({ before, parts }: WholeRun, now: DeviceIdentity): boolean {
  const earlier = before ?? parts.left?.before;
  if (earlier === undefined || !wouldShowRestart(earlier.identity)) return false;
  return hasRestarted(earlier.identity, now, parts.ports.clock.date() - earlier.at) === false;
}

function judged(run: WholeRun, identity: DeviceIdentity): Judged | null {
  const { inspection, chipId, overruled } = run.parts.plan;
  const { dialect } = run.parts.link;
  const refused = refusalOf(inspection, { chipId, status: null, dialect, identity }, overruled);
  if (refused !== null) return refused;
  const doubt = doubtOf(inspection, { chipId, dialect, identity }, overruled);
  return doubt === null ? null : { finding: doubt, canOverrule: true };
}

/**
 * What an earlier run left, where this run has begun nothing itself: its end, or that half of its upload may be there.
 */
function shownEnd(run: WholeRun, identity: DeviceIdentity): WholeResult | null {
  const { left, ports } = run.parts;
  if (run.known.uploads > 0 || run.before !== null || left?.before === undefined) return null;
  const elapsedMs = ports.clock.date() - left.before.at;
  const restarted = hasRestarted(left.before.identity, identity, elapsedMs) === true;
  if ((left.phase === 'writing' || left.phase === 'finalizing') && !restarted) run.become({ half: true });
  if (run.leftOfThis === null || elapsedMs > TRUST_A_RESTART_FOR_MS) return null;
  return endOf(run, left, left.before.identity, identity, elapsedMs);
}

/** The end where the device now runs the new firmware: it took an upload that had been given up. Else null. */
function shownMeanwhile(run: WholeRun, now: DeviceIdentity): WholeResult | null {
  if (run.before === null || run.known.uploads === 0) return null;
  if (conclude({ ...run.evidence(now), saidYes: false }).kind !== 'updated') return null;
  run.become({ now });
  if (run.settlesMs > 0) return { kind: 'look' };
  return { kind: 'end', with: { outcome: 'updated' } };
}

function endOf(
  run: WholeRun,
  left: JournalEntry,
  before: DeviceIdentity,
  now: DeviceIdentity,
  elapsedMs: number,
): WholeResult | null {
  const saidYes = left.phase === 'restarting';
  // Whether it was away is not known, since nothing asked it meanwhile.
  const { predicted, tellsNothing } = run;
  const mayHoldAnother = run.known.held.mayBeAnother;
  const is = conclude({ before, now, elapsedMs, predicted, saidYes, tellsNothing, mayHoldAnother });
  // Where the device never had the whole image, a restart proves nothing; other firmware than before does.
  const counts = wasHandedOver(left) || is.kind === 'updated';
  if (!counts) return null;
  run.become({ told: withRecalled(run.known.told, { identity: before, at: left.before?.at ?? left.at }) });
  if (is.kind === 'not-restarted' || is.kind === 'untold') {
    if (!saidYes) return null;
    // Nothing asked it meanwhile, so that an absence was not seen.
    if (is.kind === 'untold') return trouble(new UpdateError('unconfirmed'));
    run.takeYes();
    return { kind: 'look' };
  }
  run.become({ now });
  // Looking on shows whether it stays.
  return is.kind === 'updated' && run.settlesMs > 0 ? { kind: 'look' } : endingStep(is);
}
