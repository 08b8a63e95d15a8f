/**
 * Runs many updates: a first wave, then the rest, as many at once as the network carries, and stops when too many fail.
 */
import type { Clock } from '../model/clock.ts';
import type { RolloutControls } from './controls.ts';
import {
  countRollout,
  type NotReady,
  type Readiness,
  type RolloutLine,
  type RolloutPhase,
  type RolloutPlan,
  type RolloutState,
  type StoppedBecause,
  wentWell,
} from '../model/rollout/rollout-state.ts';
import type { Outcome } from '../model/update/update-state.ts';
import { type Carried, Concurrency } from './concurrency.ts';
import { factsOf } from '../model/update/error-codes.ts';

/** A look costs a device one request; more at once would only crowd the page's first seconds. */
const LOOKS_AT_ONCE = 8;
/** Before this many have ended, a share of failures says little. */
const SHARE_COUNTS_FROM = 5;

export interface RolloutPorts {
  /** Whether a device can be updated now, without changing anything on it. Never rejects. */
  look(deviceId: string): Promise<Readiness>;
  /** Whether to go on though the update may be the only one over the air for these devices. Asked once, before any starts. */
  agree(deviceIds: readonly string[]): Promise<boolean>;
  /** Runs one update to its end. Answers with the reason where it could not begin. Never rejects. */
  update(deviceId: string): Promise<Outcome | NotReady>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Runs a rollout to its end.
 *
 * @param tell called with every change
 * @returns how it ended: every device has an outcome, was skipped, or was not started
 */
export function runRollout(
  plan: RolloutPlan,
  ports: RolloutPorts,
  controls: RolloutControls,
  tell: (state: RolloutState) => void,
): Promise<RolloutState> {
  return new Rollout(plan, ports, controls, tell).run();
}

class Rollout {
  readonly #plan: RolloutPlan;
  readonly #ports: RolloutPorts;
  readonly #controls: RolloutControls;
  readonly #tell: (state: RolloutState) => void;
  readonly #lines = new Map<string, RolloutLine>();
  readonly #concurrency: Concurrency;
  readonly #firstWave: ReadonlySet<string>;
  /** Devices of which this may be the only update over the air. */
  readonly #onlyUpdate = new Set<string>();
  #phase: RolloutPhase = 'looking';
  #stopped: StoppedBecause | null = null;
  /**
   * Counts what may change a decision: updates that ended, and buttons. Whoever waits for the next change names the
   * last one it saw.
   */
  #changes = 0;
  #wake: () => void = () => undefined;

  constructor(plan: RolloutPlan, ports: RolloutPorts, controls: RolloutControls, tell: (state: RolloutState) => void) {
    this.#plan = plan;
    this.#ports = ports;
    this.#controls = controls;
    this.#tell = tell;
    this.#concurrency = new Concurrency(plan.width, ports.clock.now());
    for (const id of plan.devices) {
      const outcome = plan.done.get(id);
      this.#lines.set(id, outcome ? { kind: 'ended', outcome, whole: null } : { kind: 'waiting' });
    }
    // A rollout that goes on after a reload has had its first wave where that many have succeeded.
    const ahead = Math.max(0, plan.firstWave - countRollout(this.#lines).well);
    this.#firstWave = new Set(this.#waiting().slice(0, ahead));
  }

  async run(): Promise<RolloutState> {
    const unlisten = this.#controls.onChange(() => this.#noteChange());
    // An earlier visit may have reached the mark already.
    if (this.#reachedStopMark()) this.#stopped = 'stop-mark';
    try {
      await this.#lookAtAll();
      await this.#agree();
      await this.#runFirstWave();
      await this.#runRest();
    } finally {
      unlisten();
    }
    for (const id of this.#waiting()) this.#lines.set(id, { kind: 'not-started' });
    this.#enter('ended');
    return this.#state();
  }

  /** Devices that are off, or that the image is not for, are skipped before anything is erased anywhere. */
  async #lookAtAll(): Promise<void> {
    const left = [...this.#waiting()];
    const lookOn = async (): Promise<void> => {
      for (let id = left.shift(); id !== undefined && !this.#mayNotStart(); id = left.shift()) {
        this.#set(id, { kind: 'looking' });
        const found = await this.#ports.look(id);
        if (found.kind === 'ready' && found.mayBeOnlyUpdate) this.#onlyUpdate.add(id);
        this.#set(id, found.kind === 'ready' ? { kind: 'waiting' } : skipped(found));
      }
    };
    await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, lookOn));
  }

  async #agree(): Promise<void> {
    if (this.#onlyUpdate.size === 0 || this.#mayNotStart()) return;
    // In the plan's order, and not in that of their answers.
    const asked = this.#waiting().filter((id) => this.#onlyUpdate.has(id));
    if (!(await this.#ports.agree(asked))) this.#stopped ??= 'person';
  }

  async #runFirstWave(): Promise<void> {
    // Devices of the first wave that were skipped are replaced: an empty wave would prove nothing.
    const wave = this.#waiting().slice(0, this.#firstWave.size);
    if (wave.length === 0 || wave.length === this.#waiting().length) return;
    this.#enter('first-wave');
    await this.#runAll(() => wave.filter((id) => this.#lines.get(id)?.kind === 'waiting'));
    const ended = wave.map((id) => this.#lines.get(id));
    // A cancelled update proves as little as one that failed.
    if (ended.every((line) => line?.kind === 'ended' && wentWell(line.outcome))) return;
    if (this.#mayNotStart()) return;
    this.#enter('asking');
    while (this.#controls.answer === null && !this.#controls.finishing) await this.#nextChange(this.#changes);
    if (this.#controls.answer === 'stop') this.#stopped = 'first-wave';
  }

  async #runRest(): Promise<void> {
    if (this.#mayNotStart()) return;
    // How long the looks and the first wave took says nothing about many at once.
    this.#concurrency.reset(this.#ports.clock.now());
    this.#enter('rolling');
    await this.#runAll(() => this.#waiting());
  }

  /** Runs what `next` names, in its order, until nothing is left to start and nothing runs. */
  async #runAll(next: () => readonly string[]): Promise<void> {
    const phase = this.#phase;
    const running = new Set<Promise<void>>();
    let wasHeld = false;
    for (;;) {
      const seen = this.#changes;
      const held = this.#controls.paused && !this.#controls.finishing;
      if (wasHeld && !held) this.#concurrency.resume(this.#ports.clock.now());
      wasHeld = held;
      for (const id of next()) {
        if (held || this.#mayNotStart() || running.size >= this.#concurrency.now) break;
        const run = this.#runOne(id).finally(() => {
          running.delete(run);
          this.#noteChange();
        });
        running.add(run);
      }
      if (running.size === 0 && (this.#mayNotStart() || next().length === 0)) return;
      this.#enter(held ? 'paused' : this.#mayNotStart() ? 'finishing' : phase);
      await this.#nextChange(seen);
    }
  }

  async #runOne(id: string): Promise<void> {
    this.#set(id, { kind: 'running' });
    const outcome = await this.#ports.update(id);
    if (!('outcome' in outcome)) {
      this.#set(id, skipped(outcome));
      return;
    }
    this.#lines.set(id, { kind: 'ended', outcome: outcome.outcome, whole: outcome });
    const trouble = troubleOf(outcome);
    // An update that ends during a pause was delayed by it.
    if (trouble !== null && !this.#controls.paused) {
      this.#concurrency.countEnd({ bytes: outcome.progress.acknowledged, trouble }, this.#ports.clock.now());
    }
    if (this.#reachedStopMark()) this.#stopped ??= 'stop-mark';
    this.#tell(this.#state());
  }

  #reachedStopMark(): boolean {
    const { forgiven } = this.#plan;
    const { failed, well } = countRollout(new Map([...this.#lines].filter(([id]) => !forgiven.has(id))));
    const { failures, share } = this.#plan.stopAt;
    if (failures !== null && failed >= failures) return true;
    const ended = failed + well;
    return share !== null && ended >= SHARE_COUNTS_FROM && failed / ended >= share;
  }

  #mayNotStart(): boolean {
    if (this.#controls.finishing) this.#stopped ??= 'person';
    return this.#stopped !== null;
  }

  #waiting(): readonly string[] {
    return [...this.#lines].filter(([, line]) => line.kind === 'waiting' || line.kind === 'looking').map(([id]) => id);
  }

  /** Resolves when something has changed since the change number `seen`; at once where it has already. */
  #nextChange(seen: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#changes !== seen) resolve();
      else this.#wake = resolve;
    });
  }

  #noteChange(): void {
    this.#changes += 1;
    this.#wake();
  }

  #set(id: string, line: RolloutLine): void {
    this.#lines.set(id, line);
    this.#tell(this.#state());
  }

  #enter(phase: RolloutPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#tell(this.#state());
  }

  #state(): RolloutState {
    return { phase: this.#phase, lines: new Map(this.#lines), width: this.#concurrency.now, stopped: this.#stopped };
  }
}

function skipped({ why }: NotReady): RolloutLine {
  return { kind: 'skipped', why };
}

/** What an outcome says about the network; null: nothing. */
function troubleOf(outcome: Outcome): Carried['trouble'] | null {
  if (wentWell(outcome.outcome)) return outcome.progress.retries > 0 ? 'retried' : 'none';
  if (outcome.outcome !== 'failed') return null;
  return factsOf(outcome.code).rollout.lost ? 'lost' : null;
}
