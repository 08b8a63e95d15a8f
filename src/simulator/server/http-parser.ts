/** The C server's HTTP/1.1 parser: what it reads from the bytes so far, and which bytes it refuses as malformed. */
import type { Header } from './wire-request.ts';

export interface Head {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  /** Bytes of the body that is announced; 0 where none is. */
  readonly contentLength: number;
  /** Bytes up to the body. */
  readonly bytes: number;
}

export type Parsed =
  { readonly kind: 'incomplete' } | { readonly kind: 'malformed' } | { readonly kind: 'head'; readonly head: Head };

/** More than any head within the limits: 4,096 bytes of headers, 512 of path and query, and the line ends. */
const LONGEST_HEAD = 8192;

const LINE_END = '\r\n';
/** The only version: a proxy that speaks HTTP/1.0 gets 400. */
const VERSION = 'HTTP/1.1';

/** Reads `bytes` line by line, so that a malformed first line is refused before the rest has come. */
export function parseHead(bytes: Uint8Array): Parsed {
  // One character for each byte, as the server reads it.
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, LONGEST_HEAD));
  const firstEnd = text.indexOf(LINE_END);
  if (firstEnd < 0) return { kind: 'incomplete' };
  const line = requestLine(text.slice(0, firstEnd));
  if (line === null) return { kind: 'malformed' };
  const headers: Header[] = [];
  let contentLength: number | null = null;
  for (let at = firstEnd + LINE_END.length; ;) {
    const end = text.indexOf(LINE_END, at);
    if (end < 0) return { kind: 'incomplete' };
    const next = end + LINE_END.length;
    if (end === at) {
      return { kind: 'head', head: { ...line, headers, contentLength: contentLength ?? 0, bytes: next } };
    }
    const header = headerOf(text.slice(at, end));
    if (header === null) return { kind: 'malformed' };
    if (header[0].toLowerCase() === 'content-length') {
      const length = lengthOf(header[1]);
      if (length === null || (contentLength !== null && length !== contentLength)) return { kind: 'malformed' };
      contentLength = length;
    }
    headers.push(header);
    at = next;
  }
}

function requestLine(line: string): { readonly method: string; readonly target: string } | null {
  const [method = '', target = '', ...version] = line.split(' ');
  return method !== '' && target !== '' && version.join(' ') === VERSION ? { method, target } : null;
}

/** Spaces before the value are skipped; those after it belong to it. */
function headerOf(line: string): Header | null {
  const colon = line.indexOf(':');
  return colon > 0 ? [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+/, '')] : null;
}

/** The largest length that fits into the server's 32 bits. */
const LARGEST_LENGTH = 0xffff_ffff;

function lengthOf(value: string): number | null {
  const digits = /^(\d+)[ \t]*$/.exec(value)?.[1];
  const length = digits === undefined ? Infinity : Number(digits);
  return length <= LARGEST_LENGTH ? length : null;
}
