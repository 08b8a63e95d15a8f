/** Reads the body of a form, part by part and as it comes (RFC 7578). */

export interface PartOfBody {
  readonly name: string;
  /** It has a file name. */
  readonly isFile: boolean;
  readonly bytes: Uint8Array;
}

const HEADERS_END = '\r\n\r\n';

/** The boundary that a request's content type names; null where it is no form. */
export function boundaryOf(contentType: string | null): string | null {
  return /^multipart\/form-data;\s*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1] ?? null;
}

/** One character for each byte, so that offsets in the text are offsets in the bytes. */
function latin(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** Hands out the bytes of each part as they come. What might be the beginning of a boundary is held back. */
export class MultipartReader {
  readonly #mark: string;
  #held: Uint8Array = new Uint8Array(0);
  /** Null: between two parts, in headers or before the first. */
  #name: string | null = null;
  #isFile = false;
  /** Whether the last boundary was seen. */
  ended = false;

  constructor(boundary: string) {
    this.#mark = `\r\n--${boundary}`;
    // The first boundary is at the very beginning, without a line end before it.
    this.#held = new Uint8Array([0x0d, 0x0a]);
  }

  push(bytes: Uint8Array): readonly PartOfBody[] {
    const joined = new Uint8Array(this.#held.length + bytes.length);
    joined.set(this.#held);
    joined.set(bytes, this.#held.length);
    this.#held = joined;
    const parts: PartOfBody[] = [];
    while (!this.ended && this.#step(parts));
    return parts;
  }

  /** Whether there may be more to read. */
  #step(parts: PartOfBody[]): boolean {
    const text = latin(this.#held);
    const at = text.indexOf(this.#mark);
    if (this.#name === null) {
      if (at < 0) return false;
      const behind = text.slice(at + this.#mark.length);
      if (behind.startsWith('--')) {
        this.ended = true;
        return false;
      }
      const end = behind.indexOf(HEADERS_END);
      if (end < 0) return false;
      const headers = behind.slice(0, end);
      this.#name = /\bname="([^"]*)"/.exec(headers)?.[1] ?? '';
      this.#isFile = /\bfilename="/.test(headers);
      this.#held = this.#held.subarray(at + this.#mark.length + end + HEADERS_END.length);
      return true;
    }
    const upTo = at < 0 ? Math.max(0, this.#held.length - this.#mark.length) : at;
    if (upTo > 0) parts.push({ name: this.#name, isFile: this.#isFile, bytes: this.#held.subarray(0, upTo) });
    this.#held = this.#held.subarray(upTo);
    if (at < 0) return false;
    this.#name = null;
    return true;
  }
}
