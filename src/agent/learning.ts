/** What the end of an update shows that the device runs. Pure. */
import type { RanFirmware } from '../model/device/device.ts';
import type { FirmwareTells } from '../model/device/identity.ts';
import type { Outcome } from '../model/update/update-state.ts';
import type { Moment } from './decision.ts';
import type { TargetNote } from './note.ts';

export function learned(note: TargetNote, outcome: Outcome, { inspection, date }: Moment): TargetNote {
  const ranBefore = note.action?.ranBefore ?? null;
  switch (outcome.outcome) {
    case 'updated': {
      const runs = proven(note, outcome, date);
      const chip = inspection?.chip?.id ?? -1;
      // The ESP8266 has no id in image headers.
      return { ...note, lastSeen: date, runs, chipId: chip >= 0 ? chip : note.chipId };
    }
    case 'accepted':
    case 'staged':
      return { ...note, lastSeen: date, runs: null };
    case 'rejected':
      return { ...note, lastSeen: date, runs: outcome.oldFirmware === 'runs' ? ranBefore : null };
    case 'rolled-back':
      return { ...note, lastSeen: date, runs: outcome.by === 'identity' || outcome.isPrevious ? ranBefore : null };
    case 'not-seen-again':
      return { ...note, runs: null };
    case 'failed':
    case 'cancelled':
      return { ...note, runs: outcome.oldFirmware === 'runs' ? ranBefore : null };
  }
}

function proven(
  { action }: TargetNote,
  outcome: Extract<Outcome, { outcome: 'updated' }>,
  at: number,
): RanFirmware | null {
  const image = action?.image ?? null;
  if (image === null) return null;
  const { sha256, version, project } = image;
  const ran = { sha256, version, project, at, proven: true };
  if (outcome.by !== 'identity') return { ...ran, slot: outcome.slot };
  const { product, version: tells, release, build } = outcome.now;
  const told: FirmwareTells = { product, version: tells, release, build };
  // What tells neither could be anything.
  return tells === null && build === null ? null : { ...ran, slot: null, tells: told };
}
