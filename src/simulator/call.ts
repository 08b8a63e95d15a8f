/** One request as the device's Python side sees it: read whole, past the C server's limits. */
import { isRecord } from './answers.ts';
import { lastHeader, type WireRequest } from './server/wire-request.ts';

export interface Call {
  readonly method: string;
  /** Without the query; neither decoded nor normalised. */
  readonly path: string;
  /** The path as the router compares it: one slash at the end is ignored. Two in a row match no route. */
  readonly route: string;
  readonly query: URLSearchParams;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Null where the request has no such header. */
  header(name: string): string | null;
}

export function callOf(request: WireRequest): Call {
  const [path = '', ...query] = request.target.split('?');
  return {
    method: request.method,
    path,
    route: path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path,
    query: new URLSearchParams(query.join('?')),
    body: request.body,
    header: (name) => lastHeader(request, name),
  };
}

const OPENING_BRACE = 0x7b;
const SPACES: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];

/**
 * The fields of a body. The device tries JSON whatever the content type says, then a url-encoded form; anything else
 * has no fields.
 */
export function fields(call: Call): Readonly<Record<string, unknown>> {
  const start = call.body.findIndex((byte) => !SPACES.includes(byte));
  if (call.body[start] === OPENING_BRACE) {
    try {
      const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(call.body));
      if (isRecord(parsed) && Object.keys(parsed).length > 0) return parsed;
    } catch {
      // Not JSON after all: the device goes on without fields, and so do we.
    }
  }
  if (call.header('content-type')?.toLowerCase().includes('application/x-www-form-urlencoded') === true) {
    return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(call.body)));
  }
  return {};
}

/** A field of the body; where the body has no such key, of the query; null where neither has it. */
export function fieldOrQuery(call: Call, from: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(from, name) ? from[name] : call.query.get(name);
}
