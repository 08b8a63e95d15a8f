import type { Activity } from '../../model/page/activity.ts';
import { atom, type ReadableAtom } from 'nanostores';
import type { WatchView } from '../../model/firmware/watched-file.ts';
import type { Notifier } from '../../model/page/attention.ts';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';
import type { DevicesState } from '../device/devices.ts';
import type { UpdatesState } from '../update/updates.ts';
import {
  activityOf,
  shareOf,
  standsStill,
  type EndedInBatch,
  type Facts,
  type Pace,
  type RunningUpdate,
} from './activity.ts';

export interface ActivityParts {
  readonly updates: Pick<UpdatesState, '$running' | '$ended' | '$update'>;
  readonly devices: Pick<DevicesState, 'find'>;
  readonly notifier: Notifier;
  /** Milliseconds since 1970. */
  readonly today: () => number;
}

/** In milliseconds. After a shorter wait the person is still looking at the page, and needs no notification. */
export const WORTH_A_NOTIFICATION_MS = 10_000;

/** What is under way on this page. A batch begins when something begins to run, and ends when nothing runs any more. */
export class ActivityState {
  readonly $activity = atom<Activity>({ kind: 'idle', watch: null });
  /** Whether to offer a notification at the end: once in this browser, when something has taken its time. */
  readonly $offersNotification = atom(false);
  readonly #parts: ActivityParts;
  #rollout: RolloutView = { kind: 'none' };
  #watch: WatchView = { kind: 'off' };
  #isRunning = false;
  /** How many updates had ended before this batch. */
  #endedBefore = 0;
  #began = 0;
  #hasRollout = false;
  #pace: Pace | null = null;
  #stops: readonly (() => void)[] = [];

  constructor(parts: ActivityParts) {
    this.#parts = parts;
    parts.updates.$running.subscribe((ids) => this.#follow(ids));
  }

  /** Milliseconds since this batch began. */
  get tookMs(): number {
    return this.#parts.today() - this.#began;
  }

  /** Takes the rollout into account; to be called once the code for rollouts is loaded. */
  followRollout($rollout: ReadableAtom<RolloutView>): void {
    $rollout.subscribe((view) => {
      this.#rollout = view;
      this.#look();
    });
  }

  /** Takes the watched file into account; to be called once the code for watching is loaded. */
  followWatch($watch: ReadableAtom<WatchView>): void {
    $watch.subscribe((view) => {
      this.#watch = view;
      this.#look();
    });
  }

  /** The person has seen how it ended. */
  dismiss(): void {
    if (this.#isRunning) return;
    this.#endedBefore = this.#parts.updates.$ended.get().length;
    this.#hasRollout = false;
    this.#look();
  }

  /** Lets the browser ask for the permission; only from a tap. */
  async askForNotification(): Promise<void> {
    this.$offersNotification.set(false);
    await this.#parts.notifier.ask();
  }

  #follow(ids: readonly string[]): void {
    for (const stop of this.#stops) stop();
    this.#stops = ids.map((id) => this.#parts.updates.$update(id).listen(() => this.#look()));
    this.#look();
  }

  #look(): void {
    const running = this.#running();
    const isRolloutRunning = this.#rollout.kind === 'running';
    const runs = running.length > 0 || isRolloutRunning;
    if (runs && !this.#isRunning) this.#begin();
    this.#isRunning = runs;
    if (isRolloutRunning) this.#hasRollout = true;
    const { kind } = this.#rollout;
    const facts: Facts = {
      running,
      ended: this.#ended(),
      rollout: this.#hasRollout && (kind === 'running' || kind === 'ended') ? this.#rollout : null,
      watch: this.#watch,
      pace: this.#pace,
      now: this.#parts.today(),
    };
    if (standsStill(facts)) this.#pace = null;
    else this.#pace ??= { since: facts.now, from: shareOf(facts) };
    this.$activity.set(activityOf(facts));
    if (runs) this.#mayOffer();
    else this.$offersNotification.set(false);
  }

  #begin(): void {
    // What has ended since somebody looked belongs to the batch before.
    this.#endedBefore = this.#parts.updates.$ended.get().length;
    this.#began = this.#parts.today();
    this.#hasRollout = false;
    this.#pace = null;
  }

  #mayOffer(): void {
    const { notifier } = this.#parts;
    if (this.tookMs < WORTH_A_NOTIFICATION_MS || this.$offersNotification.get()) return;
    if (notifier.permission === 'not-asked' && !notifier.offeredBefore()) this.$offersNotification.set(true);
  }

  #running(): readonly RunningUpdate[] {
    const { updates, devices } = this.#parts;
    return updates.$running.get().flatMap((id) => {
      const view = updates.$update(id).get();
      const runs = view.kind === 'preparing' || view.kind === 'running';
      return runs ? [{ name: devices.find(id)?.name ?? '', view }] : [];
    });
  }

  /** A device that was tried again counts once, and not while it runs. */
  #ended(): readonly EndedInBatch[] {
    const { updates } = this.#parts;
    const all = updates.$ended.get();
    const inBatch = all.slice(0, all.length - this.#endedBefore);
    const isFirst = (id: string, at: number): boolean => inBatch.findIndex(({ device }) => device.id === id) === at;
    return inBatch
      .filter(({ device }, at) => isFirst(device.id, at) && updates.$update(device.id).get().kind === 'ended')
      .map(({ device, view }) => ({
        name: device.name,
        outcome: view.state.outcome,
        standing: view.words.standing ?? view.words.detail,
      }));
  }
}
