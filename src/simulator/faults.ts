/** What can go wrong, as data. A test sets `device.fault`, which the device calls once for every request. */
import { SERVER_WORDS, detail, plain } from './answers.ts';
import type { FlashFailure } from './viperhttp/updater.ts';

/** `before`: the device did nothing. `after`: it did everything. */
export type When = 'before' | 'after';

export type Fault =
  /** The connection ends without an answer. */
  | { readonly kind: 'drop'; readonly when: When }
  /** No answer ever comes; ends when the client gives up. */
  | { readonly kind: 'hang'; readonly when: When }
  /** The answer comes late. */
  | { readonly kind: 'delay'; readonly when: When; readonly ms: number }
  | {
      readonly kind: 'status';
      readonly when: When;
      readonly status: number;
      /** Default: what a device says with that status. */
      readonly body?: string;
      /** `Retry-After`, as it is sent: seconds or a date. */
      readonly retryAfter?: string;
    }
  /** Power loss or crash; RAM is gone, the boot slot starts. The connection drops. */
  | { readonly kind: 'restart'; readonly when: When }
  /** Bits of one byte of the body are flipped on the way. */
  | { readonly kind: 'corrupt'; readonly where: 'wire'; readonly at?: number; readonly mask?: number }
  /**
   * Bits of one byte of flash are flipped, in what was written last, before or (default) after this request has its
   * effect, whatever the request is; what was written is hashed by then. Where nothing was ever written, nothing
   * happens.
   */
  | {
      readonly kind: 'corrupt';
      readonly where: 'flash';
      readonly when?: When;
      /** Counted from the start of that write. */
      readonly at?: number;
      readonly mask?: number;
    }
  /** The request takes effect, and is answered with a 200 that cannot be read. */
  | { readonly kind: 'garbage'; readonly answer: 'html' | 'empty' | 'broken-json' | 'huge' }
  /** Another client begins a session, with force. */
  | { readonly kind: 'other-session'; readonly when: When; readonly size?: number; readonly sha256?: string }
  /** An erase or a write fails as worn flash does: 500 from Python. */
  | { readonly kind: 'flash-failure'; readonly step: FlashFailure };

export interface FaultInfo {
  /** `begin`, `chunk`, `write`, …; `preflight`, `static`, or `unknown` where there is no such route. */
  readonly route: string;
  readonly method: string;
  /** Which request to this route it is since the device was made, from 1. */
  readonly nth: number;
  /** Which request at all, from 1. */
  readonly index: number;
  /** Bytes the session has taken before this request; null without a session. */
  readonly offset: number | null;
  /** Bytes of the body. */
  readonly bytes: number;
}

export type FaultScript = (info: FaultInfo) => Fault | null;

/** The `nth` request (from 1) to `route` goes wrong, all others go well. */
export function onNth(route: string, nth: number, fault: Fault): FaultScript {
  return (info) => (info.route === route && info.nth === nth ? fault : null);
}

/** Every request to `route` goes wrong. */
export function onEvery(route: string, fault: Fault): FaultScript {
  return (info) => (info.route === route ? fault : null);
}

/** The first script that answers with a fault decides. */
export function firstOf(...scripts: readonly FaultScript[]): FaultScript {
  return (info) => {
    for (const script of scripts) {
      const fault = script(info);
      if (fault !== null) return fault;
    }
    return null;
  };
}

/** The statuses whose scripted answers come from the C server. */
function isServerStatus(status: number): status is keyof typeof SERVER_WORDS {
  return [403, 404, 405, 413, 429, 503, 504].includes(status);
}

/** The answer of a `status` fault. */
export function scriptedAnswer(fault: Fault & { readonly kind: 'status' }): Response {
  const { status, body, retryAfter } = fault;
  const words = isServerStatus(status) ? plain(status, SERVER_WORDS[status]) : detail(status, 'scripted fault');
  const response = body === undefined ? words : new Response(body, { status, headers: words.headers });
  if (retryAfter !== undefined) response.headers.set('Retry-After', retryAfter);
  return response;
}

/** Ten megabytes: far more than anyone should read of an answer that is a few hundred bytes. */
const HUGE_BYTES = 10 * 1024 * 1024;
const HUGE_STEP = 65536;

export function garbage(answer: (Fault & { readonly kind: 'garbage' })['answer']): Response {
  switch (answer) {
    case 'html':
      return new Response('<!doctype html><title>Router login</title><h1>Log in</h1>', {
        headers: { 'Content-Type': 'text/html' },
      });
    case 'empty':
      return new Response(null);
    case 'broken-json':
      return new Response('{"written_bytes": 40', { headers: { 'Content-Type': 'application/json' } });
    case 'huge':
      return new Response(hugeJson(), { headers: { 'Content-Type': 'application/json' } });
  }
}

/** `{"detail":"aaaa…`, made as it is read. */
function hugeJson(): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      const step = new Uint8Array(HUGE_STEP).fill('a'.charCodeAt(0));
      if (sent === 0) step.set(new TextEncoder().encode('{"detail":"'));
      controller.enqueue(step);
      sent += step.length;
      if (sent >= HUGE_BYTES) controller.close();
    },
  });
}
