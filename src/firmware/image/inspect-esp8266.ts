/** A file for the ESP8266. A device that says that it is one can take it, packed by gzip as well as plain. */
import { blankFacts, type Facts } from '../blank-inspection.ts';
import { u32, type Bytes } from '../bytes/little-endian.ts';
import { ESP8266 } from '../../model/firmware/chips.ts';
import type { Finding } from '../../model/firmware/finding.ts';
import type { Inspection } from '../../model/firmware/inspection.ts';
import { stopgapWarning } from './app-warnings.ts';
import { isStretchOf } from './esp-image.ts';
import { readEsp8266, type Esp8266Image } from './esp8266.ts';
import type { Tools } from './inspect-image.ts';
import { builtOn, readTells } from './tells.ts';
import { hasOtherLineEndings } from '../container/text-transfer.ts';

/** Null where the file is none of the ESP8266's. */
export async function inspectEsp8266(file: Bytes, { yieldWhenDue }: Tools): Promise<Inspection | null> {
  const image = await readEsp8266(file, yieldWhenDue);
  if (image === null) return null;
  const stated = { project: null, version: null };
  const tells = image.missing === null ? await readTells(file, { chip: 'esp8266', stated }, yieldWhenDue) : undefined;
  const facts: Facts = {
    ...blankFacts('esp8266', file.length),
    ...{ chip: ESP8266, segments: image.segments, checksumValid: image.checksumValid },
    ...(image.flashBytes !== null && { flashBytes: image.flashBytes }),
    ...(tells && { tells }),
    date: builtOn(tells),
    trailingBytes: Math.max(0, file.length - image.end),
    slotBytes: file.length,
  };
  const wrong = damage(file, image);
  if (wrong !== null) return { ...facts, slotBytes: null, verdict: 'refuse', finding: wrong };
  const finding: Finding = { reason: 'esp8266', deviceChipId: null };
  const warnings: readonly Finding[] = [
    ...((await isForeign(file, image, yieldWhenDue))
      ? [{ reason: 'trailing-bytes', bytes: facts.trailingBytes } as const]
      : []),
    ...stopgapWarning(facts),
    finding,
  ];
  return { ...facts, verdict: 'warn', finding: warnings[0] ?? finding, warnings };
}

/** The device checks nothing before it starts the image, so everything is checked here. */
function damage(file: Bytes, { form, isApp, checksumValid, missing }: Esp8266Image): Finding | null {
  if ((missing !== null || checksumValid !== true) && hasOtherLineEndings(file)) {
    return { reason: 'damaged', kind: 'line-endings' };
  }
  if (missing !== null) return { reason: 'truncated', kind: 'bytes', ...missing };
  if (checksumValid !== true) return { reason: 'damaged', kind: 'checksum' };
  if (form === 'sdk') return { reason: 'esp8266-sdk' };
  return isApp ? null : { reason: 'bootloader', at: 0 };
}

/** A signature ends with its own length, in four bytes. */
const LENGTH_BYTES = 4;

/** Whether what follows the image is neither its signature nor what tools fill a file up with. */
async function isForeign(file: Bytes, { end }: Esp8266Image, yieldWhenDue: Tools['yieldWhenDue']): Promise<boolean> {
  const behind = file.length - end;
  if (behind === 0 || u32(file, file.length - LENGTH_BYTES) === behind - LENGTH_BYTES) return false;
  const filling = file[end];
  if (filling !== 0xff && filling !== 0 && filling !== 0xaa) return true;
  return !(await isStretchOf(filling, file, end, file.length, yieldWhenDue));
}

/** The inspection of a packed file: that of the image inside, with the packed file's own size. */
export function asPacked(inside: Inspection, { length: size }: Bytes): Inspection {
  // It is written as it is, and unpacked when it starts.
  return { ...inside, kind: 'gzip', size, slotBytes: inside.slotBytes === null ? null : size, segments: [] };
}
