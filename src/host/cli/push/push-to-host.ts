/** `moult push --host URL`: hands the update to a host that runs already, and follows it. */
import { shownName } from '../../../model/device/plain-names.ts';
import type { CreateJob } from '../../../model/jobs/job-requests.ts';
import type { Outcome, UpdateState } from '../../../model/update/update-state.ts';
import { describeElsewhere as describe } from '../../../words/update/describe-elsewhere.ts';
import type { Words } from '../../../words/update/told.ts';
import { HOST_GONE } from '../../../words/host/jobs.ts';
import { inspect } from '../../../firmware/inspect.ts';
import { ask, events, handOver, HostError, newRef } from './host-client.ts';
import { partsOf, planOf, type PushOptions, type Pushed } from './push.ts';

export interface HostPushOptions extends Pick<
  PushOptions,
  | 'bytes'
  | 'fileName'
  | 'name'
  | 'target'
  | 'restart'
  | 'patienceMs'
  | 'overruled'
  | 'controls'
  | 'warnings'
  | 'onState'
> {
  /** "http://localhost:6685" */
  readonly host: string;
}

/** A stream that breaks off is opened again so often, before the host counts as gone. */
export const TRIES = 5;

/**
 * Hands firmware and job over, and follows it to its end. A cancel of the controls cancels the job; when this process
 * ends, the job goes on. Throws `HostError`.
 */
export async function pushToHost(options: HostPushOptions): Promise<Pushed> {
  const { bytes, host, target, controls, warnings } = options;
  warnings?.tellOfFile(await inspect(bytes), [target]);
  const sha256 = await handOver(host, bytes);
  const job = jobOf(options, sha256);
  await ask(host, '/jobs', { method: 'POST', body: JSON.stringify(job) });
  const cancel = (): void => {
    const body = JSON.stringify({ kind: 'cancel' });
    // Where it has ended meanwhile there is nothing to cancel, and the stream says how it ended.
    ask(host, `/jobs/${job.id}`, { method: 'POST', body, key: job.key }).catch(() => undefined);
  };
  controls.cancelled.addEventListener('abort', cancel, { once: true });
  try {
    return await follow(options, job, sha256);
  } finally {
    controls.cancelled.removeEventListener('abort', cancel);
  }
}

async function follow(
  { host, name, warnings, onState }: HostPushOptions,
  { id, key }: CreateJob,
  sha256: string,
): Promise<Pushed> {
  const tell = (state: UpdateState, version: string | null): Words => {
    const words = describe(state, { device: name, version });
    warnings?.tellOfState(state, name);
    onState(state, words);
    return words;
  };
  for (let tries = TRIES; tries > 0; tries--) {
    for await (const event of events(host, { jobs: [{ id, key, after: null }] })) {
      if (event.kind !== 'job') continue;
      const { update, standing, firmware } = event.job;
      tries = TRIES;
      const { version } = firmware;
      if (standing.kind === 'ended') {
        const outcome: Outcome = standing.outcome;
        return { outcome, words: tell(outcome, version), sha256, version };
      }
      if (update !== null) tell(update, version);
    }
  }
  throw new HostError(HOST_GONE);
}

function jobOf({ name, target, restart, patienceMs, overruled, fileName }: HostPushOptions, sha256: string): CreateJob {
  return {
    ...newRef(),
    ...partsOf(target, { name, chipId: null, patienceMs }),
    ...{
      firmware: { sha256, name: shownName(fileName) },
      plan: planOf(restart, overruled),
      goOnByItself: false,
      keepSecrets: false,
    },
  };
}
