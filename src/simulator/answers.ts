/** The two kinds of answers of a ViperHTTP device: JSON from its Python side, plain text from its C server. */
import { pythonJson } from './viperhttp/python-json.ts';

/** The result of one request. */
export type Reply =
  | { readonly kind: 'answer'; readonly response: Response; readonly restartsAfterMs?: number }
  /** The device resets before it answers. */
  | { readonly kind: 'reset' };

/** The words by which the C server refuses a request itself, by status. */
export const SERVER_WORDS = {
  400: 'Bad Request',
  403: 'CORS Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Payload Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Queue Full',
  504: 'Gateway Timeout',
} as const satisfies Readonly<Record<number, string>>;

/** The statuses after which the C server always closes the connection. */
const CLOSING = new Set([413, 503, 504]);

/** The content type of both sides where no other one is set. */
const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** A refusal of the Python side, which becomes `{"detail": …}`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export function json(body: unknown, status = 200): Response {
  return new Response(pythonJson(body), { status, headers: { 'Content-Type': 'application/json' } });
}

export function detail(status: number, text: string): Response {
  return json({ detail: text }, status);
}

export function plain(status: number, text: string): Response {
  const headers = new Headers({ 'Content-Type': PLAIN_TEXT });
  if (CLOSING.has(status)) headers.set('Connection', 'close');
  return new Response(status === 204 ? null : text, { status, headers });
}

/**
 * The answer to bytes that the C server's parser does not take for an HTTP/1.1 request. Unlike other 400s, it ends the
 * connection.
 */
export function malformed(): Response {
  const response = plain(400, SERVER_WORDS[400]);
  response.headers.set('Connection', 'close');
  return response;
}

/** The answer to a route that does not exist: the bridge sends nothing, with 200. */
export function nothing(): Response {
  return new Response(null, { headers: { 'Content-Type': PLAIN_TEXT, 'Content-Length': '0' } });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
