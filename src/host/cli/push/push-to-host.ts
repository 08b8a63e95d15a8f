/** `moult push --host URL`: hands the update to a host that runs already, and follows it. */
import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { shownName } from '../../../model/device/plain-names.ts';
import { JOB_KEY_HEADER, type CreateJob } from '../../../model/jobs/job-requests.ts';
import type { Job } from '../../../model/jobs/job.ts';
import type { Outcome, UpdateState } from '../../../model/update/update-state.ts';
import { describe } from '../../../words/update/describe.ts';
import type { Words } from '../../../words/update/told.ts';
import { HOST_GONE, HOST_REFUSES } from '../../../words/host/jobs.ts';
import { inspect } from '../../../firmware/inspect.ts';
import { partsOf, planOf, type PushOptions, type Pushed } from './push.ts';

/** The host does not do it, or is not there; the message is for people. */
export class HostError extends Error {
  override readonly name = 'HostError';
}

export interface HostPushOptions extends Pick<
  PushOptions,
  'bytes' | 'fileName' | 'name' | 'target' | 'restart' | 'patienceMs' | 'controls' | 'warnings' | 'onState'
> {
  /** "http://localhost:6685" */
  readonly host: string;
}

const ID_BYTES = 16;
/** The host gives a sign of life every 15 s. */
const SILENCE_MS = 45_000;
/** A stream that breaks off is opened again so often, before the host counts as gone. */
const TRIES = 5;

const REFUSED = v.object({ detail: v.string() });
/** Looked at no further than is needed to follow: the host is of this program. */
const EVENT = v.variant('kind', [
  v.object({
    kind: v.literal('job'),
    job: v.custom<Job>((job) => typeof job === 'object' && job !== null && 'standing' in job && 'firmware' in job),
  }),
  v.object({ kind: v.literal('gone') }),
]);

/**
 * Hands firmware and job over, and follows it to its end. A cancel of the controls cancels the job; when this process
 * ends, the job goes on. Throws `HostError`.
 */
export async function pushToHost(options: HostPushOptions): Promise<Pushed> {
  const { bytes, host, controls, warnings } = options;
  warnings?.ofFile(await inspect(bytes));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await ask(host, `/jobs/firmware/${sha256}`, { method: 'PUT', body: bytes, type: 'application/octet-stream' });
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
  job: CreateJob,
  sha256: string,
): Promise<Pushed> {
  const tell = (state: UpdateState, version: string | null): Words => {
    const words = describe(state, { device: name, version });
    warnings?.ofState(state, name);
    onState(state, words);
    return words;
  };
  for (let tries = TRIES; tries > 0; tries--) {
    for await (const { update, standing, firmware } of states(host, job)) {
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

/** The job at each change, until the stream ends for whatever reason. Throws `HostError` where the job is gone. */
async function* states(host: string, { id, key }: CreateJob): AsyncGenerator<Job, void, void> {
  const body = JSON.stringify({ jobs: [{ id, key, after: null }] });
  let text = '';
  try {
    const silent = new AbortController();
    const answer = await ask(host, '/jobs/events', { method: 'POST', body, signal: silent.signal });
    const decoder = new TextDecoder();
    let timer = setTimeout(() => silent.abort(), SILENCE_MS);
    try {
      for await (const part of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), SILENCE_MS);
        text += decoder.decode(part, { stream: true });
        const events = text.split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) {
          const data = /^data: (.*)$/m.exec(event)?.[1];
          if (data === undefined) continue;
          const read = v.parse(EVENT, JSON.parse(data));
          if (read.kind === 'gone') throw new HostError(HOST_GONE);
          yield read.job;
        }
      }
    } finally {
      clearTimeout(timer);
    }
  } catch (error) {
    if (error instanceof HostError) throw error;
    // It broke off; whoever follows opens it again.
  }
}

function jobOf({ name, target, restart, patienceMs, fileName }: HostPushOptions, sha256: string): CreateJob {
  return {
    id: randomBytes(ID_BYTES).toString('hex'),
    key: randomBytes(ID_BYTES).toString('base64url'),
    ...partsOf(target, { name, chipId: null, patienceMs }),
    ...{ firmware: { sha256, name: shownName(fileName) }, plan: planOf(restart), goOnByItself: false, keepSecrets: false },
  };
}

interface Asked {
  readonly method: 'PUT' | 'POST';
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** As the host's own page asks. Throws `HostError` with the host's words where it says no, or where none answers. */
async function ask(host: string, path: string, asked: Asked): Promise<Response> {
  const { method, body, type = 'application/json', key, signal = null } = asked;
  const headers = { Origin: host, 'Content-Type': type, ...(key === undefined ? {} : { [JOB_KEY_HEADER]: key }) };
  let answer: Response;
  try {
    answer = await fetch(`${host}${path}`, { method, body, headers, redirect: 'error', signal });
  } catch (cause) {
    throw new HostError(HOST_GONE, { cause });
  }
  if (answer.ok) return answer;
  const said = v.safeParse(REFUSED, await answer.json().catch(() => null));
  throw new HostError(said.success ? said.output.detail : HOST_REFUSES);
}
