/** Sends a whole image over a connection of its own, and tells how much of it is out of this process' hands. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { UploadRequest, UploadResponse } from '../../model/device/upload.ts';

/** Handed over at a time: a device takes some kilobytes before it has to write them to its flash. */
const PIECE_BYTES = 16 * 1024;
/** An HTML page of a few kilobytes. What is more is not read. */
const ANSWER_BYTES = 64 * 1024;

/** The headers of such a request. A kept connection may be closed by the time it is used, and half an image costs a restart. */
export function headersOfWhole({ contentType, headers, parts }: UploadRequest): Record<string, string | number> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const own = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...Object.fromEntries(own), 'content-type': contentType, 'content-length': length, connection: 'close' };
}

/**
 * @param outgoing made with those headers, on a connection that nobody has used
 * @throws whatever the connection ends with before the answer is whole
 */
export async function sendWhole(
  outgoing: ClientRequest,
  { parts, signal, onSent }: UploadRequest,
): Promise<UploadResponse> {
  const end = new Promise<never>((_, reject) => {
    outgoing.on('error', reject);
    // A device that wants to speak another protocol (101) gives no answer, nor an error.
    outgoing.on('close', () => reject(new TypeError('the connection was closed')));
    signal.addEventListener('abort', () => outgoing.destroy(new TypeError('given up')), { once: true });
  });
  end.catch(() => undefined);
  const answer = new Promise<UploadResponse>((resolve, reject) => {
    outgoing.on('response', (response) => void read(response).then(resolve, reject));
  });
  if (signal.aborted) outgoing.destroy(new TypeError('given up'));
  const given = { up: false };
  const done = Promise.race([answer, end]).finally(() => (given.up = true));
  // Heard where it is returned.
  done.catch(() => undefined);
  let handed = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length && !given.up; at += PIECE_BYTES) {
      const piece = part.subarray(at, at + PIECE_BYTES);
      // A view: the image is not copied.
      const isRoom = outgoing.write(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
      if (!isRoom) await Promise.race([once(outgoing, 'drain').catch(() => undefined), done.catch(() => undefined)]);
      handed += piece.length;
      onSent(Math.max(0, handed - waitingIn(outgoing)));
    }
  }
  if (!given.up) {
    await new Promise<void>((resolve) => {
      outgoing.end(resolve);
      done.then(
        () => resolve(),
        () => resolve(),
      );
    });
    if (!isUp(given)) onSent(handed);
  }
  return done.finally(() => outgoing.destroy());
}

/** Asked anew after an await: TypeScript would hold on to the answer that it saw first. */
function isUp(given: { readonly up: boolean }): boolean {
  return given.up;
}

/** Bytes that are still in this process. */
function waitingIn(outgoing: ClientRequest): number {
  return outgoing.writableLength + (outgoing.socket?.writableLength ?? 0);
}

async function read(response: IncomingMessage): Promise<UploadResponse> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    parts.push(part);
    if (bytes > ANSWER_BYTES) break;
  }
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? null,
    text: Buffer.concat(parts).toString('utf8'),
  };
}
