/**
 * MicroPython builds leave project and version empty; what they are stands in their banner, and the board's name can
 * be 40 KB away from it. Source: micropython `shared/runtime/pyexec.c`, `py/modsys.c`, and files looked at.
 */
import type { MicroPythonBanner } from '../../model/firmware/inspection.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { GLANCE } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';

const BANNER = 'MicroPython ';
/** Every ESP board's controller is named with these letters ("ESP32", "ESP32-S3"). */
const BOARD = ' with ESP';
/**
 * The interpreter's own name is in every build that was looked at, in ten places or more (a module is called so), also
 * where its banner was renamed; a build that was stripped of both may still name what serves its page.
 */
const SIGNS = ['micropython', 'viperhttp'];
const VERSION = /^MicroPython (?:\([^)]*\) )?(v?\d[\x21-\x7e]*) on (\d{4}-\d\d-\d\d)/;
const PRINTABLE = /^[\x20-\x7e]*$/;
/** The longest banners seen are about 120 bytes. */
const WINDOW = 256;
/** A build names itself some dozen times. What does so more often than this is no build, and costs a look at each. */
const MOST_HITS = 1000;
/** Bytes between two looks at the clock: well under a millisecond, as most of them are jumped over. */
const SLICE_BYTES = 256 * 1024;

/** Every byte stands for itself. */
const EXACTLY = Uint8Array.from({ length: 256 }, (_, byte) => byte);
/** Capitals stand for small letters. */
const IN_SMALL_LETTERS = EXACTLY.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

/**
 * Calls `hit` for every place where `needle` stands, until it answers with something. Horspool's search. `as` says what
 * each byte of the file stands for.
 */
async function search<T>(
  bytes: Bytes,
  needle: string,
  yieldWhenDue: YieldWhenDue,
  hit: (at: number) => T | null,
  as: Uint8Array = EXACTLY,
): Promise<T | null> {
  const wanted = Array.from(needle, (letter) => letter.charCodeAt(0));
  const last = wanted.length - 1;
  // How far the window may jump by its last byte: that is what makes this cheap over megabytes.
  const jump = new Uint8Array(256).fill(wanted.length);
  wanted.slice(0, last).forEach((code, index) => (jump[code] = last - index));
  const meant = (at: number): number => as[bytes[at] ?? 0] ?? 0;
  let rest = SLICE_BYTES;
  let hits = 0;
  for (let at = 0; at + last < bytes.length;) {
    const end = meant(at + last);
    const step = jump[end] ?? 1;
    if (end === wanted[last] && wanted.every((code, index) => meant(at + index) === code)) {
      const found = hit(at);
      hits += 1;
      if (found !== null || hits === MOST_HITS) return found;
      await yieldWhenDue();
    }
    at += step;
    if (at >= rest) {
      rest = at + SLICE_BYTES;
      await yieldWhenDue(SLICE_BYTES / GLANCE);
    }
  }
  return null;
}

function latin1(bytes: Bytes): string {
  return String.fromCharCode(...bytes);
}

function versionAt(bytes: Bytes, at: number): Omit<MicroPythonBanner, 'machine'> | null {
  const match = VERSION.exec(latin1(bytes.subarray(at, at + WINDOW)));
  const [, version, date] = match ?? [];
  return version === undefined || date === undefined ? null : { version, date };
}

/** The string that holds the hit, from the NUL (or other control byte) before it to the NUL behind it. */
function machineAt(bytes: Bytes, at: number): string | null {
  let from = at;
  while (from > 0 && from > at - WINDOW && (bytes[from - 1] ?? 0) >= 0x20) from -= 1;
  const end = bytes.subarray(at, at + WINDOW).indexOf(0);
  if (end === -1) return null;
  const before = latin1(bytes.subarray(from, at));
  const start = before.lastIndexOf('; ');
  const machine = before.slice(start + 2) + latin1(bytes.subarray(at, at + end));
  return start !== -1 && PRINTABLE.test(machine) ? machine : null;
}

/** Null where the bytes are no MicroPython. */
export async function findMicroPython(bytes: Bytes, yieldWhenDue: YieldWhenDue): Promise<MicroPythonBanner | null> {
  const version = await search(bytes, BANNER, yieldWhenDue, (at) => versionAt(bytes, at));
  if (version === null) return null;
  return { ...version, machine: await search(bytes, BOARD, yieldWhenDue, (at) => machineAt(bytes, at)) };
}

/** Whether anything in an app says that it is MicroPython, or serves by ViperHTTP. */
export async function showsMicroPython(app: Bytes, yieldWhenDue: YieldWhenDue): Promise<boolean> {
  for (const sign of SIGNS) {
    if ((await search(app, sign, yieldWhenDue, () => true, IN_SMALL_LETTERS)) !== null) return true;
  }
  return false;
}
