/**
 * MicroPython builds leave project and version empty; what they are stands in their banner, and the board's name can
 * be 40 KB away from it. Source: micropython `shared/runtime/pyexec.c`, `py/modsys.c`, and files looked at.
 */
import type { MicroPythonBanner } from '../../model/firmware/inspection.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { AS_LOWER_CASE, latin1, search } from '../bytes/search.ts';
import type { YieldWhenDue } from '../work.ts';

const BANNER = 'MicroPython ';
/** Every ESP board's controller is named with these letters ("ESP32", "ESP32-S3"). */
const BOARD = ' with ESP';
/**
 * The interpreter's own name is in every build that was looked at, in ten places or more (a module has it), even where
 * its banner was renamed; a build without either may still name ViperHTTP.
 */
const SIGNS = ['micropython', 'viperhttp'];
const VERSION = /^MicroPython (?:\([^)]*\) )?(v?\d[\x21-\x7e]*) on (\d{4}-\d\d-\d\d)/;
const PRINTABLE = /^[\x20-\x7e]*$/;
/** The longest banners seen are about 120 bytes. */
const WINDOW = 256;

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

/** Null where the bytes are not MicroPython. */
export async function findMicroPython(bytes: Bytes, yieldWhenDue: YieldWhenDue): Promise<MicroPythonBanner | null> {
  const version = await search(bytes, BANNER, yieldWhenDue, (at) => versionAt(bytes, at));
  if (version === null) return null;
  return { ...version, machine: await search(bytes, BOARD, yieldWhenDue, (at) => machineAt(bytes, at)) };
}

/** Whether anything in an app says that it is MicroPython, or uses ViperHTTP. */
export async function showsMicroPython(app: Bytes, yieldWhenDue: YieldWhenDue): Promise<boolean> {
  for (const sign of SIGNS) {
    if ((await search(app, sign, yieldWhenDue, () => true, AS_LOWER_CASE)) !== null) return true;
  }
  return false;
}
