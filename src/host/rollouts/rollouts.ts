/** The rollouts that a host runs: who may start one, and what it does when it is told to. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { placeOf } from '../../model/device/device.ts';
import type { Secrets } from '../../model/device/secrets.ts';
import { MOST_ROLLOUT_DEVICES, type HostRollout, type RolloutStanding } from '../../model/jobs/host-rollout.ts';
import type { JobDevice } from '../../model/jobs/job.ts';
import { keyInHash, memberKeyText } from '../../model/jobs/member-key.ts';
import type { CreateRollout, MemberSecrets, RolloutOrder } from '../../model/jobs/rollout-requests.ts';
import { failedOf, restOf, wentWell } from '../../model/rollout/rollout-state.ts';
import { keyHash } from '../jobs/kept-entries.ts';
import { hasAny, type Maker } from '../jobs/jobs.ts';
import { refused, type Refused } from '../jobs/refused.ts';
import { statusUrl } from '../jobs/run-job.ts';
import type { SecretSeal } from '../jobs/sealed-secrets.ts';
import type { KeptPlan, KeptStanding, RolloutRecord } from './rollout-records.ts';
import { wholeOf, type RolloutEntry } from './rollout-list.ts';
import { RolloutRuns, type RolloutRunsParts } from './rollout-runs.ts';

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

type Made = { readonly isNew: boolean; readonly rollout: HostRollout } | Refused;

export class Rollouts {
  readonly #parts: RolloutsParts;
  readonly #runs: RolloutRuns;

  constructor(parts: RolloutsParts) {
    this.#parts = parts;
    this.#runs = new RolloutRuns(parts);
  }

  /** Takes over what an earlier start of the host left, once the jobs are there. */
  async restore(records: readonly RolloutRecord[]): Promise<void> {
    const { rollouts, seal } = this.#parts;
    for (const record of records) {
      const secrets = new Map<string, Secrets>();
      for (const { job, device, sealed } of record.plan.members) {
        const opened = sealed === null ? null : await seal.open(sealed, placeOf(device));
        if (opened !== null) secrets.set(job, opened);
      }
      const entry = rollouts.add({ ...record, lines: this.#runs.linesAfter(record) }, secrets);
      if (record.now.standing === 'ended') continue;
      if (!record.plan.goesOnByItself || this.#lacking(entry) > 0 || this.#goOn(entry) !== null) {
        const offer = this.#canGoOn(entry) ? 'offers-to-go-on' : 'waiting-for-token';
        rollouts.change(entry, { standing: offer, finishing: false });
      }
    }
  }

  /** Makes a rollout, which starts at once. One of that id and key that is there already is answered as it stands. */
  async create(asked: CreateRollout, maker: Maker): Promise<Made> {
    const { rollouts, list, loaded } = this.#parts;
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
    const entry = rollouts.add({ plan, now: this.#begun([]), lines: new Map() }, secrets);
    try {
      await rollouts.keep(entry);
    } catch (error) {
      await rollouts.remove(entry);
      throw error;
    }
    this.#runs.start(entry);
    return { isNew: true, rollout: wholeOf(entry) };
  }

  /** Does what it is told, and answers the rollout as it is then; null where it is forgotten. */
  async order(entry: RolloutEntry, order: RolloutOrder): Promise<{ readonly rollout: HostRollout | null } | Refused> {
    const { rollouts } = this.#parts;
    if ('secrets' in order) await this.#take(entry, order.secrets);
    // Nothing is awaited from here to the change: of two orders at once, one is second.
    if (!rollouts.has(entry.plan.id)) return refused({ kind: 'no-such-rollout' });
    const { standing } = entry.now;
    const isAtRest = standing === 'offers-to-go-on' || standing === 'waiting-for-token';
    const now = (): { rollout: HostRollout } => ({ rollout: wholeOf(entry) });
    switch (order.kind) {
      case 'go-on':
        if (!isAtRest) break;
        return this.#goOn(entry) ?? now();
      case 'again':
        if (standing !== 'ended') break;
        return this.#again(entry, order.which) ?? now();
      case 'forget':
        if (!isAtRest && standing !== 'ended') break;
        await rollouts.remove(entry);
        return { rollout: null };
      case 'pause':
      case 'resume':
      case 'finish':
      case 'cancel':
      case 'answer':
      case 'agree':
        if (!this.#runs.tell(entry, order)) break;
        return now();
    }
    return refused({ kind: 'rollout-not-now', standing });
  }

  /** Whether a rollout may still need this file. */
  needs(sha256: string): boolean {
    for (const { plan, now } of this.#parts.rollouts.entries) {
      if (plan.firmware.sha256 === sha256 && now.standing !== 'ended') return true;
    }
    return false;
  }

  /** Begins and hears nothing more; the jobs come to a rest by themselves. */
  async stop(): Promise<void> {
    this.#runs.stop();
    await this.#parts.rollouts.saved();
  }

  /** Null where it runs. What it brought to an end is not touched again; where it had stopped, failures are counted anew. */
  #goOn(entry: RolloutEntry): Refused | null {
    const { now, lines, plan } = entry;
    if (!this.#parts.hasFile(plan.firmware.sha256)) return refused({ kind: 'no-such-firmware' });
    if (!this.#canGoOn(entry)) return this.#waits('waiting-for-token');
    const ended = [...lines].filter(([, { kind }]) => kind === 'ended');
    const forgiven = now.stopped === null ? now.forgiven : ended.map(([job]) => job);
    return this.#begin(entry, forgiven);
  }

  #again(entry: RolloutEntry, which: 'failed' | 'rest'): Refused | null {
    const { rollouts, hasFile } = this.#parts;
    const jobs = new Set(which === 'failed' ? failedOf(entry.lines) : restOf(entry.lines));
    if (jobs.size === 0) return this.#waits('ended');
    if (!hasFile(entry.plan.firmware.sha256)) return refused({ kind: 'no-such-firmware' });
    if (!this.#canGoOn(entry, jobs)) return this.#waits('waiting-for-token');
    rollouts.narrow(entry, jobs);
    return this.#begin(entry, []);
  }

  #begin(entry: RolloutEntry, forgiven: readonly string[]): null {
    const { rollouts } = this.#parts;
    const lines = new Map(
      [...entry.lines].map(([job, line]) => [job, line.kind === 'ended' ? line : WAITING] as const),
    );
    rollouts.change(entry, this.#begun(forgiven), lines);
    rollouts.setPlan(entry, entry.plan);
    this.#runs.start(entry);
    return null;
  }

  #begun(forgiven: readonly string[]): KeptStanding {
    return {
      ...{ standing: 'running', finishing: false, phase: 'looking', width: 0, stopped: null, forgiven },
      ...{ startedAt: this.#parts.clock.date(), endedAt: null },
    };
  }

  #waits(standing: RolloutStanding): Refused {
    return refused({ kind: 'rollout-not-now', standing });
  }

  /** Whether the host has what at least one of them asks for that is still to come. */
  #canGoOn(entry: RolloutEntry, jobs: ReadonlySet<string> = stillToCome(entry)): boolean {
    return jobs.size === 0 || this.#lacking(entry, jobs) < jobs.size;
  }

  /** How many of them ask for something that the host does not have. */
  #lacking(entry: RolloutEntry, jobs: ReadonlySet<string> = stillToCome(entry)): number {
    const { list } = this.#parts;
    const has = (job: string): boolean => entry.secrets.has(job) || (list.get(job)?.secrets ?? null) !== null;
    return entry.plan.members.filter(({ job, needsSecrets }) => jobs.has(job) && needsSecrets && !has(job)).length;
  }

  async #take(entry: RolloutEntry, brought: readonly MemberSecrets[]): Promise<void> {
    const { seal } = this.#parts;
    const { keepsSecrets } = entry.plan;
    const sealed = new Map<string, string>();
    const given = new Map(brought.map(({ job, secrets }) => [job, secrets]));
    for (const { job, device } of entry.plan.members) {
      const secrets = given.get(job);
      if (secrets !== undefined && keepsSecrets) sealed.set(job, await seal.seal(secrets, placeOf(device)));
    }
    const members = entry.plan.members.map((member) => {
      const secrets = given.get(member.job);
      const line = entry.lines.get(member.job);
      // Of no use any more.
      const isDone = line?.kind === 'ended' && wentWell(line.outcome);
      if (secrets === undefined || isDone) return member;
      entry.secrets.set(member.job, secrets);
      return { ...member, needsSecrets: hasAny(secrets), sealed: sealed.get(member.job) ?? null };
    });
    entry.plan = { ...entry.plan, members };
  }

  /** Names are asked for when it is looked at each device: one that is off has none on some networks. */
  async #wrongIn({ devices }: CreateRollout, maker: Maker): Promise<Refused | null> {
    const { limits, ways } = this.#parts;
    if (devices.length > limits.devices) return refused({ kind: 'too-many-devices', most: limits.devices });
    for (const { device } of devices) {
      if (!hasNumbers(device)) continue;
      const why = await ways.refusal(statusUrl(device), maker.network);
      if (why !== null) return { refusal: why.kind === 'not-reached' ? { ...why, device: device.name } : why };
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
      // Of secrets that nobody could open it is known that there are some.
      const needsSecrets = secrets === null || hasAny(secrets);
      members.push({ job, device, keySha256: keyHash(keyInHash(hash)), needsSecrets, sealed });
    }
    const { network, owner, by } = maker;
    return {
      ...{ id, keySha256: keyHash(key), network, owner, by, createdAt: clock.date(), firmware, options, restart },
      ...{ unattended, goesOnByItself: asked.goOnByItself, keepsSecrets, members },
    };
  }

  #there(id: string, key: string): Made | null {
    const { rollouts } = this.#parts;
    if (!rollouts.has(id)) return null;
    const entry = rollouts.find(id, key);
    return entry === null ? refused({ kind: 'no-such-rollout' }) : { isNew: false, rollout: wholeOf(entry) };
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

const WAITING = { kind: 'waiting' } as const;

function stillToCome({ lines }: RolloutEntry): ReadonlySet<string> {
  return new Set([...lines].filter(([, { kind }]) => kind !== 'ended').map(([job]) => job));
}

/** Whether its address is a number and no name. */
function hasNumbers({ origin }: JobDevice): boolean {
  return isIP(new URL(origin).hostname.replace(/^\[|\]$/g, '')) !== 0;
}
