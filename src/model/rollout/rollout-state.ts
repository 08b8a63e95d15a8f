/** One firmware going to many devices: what is planned, and how it stands. */
import type { Found } from '../firmware/finding.ts';
import type { FailedUpdate, Outcome, OutcomeName } from '../update/update-state.ts';
import type { FailedLook } from './failed-look.ts';

export interface RolloutPlan {
  /** Ids of saved devices, in the order they are to be updated. A device that is named twice is updated once. */
  readonly devices: readonly string[];
  /** What an earlier visit already brought to an end; these are not touched again. */
  readonly done: ReadonlyMap<string, OutcomeName>;
  /** Devices that go first, all of which must go well before the rest is touched. 0: no first wave. */
  readonly firstWave: number;
  /** How many at once; null: the rollout adapts it while it runs. */
  readonly width: number | null;
  readonly stopAt: StopMark;
  /**
   * Devices whose update had ended when the person chose to continue past the stop mark: they no longer count towards
   * it.
   */
  readonly forgiven: ReadonlySet<string>;
}

/**
 * A browser opens 256 sockets at most, and with more updates than this at once the page and the access point are the
 * limit.
 */
export const MOST_AT_ONCE = 32;

/** When a rollout stops by itself. Whichever mark is reached first counts; null: no such mark. */
export interface StopMark {
  /** This many failures. */
  readonly failures: number | null;
  /** This share of those that have ended, in (0, 1], from the fifth ended device on. */
  readonly share: number | null;
}

/** Why a device is skipped, before anything starts or at its turn: no update of it is begun, and nothing is sent to it. */
export type SkipReason =
  /** The firmware is not for it. */
  | { readonly because: 'image'; readonly finding: Found }
  /** How an update would have failed. */
  | { readonly because: FailedLook; readonly failed: FailedUpdate }
  /** Another device of the rollout has the same address; `twin` is its name. */
  | { readonly because: 'same'; readonly twin: string }
  /**
   * `under-way`: an update of it runs on this page. `locked`: its token is, and the person left it so. `removed`: it is
   * no longer among the saved devices. `defect`: a defect of Moult.
   */
  | { readonly because: 'under-way' | 'locked' | 'removed' | 'defect' }
  /** Another job of the host's is at it, for `by`: as `Job.by`. */
  | { readonly because: 'host-busy'; readonly by: string }
  /** The host no longer has its token, and no page has sent it. */
  | { readonly because: 'no-token' };

export interface NotReady {
  readonly kind: 'not-ready';
  readonly why: SkipReason;
}

/** `mayBeOnlyUpdate`: this may be the only update over the air, which a person has to be told before it begins. */
export type Readiness = { readonly kind: 'ready'; readonly mayBeOnlyUpdate?: true } | NotReady;

/** How one device of a rollout stands. */
export type RolloutLine =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'skipped'; readonly why: SkipReason }
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly outcome: OutcomeName; readonly whole: Outcome | null }
  /** The rollout ended before its turn came. */
  | { readonly kind: 'not-started' };

export type RolloutPhase =
  | 'looking'
  | 'first-wave'
  /** The first wave did not go well: go on, or stop? */
  | 'asking'
  | 'rolling'
  | 'paused'
  /** Nothing new starts; what runs is brought to its end. */
  | 'finishing'
  | 'ended';

/** Why a rollout ended with devices not started. */
export type StoppedBecause = 'person' | 'first-wave' | 'stop-mark';

export interface RolloutState {
  readonly phase: RolloutPhase;
  /** By device id, in the plan's order. */
  readonly lines: ReadonlyMap<string, RolloutLine>;
  /** How many may run at once just now. */
  readonly width: number;
  readonly stopped: StoppedBecause | null;
}

export interface RolloutCounts {
  readonly total: number;
  readonly waiting: number;
  readonly running: number;
  readonly well: number;
  /** Those that went well without proof: accepted, or to start with the next restart. */
  readonly unproven: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly skipped: number;
  readonly notStarted: number;
}

export function wentWell(outcome: OutcomeName): boolean {
  return outcome === 'updated' || outcome === 'accepted' || outcome === 'staged';
}

/** It went well, and nothing shows that the device runs the file. */
export function isUnproven(outcome: OutcomeName): boolean {
  return outcome === 'accepted' || outcome === 'staged';
}

/** A cancelled update was the person's wish, not a failure. */
export function wentWrong(outcome: OutcomeName): boolean {
  return !wentWell(outcome) && outcome !== 'cancelled';
}

export function countRollout(lines: ReadonlyMap<string, RolloutLine>): RolloutCounts {
  const all = [...lines.values()];
  const are = (kind: RolloutLine['kind']) => all.filter((line) => line.kind === kind).length;
  const ended = all.filter((line) => line.kind === 'ended');
  return {
    total: all.length,
    waiting: are('waiting') + are('looking'),
    running: are('running'),
    well: ended.filter(({ outcome }) => wentWell(outcome)).length,
    unproven: ended.filter(({ outcome }) => isUnproven(outcome)).length,
    failed: ended.filter(({ outcome }) => wentWrong(outcome)).length,
    cancelled: ended.filter(({ outcome }) => outcome === 'cancelled').length,
    skipped: are('skipped'),
    notStarted: are('not-started'),
  };
}

/** The devices whose update failed. */
export function failedOf(lines: ReadonlyMap<string, RolloutLine>): readonly string[] {
  return idsWhere(lines, (line) => line.kind === 'ended' && wentWrong(line.outcome));
}

/** The devices that are still to be updated without having failed: off, busy, cancelled, or never had their turn. */
export function restOf(lines: ReadonlyMap<string, RolloutLine>): readonly string[] {
  return idsWhere(lines, isRest);
}

function idsWhere(lines: ReadonlyMap<string, RolloutLine>, wanted: (line: RolloutLine) => boolean): readonly string[] {
  return [...lines].filter(([, line]) => wanted(line)).map(([id]) => id);
}

function isRest(line: RolloutLine): boolean {
  switch (line.kind) {
    case 'ended':
      return line.outcome === 'cancelled';
    case 'skipped':
      return line.why.because !== 'image' && line.why.because !== 'removed' && line.why.because !== 'same';
    case 'not-started':
      return true;
    case 'waiting':
    case 'looking':
    case 'running':
      return false;
  }
}
