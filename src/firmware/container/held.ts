/** What a file inside another one is, found out without checking its checksums: enough to offer or to name it. */
import { isAppImage, readAppDescriptor } from '../image/app-descriptor.ts';
import { chipOf } from '../../model/firmware/chips.ts';
import { IMAGE_MAGIC, readImageHeader, walkImage } from '../image/esp-image.ts';
import { isEsp8266 } from '../image/esp8266.ts';
import { findFullFlash } from '../flash/full-flash.ts';
import { imageAfterLeadIn } from '../flash/lead-in.ts';
import { startsWith, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import type { Held } from '../../model/firmware/finding.ts';
import { sealedArchive } from './sealed-archives.ts';
import { isUf2 } from './uf2.ts';
import type { YieldWhenDue } from '../work.ts';

const GZIP_MAGIC = [0x1f, 0x8b];
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];
const EMPTY_ZIP_MAGIC = [0x50, 0x4b, 0x05, 0x06];
const TABLE_MAGIC = [0xaa, 0x50];

/** Bytes of partition tables that are looked for in all places a full-flash file can have them. */
const TABLES_BYTES = 32 * 3072;

export function isGzip(file: Bytes): boolean {
  return startsWith(file, 0, GZIP_MAGIC);
}

export function isZip(file: Bytes): boolean {
  return startsWith(file, 0, ZIP_MAGIC) || (startsWith(file, 0, EMPTY_ZIP_MAGIC) && u32(file, 4) === 0);
}

/** Whether a file could start like something that is worth sending, looking into or naming. */
export function mayBeFirmware(head: Bytes): boolean {
  const [first] = head;
  if (first === IMAGE_MAGIC || first === 0xea || first === 0xff || first === 0) return true;
  if (isGzip(head) || isZip(head) || isUf2(head) || startsWith(head, 0, TABLE_MAGIC)) return true;
  return sealedArchive(head) !== null || startsLikeDigest(head);
}

/**
 * Whether it may start with a Secure Boot digest: the rest of that sector is erased, as far as the head reaches into
 * it.
 */
function startsLikeDigest(head: Bytes): boolean {
  const behind = head.subarray(192);
  return behind.length > 64 && behind.every((byte) => byte === 0xff);
}

/** What to offer first: an app, then what an app can be taken from. Null: named, not offered. */
const WORTH: Readonly<Record<Held['kind'], 0 | 1 | 2 | 3 | null>> = {
  app: 0,
  'full-flash': 1,
  'led-in': 1,
  uf2: 2,
  archive: 3,
  esp8266: 1,
  bootloader: null,
  sealed: null,
};

/** The lower, the sooner it is offered; null where it is only named. */
export function worthOf({ kind }: Held): number | null {
  return WORTH[kind];
}

/** Null where it is nothing to offer or to name. */
export async function lookAt(bytes: Bytes, yieldWhenDue: YieldWhenDue): Promise<Held | null> {
  if (isUf2(bytes)) return { kind: 'uf2' };
  if (isGzip(bytes) || isZip(bytes)) return { kind: 'archive' };
  const archive = sealedArchive(bytes);
  if (archive !== null) return { kind: 'sealed', archive };
  await yieldWhenDue(Math.min(bytes.length, TABLES_BYTES));
  if ((await findFullFlash(bytes, yieldWhenDue)) !== null) return { kind: 'full-flash' };
  return lookAtImage(bytes, yieldWhenDue);
}

async function lookAtImage(bytes: Bytes, yieldWhenDue: YieldWhenDue): Promise<Held | null> {
  const behind = await imageAfterLeadIn(bytes, yieldWhenDue);
  if (behind === null) return nameImage(bytes);
  const held = nameImage(bytes.subarray(behind));
  return held?.kind === 'app' ? { kind: 'led-in' } : held;
}

function nameImage(bytes: Bytes): Held | null {
  if (bytes[0] !== IMAGE_MAGIC && bytes[0] !== 0xea) return null;
  const { chipId, hashAppended } = readImageHeader(bytes);
  const walk = walkImage(bytes);
  const known = chipOf(chipId).known || readAppDescriptor(bytes) !== null;
  if (known && isAppImage(bytes, walk.segments)) return { kind: 'app' };
  if (isEsp8266(bytes)) return { kind: 'esp8266' };
  if (walk.kind !== 'whole' || hashAppended > 1) return null;
  return isAppImage(bytes, walk.segments) ? { kind: 'app' } : { kind: 'bootloader' };
}
