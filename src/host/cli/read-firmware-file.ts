/** Reads a firmware file for a command, never more of it than the page reads. */
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { LARGEST_FILE_BYTES } from '../../firmware/largest-file.ts';
import { reasonInWords } from '../../words/host/data-folder.ts';
import { reasonOf } from '../data/data-error.ts';

/** As in all of Unix: the file is what another program writes. */
export const STANDARD_INPUT = '-';

export type FileRead =
  | { readonly kind: 'read'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `size`: bytes, where it is known. */
  | { readonly kind: 'too-large'; readonly size: number | null }
  /** `said`: why, as the rest of a sentence. */
  | { readonly kind: 'unreadable'; readonly said: string };

function tooLarge(size: number | null): FileRead {
  return { kind: 'too-large', size };
}

/** Reads to the end, or until it is too much: a pipe and a device tell no size beforehand. */
async function readStream(stream: Readable): Promise<FileRead> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream as AsyncIterable<Uint8Array>) {
    parts.push(part);
    length += part.length;
    if (length > LARGEST_FILE_BYTES) return tooLarge(null);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { kind: 'read', bytes };
}

async function readPath(path: string): Promise<FileRead> {
  const handle = await open(path);
  try {
    const about = await handle.stat();
    if (!about.isFile()) return await readStream(handle.createReadStream({ autoClose: false }));
    if (about.size > LARGEST_FILE_BYTES) return tooLarge(about.size);
    const { buffer, byteOffset, length } = await handle.readFile();
    return { kind: 'read', bytes: new Uint8Array(buffer, byteOffset, length) };
  } finally {
    await handle.close();
  }
}

/** Never rejects. @param file a path, or `-` */
export async function readFirmwareFile(file: string, stdin: Readable = process.stdin): Promise<FileRead> {
  try {
    return await (file === STANDARD_INPUT ? readStream(stdin) : readPath(file));
  } catch (error) {
    return { kind: 'unreadable', said: reasonInWords(reasonOf(error)) };
  }
}
