/** Which slot is which. Pure. */
import type { DeviceStatus, Slot } from './link.ts';

/** A slot by its name and, where the device told it, by where it lies. */
export type SlotPlace = Pick<Slot, 'label' | 'address'>;

/** Whether both are known, and one: a device may tell a slot's name in one answer and only its place in the next. */
export function isSameSlot(one: SlotPlace | null, other: SlotPlace | null): boolean {
  if (one === null || other === null) return false;
  return one.label === other.label || (one.address !== null && one.address === other.address);
}

/** Subtype of the partition that a board leaves the factory with (ESP-IDF). */
const FACTORY = 0;

/**
 * Whether this may be the only update over the air: the device runs from its factory partition, and the published
 * board's table has one update slot beside it. It does not tell how many there are.
 */
export function mayBeOnlyUpdate({ running, next }: Pick<DeviceStatus, 'running' | 'next'>): boolean {
  if (running === null || next === null || isSameSlot(running, next)) return false;
  return running.subtype === undefined ? running.label === 'factory' : running.subtype === FACTORY;
}

/**
 * The slot that an update would be written to, as far as a device tells. On a table with one update slot it is the
 * running one from the second update on: the device panics at the first chunk (docs/protocol.md).
 */
export function updateSlotOf(status: DeviceStatus | null): 'free' | 'none' | 'runs' | null {
  if (!status?.running) return null;
  const target = status.session?.slot ?? status.next;
  if (target === null) return 'none';
  return isSameSlot(target, status.running) ? 'runs' : 'free';
}
