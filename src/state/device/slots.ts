/** Where the next update of the saved devices goes to, as far as they have told in this visit. */
import type { ChecksState } from './check/checks.ts';
import type { DevicesState } from './devices.ts';

export interface SlotToWrite {
  readonly label: string;
  /** Bytes. */
  readonly size: number;
  /** Names of the devices that have it. */
  readonly devices: readonly string[];
}

/** Slots of the same label and size are listed once. */
export function slotsToWrite(
  devices: Pick<DevicesState, '$devices'>,
  checks: Pick<ChecksState, '$check'>,
): readonly SlotToWrite[] {
  const found = new Map<string, SlotToWrite>();
  for (const { id, name } of devices.$devices.get()) {
    const view = checks.$check(id).get();
    const next = view.kind === 'answered' ? view.status?.next : null;
    if (typeof next?.size !== 'number') continue;
    const { label, size } = next;
    const alike = found.get(`${label} ${size}`)?.devices ?? [];
    found.set(`${label} ${size}`, { label, size, devices: [...alike, name] });
  }
  return [...found.values()];
}
