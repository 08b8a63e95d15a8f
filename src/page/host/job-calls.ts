/** What is said to the host about jobs (docs/host-jobs.md). Loaded when the first update runs there. */
import {
  array,
  boolean,
  looseObject,
  nullable,
  number,
  object,
  picklist,
  safeParse,
  string,
  tuple,
  type GenericSchema,
} from 'valibot';
import { ASSIGNMENT_STANDINGS, CONNECTIONS, type AgentView } from '../../model/agent/agent-view.ts';
import type { Clock } from '../../model/clock.ts';
import { JOB_KEY_HEADER } from '../../model/jobs/job-requests.ts';
import type { HostRollout } from '../../model/jobs/host-rollout.ts';
import type { JobEvent } from '../../model/jobs/job-events.ts';
import type { Upload } from '../../model/device/upload.ts';
import type { JobRefusal } from '../../model/jobs/job-refusals.ts';
import type { Job } from '../../model/jobs/job.ts';
import type { JobAnswer, JobCalls, JobRef, JobTrouble } from '../../model/page/job-calls.ts';
import type { HostFetch } from '../../model/page/page-ports.ts';
import { eventStream } from './event-stream.ts';

const progress = looseObject({ acknowledged: number(), total: number() });
const state = looseObject({ phase: string(), progress });

const device = looseObject({ name: string(), origin: string(), prefix: string(), tokenHeader: string() });
const firmware = {
  sha256: string(),
  size: number(),
  name: string(),
  version: nullable(string()),
  project: nullable(string()),
};

/**
 * What the page reads of a job. Not all of a state is checked: it is the engine's, and the page and its host are built
 * together.
 */
const job = looseObject({
  id: string(),
  device,
  firmware: object({ ...firmware }),
  standing: looseObject({
    kind: picklist(['waiting-for-token', 'queued', 'running', 'paused', 'offers-to-go-on', 'ended']),
  }),
  update: nullable(state),
  goesOnByItself: boolean(),
  createdAt: number(),
  startedAt: nullable(number()),
  endedAt: nullable(number()),
});
const jobAnswer = looseObject({ job });
const line = tuple([string(), looseObject({ kind: string() })]);
/** What the page reads of a rollout; an event of one has it, too. */
const rolloutFacts = {
  id: string(),
  firmware: object({ ...firmware }),
  options: looseObject({ firstWave: number() }),
  standing: picklist(['waiting-for-token', 'running', 'paused', 'offers-to-go-on', 'ended']),
  phase: string(),
  asks: array(string()),
  createdAt: number(),
  lines: array(line),
};
const rolloutAnswer = looseObject({
  rollout: looseObject({ ...rolloutFacts, devices: array(looseObject({ job: string(), device })) }),
});
const rolloutNews = looseObject({
  rollout: looseObject({ ...rolloutFacts, devices: nullable(array(string())) }),
});
/** An answer that another version gives in another shape counts as none. */
const agentAnswer = looseObject({
  ...{ server: string(), tenant: string(), connection: looseObject({ kind: picklist(CONNECTIONS) }) },
  ...{ pausedAt: nullable(number()), more: number() },
  targets: array(
    looseObject({
      ...{ controllerId: string(), name: string(), isSeen: nullable(boolean()), lastSeen: nullable(number()) },
      unsent: number(),
      assignment: nullable(
        looseObject({
          ...{ action: string(), standing: picklist(ASSIGNMENT_STANDINGS), progress: nullable(progress) },
          file: nullable(looseObject({ name: string(), size: number(), version: nullable(string()) })),
        }),
      ),
      told: nullable(looseObject({ at: number(), lines: array(string()) })),
    }),
  ),
});
const refusalAnswer = looseObject({ refusal: looseObject({ kind: string() }) });
const jobEvent = looseObject({ kind: picklist(['job', 'rollout', 'gone']), host: string(), sequence: number() });

/** Whether the host sent what `schema` looks at. */
function fits(schema: GenericSchema, sent: unknown): boolean {
  return safeParse(schema, sent).success;
}

function readEvent(text: string): JobEvent | null {
  const sent = parsed(text);
  if (!fits(jobEvent, sent)) return null;
  const event = sent as JobEvent;
  switch (event.kind) {
    case 'gone':
      return event;
    case 'job':
      return fits(jobAnswer, sent) ? event : null;
    case 'rollout':
      return fits(rolloutNews, sent) ? event : null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Nothing that the host sends.
    return null;
  }
}

const NO_ANSWER: { readonly kind: 'refused'; readonly why: JobTrouble } = {
  kind: 'refused',
  why: { kind: 'no-answer' },
};

/** `upload` goes to the page's own host, as `ask` does, and tells how far it is: `fetch` does not. */
export function jobCalls(ask: HostFetch, clock: Clock, upload: Upload): JobCalls {
  /** The host's answer with its body; null where none came. */
  async function asked(
    url: string,
    init: RequestInit,
  ): Promise<{ readonly status: number; readonly said: unknown } | null> {
    try {
      const answer = await ask(url, { cache: 'no-store', ...init });
      return { status: answer.status, said: answer.status === 204 ? null : parsed(await answer.text()) };
    } catch {
      // The host is gone, or whoever asked has: then the signal says so.
      init.signal?.throwIfAborted();
      return null;
    }
  }
  function refusal(said: unknown): { readonly kind: 'refused'; readonly why: JobTrouble } {
    if (!fits(refusalAnswer, said)) return NO_ANSWER;
    return { kind: 'refused', why: (said as { readonly refusal: JobRefusal }).refusal };
  }
  async function askedForJob(url: string, init: RequestInit): Promise<JobAnswer<Job>> {
    const answer = await asked(url, init);
    if (!fits(jobAnswer, answer?.said)) return refusal(answer?.said);
    return { kind: 'done', value: (answer?.said as { readonly job: Job }).job };
  }
  async function askedForRollout(url: string, init: RequestInit): Promise<JobAnswer<HostRollout>> {
    const answer = await asked(url, init);
    if (!fits(rolloutAnswer, answer?.said)) return refusal(answer?.said);
    return { kind: 'done', value: (answer?.said as { readonly rollout: HostRollout }).rollout };
  }
  async function askedForAgent(init: RequestInit): Promise<JobAnswer<AgentView>> {
    const answer = await asked('/agent', init);
    if (!fits(agentAnswer, answer?.said)) return refusal(answer?.said);
    return { kind: 'done', value: answer?.said as AgentView };
  }
  return {
    agent: (signal) => askedForAgent({ signal }),
    orderAgent: (order) => askedForAgent(json(order)),
    async handOver({ sha256, bytes, onSent }, signal) {
      const url = `/jobs/firmware/${sha256}`;
      const there = await asked(url, { signal });
      if (there?.status === 200) return { kind: 'done', value: null };
      onSent(0);
      const contentType = 'application/octet-stream';
      const answer = await upload({ method: 'PUT', url, contentType, parts: [bytes], signal, onSent }).catch(
        () => null,
      );
      signal.throwIfAborted();
      const isTaken = answer?.status === 200 || answer?.status === 201;
      return isTaken ? { kind: 'done', value: null } : refusal(answer === null ? null : parsed(answer.text));
    },
    create: (body, signal) => askedForJob('/jobs', { ...json(body), signal }),
    read: (ref) => askedForJob(`/jobs/${ref.id}`, { headers: keyOf(ref) }),
    async order(ref, order) {
      const url = `/jobs/${ref.id}`;
      if (order.kind !== 'forget') return askedForJob(url, json(order, keyOf(ref)));
      const answer = await asked(url, json(order, keyOf(ref)));
      return answer?.status === 204 ? { kind: 'done', value: null } : refusal(answer?.said);
    },
    createRollout: (body, signal) => askedForRollout('/rollouts', { ...json(body), signal }),
    readRollout: (ref) => askedForRollout(`/rollouts/${ref.id}`, { headers: keyOf(ref) }),
    async orderRollout(ref, order) {
      const url = `/rollouts/${ref.id}`;
      if (order.kind !== 'forget') return askedForRollout(url, json(order, keyOf(ref)));
      const answer = await asked(url, json(order, keyOf(ref)));
      return answer?.status === 204 ? { kind: 'done', value: null } : refusal(answer?.said);
    },
    async *events(body, signal) {
      const init = { cache: 'no-store', ...json(body), signal } as const;
      // A host that is out of reach is asked again by whoever follows.
      const answer = await ask('/jobs/events', init).catch(() => null);
      if (answer?.ok !== true || answer.body === null) return;
      yield { kind: 'open' };
      for await (const text of eventStream(answer.body, clock)) {
        const event = readEvent(text);
        if (event !== null) yield event;
      }
    },
  };
}

function json(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

function keyOf({ key }: JobRef): Readonly<Record<string, string>> {
  return { [JOB_KEY_HEADER]: key };
}
