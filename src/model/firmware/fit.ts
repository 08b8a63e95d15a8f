/**
 * One file and one device: whether the one fits the other, from what is known of both. The card, the rollout and the
 * engine all ask here, so that none of them refuses what another one has offered. Pure; what is not known is not guessed.
 */
import type { RanFirmware } from '../device/device.ts';
import { isAsPredicted } from '../device/as-predicted.ts';
import { type Dialect, goesWhole, traitsOf } from '../device/dialect.ts';
import type { Traits } from '../device/traits.ts';
import { type DeviceIdentity, isOlder } from '../device/identity.ts';
import type { DeviceStatus } from '../device/link.ts';
import { isSameSlot, updateSlotOf } from '../device/slots.ts';
import type { Judged } from '../update/update-state.ts';
import type { Finding, ReasonCode } from './finding.ts';
import {
  type Chip,
  ESP8266_ID,
  type FileTells,
  type Inspection,
  isForEsp8266,
  lacksMicroPython,
  stopgapOf,
} from './inspection.ts';
import { judge, OVERRULABLE } from './judge.ts';
import { ASKED_APART, type Misfit, NO_UPDATE_SLOT } from './misfit.ts';
import { isProven } from './proven.ts';

export interface FileOfPair {
  /** SHA-256, 64 lower-case hex digits. */
  readonly sha256: string;
  readonly inspection: Inspection;
}

export interface DeviceOfPair {
  /** As it is saved; null: not known. */
  readonly chipId: number | null;
  /** What an update showed that it runs, or that it took; null: nothing is known. */
  readonly runs: RanFirmware | null;
  /** What it said of its slots last; null: nothing since that update. */
  readonly status: DeviceStatus | null;
  /** How it speaks; absent or null: not known. */
  readonly dialect?: Dialect | null;
  /** What it said of itself last, where it has no slots to tell of. */
  readonly identity?: DeviceIdentity | null;
}

export interface Fit {
  /** Null: nothing that is known speaks against it. */
  readonly misfit: Misfit | null;
  /**
   * `runs`: proven to run this very file. `tells`: it tells the very version that the file says it is, and nothing shows
   * that it is another build. `took`: it took the file last, and whether it runs is not shown. `left`: it took the file
   * last, and was seen since with other firmware.
   */
  readonly has: 'runs' | 'tells' | 'took' | 'left' | null;
  /** The file's chip, where the device's is not known. */
  readonly unknownChip: Chip | null;
  /** The product that the file says it is, where the device runs another one, as far as is known; else null. */
  readonly otherProduct: string | null;
}

/** All that a person may overrule who knows better: refusals, and what is asked first though the device could take it. */
export const MAY_OVERRULE: readonly ReasonCode[] = [
  ...OVERRULABLE,
  ...ASKED_APART,
  ...(['other-firmware', 'other-release', 'other-node', 'stopgap', 'installs-from', 'chip-untold'] as const),
];

/** @param overruled refusals that the person overruled; the next one is then told */
export function fitOf(file: FileOfPair, device: DeviceOfPair, overruled: readonly ReasonCode[] = []): Fit {
  const { chip, verdict } = file.inspection;
  const tellsChip = (device.identity?.chipId ?? null) !== null;
  const isAsked = device.chipId === null && !tellsChip && chip !== null && chip.id >= 0 && verdict !== 'refuse';
  return {
    misfit: misfitOf(file.inspection, device, overruled),
    has: hasOf(file, device),
    unknownChip: isAsked ? chip : null,
    // Told whatever was overruled: the person agreed to it for one device, not for the next rollout.
    otherProduct: otherProductOf(file.inspection, device.dialect ?? null),
  };
}

function hasOf({ sha256, inspection }: FileOfPair, device: DeviceOfPair): Fit['has'] {
  const { runs, identity = null } = device;
  const isProvenNow = runs !== null && isProven(runs, device);
  if (isProvenNow && runs.sha256 === sha256) return 'runs';
  const { tells } = inspection;
  // What is proven to run is another file, whatever both call themselves.
  if (!isProvenNow && tells !== undefined && identity !== null && isTold(tells, identity)) return 'tells';
  if (runs?.sha256 !== sha256) return null;
  return isContradicted(runs, device) ? 'left' : 'took';
}

/**
 * A version and a release of WLED name one build. Other firmware is built by everybody for themselves, so that the
 * build has to be told.
 */
function isTold(tells: FileTells, identity: DeviceIdentity): boolean {
  const build = tells.build ?? null;
  const isBuildTold = tells.product === 'WLED' || (build !== null && build === identity.build);
  return isBuildTold && isAsPredicted(tells, identity) === true;
}

/** Whether the device has told since then that something else runs. What it does not tell contradicts nothing. */
function isContradicted({ slot, tells }: RanFirmware, { status, identity = null }: DeviceOfPair): boolean {
  if (tells !== undefined) return identity !== null && isAsPredicted(tells, identity) === false;
  const running = status?.running ?? null;
  return slot !== null && running !== null && !isSameSlot(running, { label: slot, address: null });
}

/** The product that the file says it is, where devices of this dialect run another one; else null. */
export function otherProductOf({ tells }: Pick<Inspection, 'tells'>, dialect: Dialect | null): string | null {
  const runs = productOf(dialect);
  // Where devices run whatever their maker wrote, no product is another one.
  return tells === undefined || runs === null || tells.product === runs ? null : tells.product;
}

/**
 * What a device of this dialect runs; null: whatever its maker wrote. While the dialect is not known, MicroPython is
 * assumed.
 */
export function productOf(dialect: Dialect | null): Traits['runs'] {
  const traits = traitsOf(dialect);
  return traits === null ? 'MicroPython' : traits.runs;
}

/** Why the image must not be written to the device: what `judge` says of what the device has told. */
export function refusalOf(
  inspection: Inspection,
  { chipId, status, dialect = null, identity = null }: Omit<DeviceOfPair, 'runs'>,
  overruled: readonly ReasonCode[] = [],
): Judged | null {
  const slot = status?.session?.slot ?? status?.next ?? null;
  const toldChip = identity?.chipId ?? null;
  const facts = {
    chipId: toldChip ?? chipId,
    tellsChip: toldChip !== null,
    mayBeAnyChip: isUntold(dialect, toldChip ?? chipId),
    capacityBytes: status?.session?.capacityBytes ?? slot?.size ?? roomOf(identity),
    flashBytes: identity?.flashBytes ?? null,
    // A device that tells its slots and names none to write to cannot take any image.
    updateSlot: updateSlotOf(status),
  };
  const { verdict, finding, canOverrule } = judge(inspection, facts, overruled);
  return verdict === 'refuse' ? { finding, canOverrule } : null;
}

/** The room for an image on a device that has no slots to tell of, in bytes. Null: not known. */
function roomOf(identity: DeviceIdentity | null): number | null {
  const { roomBytes = null, flashBytes = null, chipId = null } = identity ?? {};
  if (roomBytes !== null || flashBytes === null) return roomBytes;
  // Half of the flash is all that one of two firmwares can have, however it is divided. The ESP8266 does not divide it.
  return chipId === ESP8266_ID ? flashBytes : Math.floor(flashBytes / 2);
}

function misfitOf(inspection: Inspection, device: DeviceOfPair, overruled: readonly ReasonCode[]): Misfit | null {
  // Such a device tells its chip when it is asked, and it is asked before anything is sent.
  const isUnasked = goesWhole(device.dialect ?? null) && (device.identity ?? null) === null;
  const refused = isUnasked && isForEsp8266(inspection) ? null : refusalOf(inspection, device, overruled);
  if (refused !== null) return { ...refused, of: refused.finding === inspection.finding ? 'file' : 'pair' };
  if (device.status?.supported === false) return NO_UPDATE_SLOT;
  const doubt = doubtOf(inspection, device, overruled);
  return doubt === null ? null : { finding: doubt, canOverrule: true, of: 'pair' };
}

/** What a person is asked before the file is sent, though the device could take it. */
export function doubtOf(
  inspection: Inspection,
  {
    dialect = null,
    identity = null,
    chipId = null,
  }: Pick<DeviceOfPair, 'dialect' | 'identity'> & Partial<DeviceOfPair>,
  overruled: readonly ReasonCode[],
): Finding | null {
  const runs = productOf(dialect);
  const found =
    runs === null
      ? ofUntoldChip(inspection, dialect, identity?.chipId ?? chipId)
      : runs === 'MicroPython'
        ? withoutMicroPython(inspection)
        : unlike(inspection, runs, identity);
  return found.find(({ reason }) => !overruled.includes(reason)) ?? null;
}

/** Whether the device runs firmware of its maker's own, on a chip that is not known. */
function isUntold(dialect: Dialect | null, chipId: number | null): boolean {
  const traits = traitsOf(dialect);
  return traits !== null && traits.runs === null && chipId === null;
}

/** Any file that is built for its chip may be meant for it, and an ESP8266 starts even those that are not. */
function ofUntoldChip({ chip }: Inspection, dialect: Dialect | null, chipId: number | null): readonly Finding[] {
  return chip !== null && isUntold(dialect, chipId) ? [{ reason: 'chip-untold', chipId: chip.id }] : [];
}

function withoutMicroPython(inspection: Inspection): readonly Finding[] {
  return lacksMicroPython(inspection) ? [{ reason: 'no-micropython' }] : [];
}

/** How the file differs from what such a device runs, gravest first. */
function unlike(inspection: Inspection, product: string, identity: DeviceIdentity | null): readonly Finding[] {
  const { tells } = inspection;
  if (tells?.product !== product) {
    const other = { reason: 'other-firmware', product } as const;
    if (tells !== undefined) return [{ ...other, file: 'named', named: tells.product }];
    const isPython = inspection.kind === 'app' && !lacksMicroPython(inspection);
    return [{ ...other, file: isPython ? 'micropython' : 'unnamed' }];
  }
  const found: Finding[] = [];
  const { release, installsFrom, node = null } = tells;
  const build = stopgapOf(tells);
  const flashBytes = identity?.flashBytes ?? null;
  if (build === 'safeboot' || (build === 'minimal' && hasRoomForMore(flashBytes)))
    found.push({ reason: 'stopgap', product, build, flashBytes });
  const nodeNow = identity?.node ?? null;
  if (node !== null && nodeNow !== null && node !== nodeNow)
    found.push({ reason: 'other-node', device: nodeNow, file: node });
  const now = identity?.release ?? null;
  // The release of other products tells what is built in, and not what hardware it is for.
  const isHardware = product === 'WLED' && release !== null && now !== null;
  if (isHardware && buildOf(release) !== buildOf(now))
    found.push({ reason: 'other-release', device: now, file: release });
  const version = identity?.version ?? null;
  if (installsFrom !== null && version !== null && isOlder(version, installsFrom))
    found.push({ reason: 'installs-from', least: installsFrom.join('.'), device: version });
  return found;
}

/** With 1 MB a full build has no room beside another one; with more it needs none in between. */
const NEEDS_STOPGAP_BYTES = 1024 * 1024;

function hasRoomForMore(flashBytes: number | null): boolean {
  return flashBytes !== null && flashBytes > NEEDS_STOPGAP_BYTES;
}

/** WLED builds some releases with two versions of ESP-IDF, and either build can follow the other. */
function buildOf(release: string): string {
  return release.replace(/_V4$/, '');
}
