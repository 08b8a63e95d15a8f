/** A file against one device: may it be sent there? Pure; what is not known of the device is null and never guessed. */
import type { Finding, Found, ReasonCode } from './finding.ts';
import { ESP8266_ID, isForEsp8266, type Inspection, type Verdict } from './inspection.ts';

/** What is known of a device. Absent is the same as null: not known. */
export interface DeviceFacts {
  /** Learned from the last good update, set by hand, or told by the device. */
  readonly chipId: number | null;
  /** The device itself told its chip, which therefore cannot be overruled. */
  readonly tellsChip?: boolean;
  /** It tells no chip, and takes what is sent: the person is asked about that apart (`fit.ts`). */
  readonly mayBeAnyChip?: boolean;
  /** Size of the slot that would be written, in bytes. */
  readonly capacityBytes: number | null;
  /** Size of the whole flash, in bytes. */
  readonly flashBytes?: number | null;
  /**
   * The slot that an update would be written to: `none` has been set up, `runs`: it is the very one that the device runs
   * from, `free`: it is another one. Null where the device does not tell.
   */
  readonly updateSlot: 'free' | 'none' | 'runs' | null;
  /** major * 100 + minor. */
  readonly chipRevision?: number | null;
  /** Whether it takes signed firmware only. */
  readonly requiresSignature?: boolean | null;
  /** The anti-rollback number it has burnt: images with a lower one do not start. */
  readonly secureVersion?: number | null;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Why: what it is refused for, the gravest warning, or that nothing is wrong. */
  readonly finding: Found;
  /** All that is to be warned of, gravest first; empty unless the verdict is "warn". */
  readonly warnings: readonly Found[];
  /** A refusal about which the person may know better: chip and trailing bytes only. */
  readonly canOverrule: boolean;
}

/** Refusals about which a person may know better. */
export const OVERRULABLE: readonly ReasonCode[] = [
  'wrong-chip',
  'unknown-chip',
  'trailing-bytes',
  'trailing-image',
  'flash-size',
];

function roomRefusal(inspection: Inspection, device: DeviceFacts): Finding | null {
  switch (device.updateSlot) {
    case 'none':
      return { reason: 'no-update-slot' };
    case 'runs':
      return { reason: 'only-slot-runs' };
    case 'free':
    case null:
  }
  const needed = inspection.slotBytes ?? inspection.size;
  const capacity = device.capacityBytes;
  return capacity === null || needed <= capacity ? null : { reason: 'too-large', needed, capacity };
}

function securityRefusal(inspection: Inspection, device: DeviceFacts): Finding | null {
  if (device.requiresSignature === true && inspection.signature === null) return { reason: 'signature-missing' };
  if (device.requiresSignature === true && inspection.signature?.wellFormed === false) {
    return { reason: 'signature-malformed', required: true };
  }
  const stated = inspection.secureVersion;
  const required = device.secureVersion ?? null;
  if (stated === null || required === null || stated >= required) return null;
  return { reason: 'secure-version', required, stated };
}

function revisionRefusal({ revisions }: Inspection, { chipRevision: device = null }: DeviceFacts): Finding | null {
  if (revisions === null || device === null) return null;
  const { min, max } = revisions;
  if (device < min) return { reason: 'chip-revision', kind: 'device-older', min, device };
  if (max === null || device <= max) return null;
  return { reason: 'chip-revision', kind: 'device-newer', max, device };
}

function chipRefusal({ chip }: Inspection, { chipId: deviceChipId }: DeviceFacts): Finding | null {
  if (chip === null || deviceChipId === null || chip.id === deviceChipId) return null;
  const chips = { chipId: chip.id, deviceChipId };
  return chip.known ? { reason: 'wrong-chip', ...chips } : { reason: 'unknown-chip', ...chips };
}

/**
 * Of an ESP8266: the Arduino core checks the flash size in the image before it takes it. Of a packed image it checks
 * nothing.
 */
function flashRefusal(
  { flashBytes: file = 0 }: Inspection,
  { flashBytes: device = null }: DeviceFacts,
): Finding | null {
  return device === null || file <= device ? null : { reason: 'flash-size', file, device };
}

/**
 * An ESP8266 has no second slot, and nothing checks the image before it starts: so what is built for one goes only to a
 * device that itself says that it is one.
 */
function esp8266Refusal(inspection: Inspection, device: DeviceFacts): Finding | null {
  if (!isForEsp8266(inspection) || isEsp8266(device) || device.mayBeAnyChip === true) return null;
  return { reason: 'esp8266', deviceChipId: device.chipId };
}

function isEsp8266({ chipId, tellsChip }: DeviceFacts): boolean {
  return tellsChip === true && chipId === ESP8266_ID;
}

/** Whether what is known of the device settles a warning of the inspector's. */
function isSettled(reason: ReasonCode, device: DeviceFacts): boolean {
  return (
    (reason === 'esp8266' && isEsp8266(device)) ||
    (reason === 'unknown-chip' && device.chipId !== null) ||
    (reason === 'chip-revision' && (device.chipRevision ?? null) !== null)
  );
}

/** All that is left to warn of. `chip-not-known` comes first: the person is asked for the chip. */
function warningsLeft({ chip, warnings }: Inspection, device: DeviceFacts): readonly Found[] {
  const left = warnings.filter(({ reason }) => !isSettled(reason, device));
  if (device.chipId !== null || chip?.known !== true) return left;
  return [{ reason: 'chip-not-known', chipId: chip.id }, ...left];
}

function refusal(inspection: Inspection, device: DeviceFacts, overruled: readonly ReasonCode[]): Found | null {
  const own = inspection.verdict === 'refuse' ? inspection.finding : null;
  if (own !== null && !OVERRULABLE.includes(own.reason)) return own;
  const unlessOverruled = (found: Found | null): Found | null =>
    found !== null && canBeSent(inspection) && overruled.includes(found.reason) ? null : found;
  // What nobody can overrule comes first: a person who overrules the chip must not meet a final refusal after it.
  return (
    esp8266Refusal(inspection, device) ??
    roomRefusal(inspection, device) ??
    securityRefusal(inspection, device) ??
    revisionRefusal(inspection, device) ??
    (device.tellsChip === true ? chipRefusal(inspection, device) : unlessOverruled(chipRefusal(inspection, device))) ??
    unlessOverruled(flashRefusal(inspection, device)) ??
    unlessOverruled(own)
  );
}

function canBeSent(inspection: Inspection): boolean {
  return inspection.kind === 'app' || isForEsp8266(inspection);
}

/**
 * Judges an inspected file against a device. `overruled`: refusals that the person overruled; the next one is then
 * told, so that nothing is overruled that was never shown.
 */
export function judge(inspection: Inspection, device: DeviceFacts, overruled: readonly ReasonCode[] = []): Judgement {
  const refused = refusal(inspection, device, overruled);
  if (refused !== null) {
    const isTold = refused.reason === 'wrong-chip' && device.tellsChip === true;
    const canOverrule = OVERRULABLE.includes(refused.reason) && canBeSent(inspection) && !isTold;
    return { verdict: 'refuse', finding: refused, warnings: [], canOverrule };
  }
  const warnings = warningsLeft(inspection, device);
  const [gravest] = warnings;
  if (gravest !== undefined) return { verdict: 'warn', finding: gravest, warnings, canOverrule: false };
  // What the inspector warned of is settled by what is known of the device.
  const settled: Finding = { reason: 'ok', kind: 'fits', size: inspection.size };
  const finding = inspection.verdict === 'accept' ? inspection.finding : settled;
  return { verdict: 'accept', finding, warnings, canOverrule: false };
}
