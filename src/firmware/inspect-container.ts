/** Files that hold firmware and are none themselves: full-flash, UF2, archives. What is inside is offered, never taken. */
import { blankInspection } from './blank-inspection.ts';
import { exactBytes, sizeInWords } from './bytes-in-words.ts';
import { chipOf, chipOfUf2Family } from './chips.ts';
import { readImageHeader, walkImage } from './esp-image.ts';
import { appsInside } from './full-flash.ts';
import type { AppInside, FullFlash } from './full-flash.ts';
import { inspectArchive } from './inspect-archive.ts';
import { checkImage } from './inspect-image.ts';
import type { Tools } from './inspect-image.ts';
import type { InnerFile, Inspection } from './inspection.ts';
import type { Bytes } from './little-endian.ts';
import { findMicroPython } from './micropython.ts';
import { endWithSignature } from './signature.ts';
import { isUf2, joinUf2, readUf2, UF2_BLOCK_BYTES } from './uf2.ts';
import { UNPACK_LIMIT_BYTES } from './unpack.ts';

function flashMessage(apps: readonly AppInside[], whole: readonly InnerFile[]): Pick<Inspection, 'reason' | 'message'> {
  const [first] = whole;
  if (first !== undefined) {
    const size = sizeInWords(first.size ?? 0);
    const message = `This is a full-flash file for a first install by cable. A device takes the app inside (${size}, partition ${first.name}).`;
    return { reason: 'merged', message };
  }
  const cut = apps.find(({ walk }) => !walk.whole && walk.why === 'cut-off');
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
  const bootloader = file.subarray(flash.bootloaderAt);
  const walk = walkImage(bootloader);
  // The first bootloaders for the S2 carried the ESP32's id; an app never does.
  const appRoom = apps.find((app) => app.walk.whole)?.room;
  return {
    ...blankInspection('merged', 'full-flash file', file.length, {
      verdict: 'refuse',
      ...flashMessage(apps, inside),
    }),
    ...(walk.whole ? await checkImage(bootloader, walk, tools) : {}),
    chip: appRoom === undefined ? flash.chip : chipOf(readImageHeader(appRoom).chipId),
    segments: walk.segments,
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
  // Block headers cut the text, so the search needs the joined bytes; they are let go right after it.
  const joined = await joinUf2(file, uf2, tools.breathe);
  const micropython = await findMicroPython(joined, tools.breathe);
  const size = joined.length;
  const message = `UF2 file, for boards that show up as a drive. A device takes the firmware inside (${sizeInWords(size)}).`;
  return {
    ...refuse('uf2', message),
    micropython,
    inside: [{ name: 'joined blocks', how: 'uf2-blocks', offset: null, size }],
  };
}

/** Null where the file is none of UF2, gzip and ZIP. */
export async function inspectPacked(file: Bytes, tools: Tools): Promise<Inspection | null> {
  if (isUf2(file)) return inspectUf2(file, tools);
  return inspectArchive(file, tools);
}
