/**
 * What an ESPHome build says of itself: its version in the first line of its log, the maker's project below it where
 * there is one, when it was compiled, as its API tells it, and, where it was built with ESP-IDF, the name of the device
 * that it is for. The hash of its configuration, which the device announces, is a number somewhere in its code. Source:
 * ESPHome `application.cpp`, `esp32/__init__.py`.
 */
import type { FileTells, Inspection } from '../../model/firmware/inspection.ts';
import { untrustedText, type Bytes } from '../bytes/little-endian.ts';
import { latin1, search } from '../bytes/search.ts';
import { readTextEnds } from '../bytes/text-ends.ts';
import type { YieldWhenDue } from '../work.ts';

const FIRST_LINE = 'ESPHome version ';
const VERSION = /^ESPHome version (\d{4}\.\d{1,2}\.[\w.+-]{1,24}) compiled on/;
const PROJECT_LINE = 'Project ';
const PROJECT = /^Project ([\x21-\x7e]{1,64}\.[\x21-\x7e]{1,64}) version ([\x20-\x7e]{1,64})$/;
const LONGEST_LINE = 160;
/** Its log may be left out of a build. The service that it announces then shows it, with a version of the same form. */
const SERVICE = '_esphomelib';
const OF_DESCRIPTOR = /^\d{4}\.\d{1,2}\.\d/;

/** Null where it is no ESPHome. */
export async function readEsphome(
  image: Bytes,
  stated: Pick<Inspection, 'project' | 'version'>,
  yieldWhenDue: YieldWhenDue,
): Promise<FileTells | null> {
  const logged = await search(image, FIRST_LINE, yieldWhenDue, (at) => VERSION.exec(lineAt(image, at))?.[1] ?? null);
  const version = logged ?? (await versionWithoutLog(image, stated.version, yieldWhenDue));
  if (version === null) return null;
  const project = await search(image, PROJECT_LINE, yieldWhenDue, (at) => PROJECT.exec(lineAt(image, at)));
  const [, maker, number] = project ?? [];
  return {
    ...{ product: 'ESPHome', version, installsFrom: null },
    build: await compiledAt(image, yieldWhenDue),
    release: maker === undefined || number === undefined ? null : `${maker} ${number}`,
    // Only ESP-IDF's own build puts both there; Arduino's core has a name of its own instead.
    node: stated.version === version ? stated.project : null,
  };
}

async function versionWithoutLog(
  image: Bytes,
  version: string | null,
  yieldWhenDue: YieldWhenDue,
): Promise<string | null> {
  if (version === null || !OF_DESCRIPTOR.test(version)) return null;
  return search(image, SERVICE, yieldWhenDue, () => version);
}

/** "2026-03-15 18:46:25 +0100", and in builds before 2026 "Mar 15 2026, 18:46:25". */
const COMPILED = /(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}|[A-Z][a-z]{2} [ \d]\d \d{4}, \d\d:\d\d:\d\d)$/;
const LONGEST_COMPILED = 25;
const COLON = 0x3a;
/** A build has one. With more than this it cannot be known which it is. */
const MOST_COMPILED = 8;

/** Null where it is not the only one that it could be. */
async function compiledAt(image: Bytes, yieldWhenDue: YieldWhenDue): Promise<string | null> {
  const [one, ...others] = new Set(
    await readTextEnds(image, yieldWhenDue, (end) => compiledBefore(image, end), MOST_COMPILED),
  );
  return one === undefined || others.length > 0 ? null : one;
}

function compiledBefore(image: Bytes, end: number): string | null {
  const hasZone = image[end - 9] === COLON && image[end - 12] === COLON;
  if (!hasZone && (image[end - 3] !== COLON || image[end - 6] !== COLON)) return null;
  return COMPILED.exec(latin1(image.subarray(Math.max(0, end - LONGEST_COMPILED), end)))?.[0] ?? null;
}

function lineAt(image: Bytes, at: number): string {
  const line = image.subarray(at, at + LONGEST_LINE);
  return /^[\x20-\x7e]*/.exec(latin1(line))?.[0] ?? untrustedText(line);
}
