/** What the command line says to a Moult host that runs already, as that host's own page would. */
import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { JobEvent } from '../../../model/jobs/job-events.ts';
import { JOB_KEY_HEADER, type FollowJobs } from '../../../model/jobs/job-requests.ts';
import { HOST_GONE, HOST_REFUSES } from '../../../words/host/jobs.ts';

/** The host does not do it, or is not there; the message is for people. */
export class HostError extends Error {
  override readonly name = 'HostError';
}

const ID_BYTES = 16;
/** The host gives a sign of life every 15 s. */
const SILENCE_MS = 45_000;

const REFUSED = v.object({ detail: v.string() });
/** Checked no further than is needed to follow: the host is this same program. */
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const EVENT = v.custom<JobEvent>(
  (event) =>
    typeof event === 'object' &&
    event !== null &&
    (('job' in event && isObject(event.job)) || ('rollout' in event && isObject(event.rollout)) || 'id' in event),
);

export interface NewRef {
  readonly id: string;
  readonly key: string;
}

export function newId(): string {
  return randomBytes(ID_BYTES).toString('hex');
}

export function newRef(): NewRef {
  return { id: newId(), key: randomBytes(ID_BYTES).toString('base64url') };
}

/** Hands the file over, and answers its hash. Throws `HostError`. */
export async function handOver(host: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await ask(host, `/jobs/firmware/${sha256}`, { method: 'PUT', body: bytes, type: 'application/octet-stream' });
  return sha256;
}

/**
 * The host's events, until the stream ends for whatever reason. Throws `HostError` where it has no such job or rollout
 * any more.
 */
export async function* events(host: string, asked: FollowJobs): AsyncGenerator<Exclude<JobEvent, { kind: 'gone' }>> {
  let text = '';
  try {
    const silent = new AbortController();
    const body = JSON.stringify(asked);
    const answer = await ask(host, '/jobs/events', { method: 'POST', body, signal: silent.signal });
    const decoder = new TextDecoder();
    let timer = setTimeout(() => silent.abort(), SILENCE_MS);
    try {
      for await (const part of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), SILENCE_MS);
        text += decoder.decode(part, { stream: true });
        const whole = text.split('\n\n');
        text = whole.pop() ?? '';
        for (const event of whole) {
          const data = /^data: (.*)$/m.exec(event)?.[1];
          if (data === undefined) continue;
          const read = v.parse(EVENT, JSON.parse(data));
          if (read.kind === 'gone') throw new HostError(HOST_GONE);
          yield read;
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

interface Asked {
  readonly method: 'PUT' | 'POST';
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** As the host's own page asks. Throws `HostError` with the host's words where it says no, or where none answers. */
export async function ask(host: string, path: string, asked: Asked): Promise<Response> {
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
