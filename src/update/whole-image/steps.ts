/** The steps of an image that goes whole, but for the upload itself. Each answers with the next one, or how it ended. */
import { doubtOf, refusalOf } from '../../model/firmware/fit.ts';
import { isAsPredicted } from '../../model/device/as-predicted.ts';
import { type DeviceIdentity, hasRestarted, wouldShowRestart } from '../../model/device/identity.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Judged, Unproven } from '../../model/update/update-state.ts';
import { TRUST_A_RESTART_FOR_MS, wasHandedOver } from '../preflight.ts';
import { Refusal } from '../steps/step.ts';
import * as limits from '../time-limits.ts';
import { conclude, type Conclusion, restartSeen } from './conclude.ts';
import type { WholeRun } from './whole-run.ts';

export type WholeAsk =
  | { readonly kind: 'identify' }
  /** As the person agreed, since the device keeps a half upload. */
  | { readonly kind: 'restart' }
  /** Until that restart is seen. */
  | { readonly kind: 'await-restart' }
  | { readonly kind: 'prepare' }
  /** Until what takes the upload in the place of the firmware runs. */
  | { readonly kind: 'await-stand-in' }
  | { readonly kind: 'upload' }
  /** After an upload: what became of it. */
  | { readonly kind: 'look' };

export type WholeStep = WholeAsk | { readonly kind: 'end'; readonly with: WholeEnding };

/** How an update ends where the device itself has shown it. */
export type WholeEnding =
  | { readonly outcome: 'updated' | 'rolled-back' }
  | { readonly outcome: 'accepted'; readonly why: Unproven }
  | { readonly outcome: 'rejected'; readonly said: string | null };

/** It answered after an upload, and neither ran anew nor told the end, or may still go back: asked again after a while. */
export class NotYet extends UpdateError {
  readonly is: 'not-restarted' | 'untold' | 'settling';

  constructor(is: NotYet['is']) {
    super('busy');
    this.is = is;
  }
}

/** Does one of them. Rejects with an `UpdateError` where something stands against it. */
export async function ask(run: WholeRun, step: Exclude<WholeAsk, { kind: 'upload' }>): Promise<WholeStep> {
  switch (step.kind) {
    case 'identify':
      return identify(run);
    case 'restart':
      return restart(run);
    case 'await-restart':
      return awaitRestart(run);
    case 'prepare':
      return prepare(run);
    case 'await-stand-in':
      return awaitStandIn(run);
    case 'look':
      return look(run);
  }
}

async function prepare(run: WholeRun): Promise<WholeStep> {
  const { link } = run.parts;
  await link.prepare(options(run, limits.ASK_TIMEOUT_MS));
  const is = await link.standAside?.(options(run, limits.ASK_TIMEOUT_MS));
  if (is !== 'restarting') return { kind: 'upload' };
  run.lookedForMs = 0;
  run.asksForStandIn = true;
  return { kind: 'await-stand-in' };
}

async function awaitStandIn(run: WholeRun): Promise<WholeStep> {
  const identity = await hear(run, limits.RESTART_ASK_TIMEOUT_MS);
  if (identity.standsIn !== true) throw new NotYet('not-restarted');
  run.hearBefore(identity);
  run.lookedForMs = 0;
  return { kind: 'prepare' };
}

async function identify(run: WholeRun): Promise<WholeStep> {
  const { plan } = run.parts;
  if (!plan.restart) throw new UpdateError('restarts-itself');
  const identity = await hear(run, limits.ASK_TIMEOUT_MS);
  const shown = shownEnd(run, identity) ?? shownMeanwhile(run, identity);
  if (shown !== null) return shown;
  // What it tells is what runs, but where the file of an earlier run would tell just that.
  const isFile = run.predicted !== null && isAsPredicted(run.predicted, identity) === true;
  const tellsNothing = identity.version === null && identity.build === null;
  if (!tellsNothing && (run.leftOfThis === null || !isFile)) run.earlierInDoubt = false;
  if (plan.onlyLook === true) throw new UpdateError('unconfirmed');
  const judgement = judged(run, identity);
  if (judgement !== null)
    throw new Refusal(judgement.finding.reason === 'too-large' ? 'too-large' : 'wrong-image', { judgement });
  if (identity.takesUpdates === false) throw new Refusal('unsupported');
  if (
    run.before !== null &&
    run.uploads > 0 &&
    hasRestarted(run.before.identity, identity, run.told.elapsedMs()) === true
  )
    run.seeRestart();
  const wasOn = tellsNoRestart(run, identity);
  run.hearBefore(identity);
  if (run.leaves !== 'half') return { kind: 'prepare' };
  if (plan.restartFirst !== true || run.restartedFirst) throw new UpdateError('half-left');
  if (run.parts.link.traits.restartsByHand === true) {
    // The person has done it, and says so; the device's own word goes before that.
    if (wasOn) throw new UpdateError('half-left');
    run.restartedFirst = true;
    run.seeRestart();
    return { kind: 'prepare' };
  }
  return { kind: 'restart' };
}

/** Whether the device has been on since it was heard of last, by what it tells. */
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

/** What an earlier run left, where this run has begun nothing itself: its end, or that a half of it may lie there. */
function shownEnd(run: WholeRun, identity: DeviceIdentity): WholeStep | null {
  const { left, ports } = run.parts;
  if (run.uploads > 0 || run.before !== null || left?.before === undefined) return null;
  const elapsedMs = ports.clock.date() - left.before.at;
  const restarted = hasRestarted(left.before.identity, identity, elapsedMs) === true;
  if ((left.phase === 'writing' || left.phase === 'finalizing') && !restarted) run.half = true;
  if (run.leftOfThis === null || elapsedMs > TRUST_A_RESTART_FOR_MS) return null;
  return endOf(run, left, left.before.identity, identity, elapsedMs);
}

/** It runs the new firmware since this run saw it last: it took an upload that was given up. */
function shownMeanwhile(run: WholeRun, now: DeviceIdentity): WholeStep | null {
  if (run.before === null || run.uploads === 0) return null;
  const { before, predicted } = run;
  const { standIn } = run.told;
  const evidence = { before: before.identity, now, elapsedMs: run.told.elapsedMs(), standIn, predicted };
  if (conclude({ ...evidence, saidYes: false }).kind !== 'updated') return null;
  run.now = now;
  if (run.settlesMs > 0) return { kind: 'look' };
  return { kind: 'end', with: { outcome: 'updated' } };
}

function endOf(
  run: WholeRun,
  left: JournalEntry,
  before: DeviceIdentity,
  now: DeviceIdentity,
  elapsedMs: number,
): WholeStep | null {
  const saidYes = left.phase === 'restarting';
  // Nobody looked for it meanwhile.
  const is = conclude({ before, now, elapsedMs, predicted: run.predicted, saidYes, tellsNothing: run.tellsNothing });
  // What never had all of it proves nothing by a restart; other firmware than before does.
  const counts = wasHandedOver(left) || is.kind === 'updated';
  if (!counts) return null;
  run.told.recall({ identity: before, at: left.before?.at ?? left.at });
  if (is.kind === 'not-restarted' || is.kind === 'untold') {
    if (!saidYes) return null;
    // Nobody was there to see it away.
    if (is.kind === 'untold') throw new UpdateError('unconfirmed');
    run.takeYes();
    return { kind: 'look' };
  }
  run.now = now;
  // Whether it stays is seen by looking on.
  return is.kind === 'updated' && run.settlesMs > 0 ? { kind: 'look' } : ended(is);
}

/** Null: nothing shows it. */
function ended(is: Conclusion): WholeStep | null {
  switch (is.kind) {
    case 'updated':
    case 'rolled-back':
      return { kind: 'end', with: { outcome: is.kind } };
    case 'accepted':
      return { kind: 'end', with: { outcome: 'accepted', why: is.why } };
    case 'not-restarted':
    case 'untold':
    case 'unconfirmed':
    case 'stands-in':
      return null;
  }
}

async function restart(run: WholeRun): Promise<WholeStep> {
  run.restartedFirst = true;
  run.lookedForMs = 0;
  try {
    await run.parts.link.restart(options(run, limits.ASK_TIMEOUT_MS));
  } catch (error) {
    // It may have gone before its answer did. Whether it restarts is seen.
    if (!(error instanceof UpdateError) || error.status !== null || run.parts.controls.cancelled.aborted) throw error;
  }
  return { kind: 'await-restart' };
}

async function awaitRestart(run: WholeRun): Promise<WholeStep> {
  const identity = await hear(run, limits.RESTART_ASK_TIMEOUT_MS);
  const { before } = run;
  if (before === null || hasRestarted(before.identity, identity, run.told.elapsedMs()) !== true)
    throw new NotYet('not-restarted');
  run.seeRestart();
  run.hearBefore(identity);
  run.lookedForMs = 0;
  return { kind: 'prepare' };
}

async function look(run: WholeRun): Promise<WholeStep> {
  const { tellsNothing } = run;
  const askedAt = run.parts.ports.clock.now();
  const timeoutMs = tellsNothing ? limits.AWAY_AFTER_MS : limits.RESTART_ASK_TIMEOUT_MS;
  const now = await hear(run, timeoutMs).catch((error: unknown) => {
    if (error instanceof UpdateError) run.missAnswer(error.code, askedAt);
    throw error;
  });
  run.presence.hearAgain();
  const before = run.before?.identity ?? now;
  run.now = now;
  const { predicted, saidYes } = run;
  const { standIn } = run.told;
  const { wasAway, sawNew } = run.presence;
  const evidence = { before, now, elapsedMs: run.told.elapsedMs(), standIn, predicted, saidYes };
  const is = conclude({ ...evidence, wasAway, sawNew, tellsNothing });
  if (is.kind === 'not-restarted' || is.kind === 'untold') throw new NotYet(is.kind);
  // To be away is no proof that a half is gone.
  if (!tellsNothing || restartSeen(evidence) === true) run.seeRestart();
  if (is.kind === 'updated' && !run.settles()) throw new NotYet('settling');
  // It never had all of it: it has crashed, or lost its power, and runs what it ran.
  if (is.kind !== 'updated' && !run.isHandedOver && !sawNew) throw run.lost ?? new UpdateError('unconfirmed');
  if (is.kind === 'stands-in') throw new UpdateError('stand-in-runs');
  const end = ended(is);
  if (end === null) throw new UpdateError('unconfirmed');
  return end;
}

async function hear(run: WholeRun, timeoutMs: number): Promise<DeviceIdentity> {
  const identity = await run.parts.link.identify(options(run, timeoutMs));
  run.hear(identity);
  run.parts.ports.toldIdentity?.(identity);
  return identity;
}

function options(run: WholeRun, timeoutMs: number) {
  return { signal: run.parts.controls.cancelled, timeoutMs };
}
