import type { CreateJob } from '../../model/jobs/job-requests.ts';
import type { Job } from '../../model/jobs/job.ts';
import type { JobCalls, JobKeys, JobRef, JobTrouble, KeptJob } from '../../model/page/job-calls.ts';
import type { DevicesState } from '../device/devices.ts';
import type { HostStartPlan } from '../update/host-runs.ts';
import type { RunChoiceState } from './run-choice.ts';

export interface MakeJobParts {
  readonly calls: JobCalls;
  readonly keys: JobKeys;
  readonly choice: RunChoiceState;
  readonly devices: DevicesState;
  /** An id of 32 hex digits, and a key of 22 characters of base64url, both random. */
  readonly newRef: () => JobRef;
}

/** `lost`: it was asked for, and no answer came. */
export type MadeJob =
  | { readonly kind: 'made'; readonly kept: KeptJob; readonly job: Job }
  | { readonly kind: 'lost'; readonly kept: KeptJob }
  | { readonly kind: 'refused'; readonly why: JobTrouble };

/** How often a job is asked for whose answer is lost: it is the same one each time, and starts once. */
const TRIES = 3;

/** Hands the file over, and makes a job of it. Rejects where the person cancels meanwhile. */
export async function makeJob(asked: HostStartPlan, parts: MakeJobParts): Promise<MadeJob> {
  const { device, firmware, controls, onSent } = asked;
  const { calls, keys, newRef } = parts;
  const signal = controls.cancelled;
  const { sha256, bytes } = firmware;
  const handed = await calls.handOver({ sha256, bytes, onSent }, signal);
  if (handed.kind === 'refused') return handed;
  const kept = { ...newRef(), toldAt: null };
  const create = await createOf(kept, asked, parts);
  // Before it is made: a page that is closed in this moment finds it again.
  await keys.write(device.id, kept);
  try {
    for (let tries = 1; ; tries += 1) {
      const answer = await calls.create(create, signal);
      if (answer.kind === 'done') return { kind: 'made', kept, job: answer.value };
      if (answer.why.kind !== 'no-answer') return answer;
      if (tries === TRIES) return { kind: 'lost', kept };
    }
  } catch (error) {
    // The host may have it by now.
    if (signal.aborted) void calls.order(kept, { kind: 'cancel' });
    throw error;
  }
}

async function createOf(
  { id, key }: JobRef,
  { device, firmware, plan }: HostStartPlan,
  { choice, devices }: MakeJobParts,
): Promise<CreateJob> {
  const { goesOnByItself } = choice.$choice.get();
  const { name, origin, prefix, protocol, dialect, tokenHeader, chipId, patienceMs } = device;
  return {
    ...{ id, key, plan },
    device: {
      ...{ name, origin, prefix, protocol, dialect, tokenHeader, chipId },
      ...(patienceMs === undefined ? {} : { patienceMs }),
    },
    secrets: await devices.secrets(device),
    firmware: { sha256: firmware.sha256, name: firmware.label ?? firmware.name },
    goOnByItself: goesOnByItself,
    keepSecrets: goesOnByItself,
  };
}
