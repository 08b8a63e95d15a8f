/** The order of the list. Pure. */
import type { Device } from '../../../model/device/device.ts';
import { LOCALE } from '../../../words/kit/locale.ts';
import type { Standing } from '../standing.ts';

export type SortKey = 'attention' | 'name' | 'group' | 'version' | 'seen';

export const SORT_KEYS: readonly SortKey[] = ['attention', 'name', 'group', 'version', 'seen'];

/** Most pressing first; what is quiet keeps the order of the list. */
const URGENCY: Readonly<Record<Standing, number>> = {
  failed: 0,
  needs: 1,
  offline: 2,
  updating: 3,
  asking: 4,
  updated: 4,
  accepted: 4,
  staged: 4,
  online: 4,
  unasked: 4,
};

/** A new list in the order wanted. What is alike keeps its order. */
export function inOrder(
  devices: readonly Device[],
  key: SortKey,
  standing: (device: Device) => Standing,
  version: (device: Device) => string,
): readonly Device[] {
  const by = new Intl.Collator(LOCALE, { numeric: true });
  const compare: Readonly<Record<SortKey, (one: Device, other: Device) => number>> = {
    attention: (one, other) => URGENCY[standing(one)] - URGENCY[standing(other)],
    name: (one, other) => by.compare(one.name, other.name),
    // Those in no group come last.
    group: (one, other) =>
      Number(one.group === null) - Number(other.group === null) || by.compare(one.group ?? '', other.group ?? ''),
    version: (one, other) => by.compare(version(one), version(other)),
    seen: (one, other) => (other.lastSeen ?? 0) - (one.lastSeen ?? 0),
  };
  return [...devices].sort(compare[key]);
}
