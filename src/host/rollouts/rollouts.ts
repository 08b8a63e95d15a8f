/** The rollouts that a host runs: what a restart leaves of them, and what they do when they are told to. */
import { placeOf } from '../../model/device/device.ts';
import type { Secrets } from '../../model/device/secrets/secrets.ts';
import type { HostRollout, RolloutStanding } from '../../model/jobs/host-rollout.ts';
import type { CreateRollout, MemberSecrets, RolloutOrder } from '../../model/jobs/rollout-requests.ts';
import { failedOf, restOf, wentWell } from '../../model/rollout/rollout-state.ts';
import { hasAny, type Maker } from '../jobs/job-making.ts';
import { refused, type Refused } from '../jobs/refused.ts';
import type { RolloutRecord } from './rollout-records.ts';
import { wholeOf, type RolloutEntry } from './rollout-list.ts';
import { begun, RolloutMaking, type MadeRollout, type RolloutsParts } from './rollout-making.ts';
import { RolloutRuns } from './rollout-runs.ts';

/** `rollout`: as it is then; null where it is forgotten. */
export type OrderedRollout = { readonly kind: 'done'; readonly rollout: HostRollout | null } | Refused;

export class Rollouts {
  readonly #parts: RolloutsParts;
  readonly #runs: RolloutRuns;
  readonly #making: RolloutMaking;

  constructor(parts: RolloutsParts) {
    this.#parts = parts;
    this.#runs = new RolloutRuns(parts);
    this.#making = new RolloutMaking(parts, this.#runs);
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
  create(asked: CreateRollout, maker: Maker): Promise<MadeRollout> {
    return this.#making.create(asked, maker);
  }

  /** Does what it is told, and answers the rollout as it is then; null where it is forgotten. */
  async order(entry: RolloutEntry, order: RolloutOrder): Promise<OrderedRollout> {
    const { rollouts } = this.#parts;
    if ('secrets' in order) await this.#take(entry, order.secrets);
    // Nothing is awaited from here to the change: of two orders at once, one is second.
    if (!rollouts.has(entry.plan.id)) return refused({ kind: 'no-such-rollout' });
    const { standing } = entry.now;
    const isAtRest = standing === 'offers-to-go-on' || standing === 'waiting-for-token';
    const now = (): OrderedRollout => ({ kind: 'done', rollout: wholeOf(entry) });
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
        return { kind: 'done', rollout: null };
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
    const { rollouts, clock } = this.#parts;
    const lines = new Map(
      [...entry.lines].map(([job, line]) => [job, line.kind === 'ended' ? line : WAITING] as const),
    );
    rollouts.change(entry, begun(clock, forgiven), lines);
    rollouts.setPlan(entry, entry.plan);
    this.#runs.start(entry);
    return null;
  }

  #waits(standing: RolloutStanding): Refused {
    return refused({ kind: 'rollout-not-now', standing });
  }

  /** Whether the host has the secrets of at least one device that is still to come. */
  #canGoOn(entry: RolloutEntry, jobs: ReadonlySet<string> = stillToCome(entry)): boolean {
    return jobs.size === 0 || this.#lacking(entry, jobs) < jobs.size;
  }

  /** How many of them ask for secrets that the host does not have. */
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
}

const WAITING = { kind: 'waiting' } as const;

function stillToCome({ lines }: RolloutEntry): ReadonlySet<string> {
  return new Set([...lines].filter(([, { kind }]) => kind !== 'ended').map(([job]) => job));
}
