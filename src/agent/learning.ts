/** What the end of an update shows that the device runs. Pure. */
import type { RanFirmware } from '../model/device/device.ts';
import type { FirmwareTells } from '../model/device/identity.ts';
import type { Outcome } from '../model/update/update-state.ts';
import type { Moment } from './decision.ts';
import type { TargetNote } from './note.ts';

export function learned(note: TargetNote, outcome: Outcome, { inspection, date }: Moment): TargetNote {
  const { action } = note;
  const runs = afterUpdate(action?.ranBefore ?? null, action?.image ?? null, outcome, date);
  switch (outcome.outcome) {
    case 'updated': {
      const chip = inspection?.chip?.id ?? -1;
      // The ESP8266 has no id in image headers.
      return { ...note, lastSeen: date, runs, chipId: chip >= 0 ? chip : note.chipId };
    }
    case 'accepted':
    case 'staged':
    case 'rejected':
    case 'rolled-back':
      return { ...note, lastSeen: date, runs };
    case 'not-seen-again':
    case 'failed':
    case 'cancelled':
      return { ...note, runs };
  }
}

type Image = Pick<RanFirmware, 'sha256' | 'version' | 'project'>;

/** What the device is known to run after an update with `image` that ended so; null: it is not known. */
export function afterUpdate(
  ranBefore: RanFirmware | null,
  image: Image | null,
  outcome: Outcome,
  at: number,
): RanFirmware | null {
  switch (outcome.outcome) {
    case 'updated':
      return image === null ? null : proven(image, outcome, at);
    case 'accepted':
    case 'staged':
    case 'not-seen-again':
      return null;
    case 'rolled-back':
      return outcome.by === 'identity' || outcome.isPrevious ? ranBefore : null;
    case 'rejected':
    case 'failed':
    case 'cancelled':
      return outcome.oldFirmware === 'runs' ? ranBefore : null;
  }
}

function proven(
  { sha256, version, project }: Image,
  outcome: Extract<Outcome, { outcome: 'updated' }>,
  at: number,
): RanFirmware | null {
  const ran = { sha256, version, project, at, proven: true };
  if (outcome.by !== 'identity') return { ...ran, slot: outcome.slot };
  const { product, version: tells, release, build } = outcome.now;
  const told: FirmwareTells = { product, version: tells, release, build };
  // What tells neither could be anything.
  return tells === null && build === null ? null : { ...ran, slot: null, tells: told };
}
