/** What is said of a rollout as it runs: one line per device, and the whole at a glance. */
import { OUTCOME_WORDS, type DescribeUpdate, type Names, type Words } from '../update/describe.ts';
import { findingInWords } from '../firmware/findings.ts';
import { percentOf } from '../kit/quantities.ts';
import {
  countRollout,
  type LeftOut,
  type RolloutCounts,
  type RolloutLine,
  type RolloutState,
} from '../../model/rollout/rollout-state.ts';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';

export const NEEDS_YOU = 'Needs you';
/** Those that need nobody, below those that do. */
export const OTHERS = 'The others';
export const REMOVED_DEVICE = 'A device that was removed';
export const GO_ON = 'Go on';
export const STOP = 'Stop';
export const STOP_AFTER_CURRENT = 'Stop after the current ones';
export const CANCEL_ALL = 'Cancel all';
export const CHOOSE_AGAIN = 'Choose devices again';

export function retryLabel(failed: number): string {
  return `Retry the ${failed} that failed`;
}

export function goOnLabel(others: number): string {
  return `Go on with the other ${others}`;
}

/** Said aloud, where the button itself only says "Edit". */
export function editLabel(device: string): string {
  return `Edit ${device}`;
}

const LEFT_OUT: Readonly<Record<LeftOut['because'], string>> = {
  off: 'Left out: no answer',
  image: 'Left out: the firmware is not for it',
  refused: 'Left out: it refused',
  busy: 'Left out: busy',
  'under-way': 'Left out: busy',
  locked: 'Left out: its token is locked',
  removed: 'Left out: removed here',
  same: 'Left out: saved twice',
  defect: 'Left out: a fault in Moult',
};

/** "Writing, 42 %"; what is not about bytes has no number. Null: nothing has begun yet. */
export function progressInWords(
  update: { readonly title: string; readonly acknowledged: number; readonly total: number } | null,
): string {
  if (update === null) return 'Getting ready';
  const { title, acknowledged, total } = update;
  return acknowledged === 0 || acknowledged === total ? title : `${title}, ${percentOf(acknowledged, total)} %`;
}

export function lineInWords(line: RolloutLine, names: Names, describe: DescribeUpdate): Words {
  switch (line.kind) {
    case 'waiting':
      return { title: 'Waiting', detail: '' };
    case 'looking':
      return { title: 'Asking it', detail: '' };
    case 'running':
      return { title: 'Updating', detail: '' };
    case 'not-started':
      return { title: 'Not started', detail: '' };
    case 'left-out':
      return { title: LEFT_OUT[line.why.because], detail: leftOutInWords(line.why, names, describe) };
    case 'ended':
      return line.whole === null
        ? { title: OUTCOME_WORDS[line.outcome], detail: 'In an earlier visit.' }
        : describe(line.whole, names);
  }
}

/** Why a device is left out, in the very words of an update that would have failed for the same reason. */
export function leftOutInWords(why: LeftOut, names: Names, describe: DescribeUpdate): string {
  switch (why.because) {
    case 'image':
      return findingInWords(why.finding);
    case 'off':
    case 'busy':
    case 'refused':
      return describe(why.failed, names).detail;
    case 'same':
      return `It has the address of ${why.twin}, which is in this rollout too: one device, saved twice. Remove one of the two.`;
    case 'under-way':
      return 'An update of it is under way on this page already.';
    case 'removed':
      return 'It was removed from the devices here.';
    case 'locked':
      return 'Its token is locked, and was left so. It was not asked. Unlock the tokens under “More”, then go on with it.';
    case 'defect':
      return 'Moult itself failed while asking it. Nothing was written to it. Try it once more.';
  }
}

/** "35 went well, 2 failed, 8 running, 55 waiting": only what there is. */
export function countsInWords(counts: RolloutCounts): string {
  const parts: readonly (readonly [number, string])[] = [
    [counts.well, 'went well'],
    [counts.failed, 'failed'],
    [counts.cancelled, 'cancelled'],
    [counts.leftOut, 'left out'],
    [counts.running, 'running'],
    [counts.waiting, 'waiting'],
    [counts.notStarted, 'not started'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

/** Where the rollout stands, and what that means. Short enough to be the headline. */
export function standingInWords({
  state,
  paused,
  finishing,
}: Extract<RolloutView, { kind: 'running' | 'ended' }>): string {
  const counts = countRollout(state.lines);
  if (state.phase === 'ended') return endInWords(state, counts);
  if (finishing) return 'Stopping: what runs now is brought to its end, nothing new starts.';
  // A question is the one thing to do, whatever else is pressed.
  if (paused && state.phase !== 'asking') return 'Paused: nothing is sent and nothing new starts until you resume.';
  switch (state.phase) {
    case 'looking':
      return 'Asking each device before anything is written.';
    case 'first-wave':
      return 'The first wave is under way. The rest waits until it went well.';
    case 'asking':
      return `The first wave did not go well. Nothing else has started: go on with the other ${counts.waiting}, or stop?`;
    case 'rolling':
      return 'Rolling out.';
    case 'paused':
      return 'Paused.';
    case 'finishing':
      return state.stopped === 'stop-mark'
        ? 'Too many failed, so nothing new starts. What runs now is brought to its end.'
        : 'Stopping: what runs now is brought to its end, nothing new starts.';
  }
}

/** "Both", "All 3": of more than one. */
export function allOf(count: number): string {
  return count === 2 ? 'Both' : `All ${count}`;
}

function endInWords({ stopped }: RolloutState, { total, well }: RolloutCounts): string {
  const took = well === total ? `${allOf(total)} went well.` : `${well} of ${total} went well.`;
  switch (stopped) {
    case null:
      return total === 1 && well === 1 ? 'Ended. It went well.' : `Ended. ${took}`;
    case 'person':
      return `Stopped by you. ${took}`;
    case 'first-wave':
      return `Stopped after the first wave. ${took}`;
    case 'stop-mark':
      return `Stopped by itself: too many failed. ${took}`;
  }
}

/** Said aloud: new words with every quarter, and where somebody is needed. Not with every device. */
export function spokenInWords(view: Extract<RolloutView, { kind: 'running' | 'ended' }>): string {
  const standing = standingInWords(view);
  const { total, waiting, running, failed } = countRollout(view.state.lines);
  const quarter = Math.floor((4 * (total - waiting - running)) / total);
  const far = view.kind === 'running' && quarter > 0 ? ` ${QUARTERS[quarter] ?? ''} of the devices are done.` : '';
  const bad = failed === 0 ? '' : ` ${failed} failed.`;
  return standing + far + bad;
}

const QUARTERS = ['', 'A quarter', 'Half', 'Three quarters', 'All'];
