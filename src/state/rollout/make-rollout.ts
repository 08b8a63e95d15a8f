import type { Clock } from '../../model/clock.ts';
import type { HostRollout } from '../../model/jobs/host-rollout.ts';
import type { CreateRollout, NewRolloutMember } from '../../model/jobs/rollout-requests.ts';
import type { JobCalls, JobKeys, JobRef, JobTrouble, KeptJob } from '../../model/page/job-calls.ts';
import type { RolloutOptions } from '../../model/rollout/rollout-record.ts';
import type { DevicesState } from '../device/devices.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { LazyJobs } from '../jobs/lazy-jobs.ts';
import { sentFirmware } from '../update/sent-firmware.ts';
import { ROLLOUT_KEY } from './rollout-key.ts';

export interface MakeRolloutParts {
  readonly calls: JobCalls;
  readonly keys: JobKeys;
  readonly jobs: Pick<LazyJobs, 'choice'>;
  readonly devices: DevicesState;
  readonly clock: Pick<Clock, 'date'>;
  readonly newId: () => string;
  readonly newRef: () => JobRef;
}

export interface AskedRollout {
  readonly firmware: Firmware;
  readonly ids: readonly string[];
  readonly options: RolloutOptions;
  /** Told how many bytes of the file are on their way to the host; nothing where it has the file. */
  readonly onSent: (bytes: number) => void;
}

/** `lost`: it was asked for, and no answer came; `rollout` is as it would be then. `members`: the device of each job. */
export type MadeRollout =
  | {
      readonly kind: 'made' | 'lost';
      readonly kept: KeptJob;
      readonly rollout: HostRollout;
      readonly members: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'refused'; readonly why: JobTrouble };

/** As `makeJob` has it. */
const TRIES = 3;

/** Hands the file over, and makes a rollout of it. */
export async function makeRollout(asked: AskedRollout, parts: MakeRolloutParts): Promise<MadeRollout> {
  const { firmware, ids, onSent } = asked;
  const { sha256, bytes } = firmware;
  const { calls, keys, newId, newRef } = parts;
  // Nothing cancels it: it is a file of a few megabytes on a home network.
  const { signal } = new AbortController();
  const handed = await calls.handOver({ sha256, bytes, onSent }, signal);
  if (handed.kind === 'refused') return handed;
  const members = new Map(ids.map((id) => [newId(), id]));
  const kept = { ...newRef(), toldAt: null };
  const create = await createOf(kept, asked, members, parts);
  // Before it is made: a page that is closed in this moment finds it again.
  await keys.write(ROLLOUT_KEY, kept);
  for (let tries = 1; ; tries += 1) {
    const answer = await calls.createRollout(create, signal);
    if (answer.kind === 'done') return { kind: 'made', kept, members, rollout: answer.value };
    if (answer.why.kind !== 'no-answer') return answer;
    if (tries === TRIES) return { kind: 'lost', kept, members, rollout: expected(create, asked, parts) };
  }
}

async function createOf(
  { id, key }: JobRef,
  { firmware, options }: AskedRollout,
  members: ReadonlyMap<string, string>,
  { jobs, devices }: MakeRolloutParts,
): Promise<CreateRollout> {
  const { goesOnByItself } = jobs.choice.$choice.get();
  const asked: NewRolloutMember[] = [];
  // One "no" is for all of them: two hundred devices are not two hundred questions.
  let isLeftLocked = false;
  for (const [job, deviceId] of members) {
    const device = devices.find(deviceId);
    if (device === undefined) continue;
    const { name, origin, prefix, protocol, dialect, tokenHeader, chipId, patienceMs } = device;
    const isLocked: boolean = devices.isEncrypted(deviceId) && (isLeftLocked || !(await devices.unlocked(deviceId)));
    isLeftLocked ||= isLocked;
    asked.push({
      job,
      device: {
        ...{ name, origin, prefix, protocol, dialect, tokenHeader, chipId },
        ...(patienceMs === undefined ? {} : { patienceMs }),
      },
      secrets: isLocked ? null : await devices.secrets(device),
    });
  }
  return {
    ...{ id, key, devices: asked, options, restart: true },
    firmware: { sha256: firmware.sha256, name: firmware.label ?? firmware.name },
    // It was asked before.
    withoutMicroPython: true,
    unattended: false,
    goOnByItself: goesOnByItself,
    keepSecrets: goesOnByItself,
  };
}

function expected(
  { id, devices, goOnByItself, keepSecrets }: CreateRollout,
  { firmware, options }: AskedRollout,
  { clock }: MakeRolloutParts,
): HostRollout {
  const { sha256, name, size, version, project } = sentFirmware(firmware);
  return {
    ...{ id, options, standing: 'running', finishing: false, phase: 'looking', width: 0, stopped: null, asks: [] },
    firmware: { sha256, name, size, version, project },
    ...{ goesOnByItself: goOnByItself, keepsSecrets: keepSecrets, by: '' },
    ...{ createdAt: clock.date(), startedAt: null, endedAt: null },
    devices: devices.map(({ job, device }) => ({ job, device })),
    lines: devices.map(({ job }) => [job, { kind: 'waiting' }] as const),
  };
}
