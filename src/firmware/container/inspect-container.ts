/** Files that hold firmware and are none themselves: full-flash, UF2, archives. What is inside is offered, never taken. */
import { isAppImage } from '../image/app-descriptor.ts';
import { blankInspection } from '../blank-inspection.ts';
import { exactBytes, sizeInWords } from '../../words/sizes.ts';
import { chipOf, chipOfUf2Family } from '../../model/chips.ts';
import { readImageHeader, walkImage } from '../image/esp-image.ts';
import { appBehindHead, foreignHead } from './foreign-head.ts';
import { appsInside } from '../flash/full-flash.ts';
import type { AppInside, FullFlash } from '../flash/full-flash.ts';
import { lookAt } from './held.ts';
import type { Held } from './held.ts';
import { inspectArchive } from './inspect-archive.ts';
import { checkImage } from '../image/inspect-image.ts';
import type { Tools } from '../image/inspect-image.ts';
import type { InnerFile, Inspection } from '../../model/inspection.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { findMicroPython } from '../image/micropython.ts';
import { endWithSignature } from '../image/signature.ts';
import { isUf2, joinUf2, readUf2, UF2_BLOCK_BYTES } from './uf2.ts';
import { UNPACK_LIMIT_BYTES } from '../work.ts';

function flashMessage(
  { bootloaderAt }: FullFlash,
  apps: readonly AppInside[],
  whole: readonly InnerFile[],
): Pick<Inspection, 'reason' | 'message'> {
  const [first] = whole;
  if (first !== undefined) {
    const what =
      bootloaderAt === null
        ? 'This is a part of a flash, from its partition table on, to be written by cable.'
        : 'This is a full-flash file for a first install by cable.';
    const size = sizeInWords(first.size ?? 0);
    const which = whole.length === 1 ? '' : ` It holds ${whole.length} apps; this is the one that it starts.`;
    const message = `${what} A device takes the app inside (${size}, partition ${first.name}).${which}`;
    return { reason: 'merged', message };
  }
  const cut = apps.find(({ walk }) => !walk.whole && walk.why !== 'broken');
  if (cut !== undefined) {
    const message = `Incomplete: a full-flash file whose app (partition ${cut.label}) is cut off. Download it again.`;
    return { reason: 'truncated', message };
  }
  const message = 'This file holds a bootloader and a partition table, but no app that could be sent.';
  return { reason: 'merged-without-app', message };
}

export async function inspectFullFlash(file: Bytes, flash: FullFlash, tools: Tools): Promise<Inspection> {
  const apps = appsInside(file, flash);
  const inside = apps.flatMap(({ label, at, room, walk }): InnerFile[] =>
    walk.whole
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
  const appRoom = apps.find((app) => app.walk.whole)?.room;
  return {
    ...blankInspection('merged', bootloader === null ? 'part of a flash' : 'full-flash file', file.length, {
      verdict: 'refuse',
      ...flashMessage(flash, apps, inside),
    }),
    ...(bootloader !== null && walk?.whole === true ? await checkImage(bootloader, walk, tools) : {}),
    chip: appRoom === undefined ? flash.chip : chipOf(readImageHeader(appRoom).chipId),
    segments: walk?.segments ?? [],
    partitions: flash.partitions,
    micropython: apps.length === 0 ? null : await findMicroPython(file, tools.breathe),
    inside,
  };
}

async function inspectUf2(file: Bytes, tools: Tools): Promise<Inspection> {
  const uf2 = await readUf2(file, tools.breathe);
  const chip = uf2.family === null ? null : chipOfUf2Family(uf2.family);
  const refuse = (reason: Inspection['reason'], message: string): Inspection => ({
    ...blankInspection('uf2', 'UF2 file', file.length, { verdict: 'refuse', reason, message }),
    chip,
  });
  if (chip === null) return refuse('uf2-foreign', 'This UF2 file is made for another microcontroller.');
  if (uf2.missingBlocks > 0) {
    const missing = uf2.missingBlocks === 1 ? '1 block is' : `${uf2.missingBlocks} blocks are`;
    return refuse('truncated', `Incomplete: ${missing} missing in this UF2 file. Download it again.`);
  }
  const stray = file.length % UF2_BLOCK_BYTES;
  if (stray > 0) {
    return refuse(
      'damaged',
      `Damaged: ${exactBytes(stray)} of this UF2 file ${stray === 1 ? 'belongs' : 'belong'} to no block. Download it again.`,
    );
  }
  if (uf2.to - uf2.from < 1 || uf2.to - uf2.from > UNPACK_LIMIT_BYTES)
    return refuse('malformed', 'This UF2 file cannot be joined: its addresses make no sense.');
  // Block headers cut the text and everything else, so the look needs the joined bytes; they are let go right after it.
  const span = uf2.to - uf2.from;
  if (!tools.work.hasRoomFor(span)) return refuse('uf2', `${UF2}, and it would take too much memory to join them.`);
  const joined = await joinUf2(file, uf2, tools.breathe, tools.work.room);
  const held = await lookAt(joined, tools.breathe);
  const size = joined.length;
  const isOffered = held !== null && held.worth !== null;
  return {
    ...refuse('uf2', uf2Message(held, size)),
    micropython: await findMicroPython(joined, tools.breathe),
    inside: isOffered ? [{ name: 'joined blocks', how: 'uf2-blocks', offset: null, size }] : [],
  };
}

const UF2 = 'UF2 file, for boards that show up as a drive';

function uf2Message(held: Held | null, size: number): string {
  if (held === null) return `${UF2}. There is no firmware in it that Moult knows.`;
  if (held.worth === null) return `${UF2}, and nothing to send: it holds ${held.what}.`;
  if (held.worth === 0) return `${UF2}. A device takes the firmware inside (${sizeInWords(size)}).`;
  return `${UF2}. It holds ${held.what} (${sizeInWords(size)}): look inside.`;
}

/** Null where the file is none of UF2 and archives. */
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
  const about = (
    kind: Inspection['kind'],
    kindName: string,
    reason: Inspection['reason'],
    message: string,
  ): Inspection => ({
    ...blankInspection(kind, kindName, file.length, { verdict: 'refuse', reason, message }),
    chip,
  });
  if (isApp && walk.whole) {
    const message = `The firmware starts ${exactBytes(at)} into this file. A device takes it from its first byte on.`;
    const size = endWithSignature(image, walk.end, chipId);
    const inner: InnerFile = { name: `image at 0x${at.toString(16)}`, how: 'partition', offset: at, size };
    return { ...about('merged', 'image with a lead-in', 'trailing-image', message), inside: [inner] };
  }
  if (isApp && !walk.whole && walk.why !== 'broken') {
    const message = `Incomplete: the firmware starts ${exactBytes(at)} into this file, and is cut off. Download it again.`;
    return about('merged', 'image with a lead-in', 'truncated', message);
  }
  if (!walk.whole || isApp || !chip.known) return null;
  const message = `This is a bootloader, which starts ${exactBytes(at)} into the file. Sent as an app it would not start. Choose the app’s .bin.`;
  return {
    ...about('bootloader', 'bootloader with a lead-in', 'bootloader', message),
    ...(await checkImage(image, walk, tools)),
  };
}

/** Firmware behind what a server or a program left before it, or only that; null for every other file. */
export function inspectForeignHead(file: Bytes): Inspection | null {
  const what = foreignHead(file);
  if (what === null) return null;
  const app = appBehindHead(file);
  if (app === null) {
    const message = `This file begins with ${what}, and no whole firmware follows. Download the raw file again.`;
    return blankInspection('text', what, file.length, { verdict: 'refuse', reason: 'text', message });
  }
  const { at, size } = app;
  const message = `The firmware starts ${exactBytes(at)} into this file, behind ${what}. A device takes the firmware alone (${sizeInWords(size)}).`;
  return {
    ...blankInspection('merged', `firmware behind ${what}`, file.length, {
      verdict: 'refuse',
      reason: 'trailing-image',
      message,
    }),
    chip: chipOf(readImageHeader(file.subarray(at)).chipId),
    inside: [{ name: `image at 0x${at.toString(16)}`, how: 'partition', offset: at, size }],
  };
}
