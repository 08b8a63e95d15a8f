/** One target's connection to its rollout server: Eclipse hawkBit's device API (DDI), over `fetch`. */
import type { Clock } from '../../../model/clock.ts';
import type { ServerTrouble } from '../../../model/agent/agent-notice.ts';
import type { Deployment, Polled } from '../../../model/agent/deployment.ts';
import type { AgentFeedback } from '../../../model/agent/feedback.ts';
import type { FeedbackAnswer } from '../../../agent/note.ts';
import { bodyOf } from './feedback-body.ts';
import { type BaseAnswer, readBase, readCancel, readDeployment } from './ddi-shapes.ts';

/** The part of `fetch` that is needed. */
export type ServerFetch = (url: string, init: RequestInit) => Promise<Response>;

/** `target`: one target's own. `gateway`: one that speaks for all targets of the tenant. */
export interface ServerToken {
  readonly kind: 'target' | 'gateway';
  readonly token: string;
}

export interface DdiServer {
  /** "https://hawkbit.example": with a path where it is below one, without a slash at the end. */
  readonly server: string;
  readonly tenant: string;
}

export interface Failed {
  readonly kind: 'failed';
  readonly trouble: ServerTrouble;
  /** Null: no answer came. */
  readonly status: number | null;
  /** How long it asked to wait, in milliseconds, where it did. */
  readonly retryAfterMs: number | null;
}

export type PollAnswer = Failed | { readonly kind: 'polled'; readonly polled: Polled; readonly sleepMs: number };

/** A server that answers no small question within this, in milliseconds, does not answer. */
const TIMEOUT_MS = 30_000;
/** Far above any answer but an artifact: a deployment of a thousand files is some 500 kB. */
const MOST_BYTES = 2 * 1024 * 1024;
const SCHEMES = { target: 'TargetToken', gateway: 'GatewayToken' } as const;
const LATER: ReadonlySet<number> = new Set([408, 409, 425, 429]);

type Answer =
  Failed | { readonly kind: 'answer'; readonly status: number; readonly json: unknown; readonly etag: string | null };

export class DdiClient {
  readonly #base: string;
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: ServerFetch;
  readonly #clock: Clock;
  #etag: string | null = null;
  #last: BaseAnswer | null = null;
  #deployment: { readonly asked: string; readonly is: Deployment } | null = null;

  constructor(
    { server, tenant }: DdiServer,
    controllerId: string,
    { kind, token }: ServerToken,
    { fetch, clock }: { readonly fetch: ServerFetch; readonly clock: Clock },
  ) {
    this.#base = `${server}/${encodeURIComponent(tenant)}/controller/v1/${encodeURIComponent(controllerId)}`;
    this.#origin = new URL(server).origin;
    this.#headers = { Authorization: `${SCHEMES[kind]} ${token}` };
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /** @param anew whether a deployment that is known is asked for again, as whoever waits for its window has to */
  async poll(anew: boolean, signal: AbortSignal): Promise<PollAnswer> {
    const base = await this.#ask('GET', '', signal, { tag: this.#etag });
    if (base.kind === 'failed') return base;
    try {
      if (base.status !== 304) {
        this.#last = readBase(base.json);
        this.#etag = base.etag;
      }
      if (this.#last === null) return garbled(base.status);
      const { cancel, deployment, confirmation, wantsAttributes, sleepMs } = this.#last;
      const wish = cancel === null ? null : await this.#ask('GET', `/cancelAction/${cancel}`, signal);
      if (wish?.kind === 'failed' && wish.status !== 404) return wish;
      const offer = deployment === null ? null : await this.#offer(deployment, anew, signal);
      if (offer !== null && 'kind' in offer && offer.status !== 404) return offer;
      const polled = {
        cancel: wish?.kind === 'answer' ? readCancel(wish.json) : null,
        deployment: offer !== null && !('kind' in offer) ? offer : null,
        ...{ confirmation, wantsAttributes },
      };
      // What it told of was over by then: it is asked anew next time, and nothing is made of it now.
      const isPassed = wish?.kind === 'failed' || (offer !== null && 'kind' in offer);
      if (isPassed) this.#etag = null;
      return isPassed
        ? { kind: 'failed', trouble: 'busy', status: 404, retryAfterMs: null }
        : { kind: 'polled', polled, sleepMs };
    } catch {
      // Not the answer of a rollout server: it has another shape.
      this.#etag = null;
      return garbled(base.status);
    }
  }

  /** What became of the feedback, or why it is not known: then it is sent again later. */
  async feedback(said: AgentFeedback, signal: AbortSignal): Promise<FeedbackAnswer | Failed> {
    const path = { deployment: 'deploymentBase', cancel: 'cancelAction', confirmation: 'confirmationBase' }[said.about];
    const answer = await this.#ask('POST', `/${path}/${encodeURIComponent(said.action)}/feedback`, signal, {
      body: bodyOf(said),
    });
    if (answer.kind === 'answer') return 'taken';
    const { status, trouble } = answer;
    if (status === 410 || status === 404) return 'gone';
    if (trouble === 'garbled' && status !== null && status >= 400) return 'refused';
    return answer;
  }

  /** Replaces all of them, so that what is no longer known is removed. Null: the server has them. */
  async attributes(data: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Failed | null> {
    const answer = await this.#ask('PUT', '/configData', signal, { body: { mode: 'replace', data } });
    return answer.kind === 'failed' ? answer : null;
  }

  /** An artifact from byte `from` on. The token goes to the server itself only, wherever the artifact lies. Rejects as `fetch` does. */
  async artifact(href: string, from: number, signal: AbortSignal): Promise<Response> {
    const own = new URL(href).origin === this.#origin ? this.#headers : {};
    const range = from === 0 ? {} : { Range: `bytes=${from}-` };
    return this.#fetch(href, { headers: { ...own, ...range }, redirect: 'follow', signal });
  }

  async #offer(asked: string, anew: boolean, signal: AbortSignal): Promise<Deployment | Failed> {
    if (!anew && this.#deployment?.asked === asked) return this.#deployment.is;
    const answer = await this.#ask('GET', `/deploymentBase/${asked}`, signal);
    if (answer.kind === 'failed') return answer;
    const is = readDeployment(answer.json);
    this.#deployment = { asked, is };
    return is;
  }

  async #ask(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    signal: AbortSignal,
    { tag = null, body }: { readonly tag?: string | null; readonly body?: object } = {},
  ): Promise<Answer> {
    const over = new AbortController();
    const limit = AbortSignal.any([signal, over.signal]);
    void this.#clock.sleep(TIMEOUT_MS, limit).then(
      () => over.abort(),
      () => undefined, // It was answered.
    );
    const headers = {
      ...{ ...this.#headers, Accept: 'application/hal+json, application/json' },
      ...(tag === null ? {} : { 'If-None-Match': tag }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    };
    try {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await this.#fetch(this.#base + path, {
        method,
        headers,
        ...sent,
        redirect: 'error',
        signal: limit,
      });
      const text = await textOf(response);
      return readAnswer(response, text, method);
    } catch {
      // Each of them is no answer: nobody there, too late, a redirect, a body that breaks off.
      return { kind: 'failed', trouble: 'unreachable', status: null, retryAfterMs: null };
    } finally {
      over.abort();
    }
  }
}

/** Rejects where it is longer than any answer. */
async function textOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > MOST_BYTES) throw new TypeError('an answer without an end');
  }
  return text + decoder.decode();
}

function readAnswer({ status, headers }: Response, text: string, method: string): Answer {
  if (status === 304) return { kind: 'answer', status, json: null, etag: null };
  if (status >= 200 && status < 300) {
    if (method !== 'GET') return { kind: 'answer', status, json: null, etag: null };
    const json = parsed(text);
    return json === undefined ? garbled(status) : { kind: 'answer', status, json, etag: headers.get('ETag') };
  }
  const asked = /^\d{1,6}$/.exec(headers.get('Retry-After') ?? '')?.[0];
  return {
    kind: 'failed',
    trouble: troubleOf(status, text),
    status,
    retryAfterMs: asked === undefined ? null : Number(asked) * 1_000,
  };
}

function troubleOf(status: number, text: string): ServerTrouble {
  // What is over a quota is refused with the same status as a wrong token, and a code.
  if (status === 403 && text.includes('quota')) return 'garbled';
  if (status === 401 || status === 403) return 'unauthorised';
  if (status === 404) return 'unknown-target';
  if (LATER.has(status)) return 'busy';
  return status >= 500 ? 'server-error' : 'garbled';
}

function garbled(status: number): Failed {
  return { kind: 'failed', trouble: 'garbled', status, retryAfterMs: null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says what that means.
    return undefined;
  }
}
