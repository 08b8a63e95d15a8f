/**
 * What a build with PrettyOTA in it says of itself. The device tells whatever version and build time its app hands
 * over, or else those of the descriptor. The version may be anywhere in the file. A build time has the one form that
 * compilers write, as a text for the date and one for the time, so that all of these are read. Source: PrettyOTA
 * `PrettyOTA.h`, `PrettyOTA.cpp`.
 */
import { buildTime } from '../../model/device/identity.ts';
import type { FileTells, Inspection } from '../../model/firmware/inspection.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { latin1, search } from '../bytes/search.ts';
import { readTextEnds } from '../bytes/text-ends.ts';
import type { YieldWhenDue } from '../work.ts';
import { ARDUINO_CORE_NAME } from './stated-name.ts';

/** One of the routes that PrettyOTA answers. */
const ROUTE = '/prettyota/queryInfo\0';

const DATE = /[A-Z][a-z]{2} [ \d]\d \d{4}$/;
const TIME = /\d\d:\d\d:\d\d$/;
const LONGEST = 11;
const COLON = 0x3a;
/** A file has its own date and time, those of its descriptor, and those of one or two prebuilt libraries. */
const MOST_TEXTS = 16;
const MOST = 16;

/** Null where it has no PrettyOTA. */
export async function readPretty(
  image: Bytes,
  { project }: Pick<Inspection, 'project'>,
  yieldWhenDue: YieldWhenDue,
): Promise<FileTells | null> {
  if ((await search(image, ROUTE, yieldWhenDue, () => true)) === null) return null;
  const builds = await momentsIn(image, yieldWhenDue);
  return {
    ...{ product: 'PrettyOTA', version: null, release: null, build: null, installsFrom: null },
    // Where there are too many, none is named.
    builds: (builds ?? []).map(buildTime),
    node: project === ARDUINO_CORE_NAME ? null : project,
  };
}

/** Each of its dates with each of its times. Null: there are too many. */
async function momentsIn(image: Bytes, yieldWhenDue: YieldWhenDue): Promise<readonly string[] | null> {
  const found: string[] = [];
  const note = (end: number): string | null => {
    const text = momentBefore(image, end);
    if (text !== null) found.push(text);
    return text;
  };
  await readTextEnds(image, yieldWhenDue, note, MOST_TEXTS);
  const dates = [...new Set(found.filter((text) => DATE.test(text)))];
  const times = [...new Set(found.filter((text) => TIME.test(text)))];
  const isTooMuch = found.length > MOST_TEXTS || dates.length * times.length > MOST;
  return isTooMuch ? null : dates.flatMap((day) => times.map((time) => `${day} ${time}`));
}

function momentBefore(image: Bytes, end: number): string | null {
  // "2026", or "03:00:45".
  const isDigit = isDigitAt(image, end - 1) && isDigitAt(image, end - 2);
  const mayBe = isDigit && (image[end - 3] === COLON || (isDigitAt(image, end - 3) && isDigitAt(image, end - 4)));
  if (!mayBe) return null;
  const text = latin1(image.subarray(Math.max(0, end - LONGEST), end));
  return DATE.exec(text)?.[0] ?? TIME.exec(text)?.[0] ?? null;
}

function isDigitAt(image: Bytes, at: number): boolean {
  const byte = image[at] ?? 0;
  return byte >= 0x30 && byte <= 0x39;
}
