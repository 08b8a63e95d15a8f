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
  /** What a rollout server knows it by (`moult agent`); absent: the list does not tell. */
  readonly controllerId?: string;
  /** Its own token for that server, or the environment variable that holds it. */
  readonly targetToken?: string;
  readonly targetTokenEnv?: string;
}
