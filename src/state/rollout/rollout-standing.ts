/**
 * How a rollout stands, as it is drawn: the look of each device's cell, which devices need attention, and how many
 * there are of each. Pure.
 */
import {
  countRollout,
  restOf,
  wentWell,
  wentWrong,
  type RolloutCounts,
  type RolloutLine,
  type RolloutState,
} from '../../model/rollout/rollout-state.ts';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';

/** How one device's cell looks in the field; every one has a shape of its own. */
export type CellLook = 'waiting' | 'running' | 'well' | 'failed' | 'skipped' | 'cancelled' | 'not-started';

export function cellLook(line: RolloutLine): CellLook {
  switch (line.kind) {
    case 'waiting':
    case 'looking':
      return 'waiting';
    case 'running':
    case 'skipped':
    case 'not-started':
      return line.kind;
    case 'ended':
      return wentWell(line.outcome) ? 'well' : wentWrong(line.outcome) ? 'failed' : 'cancelled';
  }
}

/** Whether somebody has to look at this device. */
export function needsAttention(line: RolloutLine): boolean {
  const look = cellLook(line);
  return look === 'failed' || look === 'skipped';
}

/**
 * Whether an ended rollout gives way to the next one: another file has been chosen since.
 *
 * @param chosen SHA-256 of the file on the screen; null: there is none
 * @param atEnd the same when the person saw the rollout end: its result then stays until another file is chosen
 */
export function givesWay(
  view: RolloutView,
  chosen: string | null,
  atEnd: string | null,
): view is Extract<RolloutView, { kind: 'running' | 'ended' }> {
  return view.kind === 'ended' && chosen !== null && chosen !== view.firmware.sha256 && chosen !== atEnd;
}

export function countsOf({ lines }: RolloutState): RolloutCounts {
  return countRollout(lines);
}

/** How many are still to be updated without having failed. */
export function countOfRest({ lines }: RolloutState): number {
  return restOf(lines).length;
}
