/** Unpacking gzip files, which know little of themselves. Source: RFC 1952. */
import { u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { unpack } from './unpack.ts';
import type { Unpacked, UnpackOptions } from './unpack.ts';
import { UNPACK_LIMIT_BYTES } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** CRC and length, which end every gzip file. */
const TRAILER_BYTES = 8;

/** The file without line ends behind it, as mail and shells add them: gunzip passes over them, the platform does not. */
function withoutLineEnds(file: Bytes): Bytes {
  let end = file.length;
  while (file[end - 1] === LINE_FEED || file[end - 1] === CARRIAGE_RETURN) end -= 1;
  return file.subarray(0, end);
}

/** What the last four bytes say that it unpacks to, unless that is nonsense. Only a hint: two files may follow each other. */
function statedLength(file: Bytes): number {
  const stated = u32(file, file.length - 4);
  return file.length < TRAILER_BYTES || stated > UNPACK_LIMIT_BYTES ? 0 : stated;
}

export async function unpackGzip(
  file: Bytes,
  yieldWhenDue: YieldWhenDue,
  options: Pick<UnpackOptions, 'wanted' | 'room'> = {},
): Promise<Unpacked> {
  const unpacked = await unpack(file, 'gzip', yieldWhenDue, { ...options, expected: statedLength(file) });
  const trimmed = withoutLineEnds(file);
  if (unpacked.kind !== 'damaged' || trimmed.length === file.length) return unpacked;
  return unpack(trimmed, 'gzip', yieldWhenDue, { ...options, expected: statedLength(trimmed) });
}
