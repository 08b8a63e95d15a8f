/** One request to one device, and its answer: within limits of size and time, without following anything. */
import { request as httpRequest, type Agent, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { ANSWER_LIMIT_BYTES } from '../../device/answer.ts';
import { OPENAPI_LIMIT_BYTES } from '../../device/viperhttp/openapi.ts';
import type { RelayFailure } from '../../model/host/gateway-code.ts';
import { inUrl } from '../serve/own-names.ts';
import { ConnectError, PER_DEVICE } from '../reach/device-agents.ts';
import { beginningOf, isPacked } from '../reach/unpack.ts';
import { endsLinesLoosely, OPENAPI, type Target } from './target.ts';
import { isStale, mayBeSentTwice } from './stale-socket.ts';

export type RelayAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly retryAfter: string | null;
      /**
       * The login that it asks for (`WWW-Authenticate`). For the host's own jobs: in an answer to a page, the browser
       * would ask the person for a password.
       */
      readonly challenge: string | null;
      /** What it calls itself (`Server`). For jobs, too. */
      readonly server: string | null;
      /** The cookie that it sets. For jobs alone. */
      readonly cookie: string | null;
      readonly body: Buffer;
    }
  | { readonly kind: RelayFailure };

export interface RelayRequest {
  readonly target: Target;
  /** The checked address: the connection goes here, whatever the name says by now. */
  readonly address: string;
  readonly agent: Agent;
  readonly headers: OutgoingHttpHeaders;
  /** Null for GET. */
  readonly body: Buffer | null;
  /** Calls back when nobody waits for the answer any more. */
  readonly gone: (tell: () => void) => void;
  /** Told of any answer in HTTP, whatever it says. */
  readonly answered: () => void;
  /** Told of the connection on which the device did what it was asked (2xx). */
  readonly good: (socket: Socket) => void;
  readonly limits: RelayLimits;
}

/** Milliseconds. Shorter ones in tests. */
export interface RelayLimits {
  /** Without any sign from the device. */
  readonly silence: number;
  /** From the start to the answer's first byte, whatever signs there are. */
  readonly first: number;
  /** From the first byte of an answer to its last. */
  readonly answer: number;
}

export const RELAY_LIMITS: RelayLimits = {
  // A begin may erase a whole slot before it answers: 500 blocks at 45 ms and more. The page has its own, shorter limits.
  silence: 60_000,
  // The above, a slow connection before it, and a body that the device takes in sips.
  first: 90_000,
  // 64 KiB at 2 KiB a second. A device that sends byte by byte holds a socket no longer than this.
  answer: 30_000,
};

/** RFC 9110, 15: three digits, the first of them 1 to 5. What has another status speaks no HTTP. */
const HIGHEST_STATUS = 599;

/** Asks the device. Never rejects: whatever goes wrong on the way is a `RelayFailure`. */
export async function relay(asked: RelayRequest): Promise<RelayAnswer> {
  const { method, path } = asked.target;
  // Each of the kept connections may be closed by now; the try after them has a fresh one.
  for (let kept = mayBeSentTwice(method, path) ? PER_DEVICE : 0; kept > 0; kept--) {
    const answer = await ask(asked);
    if (answer !== 'stale') return answer;
  }
  const answer = await ask(asked);
  return answer === 'stale' ? { kind: 'unreachable' } : answer;
}

function ask(asked: RelayRequest): Promise<RelayAnswer | 'stale'> {
  const { target, address, agent, headers, body, limits } = asked;
  return new Promise((resolve) => {
    const send = target.scheme === 'https' ? httpsRequest : httpRequest;
    const outgoing = send({
      host: address,
      port: target.port,
      method: target.method,
      path: target.path,
      // The device's rule of trusted hosts sees the name that the person typed.
      headers: { ...headers, host: hostHeader(target) },
      ...(target.scheme === 'https' ? { servername: target.host } : {}),
      agent,
      insecureHTTPParser: endsLinesLoosely(target.path),
      timeout: limits.silence,
    });
    // HTTP/1.1 keeps a connection unless somebody says otherwise, and each byte of a header is one less for the chunk.
    outgoing.removeHeader('connection');
    let settled = false;
    const finish = (answer: RelayAnswer | 'stale'): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve(answer);
      if (answer !== 'stale' && answer.kind === 'answer' && outgoing.writableFinished) return;
      // A device may answer before it has the whole body. Its socket is of no use to another request then, and left
      // half-written it would stay for ever: nobody waits for it any more.
      outgoing.destroy();
    };
    const fail = (kind: RelayFailure): void => finish({ kind });
    let timer = setTimeout(() => fail('silent'), limits.first);
    let answered = false;
    asked.gone(() => fail('unreachable'));
    outgoing.on('timeout', () => fail('silent'));
    outgoing.on('error', (error) => {
      if (!answered && isStale(outgoing, error)) finish('stale');
      else fail(error instanceof ConnectError ? error.code : isNoHttp(error) ? 'not-http' : 'unreachable');
    });
    // Without an answer and without an error: the device wants to speak another protocol (101).
    outgoing.on('close', () => {
      if (!answered) fail('unreachable');
    });
    outgoing.on('response', (response) => {
      answered = true;
      clearTimeout(timer);
      timer = setTimeout(() => fail('silent'), limits.answer);
      response.on('error', () => fail('unreachable'));
      response.on('close', () => fail('unreachable'));
      const status = response.statusCode ?? 0;
      if (status >= 200 && status <= HIGHEST_STATUS) asked.answered();
      if (status >= 300 && status < 400) fail('redirect');
      else if (status < 200 || status > HIGHEST_STATUS) fail('not-http');
      else {
        if (status < 300) asked.good(response.socket);
        collect(response, status, mostBytes(target), finish);
      }
    });
    outgoing.end(body);
  });
}

/** Node's parser has its own codes for what is no answer in HTTP. */
function isNoHttp(error: Error & { readonly code?: unknown }): boolean {
  // Headers without end are HTTP all the same.
  return typeof error.code === 'string' && error.code.startsWith('HPE_') && error.code !== 'HPE_HEADER_OVERFLOW';
}

/** The app reads no more of an answer. */
function mostBytes({ path }: Target): number {
  return path === OPENAPI ? OPENAPI_LIMIT_BYTES : ANSWER_LIMIT_BYTES;
}

/** An answer is small, so it is gathered: half of one then never looks like a whole one. */
function collect(response: IncomingMessage, status: number, most: number, finish: (answer: RelayAnswer) => void): void {
  const parts: Buffer[] = [];
  let bytes = 0;
  response.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > most) finish({ kind: 'answer-too-large' });
    else parts.push(part);
  });
  response.on('end', () => {
    const json = /^application\/json\b/i.test(response.headers['content-type'] ?? '');
    const done = (body: Buffer): void =>
      finish({
        kind: 'answer',
        status,
        // Never HTML or a script: the answer comes from our own origin now.
        contentType: json ? 'application/json' : 'text/plain; charset=utf-8',
        retryAfter: response.headers['retry-after'] ?? null,
        challenge: response.headers['www-authenticate'] ?? null,
        server: response.headersDistinct['server']?.[0] ?? null,
        cookie: response.headers['set-cookie']?.[0] ?? null,
        body,
      });
    const body = Buffer.concat(parts);
    try {
      done(isPacked(response) ? beginningOf(body, most) : body);
    } catch {
      // It says that it is packed, and is not.
      finish({ kind: 'unreachable' });
    }
  });
}

export function hostHeader({ scheme, host, port }: Target): string {
  const usual = scheme === 'https' ? 443 : 80;
  return port === usual ? inUrl(host) : `${inUrl(host)}:${port}`;
}
