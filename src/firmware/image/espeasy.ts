/**
 * What an ESPEasy build says of itself: the name of its file, which its build script gives it and its device tells at
 * `/json`. Source: ESPEasy `CompiletimeDefines.cpp`, `generate-compiletime-defines.py`, `StringProvider.cpp`, of
 * October 2024.
 */
import type { FileTells } from '../../model/firmware/inspection.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { latin1, search } from '../bytes/search.ts';
import type { YieldWhenDue } from '../work.ts';

/** What every name begins with; the day of the build follows, and what hardware it is for. */
const BEGINNING = 'ESP_Easy_mega_';
const NAME = /^ESP_Easy_(mega_\d{8}_[\w.-]+)\0/;
/** The longest of the build's own names has some sixty letters. */
const LONGEST_NAME = 100;

/** Null where it is no ESPEasy. */
export async function readEspeasy(image: Bytes, yieldWhenDue: YieldWhenDue): Promise<FileTells | null> {
  const version = await search(
    image,
    BEGINNING,
    yieldWhenDue,
    (at) => NAME.exec(latin1(image.subarray(at, at + LONGEST_NAME)))?.[1] ?? null,
  );
  return version === null ? null : { product: 'ESPEasy', version, release: null, build: null, installsFrom: null };
}
