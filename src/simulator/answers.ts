/** The two voices of a ViperHTTP device: JSON from its Python side, plain text from its C server. */
import { pythonJson } from './viperhttp/python-json.ts';

/** What one request came to. */
export type Reply =
  | { readonly kind: 'answer'; readonly response: Response; readonly restartsAfterMs?: number }
  /** The device resets before it answers. */
  | { readonly kind: 'reset' };

/** The C server's words for what it refuses by itself, by status. */
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

/** What both sides of the device send where nobody named another type. */
const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** A Python-side refusal on its way to `{"detail": …}`. */
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

/** What is no HTTP/1.1 request to the C server's parser. Unlike its other 400, this one ends the connection. */
export function malformed(): Response {
  const response = plain(400, SERVER_WORDS[400]);
  response.headers.set('Connection', 'close');
  return response;
}

/** What the bridge makes of a route that nobody has: nothing, and that is a 200. */
export function nothing(): Response {
  return new Response(null, { headers: { 'Content-Type': PLAIN_TEXT, 'Content-Length': '0' } });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
