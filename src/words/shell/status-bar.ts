/** What is said of all that is under way, in the bar below every view, in the tab and in a notification. */
import type { Activity } from '../../model/page/activity.ts';
import type { WatchEvent } from '../../model/firmware/watched-file.ts';
import type { OutcomeName } from '../../model/update/update-state.ts';
import { allOf, counted, plural } from '../kit/locale.ts';
import { APP } from '../kit/places.ts';
import { timeLeftText } from '../update/update-progress.ts';
import { OUTCOME_WORDS } from '../update/outcome-words.ts';

/** Names the bar for people who do not see it. */
export const UNDER_WAY = 'Under way';
export const OPEN = 'Open';
export const TELL_ME = 'Notify me at the end';

type Running = Extract<Activity, { kind: 'running' }>;
type Ended = Extract<Activity, { kind: 'ended' }>;

/** What the tab says: first what changes, then what it is about. */
export function titleOf(activity: Running | Ended): string {
  if (activity.kind === 'ended') return `${headlineOf(activity)} · ${APP}`;
  const { subject, percent } = activity;
  return `${percent} %${subject.kind === 'device' ? ` ${subject.name}` : `, ${doneText(activity)}`} · ${APP}`;
}

/** What it is about. */
export function subjectText({ subject, of }: Pick<Running, 'subject' | 'of'>): string {
  switch (subject.kind) {
    case 'device':
      return subject.name;
    case 'devices':
      return `Updating ${counted(of, 'device', 'devices')}`;
    case 'rollout':
      return 'Rollout';
  }
}

/** How it ended: "Updated ✓", "All 12 updated ✓", "9 updated, 3 accepted ✓", "9 updated, 2 failed, 1 skipped ✗". */
export function endText({ outcome, of, well, unproven, failed, skipped, notStarted }: Ended): string {
  if (outcome !== null) return `${OUTCOME_WORDS[outcome]}${signOf(outcome)}`;
  const updated = well - unproven;
  if (updated === of) return `${plural(of, 'Updated', `${allOf(of)} updated`)} ✓`;
  const parts: readonly (readonly [number, string])[] = [
    [updated, 'updated'],
    [unproven, 'accepted'],
    [failed, 'failed'],
    [of - well - failed - skipped - notStarted, 'cancelled'],
    [skipped, 'skipped'],
    [notStarted, 'not started'],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${said.join(', ')}${failed > 0 ? ' ✗' : well === of ? ' ✓' : ''}`;
}

/** How it ended, and of what, in one line. */
export function headlineOf(ended: Ended): string {
  return ended.subject.kind === 'device' ? `${endText(ended)} ${ended.subject.name}` : endText(ended);
}

/** "43 %, 12 s left", "3 of 12 done, 40 %, 6 min left", "43 %, Restarting". */
export function runningText(activity: Running): string {
  const { subject, percent, secondsLeft, step } = activity;
  const left = secondsLeft === null ? step : timeLeftText(secondsLeft);
  return [subject.kind === 'device' ? null : doneText(activity), `${percent} %`, left]
    .filter((part) => part !== null)
    .join(', ');
}

function doneText({ done, of }: Pick<Running, 'done' | 'of'>): string {
  return `${done} of ${of} done`;
}

/** A mark beside the words, for people who see only the tab. */
function signOf(outcome: OutcomeName): string {
  switch (outcome) {
    case 'updated':
    case 'accepted':
    case 'staged':
      return ' ✓';
    case 'failed':
    case 'rejected':
    case 'rolled-back':
    case 'not-seen-again':
      return ' ✗';
    case 'cancelled':
      return '';
  }
}

/** What the watched file does, where there is more to say than that it is watched. */
export function watchText(name: string, event: WatchEvent): string {
  switch (event.kind) {
    case 'waiting':
    case 'ready':
      return '';
    case 'settling':
      return `${name} is being written.`;
    case 'missing':
      return `${name} is missing. Moult keeps looking.`;
    case 'refused':
      return `The new build of ${name} was not sent.`;
    case 'held':
      return `A new build of ${name} waits for the update to end.`;
    case 'sent':
      return `The new build of ${name} is being sent to ${event.device}.`;
  }
}
