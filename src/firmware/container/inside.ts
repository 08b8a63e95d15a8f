/** Takes a file out of the file that holds it. The result is inspected like any other. */
import { unpackGzip } from './gzip.ts';
import type { InnerFile } from '../../model/firmware/inspection.ts';
import type { TakenOut } from '../../model/firmware/taken-out.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { joinUf2, readUf2 } from './uf2.ts';
import { makeCountingYielder, Room, UNPACK_LIMIT_BYTES, Work } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';
import { listZip, unpackEntry, type UnpackedEntry } from './zip.ts';

function tooLarge(): TakenOut {
  return { kind: 'too-large', limitBytes: UNPACK_LIMIT_BYTES };
}

function fromUnpacked(result: UnpackedEntry): TakenOut {
  switch (result.kind) {
    case 'unpacked':
      return { kind: 'taken', bytes: result.bytes };
    case 'too-large':
      return tooLarge();
    case 'not-wanted':
      return { kind: 'absent' };
    case 'damaged':
    case 'encrypted':
    case 'unknown-method':
      return { kind: result.kind };
  }
}

function slice(file: Bytes, { offset, size }: InnerFile & { readonly how: 'partition' }): TakenOut {
  if (offset + size > file.length) return { kind: 'absent' };
  return { kind: 'taken', bytes: file.subarray(offset, offset + size) };
}

async function joinedBlocks(file: Bytes, yieldWhenDue: YieldWhenDue, room: Room): Promise<TakenOut> {
  const uf2 = await readUf2(file, yieldWhenDue);
  if (uf2.missingBlocks > 0 || uf2.to === uf2.from) return { kind: 'damaged' };
  if (uf2.to - uf2.from > UNPACK_LIMIT_BYTES) return tooLarge();
  return { kind: 'taken', bytes: await joinUf2(file, uf2, yieldWhenDue, room) };
}

async function zipEntry(file: Bytes, name: string, yieldWhenDue: YieldWhenDue, room: Room): Promise<TakenOut> {
  const entries = await listZip(file, yieldWhenDue);
  if (entries === null) return { kind: 'damaged' };
  const entry = entries.find((one) => one.name === name);
  return entry === undefined
    ? { kind: 'absent' }
    : fromUnpacked(await unpackEntry(file, entry, yieldWhenDue, { room }));
}

export interface TakeOutOptions {
  /** As in `inspect`. */
  readonly yieldToPage?: () => Promise<void>;
  /** As in `inspect`. */
  readonly work?: Work;
  /** Where to unpack or join it; by default memory of its own. */
  readonly room?: Room;
}

/**
 * The bytes of one of an inspection's `inside`, from the very file that was inspected. A slice stays a view of the
 * file; what had to be joined or unpacked is new, 16 MB at most. Never rejects.
 */
export async function takeOut(
  file: Bytes,
  inner: InnerFile,
  { yieldToPage, work = new Work(), room = new Room() }: TakeOutOptions = {},
): Promise<TakenOut> {
  const yieldWhenDue = makeCountingYielder(work, yieldToPage);
  switch (inner.how) {
    case 'partition':
      return slice(file, inner);
    case 'uf2-blocks':
      return joinedBlocks(file, yieldWhenDue, room);
    case 'gzip':
      return fromUnpacked(await unpackGzip(file, yieldWhenDue, { room }));
    case 'zip-entry':
      return zipEntry(file, inner.name, yieldWhenDue, room);
  }
}
