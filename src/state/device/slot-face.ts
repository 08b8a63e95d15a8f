/** A device's two slots at rest: what the last answer, and the files that are kept here, tell of them. Pure. */
import type { Device } from '../../model/device/device.ts';
import type { Slot } from '../../model/device/link.ts';
import { isSameSlot } from '../../model/device/slots.ts';
import type { FirmwareRecord } from '../../model/firmware/firmware-record.ts';
import type { CheckView } from './check/check-view.ts';

/** One slot. Sizes in bytes, null where they are not known. */
export interface SlotFace {
  readonly label: string;
  readonly size: number | null;
  /** Of the image in it. */
  readonly filled: number | null;
}

/** Null: nothing is known of that slot. */
export interface DeviceFace {
  readonly running: SlotFace | null;
  readonly next: SlotFace | null;
}

/**
 * An answer from before an update names the slots as they were. What is proven to run since then says that they have
 * changed places.
 */
export function deviceFace(
  { runs }: Pick<Device, 'runs'>,
  check: CheckView,
  files: readonly Pick<FirmwareRecord, 'sha256' | 'size'>[],
): DeviceFace {
  const proven = runs?.proven === true ? runs : null;
  const image = files.find(({ sha256 }) => sha256 === proven?.sha256)?.size ?? null;
  if (check.kind !== 'answered' || !check.status?.running) {
    return {
      running: typeof proven?.slot === 'string' ? { label: proven.slot, size: null, filled: image } : null,
      next: null,
    };
  }
  const told = { running: check.status.running, next: check.status.next };
  const isLater = proven !== null && proven.at > check.at && proven.slot !== told.running.label;
  const running = isLater && told.next?.label === proven.slot ? told.next : told.running;
  const next = running === told.running ? told.next : told.running;
  const isImageThere = proven?.slot === running.label;
  return {
    running: { ...faceOf(running), filled: isImageThere ? image : null },
    next: next === null || isSameSlot(next, running) ? null : { ...faceOf(next), filled: null },
  };
}

function faceOf({ label, size }: Slot): Pick<SlotFace, 'label' | 'size'> {
  return { label, size };
}
