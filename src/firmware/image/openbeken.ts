/**
 * What an OpenBeken build says of itself: one text, which its device tells word for word. The app descriptor has its
 * project's name; the ESP8266's files have no descriptor. Source: OpenBeken `new_http.c` (`g_build_str`),
 * `platforms/ESP-IDF/CMakeLists.txt`.
 */
import { buildTime } from '../../model/device/identity.ts';
import type { FileTells, Inspection } from '../../model/firmware/inspection.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { latin1, search } from '../bytes/search.ts';
import type { YieldWhenDue } from '../work.ts';

const PROJECT = 'OpenBeken';
const BEGINS = 'Built on ';
const BUILD = /^Built on (\w{3} [ \d]\d \d{4} [\d:]{8}) version ([!-~]{1,80})\0/;
const LONGEST = 130;

/** Null where it is not OpenBeken, or the text is in another program's file. */
export async function readOpenbeken(
  image: Bytes,
  chip: 'esp32' | 'esp8266',
  stated: Pick<Inspection, 'project'>,
  yieldWhenDue: YieldWhenDue,
): Promise<FileTells | null> {
  if (chip === 'esp32' && stated.project !== PROJECT) return null;
  return search(image, BEGINS, yieldWhenDue, (at) => {
    const [, moment, version] = BUILD.exec(latin1(image.subarray(at, at + LONGEST))) ?? [];
    if (moment === undefined || version === undefined) return null;
    return { product: 'OpenBeken', version, release: null, build: buildTime(moment), installsFrom: null, node: null };
  });
}
