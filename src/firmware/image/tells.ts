/** What an image says of itself to those who know its product. A product is a row here. */
import type { FileTells, Inspection } from '../../model/firmware/inspection.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import type { YieldWhenDue } from '../work.ts';
import { readEspeasy } from './espeasy.ts';
import { readEsphome } from './esphome.ts';
import { readOpenbeken } from './openbeken.ts';
import { readPretty } from './pretty-ota.ts';
import { readTasmota } from './tasmota.ts';
import { readWledMetadata, type WLED_METADATA_AT } from './wled-metadata.ts';

interface Told {
  readonly chip: keyof typeof WLED_METADATA_AT;
  /** What its descriptor says. */
  readonly stated: Pick<Inspection, 'project' | 'version'>;
}

type Reader = (image: Bytes, told: Told, yieldWhenDue: YieldWhenDue) => Promise<FileTells | null>;

/** They are asked in this order, the quickest first, until one recognises the file. */
const PRODUCTS: readonly Reader[] = [
  (image, { chip }) => Promise.resolve(readWledMetadata(image, chip) ?? null),
  (image, { stated }, yieldWhenDue) => readEsphome(image, stated, yieldWhenDue),
  (image, { chip, stated }, yieldWhenDue) => readOpenbeken(image, chip, stated, yieldWhenDue),
  (image, { chip }, yieldWhenDue) => readTasmota(image, chip, yieldWhenDue),
  (image, _told, yieldWhenDue) => readEspeasy(image, yieldWhenDue),
  (image, { stated }, yieldWhenDue) => readPretty(image, stated, yieldWhenDue),
];

/** Undefined where none of them recognises it. */
export async function readTells(image: Bytes, told: Told, yieldWhenDue: YieldWhenDue): Promise<FileTells | undefined> {
  for (const read of PRODUCTS) {
    const tells = await read(image, told, yieldWhenDue);
    if (tells !== null) return tells;
  }
  return undefined;
}

/** When it was built, as people read it: "2026-07-24 19:38:07". Null where its build is not a time. */
export function builtOn(tells: FileTells | undefined): string | null {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T([\d:]{8})$/.exec(tells?.build ?? '') ?? [];
  return day === undefined || time === undefined ? null : `${day} ${time}`;
}
