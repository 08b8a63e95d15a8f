/** Which files the library removes when it needs room. Pure, so that memory and database decide alike. */
import type { FirmwareRecord } from '../model/firmware/firmware-record.ts';

/** 256 MB: some 150 images of an ESP32, and a share of a phone that browsers grant without asking. */
export const LIBRARY_CAP_BYTES = 256 * 1024 * 1024;

/** Hashes that must stay: firmware of unfinished updates, and what devices run or ran before. */
export type NeededFirmware = () => Promise<ReadonlySet<string>>;

export type Room =
  { readonly kind: 'fits'; readonly remove: readonly FirmwareRecord[] } | { readonly kind: 'larger-than-cap' | 'full' };

/** Which of `held` must go for `incoming` to fit under `capBytes`: the oldest first, never a pinned or a needed one. */
export function makeRoom(
  held: readonly FirmwareRecord[],
  incoming: FirmwareRecord,
  needed: ReadonlySet<string>,
  capBytes: number,
): Room {
  if (incoming.size > capBytes) return { kind: 'larger-than-cap' };
  const others = held.filter(({ sha256 }) => sha256 !== incoming.sha256);
  let excess = others.reduce((sum, { size }) => sum + size, incoming.size) - capBytes;
  const remove: FirmwareRecord[] = [];
  const mayGo = others.filter(({ pinned, sha256 }) => !pinned && !needed.has(sha256));
  for (const record of mayGo.sort((a, b) => a.added - b.added)) {
    if (excess <= 0) break;
    remove.push(record);
    excess -= record.size;
  }
  return excess <= 0 ? { kind: 'fits', remove } : { kind: 'full' };
}

/** The record of a file that is kept again: its label and pin stay, the rest is new. */
export function renewed(held: FirmwareRecord | undefined, incoming: FirmwareRecord): FirmwareRecord {
  if (held === undefined) return incoming;
  return { ...incoming, label: incoming.label ?? held.label, pinned: incoming.pinned || held.pinned };
}

/** Newest first. */
export function byAdded(a: FirmwareRecord, b: FirmwareRecord): number {
  return b.added - a.added || (a.sha256 < b.sha256 ? -1 : 1);
}
