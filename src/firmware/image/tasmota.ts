/**
 * What a Tasmota build says of itself. It computes its version when it starts, so that its file has it in old builds only;
 * when it was built is in every one, and the device tells that, too. Source: Tasmota `tasmota.ino`, `tasmota_globals.h`,
 * `support.ino`, `xdrv_01_9_webserver.ino`; forty files from version 8.5 to 15 were looked at.
 */
import type { FileTells } from '../../model/firmware/inspection.ts';
import { u32, type Bytes } from '../bytes/little-endian.ts';
import { latin1, search } from '../bytes/search.ts';
import { readTextEnds } from '../bytes/text-ends.ts';
import type { YieldWhenDue } from '../work.ts';

/** What its web server calls itself, since version 9. */
const SERVER = 'Tasmota/%s (%s)';
const NAME = 'Tasmota';
/** Older builds have their version between these; in newer ones nothing stands there. 0x5AA55AA5 and 0xA55AA55A. */
const MARKER = '\xa5\x5a\xa5\x5a';
const MARKER_END = 0xa55aa55a;
const NOT_STATED = 0xffffffff;
/** The name of the variant stands beside these words, on either side, as the compiler liked it. */
const BESIDE_VARIANT = 'Some settings have been reset (%d)';
const VARIANT_WITHIN = 96;
/** The pages of that build say so, also where it was built long ago. */
const ON_MINIMAL_PAGES = '>MINIMAL firmware<';
/** What its builds call themselves: `CODE_IMAGE_STR`. */
const VARIANT =
  /^(?:tasmota32[a-z0-9-]*|minimal|safeboot|lite|sensors|display|ir|ircustom|knx|zbbridge|zigbee|bluetooth|lvgl|nspanel|webcam)$/i;

/** Null where it is no Tasmota. */
export async function readTasmota(image: Bytes, yieldWhenDue: YieldWhenDue): Promise<FileTells | null> {
  const marker = await search(image, MARKER, yieldWhenDue, (at) => (u32(image, at + 8) === MARKER_END ? at : null));
  // The marker alone could be anybody's.
  const name = marker === null ? SERVER : NAME;
  if ((await search(image, name, yieldWhenDue, () => true)) === null) return null;
  return {
    product: 'Tasmota',
    version: marker === null ? null : versionOf(u32(image, marker + 4)),
    release: await variantIn(image, yieldWhenDue),
    build: await builtAt(image, yieldWhenDue),
    installsFrom: null,
  };
}

/** 0x08050000 is "8.5.0", 0x08050001 "8.5.0.1". */
function versionOf(number: number): string | null {
  if (number === NOT_STATED || number === 0) return null;
  const parts = [number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff];
  return (parts[3] === 0 ? parts.slice(0, 3) : parts).join('.');
}

async function variantIn(image: Bytes, yieldWhenDue: YieldWhenDue): Promise<string | null> {
  const named = await search(image, BESIDE_VARIANT, yieldWhenDue, (at) => {
    const around = image.subarray(Math.max(0, at - VARIANT_WITHIN), at + BESIDE_VARIANT.length + VARIANT_WITHIN);
    const words = latin1(around).split('\0');
    return words.find((word) => VARIANT.test(word)) ?? null;
  });
  return named ?? (await search(image, ON_MINIMAL_PAGES, yieldWhenDue, () => 'minimal'));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DATE = /(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([ \d]\d) (20\d\d)$/;
const TIME = /(?:^|[^\d:])([0-2]\d:[0-5]\d:[0-5]\d)$/;
const DATE_LETTERS = 11;
/** The Wi-Fi library has a date and a time of its own, which stand with the hash of its sources. */
const HASH = /^[0-9a-f]{7,8}$/;
const COLON = 0x3a;
/** A build has three at most. What has more is not looked at further. */
const MOST_STAMPS = 16;

interface Stamp {
  readonly kind: 'date' | 'time';
  readonly text: string;
  /** Words beside it, before and behind. */
  readonly beside: readonly [before: string, behind: string];
}

/** As the device tells it: "2026-07-24T19:38:07". Null where it is not the only one that it could be. */
async function builtAt(image: Bytes, yieldWhenDue: YieldWhenDue): Promise<string | null> {
  const stamps = await readTextEnds(image, yieldWhenDue, (end) => stampBefore(image, end), MOST_STAMPS);
  const foreign = stamps.filter(({ kind, beside }) => kind === 'date' && beside.some((word) => HASH.test(word)));
  const own = stamps.filter(
    (stamp) =>
      !foreign.includes(stamp) &&
      !foreign.some(({ text, beside }) => beside.includes(stamp.text) && stamp.beside.includes(text)),
  );
  const [date, ...otherDates] = new Set(own.filter(({ kind }) => kind === 'date').map(({ text }) => text));
  const [time, ...otherTimes] = new Set(own.filter(({ kind }) => kind === 'time').map(({ text }) => text));
  if (date === undefined || time === undefined || otherDates.length > 0 || otherTimes.length > 0) return null;
  const [month = '', day = '', year = ''] = date.split(/ +/);
  const number = (count: number | string): string => String(count).padStart(2, '0');
  return `${year}-${number(MONTHS.indexOf(month) + 1)}-${number(day)}T${time}`;
}

function stampBefore(image: Bytes, end: number): Stamp | null {
  const start = Math.max(0, end - DATE_LETTERS);
  // "19:38:07" has its colons here, and "Jul 24 2026" its spaces.
  const mayBeTime = image[end - 3] === COLON && image[end - 6] === COLON;
  if (!mayBeTime && image[end - 5] !== 0x20) return null;
  const text = latin1(image.subarray(start, end));
  const [date] = DATE.exec(text) ?? [];
  if (date !== undefined) return { kind: 'date', text: date, beside: wordsBeside(image, end - date.length, end) };
  const time = TIME.exec(text)?.[1];
  if (time === undefined) return null;
  return { kind: 'time', text: time, beside: wordsBeside(image, end - time.length, end) };
}

/** As long as any of them can be. */
const LONGEST_WORD = 16;
/** The compiler puts a text at the next multiple of four, on some chips. */
const MOST_ZEROS = 4;

function wordsBeside(image: Bytes, start: number, end: number): readonly [string, string] {
  let [before, behind] = [start, end];
  while (before > 0 && start - before < MOST_ZEROS && image[before - 1] === 0) before -= 1;
  while (behind - end < MOST_ZEROS && image[behind] === 0) behind += 1;
  const left =
    latin1(image.subarray(Math.max(0, before - LONGEST_WORD), before))
      .split('\0')
      .at(-1) ?? '';
  const right = latin1(image.subarray(behind, behind + LONGEST_WORD)).split('\0')[0] ?? '';
  return [left, right];
}
