/**
 * What an ESPHome build says of itself: its version in the first line of its log, the maker's project below it where there
 * is one, and, built with ESP-IDF, the name of the device that it is for. The hash of its configuration, which the device
 * announces, is a number in its code and in no place that is known. Source: ESPHome `application.cpp`, `esp32/__init__.py`.
 */
import type { FileTells, Inspection } from '../../model/firmware/inspection.ts';
import { strangersText, type Bytes } from '../bytes/little-endian.ts';
import { latin1, search } from '../bytes/search.ts';
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
    ...{ product: 'ESPHome', version, build: null, installsFrom: null },
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

function lineAt(image: Bytes, at: number): string {
  const line = image.subarray(at, at + LONGEST_LINE);
  return /^[\x20-\x7e]*/.exec(latin1(line))?.[0] ?? strangersText(line);
}
