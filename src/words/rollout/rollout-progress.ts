/** What is said of a rollout as it runs: one line per device, and the whole at a glance. */
import { OUTCOME_WORDS } from '../update/outcome-words.ts';
import type { DescribeUpdate, Names, Words } from '../update/told.ts';
import { findingInWords } from '../firmware/findings.ts';
import { allOf, counted, plural } from '../kit/locale.ts';
import { percentOf } from '../kit/quantities.ts';
import {
  countRollout,
  type SkipReason,
  type RolloutCounts,
  type RolloutLine,
  type RolloutState,
} from '../../model/rollout/rollout-state.ts';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';

export const NEEDS_ATTENTION = 'Needs attention';
/** The devices that need no attention, below those that do. */
export const OTHERS = 'Other devices';
export const REMOVED_DEVICE = 'A removed device';
export const GO_ON = 'Continue';
export const STOP = 'Stop';
export const STOP_AFTER_CURRENT = 'Stop after the running ones';
export const CANCEL_ALL = 'Cancel all';
export const CHOOSE_AGAIN = 'Choose devices again';

export function retryLabel(failed: number): string {
  return `Retry the ${plural(failed, 'failed device', `${failed} failed devices`)}`;
}

export function retrySkippedLabel(skipped: number): string {
  return `Retry the ${plural(skipped, 'skipped device', `${skipped} skipped devices`)}`;
}

export function goOnLabel(others: number): string {
  return `${GO_ON} with ${othersText(others)}`;
}

function othersText(others: number): string {
  return `the other ${plural(others, 'device', `${others} devices`)}`;
}

/** Said aloud, where the button itself only says "Edit". */
export function editLabel(device: string): string {
  return `Edit ${device}`;
}

const SKIPPED: Readonly<Record<SkipReason['because'], string>> = {
  off: 'Skipped: no answer',
  image: 'Skipped: the firmware doesn’t fit',
  refused: 'Skipped: it refused',
  busy: 'Skipped: busy',
  'under-way': 'Skipped: busy',
  locked: 'Skipped: its token is locked',
  removed: 'Skipped: removed here',
  same: 'Skipped: saved twice',
  defect: 'Skipped: an error in Moult',
  'host-busy': 'Skipped: busy',
  'no-token': 'Skipped: its token is missing',
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
      return { title: 'Checking', detail: '' };
    case 'running':
      return { title: 'Updating', detail: '' };
    case 'not-started':
      return { title: 'Not started', detail: '' };
    case 'skipped':
      return { title: SKIPPED[line.why.because], detail: skipReasonInWords(line.why, names, describe) };
    case 'ended':
      return line.whole === null
        ? { title: OUTCOME_WORDS[line.outcome], detail: 'In an earlier visit.' }
        : describe(line.whole, names);
  }
}

/** Why a device is left out, in the very words of an update that would have failed for the same reason. */
export function skipReasonInWords(why: SkipReason, names: Names, describe: DescribeUpdate): string {
  switch (why.because) {
    case 'image':
      return findingInWords(why.finding);
    case 'off':
    case 'busy':
    case 'refused':
      return describe(why.failed, names).detail;
    case 'same':
      return `It has the address of ${why.twin}, which is also in this rollout: the same device, saved twice. Remove one of the two.`;
    case 'under-way':
      return 'This page is already updating it.';
    case 'host-busy':
      return `The host is already updating it, for ${why.by}. Continue with it when that has ended.`;
    case 'no-token':
      return 'The host does not have its token. Open this rollout in the browser that keeps the token, then continue with it.';
    case 'removed':
      return 'It was removed here.';
    case 'locked':
      return 'Its token stayed locked, so it was not contacted. Unlock the tokens under “More”, then continue with it.';
    case 'defect':
      return 'Moult ran into an error while checking it. Nothing was written to it. Try again.';
  }
}

/** "35 succeeded, 2 failed, 8 running, 55 waiting": only what there is. */
export function countsInWords(counts: RolloutCounts): string {
  const parts: readonly (readonly [number, string])[] = [
    [counts.well, 'succeeded'],
    [counts.failed, 'failed'],
    [counts.cancelled, 'cancelled'],
    [counts.skipped, 'skipped'],
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
  if (finishing) return 'Stopping: running updates finish, and nothing new starts.';
  // A question is the one thing to do, whatever else is pressed.
  if (paused && state.phase !== 'asking') return 'Paused: nothing is sent and nothing new starts until you resume.';
  switch (state.phase) {
    case 'looking':
      return 'Checking each device before anything is written.';
    case 'first-wave':
      return 'The first wave is running. The rest waits until it succeeds.';
    case 'asking':
      return `The first wave did not succeed. Nothing else has started: continue with ${othersText(counts.waiting)}, or stop?`;
    case 'rolling':
      return 'Rolling out.';
    case 'paused':
      return 'Paused.';
    case 'finishing':
      return state.stopped === 'stop-mark'
        ? 'Too many failed, so nothing new starts. Running updates finish.'
        : 'Stopping: running updates finish, and nothing new starts.';
  }
}

function endInWords({ stopped }: RolloutState, counts: RolloutCounts): string {
  const { failed } = counts;
  const unproven = unprovenInWords(counts);
  if (stopped === null || hasRunOut(counts)) {
    const finished = failed > 0 ? `Finished with ${counted(failed, 'failure', 'failures')}` : 'Finished';
    return [`${finished}.`, `${sumInWords({ ...counts, failed: 0 })}.`, ...unproven].join(' ');
  }
  const took = [`${sumInWords(counts)}.`, ...unproven].join(' ');
  switch (stopped) {
    case 'person':
      return `Stopped by you. ${took}`;
    case 'first-wave':
      return `Stopped after the first wave. ${took}`;
    case 'stop-mark':
      return `Stopped by itself: too many failed. ${took}`;
  }
}

/** "All 5 succeeded", "3 of 5 succeeded, 1 failed, 1 not started". */
function sumInWords(counts: RolloutCounts): string {
  const { total, well } = counts;
  if (well === total) return `${plural(total, 'It', allOf(total))} succeeded`;
  const rest = countsInWords({ ...counts, well: 0 });
  return `${well} of ${total} succeeded${rest && `, ${rest}`}`;
}

/** What a person may want to look at. Empty: nothing. */
export function unprovenInWords({ well, unproven }: Pick<RolloutCounts, 'well' | 'unproven'>): readonly string[] {
  if (unproven === 0) return [];
  if (unproven === well) return [`What ${plural(well, 'it runs', 'they run')} is not proven.`];
  return [`What ${plural(unproven, 'one of them runs', `${unproven} of them run`)} is not proven.`];
}

/** Nothing was left to stop, whoever wanted to. */
function hasRunOut({ waiting, running, notStarted }: RolloutCounts): boolean {
  return waiting + running + notStarted === 0;
}

/** Said aloud: new words with every quarter, and where somebody is needed. Not with every device. */
export function spokenInWords(view: Extract<RolloutView, { kind: 'running' | 'ended' }>): string {
  const standing = standingInWords(view);
  const counts = countRollout(view.state.lines);
  const { total, waiting, running, failed } = counts;
  const quarter = Math.floor((4 * (total - waiting - running)) / total);
  const far = view.kind === 'running' && quarter > 0 ? ` ${QUARTERS[quarter] ?? ''} of the devices are done.` : '';
  const bad = failed === 0 || view.kind === 'ended' ? '' : ` ${failed} failed.`;
  return standing + far + bad;
}

const QUARTERS = ['', 'A quarter', 'Half', 'Three quarters', 'All'];
