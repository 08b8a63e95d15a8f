/**
 * What a Tasmota build says of itself. It computes its version when it starts, so that its file has it in old builds only;
 * when it was built is in every one, and the device tells that, too. Source: Tasmota `tasmota.ino`, `tasmota_globals.h`,
 * `support.ino`, `xdrv_01_9_webserver.ino`; forty files from version 8.5 to 15 were looked at.
 */
import type { FileTells } from '../../model/firmware/inspection.ts';
import { u32, type Bytes } from '../bytes/little-endian.ts';
import { latin1, search } from '../bytes/search.ts';
import { readTextEnds } from '../bytes/text-ends.ts';
import { GLANCE } from '../work.ts';
import type { YieldWhenDue } from '../work.ts';
import { SLICE_BYTES } from '../bytes/yielder.ts';

/** What its web server calls itself, since version 9. */
const SERVER = 'Tasmota/%s (%s)';
const NAME = 'Tasmota';
/**
 * Until about version 9, builds for the ESP8266 have their version between these two; later ones have nothing there.
 */
const MARKER = [0x5aa55aa5, 0xa55aa55a] as const;
const MARKER_START = 0xa5;
/** About one byte of code in 256 has this value. A file that is full of it is no such build. */
const MOST_STARTS = 1 << 18;
const NOT_STATED = 0xffffffff;
/** The name of the variant is next to these words, before or behind them, as the compiler placed it. */
const BESIDE_VARIANT = 'Some settings have been reset (%d)';
const VARIANT_WITHIN = 96;
/** The web pages of that build say so, even in old builds. */
const ON_MINIMAL_PAGES = '>MINIMAL firmware<';
/** What its builds call themselves: `CODE_IMAGE_STR`. */
const VARIANT =
  /^(?:tasmota32[a-z0-9-]*|minimal|safeboot|lite|sensors|display|ir|ircustom|knx|zbbridge|zigbee|bluetooth|lvgl|nspanel|webcam)$/i;

/** Null where it is no Tasmota. */
export async function readTasmota(
  image: Bytes,
  chip: 'esp32' | 'esp8266',
  yieldWhenDue: YieldWhenDue,
): Promise<FileTells | null> {
  const marked = chip === 'esp8266' ? await markedVersion(image, yieldWhenDue) : null;
  // The marker alone could be in any file.
  const name = marked === null ? SERVER : NAME;
  if ((await search(image, name, yieldWhenDue, () => true)) === null) return null;
  return {
    product: 'Tasmota',
    version: marked === null ? null : versionOf(marked),
    release: await variantIn(image, yieldWhenDue),
    build: await builtAt(image, yieldWhenDue),
    installsFrom: null,
  };
}

/** The number between the two halves of the marker; null where there is none. */
async function markedVersion(image: Bytes, yieldWhenDue: YieldWhenDue): Promise<number | null> {
  let starts = 0;
  for (let from = 0; from < image.length; from += SLICE_BYTES) {
    const slice = image.subarray(from, from + SLICE_BYTES);
    for (let at = slice.indexOf(MARKER_START); at !== -1; at = slice.indexOf(MARKER_START, at + 1)) {
      const place = from + at;
      if (u32(image, place) === MARKER[0] && u32(image, place + 8) === MARKER[1]) return u32(image, place + 4);
      starts += 1;
      if (starts === MOST_STARTS) return null;
    }
    await yieldWhenDue(slice.length / GLANCE);
  }
  return null;
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
/** The Wi-Fi library has a date and a time of its own, next to the hash of its sources. */
const HASH = /^[0-9a-f]{7,8}$/;
const COLON = 0x3a;
/** ESP-IDF's own descriptor has a date and a time, too, of the core that it was built with. */
const DESCRIPTOR_END = 0x120;
/** A build has three at most. A file with more than this is not searched further. */
const MOST_STAMPS = 16;

interface Stamp {
  readonly kind: 'date' | 'time';
  readonly text: string;
  /** Words beside it, before and behind. */
  readonly beside: readonly [before: string, behind: string];
}

/** As the device tells it: "2026-07-24T19:38:07". Null where it is not the only one that it could be. */
async function builtAt(whole: Bytes, yieldWhenDue: YieldWhenDue): Promise<string | null> {
  const image = whole.subarray(DESCRIPTOR_END);
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

/** The longest that a date, a time or a hash can be. */
const LONGEST_WORD = 16;
/** On some chips the compiler puts each text at the next multiple of four. */
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
