import type { DeviceTarget } from '../../../device/target.ts';

/** A device that the command line updates with others. */
export interface ListedDevice {
  /** Unique in the list. */
  readonly id: string;
  /** What it is called in words. */
  readonly name: string;
  readonly target: DeviceTarget;
  /** As images name their chip; null where the list does not tell. */
  readonly chipId: number | null;
  /** How long to look for it after its restart, in milliseconds; absent: `RESTART_PATIENCE_MS`. */
  readonly patienceMs?: number;
}
