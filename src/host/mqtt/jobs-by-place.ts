import { placeOf } from '../../model/device/device.ts';
import type { Entry } from '../jobs/job-list.ts';

/** Jobs by the place of their device, in the order that they were made. */
export function jobsByPlace(entries: Iterable<Entry>): ReadonlyMap<string, readonly Entry[]> {
  const places = new Map<string, Entry[]>();
  for (const entry of entries) {
    const place = placeOf(entry.record.job.device);
    const there = places.get(place);
    if (there === undefined) places.set(place, [entry]);
    else there.push(entry);
  }
  return places;
}

/** The one that has not ended, of which there is one at most; else the last. */
export function currentOf(entries: readonly Entry[]): Entry {
  const found = entries.find(({ record }) => record.job.standing.kind !== 'ended') ?? entries.at(-1);
  if (found === undefined) throw new Error('a device without a job');
  return found;
}

/** When an update of the device ended last, in milliseconds since 1970; -Infinity: none has. */
export function lastEndOf(entries: readonly Entry[]): number {
  return Math.max(-Infinity, ...entries.map(({ record }) => record.job.endedAt ?? -Infinity));
}
