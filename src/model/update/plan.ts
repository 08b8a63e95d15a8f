import type { ReasonCode } from '../firmware/finding.ts';
import type { Inspection } from '../firmware/inspection.ts';
import type { ChunkBytes } from '../device/device.ts';
import type { Clock, Random } from '../clock.ts';
import type { Connectivity } from '../page/connectivity.ts';
import type { Journal } from './journal.ts';
import type { DeviceStatus } from '../device/link.ts';
import type { DeviceIdentity } from '../device/identity.ts';
import type { OpenLink } from '../device/whole-image-link.ts';

/** One firmware going to one device: everything that is decided before the run. */
export interface UpdatePlan {
  readonly deviceId: string;
  /** The whole image. The engine sends views of it and never copies it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of `bytes`, 64 lower-case hex digits. */
  readonly sha256: string;
  readonly inspection: Inspection;
  /** The device's chip id, null where unknown. */
  readonly chipId: number | null;
  /** Refusals that the person overruled by typing the device's name. */
  readonly overruled: readonly ReasonCode[];
  /** `false`: write and make bootable, but do not restart ("Ready, starts at next restart"). */
  readonly restart: boolean;
  /** Id of another's session that the person chose to take over, as the device reported it; else null. */
  readonly takeOver: string | null;
  /**
   * Begin from nothing where the session that an earlier run left is gone. Absent or false: that ends the run
   * (`session-lost`), and the person decides.
   */
  readonly beginAgain?: boolean;
  /**
   * The person agreed that a device which keeps a half upload is restarted first. Absent or false: the run ends there
   * (`half-left`), and the person decides.
   */
  readonly restartFirst?: boolean;
  /**
   * Only sees what became of an image that was handed over before, and sends nothing; where that cannot be seen, the
   * run ends (`unconfirmed`).
   */
  readonly onlyLook?: boolean;
  /** The chunks that the device was seen to take: where one is known for the route in use, its size is the first. */
  readonly chunkBytes: ChunkBytes;
  /** How long to look for the device after its restart, in milliseconds; absent: `RESTART_PATIENCE_MS`. */
  readonly patienceMs?: number;
}

export interface UpdatePorts {
  /**
   * Opens the link to the plan's device. Called again where the dialect was a guess, and a refusal of the device shows
   * that it was wrong.
   */
  readonly open: OpenLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly connectivity: Connectivity;
  /**
   * No request that changes something at the device is repeated below us, so that "session already active" speaks of
   * another client's. Absent: in a browser, which may repeat one.
   */
  readonly sendsOnce?: true;
  /** Called with whatever the device tells of itself during the update. */
  readonly told?: (status: DeviceStatus) => void;
  /** The same for a device that has no slots to tell of. */
  readonly toldIdentity?: (identity: DeviceIdentity) => void;
}
