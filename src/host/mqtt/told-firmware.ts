/** What a device told that it runs, and its chip. Pure. */
import { createHash } from 'node:crypto';
import { isProven } from '../../model/firmware/proven.ts';
import type { RanFirmware } from '../../model/device/device.ts';
import type { EntityFirmware } from '../../model/host/update-entity.ts';
import { chipName } from '../../words/firmware/chip-name.ts';
import type { Told } from '../reach/look-at.ts';

/**
 * By its last word: the version that it calls itself, else what an update proved, as long as nothing that the device tells
 * speaks against it. Null: it is not known.
 */
export function toldFirmware(told: Told | null, runs: RanFirmware | null): EntityFirmware | null {
  const { status = null, identity = null } = told ?? {};
  const isIt = runs !== null && isProven(runs, { status, identity });
  const version = identity?.version ?? (isIt ? runs.version : null);
  const sha256 = isIt ? runs.sha256 : null;
  return version === null && sha256 === null ? null : { version, sha256 };
}

export function toldChip(told: Told | null, chipId: number | null): string | null {
  const id = told?.identity?.chipId ?? chipId;
  return told?.identity?.chip ?? (id === null ? null : chipName(id));
}

/** What the device is called in topics: nothing that a person wrote is in it. */
export function entityId(what: string): string {
  return createHash('sha256').update(what).digest('hex').slice(0, 16);
}
