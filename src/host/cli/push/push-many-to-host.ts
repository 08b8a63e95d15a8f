/** `moult push --devices LIST --host URL`: hands the rollout to a host that runs already, and follows it. */
import { inspect } from '../../../firmware/inspect.ts';
import type { RolloutNews } from '../../../model/jobs/host-rollout.ts';
import type { CreateRollout, RolloutOrder } from '../../../model/jobs/rollout-requests.ts';
import type { RolloutLine } from '../../../model/rollout/rollout-state.ts';
import { HOST_GONE } from '../../../words/host/jobs.ts';
import { ask, events, handOver, HostError, newId, newRef } from './host-client.ts';
import { partsOf } from './push.ts';
import type { PushedMany, PushManyOptions } from './push-many.ts';
import { TRIES } from './push-to-host.ts';

export interface HostPushManyOptions extends Omit<PushManyOptions, 'jobs' | 'controls'> {
  /** "http://localhost:6685" */
  readonly host: string;
  /** Told once the host has it. */
  readonly onHandedOver: () => void;
}

/**
 * Hands firmware and devices over, and follows the rollout to its end. `cancelled` cancels it there; when this process
 * ends, it goes on. Throws `HostError`.
 */
export async function pushManyToHost(options: HostPushManyOptions): Promise<PushedMany> {
  const { bytes, cancelled, devices, host, warnings, onHandedOver } = options;
  warnings.tellOfFile(
    await inspect(bytes),
    devices.map(({ target }) => target),
  );
  const sha256 = await handOver(host, bytes);
  const rollout = rolloutOf(options, sha256);
  await ask(host, '/rollouts', { method: 'POST', body: JSON.stringify(rollout) });
  onHandedOver();
  const cancel = (): void => {
    const body = JSON.stringify({ kind: 'cancel' } satisfies RolloutOrder);
    // Where it has ended meanwhile there is nothing to cancel, and the stream says how it ended.
    ask(host, `/rollouts/${rollout.id}`, { method: 'POST', body, key: rollout.key }).catch(() => undefined);
  };
  if (cancelled.aborted) cancel();
  cancelled.addEventListener('abort', cancel, { once: true });
  try {
    const ids = new Map(rollout.devices.map(({ job }, at) => [job, devices[at]?.id ?? job]));
    return await follow(options, rollout, ids, sha256);
  } finally {
    cancelled.removeEventListener('abort', cancel);
  }
}

async function follow(
  { host, warnings, onState, devices }: HostPushManyOptions,
  { id, key }: CreateRollout,
  ids: ReadonlyMap<string, string>,
  sha256: string,
): Promise<PushedMany> {
  const lines = new Map<string, RolloutLine>(devices.map((device) => [device.id, { kind: 'waiting' }]));
  const told = ({ lines: changed, phase, width, stopped }: RolloutNews): PushedMany['state'] => {
    for (const [job, line] of changed) lines.set(ids.get(job) ?? job, line);
    return { phase, width, stopped, lines: new Map(lines) };
  };
  for (let tries = TRIES; tries > 0; tries--) {
    for await (const event of events(host, { jobs: [], rollouts: [{ id, key, after: null }] })) {
      tries = TRIES;
      if (event.kind === 'job') {
        if (event.job.update !== null) warnings.tellOfState(event.job.update, event.job.device.name);
        continue;
      }
      const state = told(event.rollout);
      onState(state);
      const { standing, firmware } = event.rollout;
      if (standing === 'ended') return { state, sha256, version: firmware.version };
      // It was started anew, and waits for somebody to say so.
      if (standing === 'waiting-for-token' || standing === 'offers-to-go-on') throw new HostError(HOST_GONE);
    }
  }
  throw new HostError(HOST_GONE);
}

function rolloutOf(options: HostPushManyOptions, sha256: string): CreateRollout {
  const { devices, fileName, restart, patienceMs, firstWave, width, stopAt } = options;
  return {
    ...newRef(),
    firmware: { sha256, name: fileName },
    devices: devices.map(({ target, ...device }) => ({
      job: newId(),
      ...partsOf(target, { ...device, patienceMs: patienceMs ?? device.patienceMs }),
    })),
    options: { firstWave, width, stopAt },
    restart,
    // Whoever pushes from a terminal is told, and not asked: nobody may be there.
    withoutMicroPython: true,
    unattended: true,
    goOnByItself: false,
    keepSecrets: false,
  };
}
