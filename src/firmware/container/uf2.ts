/** UF2: firmware cut into 512-byte blocks for boards that show up as a drive. Source: microsoft/uf2's README. */
import { IMAGE_MAGIC, walkImage } from '../image/esp-image.ts';
import { isFilled, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { GLANCE, Room } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';

export const UF2_BLOCK_BYTES = 512;
const MAGIC_START = 0x0a324655;
const MAGIC_SECOND = 0x9e5d5157;
const MAGIC_END = 0x0ab16f30;
const FLAG_NOT_MAIN_FLASH = 0x1;
const FLAG_FAMILY = 0x2000;
const PAYLOAD_AT = 32;
const MAX_PAYLOAD = 476;
/** Blocks between two looks at the clock. */
const SLICE_BLOCKS = 1024;

export interface Uf2File {
  /** Null where the blocks name none. */
  readonly family: number | null;
  /** Addresses the payloads cover, [from, to). */
  readonly from: number;
  readonly to: number;
  /** Blocks that the file says it has and that are not there or cannot be read. */
  readonly missingBlocks: number;
}

export function isUf2(file: Bytes): boolean {
  return u32(file, 0) === MAGIC_START && u32(file, 4) === MAGIC_SECOND;
}

function isBlock(file: Bytes, at: number): boolean {
  return (
    u32(file, at) === MAGIC_START &&
    u32(file, at + 4) === MAGIC_SECOND &&
    u32(file, at + UF2_BLOCK_BYTES - 4) === MAGIC_END &&
    u32(file, at + 16) <= MAX_PAYLOAD
  );
}

/** Calls `visit` for each block that is written to flash. */
async function eachBlock(
  file: Bytes,
  yieldWhenDue: YieldWhenDue,
  visit: (address: number, payload: Bytes, at: number) => void,
): Promise<number> {
  let readable = 0;
  const blocks = Math.floor(file.length / UF2_BLOCK_BYTES);
  for (let index = 0; index < blocks; index += 1) {
    if (index % SLICE_BLOCKS === 0) await yieldWhenDue(SLICE_BLOCKS * (UF2_BLOCK_BYTES / GLANCE));
    const at = index * UF2_BLOCK_BYTES;
    if (!isBlock(file, at)) continue;
    readable += 1;
    if ((u32(file, at + 8) & FLAG_NOT_MAIN_FLASH) !== 0) continue;
    const payload = file.subarray(at + PAYLOAD_AT, at + PAYLOAD_AT + u32(file, at + 16));
    visit(u32(file, at + 12), payload, at);
  }
  return readable;
}

export async function readUf2(file: Bytes, yieldWhenDue: YieldWhenDue): Promise<Uf2File> {
  let family: number | null = null;
  let from = Infinity;
  let to = 0;
  const readable = await eachBlock(file, yieldWhenDue, (address, payload, at) => {
    if ((u32(file, at + 8) & FLAG_FAMILY) !== 0) family ??= u32(file, at + 28);
    from = Math.min(from, address);
    to = Math.max(to, address + payload.length);
  });
  const said = u32(file, 24);
  return { family, from: Math.min(from, to), to, missingBlocks: Math.max(0, said - readable) };
}

/** Tools fill the last payload up with zeros; payloads mostly have 256 bytes, so the zeros are fewer. */
const MOST_FILLING = 255;

/** An image without the zeros that only fill its last block; anything else as it is. */
function withoutFilling(joined: Bytes): Bytes {
  const walk = joined[0] === IMAGE_MAGIC ? walkImage(joined) : null;
  if (walk?.kind !== 'whole' || joined.length - walk.end > MOST_FILLING) return joined;
  return isFilled(joined, walk.end, joined.length, 0) ? joined.subarray(0, walk.end) : joined;
}

/**
 * The payloads at their addresses, gaps filled as erased flash. Callers check the span against their limit first.
 *
 * @param room where to join them; by default memory of its own
 */
export async function joinUf2(
  file: Bytes,
  uf2: Uf2File,
  yieldWhenDue: YieldWhenDue,
  room = new Room(),
): Promise<Bytes> {
  const joined = room.upTo(uf2.to - uf2.from).fill(0xff);
  await yieldWhenDue(joined.length);
  await eachBlock(file, yieldWhenDue, (address, payload) => joined.set(payload, address - uf2.from));
  return withoutFilling(joined);
}
