/** Has the host's rollout go on, or begin again, with the secrets of its devices that are kept here. */
import type { RolloutOrder } from '../../model/jobs/rollout-requests.ts';
import type { NotStarted } from '../../model/rollout/rollout-view.ts';
import { rolloutNotDoneText, rolloutTokensMissingText } from '../../words/update/host-jobs.ts';
import type { DevicesState } from '../device/devices.ts';
import type { FirmwareState } from '../firmware/firmware.ts';
import type { JobsState } from '../jobs/jobs.ts';
import type { OwnRollout } from './own-rollout.ts';

/** By job. */
type Secrets = Extract<RolloutOrder, { kind: 'go-on' }>['secrets'];

export interface OrderWithSecretsParts {
  readonly calls: Pick<JobsState['calls'], 'orderRollout' | 'handOver'>;
  readonly devices: DevicesState;
  readonly firmware: Pick<FirmwareState, 'fromLibrary'>;
  /** Says what the host refused. */
  readonly say: (text: string) => void;
}

/** Hands the file over once more where the host has it no longer. */
export async function orderWithSecrets(
  own: OwnRollout,
  orderOf: (secrets: Secrets) => RolloutOrder,
  { calls, devices, firmware, say }: OrderWithSecretsParts,
): Promise<NotStarted | null> {
  const order = orderOf(await secretsOf(own, devices));
  const { sha256 } = own.rollout.firmware;
  for (let hasHandedOver = false; ; hasHandedOver = true) {
    const answer = await calls.orderRollout(own.ref, order);
    if (answer.kind === 'done') {
      if (answer.value !== null) own.hearWhole(answer.value);
      return null;
    }
    const { why } = answer;
    if (why.kind === 'no-such-firmware' && !hasHandedOver) {
      const file = await firmware.fromLibrary(sha256);
      if (file === null) return 'file-gone';
      const handed = { sha256, bytes: file.bytes, onSent: () => undefined };
      await calls.handOver(handed, new AbortController().signal);
      continue;
    }
    const isWithout = why.kind === 'rollout-not-now' && why.standing === 'waiting-for-token';
    say(isWithout ? rolloutTokensMissingText() : rolloutNotDoneText(why));
    return null;
  }
}

/** What is kept here; of the others the host may have it. */
async function secretsOf({ ids }: OwnRollout, devices: DevicesState): Promise<Secrets> {
  const brought = [];
  for (const [job, id] of ids) {
    const device = devices.find(id);
    if (device === undefined) continue;
    // One "no" is for all of them.
    if (devices.isEncrypted(id) && !(await devices.unlocked(id))) break;
    const secrets = await devices.secrets(device);
    if (secrets.token !== null || secrets.login !== null) brought.push({ job, secrets });
  }
  return brought;
}
