/** For the tests of the host's rollouts: rollouts as a page makes and follows them. */
import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HostRollout } from '../../../src/model/jobs/host-rollout.ts';
import type { CreateJob } from '../../../src/model/jobs/job-requests.ts';
import type { Job } from '../../../src/model/jobs/job.ts';
import { keyInHash, memberKeyText } from '../../../src/model/jobs/member-key.ts';
import type { CreateRollout, RolloutOrder } from '../../../src/model/jobs/rollout-requests.ts';
import type { RolloutLine } from '../../../src/model/rollout/rollout-state.ts';
import { hostOf, useClosing, type Closing } from '../closing.ts';
import type { Answer, TestHost } from '../test-host.ts';
import { hashOf, JobPage, TOKEN, type ServedSimulated } from '../jobs/job-host.ts';

type Ref = Pick<CreateRollout, 'id' | 'key'>;

/** A rollout as a page makes one; the devices are called "Bench 0", "Bench 1" and so on. */
export function rolloutFor(
  boards: readonly Pick<ServedSimulated, 'origin'>[],
  bytes: Uint8Array,
  more: Partial<CreateRollout> = {},
): CreateRollout {
  return {
    id: randomBytes(16).toString('hex'),
    key: randomBytes(16).toString('base64url'),
    firmware: { sha256: hashOf(bytes), name: 'bench.bin' },
    devices: boards.map(({ origin }, at) => ({
      job: randomBytes(16).toString('hex'),
      device: {
        ...{ name: `Bench ${at}`, origin, prefix: '/ota', protocol: 'automatic', dialect: null },
        ...{ tokenHeader: 'X-OTA-Token', chipId: null },
      },
      secrets: { token: TOKEN, login: null },
    })),
    options: { firstWave: 0, width: null, stopAt: { failures: null, share: null } },
    ...{ restart: true, withoutMicroPython: true, unattended: false, goOnByItself: false, keepSecrets: false },
    ...more,
  };
}

/** The id and key of the job of the device at this place. */
export function memberOf({ key, devices }: CreateRollout, at: number): Pick<CreateJob, 'id' | 'key'> {
  const id = devices[at]?.job ?? '';
  return { id, key: keyInHash(createHash('sha256').update(memberKeyText(key, id)).digest('hex')) };
}

export class RolloutPage extends JobPage {
  /** Hands the firmware over and makes the rollout; throws where the host says no. */
  async begin(bytes: Uint8Array, rollout: CreateRollout): Promise<HostRollout> {
    const put = await this.put(bytes);
    if (put.status > 201) throw new Error(put.text);
    const made = await this.post('/rollouts', rollout);
    if (made.status > 201) throw new Error(made.text);
    return rolloutIn(made);
  }

  tell({ id, key }: Ref, order: RolloutOrder): Promise<Answer> {
    return this.post(`/rollouts/${id}`, order, key);
  }

  async rollout({ id, key }: Ref): Promise<HostRollout> {
    return rolloutIn(await this.ask(`/rollouts/${id}`, { headers: { 'moult-job-key': key } }));
  }

  /** Follows a rollout and its jobs from how they are, putting together what is told, until `isIt` says so. */
  async untilRollout(
    ref: Ref,
    isIt: (rollout: HostRollout, jobs: ReadonlyMap<string, Job>) => boolean,
  ): Promise<HostRollout> {
    let whole = await this.rollout(ref);
    const jobs = new Map<string, Job>();
    const stream = await this.followAll({ jobs: [], rollouts: [{ id: ref.id, key: ref.key, after: null }] });
    try {
      for (;;) {
        const { event } = await stream.next();
        if (event.kind === 'job') jobs.set(event.job.id, event.job);
        if (event.kind === 'rollout') {
          const { devices, lines, ...facts } = event.rollout;
          const all = new Map(devices === null ? whole.lines : []);
          for (const [job, line] of lines) all.set(job, line);
          const members = devices === null ? whole.devices : whole.devices.filter(({ job }) => devices.includes(job));
          whole = { ...facts, devices: members, lines: [...all] };
        }
        if (isIt(whole, jobs)) return whole;
      }
    } finally {
      stream.close();
    }
  }
}

/** A host and its page for each test of this suite; what is pushed to `closing` is called after it. */
export function useRolloutHost(): { readonly closing: Closing; readonly host: TestHost; readonly page: RolloutPage } {
  const closing = useClosing();
  let opened: { readonly host: TestHost; readonly page: RolloutPage } | null = null;
  beforeEach(async () => {
    const host = await hostOf(closing);
    opened = { host, page: new RolloutPage(host.port) };
  });
  const now = () => {
    if (opened === null) throw new Error('no host yet');
    return opened;
  };
  return {
    closing,
    get host() {
      return now().host;
    },
    get page() {
      return now().page;
    },
  };
}

export function rolloutIn(answer: Answer): HostRollout {
  return (JSON.parse(answer.text) as { rollout: HostRollout }).rollout;
}

export function isOver({ standing }: HostRollout): boolean {
  return standing === 'ended';
}

/** "updated", "skipped", "waiting", …, in the plan's order. */
export function linesOf({ lines, devices }: HostRollout): readonly string[] {
  const byJob = new Map(lines);
  return devices.map(({ job }) => lineText(byJob.get(job) ?? { kind: 'waiting' }));
}

function lineText(line: RolloutLine): string {
  return line.kind === 'ended' ? line.outcome : line.kind;
}

/** Why the file was not sent to the device at this place, where it was skipped for what the file is. */
export function findingOf({ lines, devices }: HostRollout, at: number): unknown {
  const line = new Map(lines).get(devices[at]?.job ?? '');
  if (line?.kind !== 'skipped' || line.why.because !== 'image') throw new Error(JSON.stringify(line));
  return line.why.finding;
}

/** How many updates a device was asked to begin. */
export function beginsOf({ device }: ServedSimulated): number {
  return device.requests.filter(({ path }) => path.endsWith('/begin')).length;
}

/** Waits for what no stream tells of. */
export async function untilSo(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextTurn();
}
