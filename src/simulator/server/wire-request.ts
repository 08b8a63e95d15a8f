/** One HTTP/1.1 request as it came over the wire: neither decoded nor normalised. */

export type Header = readonly [name: string, value: string];

export interface WireRequest {
  readonly method: string;
  /** Path and query as they were sent, or whatever the client sent in their place. */
  readonly target: string;
  readonly headers: readonly Header[];
  /** Shorter than `bodyBytes` where the server refuses without waiting for the rest. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** Bytes of the body as its client announced it. */
  readonly bodyBytes: number;
  /** Bytes of request line, headers and body together. */
  readonly bytes: number;
}

/** The C server takes the first header of a name. */
export function firstHeader({ headers }: WireRequest, name: string): string | null {
  return headers.find(([header]) => header.toLowerCase() === name)?.[1] ?? null;
}

/** Python keeps headers in a dict, so the last one of a name is what it sees. */
export function lastHeader({ headers }: WireRequest, name: string): string | null {
  const wanted = name.toLowerCase();
  return headers.findLast(([header]) => header.toLowerCase() === wanted)?.[1] ?? null;
}

/** With these methods a client states the length of the body, even where it is empty. */
const WITH_BODY = ['POST', 'PUT', 'PATCH'];

/**
 * What `request` would be on the wire. Its size counts the request line, its own headers, host, length and body. A
 * browser or an HTTP client adds headers of its own (`User-Agent`, `Accept-Language`, `Sec-Fetch-*`, `Connection`, …;
 * Node's fetch about 150 bytes, Chromium about 500), which only a real socket sees: in memory that much more fits into
 * a request.
 */
export function fromRequest(request: Request, body: Uint8Array<ArrayBuffer>): WireRequest {
  const { method } = request;
  const { host, pathname, search } = new URL(request.url);
  const headers: Header[] = [...request.headers];
  if (!request.headers.has('host')) headers.unshift(['host', host]);
  const announces = body.length > 0 || WITH_BODY.includes(method);
  if (announces && !request.headers.has('content-length')) headers.push(['content-length', String(body.length)]);
  const target = pathname + search;
  const bytes = headBytes(method, target, headers) + body.length;
  return { method, target, headers, body, bodyBytes: body.length, bytes };
}

function headBytes(method: string, target: string, headers: readonly Header[]): number {
  const lines = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), ''];
  return lines.reduce((sum, line) => sum + line.length + '\r\n'.length, 0);
}
