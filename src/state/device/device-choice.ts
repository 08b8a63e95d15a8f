/** Which devices a rollout goes to: filters over the saved ones. Pure. */
import type { Device } from '../../model/device/device.ts';
import { versionInWords } from '../../words/device/runs.ts';

export interface DeviceFilter {
  /** Part of a name, address or version; empty: any. */
  readonly wanted: string;
  /** Null: any; empty: those in no group. */
  readonly group: string | null;
  /** As `versionInWords` says it; null: any. */
  readonly runs: string | null;
}

export const EVERY_DEVICE: DeviceFilter = { wanted: '', group: null, runs: null };

export function passes(device: Device, { wanted, group, runs }: DeviceFilter): boolean {
  if (group !== null && (device.group ?? '') !== group) return false;
  if (runs !== null && versionInWords(device) !== runs) return false;
  const words = [device.name, device.typed, device.group ?? '', versionInWords(device)];
  return words.some((word) => word.toLowerCase().includes(wanted.trim().toLowerCase()));
}

/** The groups there are, by name; the empty one where some devices are in none. Empty where there are no groups. */
export function groupsOf(devices: readonly Device[]): readonly string[] {
  const groups = new Set(devices.map(({ group }) => group ?? ''));
  return groups.size === 1 && groups.has('') ? [] : [...groups].sort();
}

export function versionsOf(devices: readonly Device[]): readonly string[] {
  return [...new Set(devices.map(versionInWords))].sort();
}
