/** A host that runs rollouts as a test says, beside its jobs. */
import type { HostRollout } from '../../../src/model/jobs/host-rollout.ts';
import type { JobEvent } from '../../../src/model/jobs/job-events.ts';
import type { FollowJobs } from '../../../src/model/jobs/job-requests.ts';
import type { CreateRollout, RolloutOrder } from '../../../src/model/jobs/rollout-requests.ts';
import type { JobAnswer, JobRef } from '../../../src/model/page/job-calls.ts';
import type { RolloutLine } from '../../../src/model/rollout/rollout-state.ts';
import { NOW } from '../given.ts';
import { FakeHost } from '../jobs/fake-host.ts';

export class FakeRollouts extends FakeHost {
  readonly made: CreateRollout[] = [];
  readonly told: RolloutOrder[] = [];
  readonly rollouts = new Map<string, HostRollout>();
  #keyOf = new Map<string, string>();

  override async createRollout(asked: CreateRollout): Promise<JobAnswer<HostRollout>> {
    this.made.push(asked);
    const why = this.refusals.shift();
    return why === undefined ? { kind: 'done', value: this.addRollout(asked) } : { kind: 'refused', why };
  }

  override async readRollout({ id, key }: JobRef): Promise<JobAnswer<HostRollout>> {
    const rollout = this.#keyOf.get(id) === key ? this.rollouts.get(id) : undefined;
    return rollout === undefined
      ? { kind: 'refused', why: { kind: 'no-such-rollout' } }
      : { kind: 'done', value: rollout };
  }

  override async orderRollout({ id }: JobRef, order: RolloutOrder): Promise<JobAnswer<HostRollout | null>> {
    this.told.push(order);
    const why = this.refusals.shift();
    const rollout = this.rollouts.get(id);
    if (why !== undefined || rollout === undefined) return { kind: 'refused', why: why ?? { kind: 'no-such-rollout' } };
    if (order.kind === 'forget') this.rollouts.delete(id);
    return { kind: 'done', value: order.kind === 'forget' ? null : this.becomes(id, AFTER[order.kind] ?? {}) };
  }

  protected override first({ rollouts = [] }: FollowJobs): readonly JobEvent[] {
    return rollouts.flatMap(({ id }): JobEvent[] => {
      const rollout = this.rollouts.get(id);
      if (rollout === undefined) return [{ kind: 'gone', ...this.next(), id }];
      const jobs = rollout.devices.flatMap(({ job }) => this.jobs.get(job) ?? []);
      return [
        ...jobs.map((job) => ({ kind: 'job' as const, ...this.next(), job })),
        {
          kind: 'rollout' as const,
          ...this.next(),
          rollout: { ...rollout, devices: rollout.devices.map(({ job }) => job) },
        },
      ];
    });
  }

  addRollout({ id, key, devices, firmware, options, goOnByItself, keepSecrets }: CreateRollout): HostRollout {
    const size = this.files.get(firmware.sha256)?.length ?? 8;
    const rollout: HostRollout = {
      ...{ id, options, standing: 'running', finishing: false, phase: 'looking', width: 4, stopped: null, asks: [] },
      firmware: { ...firmware, size, version: null, project: null },
      ...{ goesOnByItself: goOnByItself, keepsSecrets: keepSecrets, by: 'Chrome on Linux' },
      ...{ createdAt: NOW, startedAt: NOW, endedAt: null },
      devices: devices.map(({ job, device }) => ({ job, device })),
      lines: devices.map(({ job }) => [job, { kind: 'waiting' }] as const),
    };
    this.#keyOf.set(id, key);
    this.rollouts.set(id, rollout);
    return rollout;
  }

  /** Changes a rollout and tells the pages that follow it what has changed. */
  becomes(id: string, change: Partial<HostRollout>): HostRollout {
    const before = this.rollouts.get(id);
    if (before === undefined) throw new Error('no such rollout');
    const rollout = { ...before, ...change };
    this.rollouts.set(id, rollout);
    const known = new Map(before.lines);
    const lines = rollout.lines.filter(([job, line]) => known.get(job) !== line);
    const devices = change.devices === undefined ? null : change.devices.map(({ job }) => job);
    this.streams.at(-1)?.tell({ kind: 'rollout', ...this.next(), rollout: { ...rollout, devices, lines } });
    return rollout;
  }

  /** The line of the device at this place changes. */
  line(id: string, at: number, line: RolloutLine, change: Partial<HostRollout> = {}): HostRollout {
    const lines = (this.rollouts.get(id)?.lines ?? []).map((each, index) =>
      index === at ? ([each[0], line] as const) : each,
    );
    return this.becomes(id, { ...change, lines });
  }

  /** The job of the device at this place is there, and its turn has come. */
  begins(id: string, at: number): string {
    const rollout = this.rollouts.get(id);
    const member = rollout?.devices[at];
    if (rollout === undefined || member === undefined) throw new Error('no such device');
    const plan = { restart: true, overruled: [], takeOver: null, beginAgain: true };
    const { job, device } = member;
    this.add({
      ...{ id: job, key: 'of no use', device, plan, secrets: { token: null, login: null } },
      ...{ firmware: rollout.firmware, goOnByItself: false, keepSecrets: false },
    });
    this.line(id, at, { kind: 'running' }, { phase: 'rolling' });
    this.change(job, { standing: { kind: 'running' }, startedAt: NOW });
    return job;
  }
}

const AFTER: Readonly<Partial<Record<RolloutOrder['kind'], Partial<HostRollout>>>> = {
  pause: { standing: 'paused' },
  resume: { standing: 'running' },
  finish: { finishing: true },
  'go-on': { standing: 'running' },
  agree: { asks: [] },
};
