/** What is under way on this page, as one thing: of updates, the rollout and the watched file. Pure. */
import type { Activity, WatchNews } from '../../model/page/activity.ts';
import { percentOf } from '../../words/kit/quantities.ts';
import type { WatchView } from '../../model/firmware/watched-file.ts';
import { countRollout, isUnproven, wentWell, wentWrong } from '../../model/rollout/rollout-state.ts';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';
import type { OutcomeName, Progress } from '../../model/update/update-state.ts';
import type { UpdateView } from '../update/update-view.ts';

export interface RunningUpdate {
  /** The device's name. */
  readonly name: string;
  readonly view: Extract<UpdateView, { kind: 'preparing' | 'running' }>;
}

export interface EndedInBatch {
  readonly name: string;
  readonly outcome: OutcomeName;
  /** What holds whatever the reason was; the reason itself is on the card. Empty: nothing to say. */
  readonly standing: string;
}

/** Where the measuring of a rollout's speed began. */
export interface Pace {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** The share of the whole that was done then, in [0, 1]. */
  readonly from: number;
}

/** One batch: everything from when something begins to run until nothing runs any more. */
export interface Facts {
  readonly running: readonly RunningUpdate[];
  /** What ended in this batch, a line for each device, newest first. */
  readonly ended: readonly EndedInBatch[];
  /** Null where none ran in this batch. */
  readonly rollout: Extract<RolloutView, { kind: 'running' | 'ended' }> | null;
  readonly watch: WatchView;
  /** Null: not known yet. */
  readonly pace: Pace | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export function activityOf(facts: Facts): Activity {
  const watch = newsOf(facts.watch);
  const { running, ended, rollout } = facts;
  if (running.length === 0 && rollout?.kind !== 'running') {
    if (rollout !== null) return endOfRollout(rollout, watch);
    return ended.length === 0 ? { kind: 'idle', watch } : endOfUpdates(ended, watch);
  }
  const { share, done, of } = progressOf(facts);
  const only = rollout === null && of === 1 ? running[0] : undefined;
  return {
    kind: 'running',
    subject:
      rollout !== null
        ? { kind: 'rollout' }
        : only === undefined
          ? { kind: 'devices' }
          : { kind: 'device', name: only.name },
    ...{ done, of },
    percent: Math.min(99, only === undefined ? Math.floor(share * 100) : percentIn(only)),
    secondsLeft: rollout === null ? longestLeft(running) : leftOf(facts, share),
    step: only?.view.kind === 'running' ? only.view.words.title : null,
    isHeld: isHeld(facts),
    watch,
  };
}

/** The share of the whole that is done, in [0, 1]; by devices where it is a rollout, whose devices have their turn later. */
export function shareOf(facts: Facts): number {
  return progressOf(facts).share;
}

/** Whether time passes without anything being done: it says nothing of how long the rest takes. */
export function standsStill({ rollout }: Pick<Facts, 'rollout'>): boolean {
  if (rollout === null) return true;
  const { phase } = rollout.state;
  return rollout.paused || phase === 'looking' || phase === 'asking' || phase === 'paused';
}

function progressOf({ running, ended, rollout }: Facts): { share: number; done: number; of: number } {
  const sent = running.reduce((sum, { view }) => sum + shareIn(view), 0);
  const counts = rollout === null ? null : countRollout(rollout.state.lines);
  const of = counts?.total ?? running.length + ended.length;
  const done = counts === null ? ended.length : of - counts.waiting - counts.running;
  return { share: of === 0 ? 0 : Math.min(1, (done + sent) / of), done, of };
}

function shareIn(view: RunningUpdate['view']): number {
  if (view.kind === 'preparing') return 0;
  const { acknowledged, total } = view.state.progress;
  return total === 0 ? 0 : acknowledged / total;
}

function percentIn({ view }: RunningUpdate): number {
  if (view.kind === 'preparing') return 0;
  const { acknowledged, total } = view.state.progress;
  return percentOf(acknowledged, total);
}

/** Until the last of them is written; null while it is not known of each. */
function longestLeft(running: readonly RunningUpdate[]): number | null {
  const each = running.map(({ view }) => (view.kind === 'running' ? leftIn(view.state.progress) : null));
  const known = each.filter((seconds) => seconds !== null);
  return known.length < each.length || known.length === 0 ? null : Math.max(...known);
}

/** Null once the device has every byte: nobody knows how long its own work after that takes. */
function leftIn({ acknowledged, total, secondsLeft }: Progress): number | null {
  return acknowledged === total ? null : secondsLeft;
}

/** Sooner, or with less done, the estimate would jump. */
const STEADY_AFTER_MS = 10_000;
const STEADY_AFTER_SHARE = 0.05;

function leftOf({ pace, now }: Facts, share: number): number | null {
  if (pace === null) return null;
  const [took, made] = [now - pace.since, share - pace.from];
  if (took < STEADY_AFTER_MS || made < STEADY_AFTER_SHARE) return null;
  return Math.ceil(((1 - share) / made) * (took / 1000));
}

function isHeld({ running, rollout }: Facts): boolean {
  if (rollout !== null) return rollout.paused || rollout.state.phase === 'asking';
  return running.some(
    ({ view }) => view.kind === 'running' && (view.state.phase === 'waiting' || view.state.phase === 'retrying'),
  );
}

function endOfRollout({ state }: NonNullable<Facts['rollout']>, watch: WatchNews | null): Activity {
  const { total, well, unproven, failed, skipped, notStarted } = countRollout(state.lines);
  return {
    kind: 'ended',
    subject: { kind: 'rollout' },
    ...{ of: total, well, unproven, failed, skipped, notStarted },
    ...{ outcome: null, standing: '', watch },
  };
}

function endOfUpdates(ended: readonly EndedInBatch[], watch: WatchNews | null): Activity {
  const [first] = ended;
  const only = ended.length === 1 && first !== undefined ? first : null;
  return {
    kind: 'ended',
    subject: only === null ? { kind: 'devices' } : { kind: 'device', name: only.name },
    of: ended.length,
    well: ended.filter(({ outcome }) => wentWell(outcome)).length,
    unproven: ended.filter(({ outcome }) => isUnproven(outcome)).length,
    failed: ended.filter(({ outcome }) => wentWrong(outcome)).length,
    ...{ skipped: 0, notStarted: 0 },
    outcome: only?.outcome ?? null,
    standing: only?.standing ?? '',
    watch,
  };
}

/** The header says on every page that a file is watched; only what became of it is news. */
function newsOf(watch: WatchView): WatchNews | null {
  if (watch.kind === 'off' || watch.event.kind === 'waiting' || watch.event.kind === 'ready') return null;
  return { name: watch.name, event: watch.event };
}
