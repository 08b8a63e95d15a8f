import { UpdateError } from '../model/update/update-error.ts';
import { ANSWER_LIMIT_BYTES } from './answer.ts';
import type { Watch } from './supervision.ts';

/** A body up to this size comes in one packet: Ethernet's 1,500 bytes less the headers of IP and TCP, and a margin. */
const ONE_PACKET_BYTES = 1400;

/** Reads the body to its end, or cancels it at the limit, so that the connection is free for the next request. */
export async function readBody(
  response: Response,
  watch: Watch,
  limitBytes = ANSWER_LIMIT_BYTES,
): Promise<{ text: string; truncated: boolean }> {
  if (response.body === null) return { text: '', truncated: false };
  // Reading a stream costs more time than such an answer itself, and one packet has no parts to watch.
  if (Number(response.headers.get('content-length') ?? NaN) <= ONE_PACKET_BYTES) {
    const text = await watch.race(readWhole(response));
    // It may have been compressed, which a page from another origin is not told.
    return { text: text.slice(0, limitBytes), truncated: text.length > limitBytes };
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let left = limitBytes;
  try {
    for (;;) {
      const part = await watch.race(readPart(reader));
      if (part.done) return { text: text + decoder.decode(), truncated: false };
      watch.sign();
      const bytes: Uint8Array = part.value;
      text += decoder.decode(bytes.subarray(0, left), { stream: true });
      if (bytes.length > left) return { text, truncated: true };
      left -= bytes.length;
    }
  } finally {
    // After the end this does nothing. It is not awaited: how the rest of the stream ends does not matter.
    reader.cancel().catch(() => undefined);
  }
}

async function readWhole(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw new UpdateError('unreachable', { cause });
  }
}

async function readPart<T>(reader: ReadableStreamDefaultReader<T>): Promise<ReadableStreamReadResult<T>> {
  try {
    return await reader.read();
  } catch (cause) {
    throw new UpdateError('unreachable', { cause });
  }
}
