/** A rollout over devices whose updates end when the test says so. */
import { runRollout } from '../../src/rollout/run-rollout.ts';
import { failedBefore } from '../../src/model/update/nothing-sent.ts';
import { RolloutControls } from '../../src/rollout/controls.ts';
import type {
  SkipReason,
  NotReady,
  Readiness,
  RolloutPlan,
  RolloutState,
} from '../../src/model/rollout/rollout-state.ts';
import type { Outcome, OutcomeName } from '../../src/model/update/update-state.ts';
import { endedAs } from '../update/scripted/outcomes.ts';

export const OFF: SkipReason = { because: 'off', failed: failedBefore(null, 0, { code: 'silent' }) };

/** Devices whose updates end when the test says so. */
export class Floor {
  readonly started: string[] = [];
  readonly running = new Map<string, (outcome: Outcome) => void>();
  /** How many were allowed at each start, and how many ran with it. */
  readonly starts: { readonly running: number; readonly allowed: number }[] = [];
  allowed = (): number => Infinity;
  now = 0;
  /** Milliseconds between two ends. */
  took = 1000;
  off = new Set<string>();
  /** The checks of devices wait for this. */
  answering: Promise<void> = Promise.resolve();
  looks = 0;
  looking = 0;
  mostLooking = 0;

  look = async (id: string): Promise<Readiness> => {
    this.looks += 1;
    this.looking += 1;
    this.mostLooking = Math.max(this.mostLooking, this.looking);
    await this.answering;
    this.looking -= 1;
    if (this.off.has(id)) return { kind: 'not-ready', why: OFF };
    return this.only.has(id) ? { kind: 'ready', mayBeOnlyUpdate: true } : { kind: 'ready' };
  };

  /** Devices of which this may be the only update. */
  only = new Set<string>();
  agrees: boolean | Promise<boolean> = true;
  readonly agreedTo: (readonly string[])[] = [];

  agree = async (deviceIds: readonly string[]): Promise<boolean> => {
    this.agreedTo.push(deviceIds);
    return this.agrees;
  };

  update = (id: string): Promise<Outcome | NotReady> =>
    new Promise((resolve) => {
      this.started.push(id);
      this.running.set(id, resolve);
      this.starts.push({ running: this.running.size, allowed: this.allowed() });
    });

  async end(id: string, outcome: OutcomeName | Outcome = 'updated'): Promise<void> {
    const resolve = this.running.get(id);
    if (!resolve) throw new Error(`${id} is not running`);
    this.running.delete(id);
    this.now += this.took;
    resolve(typeof outcome === 'string' ? endedAs(outcome) : outcome);
    await settle();
  }

  get clock() {
    return { now: () => this.now };
  }
}

/** Lets all promises settle that can: none here waits for more than a few others. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

export const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `device-${at}`);

export function planFor(count: number, changes: Partial<RolloutPlan> = {}): RolloutPlan {
  return {
    devices: ids(count),
    done: new Map(),
    firstWave: 1,
    width: 3,
    stopAt: { failures: null, share: null },
    forgiven: new Set(),
    ...changes,
  };
}

export interface Started {
  readonly floor: Floor;
  readonly controls: RolloutControls;
  readonly states: RolloutState[];
  readonly end: Promise<RolloutState>;
}

export async function start(plan: RolloutPlan, floor = new Floor()): Promise<Started> {
  const controls = new RolloutControls();
  const states: RolloutState[] = [];
  floor.allowed = () => states.at(-1)?.width ?? 0;
  const end = runRollout(plan, floor, controls, (state) => states.push(state));
  await settle();
  return { floor, controls, states, end };
}

export const phase = ({ states }: Started): string | undefined => states.at(-1)?.phase;
