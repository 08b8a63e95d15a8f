/**
 * Files that hold firmware and are none themselves: full-flash, UF2, archives. What is inside is offered to the person,
 * never taken unasked.
 */
import { isAppImage } from '../image/app-descriptor.ts';
import { refused } from '../blank-inspection.ts';
import type { Finding } from '../../model/firmware/finding.ts';
import { chipOf, chipOfUf2Family } from '../../model/firmware/chips.ts';
import { readImageHeader, walkImage } from '../image/esp-image.ts';
import { appBehindHead, foreignHead } from './foreign-head.ts';
import { appsInside } from '../flash/full-flash.ts';
import type { AppInside, FullFlash } from '../flash/full-flash.ts';
import { lookAt, worthOf } from './held.ts';
import { inspectArchive } from './inspect-archive.ts';
import { checkImage } from '../image/inspect-image.ts';
import type { Tools } from '../image/inspect-image.ts';
import type { InnerFile, Inspection } from '../../model/firmware/inspection.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { findMicroPython } from '../image/micropython.ts';
import { endWithSignature } from '../image/signature.ts';
import { isUf2, joinUf2, readUf2, UF2_BLOCK_BYTES } from './uf2.ts';
import { UNPACK_LIMIT_BYTES } from '../work.ts';

type Named = InnerFile & { readonly how: 'partition'; readonly name: string };

function flashFinding({ bootloaderAt }: FullFlash, apps: readonly AppInside[], whole: readonly Named[]): Finding {
  const [first] = whole;
  if (first !== undefined) {
    const of = { apps: whole.length, partition: first.name, size: first.size };
    return { reason: 'merged', fromTable: bootloaderAt === null, ...of };
  }
  const cut = apps.find(({ walk }) => walk.kind !== 'whole' && walk.kind !== 'broken');
  return cut === undefined
    ? { reason: 'merged-without-app' }
    : { reason: 'truncated', kind: 'partition', partition: cut.label };
}

export async function inspectFullFlash(file: Bytes, flash: FullFlash, tools: Tools): Promise<Inspection> {
  const apps = appsInside(file, flash);
  const inside = apps.flatMap(({ label, at, room, walk }): Named[] =>
    walk.kind === 'whole'
      ? [
          {
            name: label,
            how: 'partition',
            offset: at,
            size: endWithSignature(room, walk.end, readImageHeader(room).chipId),
          },
        ]
      : [],
  );
  const bootloader = flash.bootloaderAt === null ? null : file.subarray(flash.bootloaderAt);
  const walk = bootloader === null ? null : walkImage(bootloader);
  // The first bootloaders for the S2 carried the ESP32's id; an app never does.
  const appRoom = apps.find((app) => app.walk.kind === 'whole')?.room;
  return {
    ...refused('merged', file.length, flashFinding(flash, apps, inside)),
    ...(bootloader !== null && walk?.kind === 'whole' ? await checkImage(bootloader, walk, tools) : {}),
    chip: appRoom === undefined ? flash.chip : chipOf(readImageHeader(appRoom).chipId),
    segments: walk?.segments ?? [],
    partitions: flash.partitions,
    micropython: apps.length === 0 ? null : await findMicroPython(file, tools.yieldWhenDue),
    inside,
  };
}

async function inspectUf2(file: Bytes, tools: Tools): Promise<Inspection> {
  const uf2 = await readUf2(file, tools.yieldWhenDue);
  const chip = uf2.family === null ? null : chipOfUf2Family(uf2.family);
  const refuse = (finding: Finding): Inspection => ({ ...refused('uf2', file.length, finding), chip });
  if (chip === null) return refuse({ reason: 'uf2-foreign' });
  if (uf2.missingBlocks > 0) return refuse({ reason: 'truncated', kind: 'blocks', blocks: uf2.missingBlocks });
  const stray = file.length % UF2_BLOCK_BYTES;
  if (stray > 0) return refuse({ reason: 'damaged', kind: 'stray-bytes', bytes: stray });
  const span = uf2.to - uf2.from;
  if (span < 1 || span > UNPACK_LIMIT_BYTES) return refuse({ reason: 'malformed', kind: 'addresses' });
  // Block headers cut through everything, so the joined bytes are needed here; they are released right afterwards.
  if (!tools.work.hasRoomFor(span)) return refuse({ reason: 'uf2', kind: 'too-much-memory' });
  const joined = await joinUf2(file, uf2, tools.yieldWhenDue, tools.work.room);
  const held = await lookAt(joined, tools.yieldWhenDue);
  const size = joined.length;
  const isOffered = held !== null && worthOf(held) !== null;
  return {
    ...refuse(held === null ? { reason: 'uf2', kind: 'nothing-known' } : { reason: 'uf2', kind: 'holds', held, size }),
    micropython: await findMicroPython(joined, tools.yieldWhenDue),
    inside: isOffered ? [{ name: null, how: 'uf2-blocks', offset: null, size }] : [],
  };
}

/** Null where the file is neither UF2 nor an archive. */
export async function inspectPacked(file: Bytes, tools: Tools): Promise<Inspection | null> {
  if (isUf2(file)) return inspectUf2(file, tools);
  return inspectArchive(file, tools);
}

/** An image that does not start at the file's first byte: the device would look for it there, and find erased flash. */
export async function inspectLeadIn(file: Bytes, at: number, tools: Tools): Promise<Inspection | null> {
  const image = file.subarray(at);
  const walk = walkImage(image);
  const { chipId } = readImageHeader(image);
  const chip = chipOf(chipId);
  const isApp = isAppImage(image, walk.segments);
  const about = (kind: Inspection['kind'], finding: Finding): Inspection => ({
    ...refused(kind, file.length, finding),
    chip,
  });
  if (isApp && walk.kind === 'whole') {
    const size = endWithSignature(image, walk.end, chipId);
    const inner: InnerFile = { name: null, how: 'partition', offset: at, size };
    return { ...about('merged', { reason: 'trailing-image', kind: 'lead-in', at }), inside: [inner] };
  }
  if (isApp && walk.kind !== 'whole' && walk.kind !== 'broken') {
    return about('merged', { reason: 'truncated', kind: 'behind-lead-in', at });
  }
  if (walk.kind !== 'whole' || isApp || !chip.known) return null;
  return { ...about('bootloader', { reason: 'bootloader', at }), ...(await checkImage(image, walk, tools)) };
}

/** Firmware behind what a server or a program left before it, or only that; null for every other file. */
export function inspectForeignHead(file: Bytes): Inspection | null {
  const head = foreignHead(file);
  if (head === null) return null;
  const app = appBehindHead(file);
  if (app === null) return refused('text', file.length, { reason: 'text', kind: 'head-alone', head });
  const { at, size } = app;
  return {
    ...refused('merged', file.length, { reason: 'trailing-image', kind: 'foreign-head', at, head, size }),
    chip: chipOf(readImageHeader(file.subarray(at)).chipId),
    inside: [{ name: null, how: 'partition', offset: at, size }],
  };
}
