import { TRAITS, type Dialect } from '../device/dialect.ts';
import type { DeviceIdentity } from '../device/identity.ts';
import type { ReasonCode } from '../firmware/finding.ts';

/** What is remembered of an update that has begun, so that it can go on after a reload. At most one for each device. */
export interface JournalEntry {
  readonly deviceId: string;
  readonly sha256: string;
  readonly size: number;
  readonly dialect: Dialect;
  /** Our session; in the phase `beginning`, where ours is not known yet, the one that was open before. */
  readonly sessionId: string | null;
  /** Label of the slot being written, where known. */
  readonly slot: string | null;
  /** Its address: a device may tell a slot's name in one answer and not in the next. Absent: not known. */
  readonly slotAddress?: number;
  /** Label of the slot that ran before, where known. */
  readonly previousSlot: string | null;
  /** Its address. Absent: not known. */
  readonly previousSlotAddress?: number;
  /** Bytes the device has acknowledged; of an image that goes whole, those that were sent. */
  readonly acknowledged: number;
  /** The end of what was sent: a device that counts more has taken bytes twice. */
  readonly sentTo: number;
  /**
   * How far it came. `beginning`: a begin was sent, so a session may be ours. `finalizing` and `restarting`: all bytes
   * are there and the device may have restarted. `unconfirmed`: nothing is left but `finalizeSent`; where that is false,
   * the device took the image, and starts it at its next restart unless one has gone unseen.
   */
  readonly phase: 'beginning' | 'writing' | 'finalizing' | 'restarting' | 'unconfirmed';
  /**
   * A finalize, of this update or of one before it, may have taken effect, and no status has proved otherwise: which
   * firmware runs is not certain. Absent in entries of older versions.
   */
  readonly finalizeSent?: boolean;
  /** Whether the device can be asked how much it has. Absent in entries of older versions (`couldBeAsked`). */
  readonly tellsStatus?: boolean;
  /** What the device told of itself before an image that goes whole, and when, in milliseconds since 1970. Absent: it tells slots. */
  readonly before?: { readonly identity: DeviceIdentity; readonly at: number };
  /**
   * The device may hold an image of an earlier run, of another file, which its next restart starts unless this image
   * replaces it. Absent: it holds none.
   */
  readonly mayHoldAnother?: boolean;
  /** Refusals that the person overruled for it; absent: none. */
  readonly overruled?: readonly ReasonCode[];
  /** Milliseconds since 1970, for people. */
  readonly at: number;
}

export interface Journal {
  read(deviceId: string): Promise<JournalEntry | null>;
  write(entry: JournalEntry): Promise<void>;
  clear(deviceId: string): Promise<void>;
}

/** Whether the device of an entry could be asked how much it has. */
export function couldBeAsked({ tellsStatus, dialect }: Pick<JournalEntry, 'tellsStatus' | 'dialect'>): boolean {
  return tellsStatus ?? TRAITS[dialect].tellsCount;
}
