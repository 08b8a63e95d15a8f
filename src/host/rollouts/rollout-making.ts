/** How a rollout comes to be: who may start one, of what, and whether there is room. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Clock } from '../../model/clock.ts';
import { placeOf } from '../../model/device/device.ts';
import { MOST_ROLLOUT_DEVICES, type HostRollout } from '../../model/jobs/host-rollout.ts';
import type { JobDevice } from '../../model/jobs/job.ts';
import { keyInHash, memberKeyText } from '../../model/jobs/member-key.ts';
import type { CreateRollout } from '../../model/jobs/rollout-requests.ts';
import { hasAny, type Maker } from '../jobs/job-making.ts';
import { keyHash } from '../data/key-hash.ts';
import { refused, type Refused } from '../jobs/refused.ts';
import { statusUrl } from '../jobs/run/run-job.ts';
import type { SecretSeal } from '../jobs/kept/sealed-secrets.ts';
import { wholeOf } from './rollout-list.ts';
import type { KeptPlan, KeptStanding } from './rollout-records.ts';
import type { RolloutRuns, RolloutRunsParts } from './rollout-runs.ts';

export interface RolloutLimits {
  readonly rollouts: number;
  /** Of one client, that have not ended. */
  readonly ofOne: number;
  readonly devices: number;
}

export const ROLLOUT_LIMITS: RolloutLimits = {
  // With what is told of a thousand devices each, a rollout takes a megabyte of memory at most.
  rollouts: 32,
  ofOne: 8,
  devices: MOST_ROLLOUT_DEVICES,
};

export interface RolloutsParts extends RolloutRunsParts {
  readonly seal: SecretSeal;
  readonly limits: RolloutLimits;
  /** Whether the host has this file. */
  readonly hasFile: (sha256: string) => boolean;
}

/** `isNew`: false where one of that id and key was there already. */
export type MadeRollout = { readonly kind: 'made'; readonly isNew: boolean; readonly rollout: HostRollout } | Refused;

export class RolloutMaking {
  readonly #parts: RolloutsParts;
  readonly #runs: RolloutRuns;

  constructor(parts: RolloutsParts, runs: RolloutRuns) {
    this.#parts = parts;
    this.#runs = runs;
  }

  /** Makes a rollout, which starts at once. One of that id and key that is there already is answered as it stands. */
  async create(asked: CreateRollout, maker: Maker): Promise<MadeRollout> {
    const { rollouts, list, loaded, clock } = this.#parts;
    const { id, key, devices, firmware } = asked;
    const refusal = this.#there(id, key) ?? (await this.#wrongIn(asked, maker));
    if (refusal !== null) return refusal;
    const facts = await loaded.factsOf(firmware.sha256);
    if (facts === null) return refused({ kind: 'no-such-firmware' });
    if (facts.lacksMicroPython && !asked.withoutMicroPython) return refused({ kind: 'no-micropython' });
    const plan = await this.#planOf(asked, { ...firmware, ...facts.told }, maker);
    // Nothing is awaited from here to where it is in the list: of two that ask at once, one is second.
    const meanwhile = this.#there(id, key) ?? this.#full(maker);
    if (meanwhile !== null) return meanwhile;
    if (devices.some(({ job }) => list.has(job))) return refused({ kind: 'bad-request', what: 'devices' });
    const secrets = new Map(devices.flatMap(({ job, secrets: one }) => (one === null ? [] : [[job, one] as const])));
    const entry = rollouts.add({ plan, now: begun(clock, []), lines: new Map() }, secrets);
    try {
      await rollouts.keep(entry);
    } catch (error) {
      await rollouts.remove(entry);
      throw error;
    }
    this.#runs.start(entry);
    return { kind: 'made', isNew: true, rollout: wholeOf(entry) };
  }

  /** Names are resolved when each device is looked at: on some networks a device that is off has none. */
  async #wrongIn({ devices }: CreateRollout, maker: Maker): Promise<Refused | null> {
    const { limits, ways } = this.#parts;
    if (devices.length > limits.devices) return refused({ kind: 'too-many-devices', most: limits.devices });
    for (const { device } of devices) {
      if (!hasNumbers(device)) continue;
      const why = await ways.refusal(statusUrl(device), maker.network);
      if (why !== null) return refused(why.kind === 'not-reached' ? { ...why, device: device.name } : why);
    }
    return null;
  }

  async #planOf(asked: CreateRollout, firmware: KeptPlan['firmware'], maker: Maker): Promise<KeptPlan> {
    const { seal, clock } = this.#parts;
    const { id, key, options, restart, unattended, keepSecrets: keepsSecrets } = asked;
    const members = [];
    for (const { job, device, secrets } of asked.devices) {
      const hash = createHash('sha256').update(memberKeyText(key, job)).digest('hex');
      const sealed = keepsSecrets && secrets !== null ? await seal.seal(secrets, placeOf(device)) : null;
      // Null: the tokens were locked, so there are some that nobody could open.
      const needsSecrets = secrets === null || hasAny(secrets);
      members.push({ job, device, keySha256: keyHash(keyInHash(hash)), needsSecrets, sealed });
    }
    const { network, owner, by } = maker;
    return {
      ...{ id, keySha256: keyHash(key), network, owner, by, createdAt: clock.date(), firmware, options, restart },
      ...{ unattended, goesOnByItself: asked.goOnByItself, keepsSecrets, members },
    };
  }

  #there(id: string, key: string): MadeRollout | null {
    const { rollouts } = this.#parts;
    if (!rollouts.has(id)) return null;
    const entry = rollouts.find(id, key);
    return entry === null
      ? refused({ kind: 'no-such-rollout' })
      : { kind: 'made', isNew: false, rollout: wholeOf(entry) };
  }

  /** As `Jobs` has it: what ended longest ago makes room. */
  #full({ owner }: Maker): Refused | null {
    const { rollouts, limits } = this.#parts;
    const all = [...rollouts.entries];
    const open = all.filter(({ plan, now }) => plan.owner === owner && now.standing !== 'ended');
    if (open.length >= limits.ofOne) return refused({ kind: 'too-many-rollouts', most: limits.ofOne });
    if (all.length < limits.rollouts) return null;
    const ended = all.filter(({ now }) => now.standing === 'ended');
    const [oldest] = ended.sort((one, other) => (one.now.endedAt ?? 0) - (other.now.endedAt ?? 0));
    if (oldest === undefined) return refused({ kind: 'too-many-rollouts', most: limits.rollouts });
    void rollouts.remove(oldest);
    return null;
  }
}

/** How a rollout stands that starts now. */
export function begun(clock: Clock, forgiven: readonly string[]): KeptStanding {
  return {
    ...{ standing: 'running', finishing: false, phase: 'looking', width: 0, stopped: null, forgiven },
    ...{ startedAt: clock.date(), endedAt: null },
  };
}

/** Whether its address is a number and no name. */
function hasNumbers({ origin }: JobDevice): boolean {
  return isIP(new URL(origin).hostname.replace(/^\[|\]$/g, '')) !== 0;
}
