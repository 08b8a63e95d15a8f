/** A file against one device: may it be sent there? Pure; what is not known of the device is null and never guessed. */
import { exactBytes, sizeInWords } from '../words/sizes.ts';
import { chipOf, revisionInWords } from '../model/chips.ts';
import type { Inspection, ReasonCode, Verdict } from '../model/inspection.ts';
import { inOne, warningsOf } from './image/warnings.ts';

/** What is known of a device. What is left out is not known, as null is. */
export interface DeviceFacts {
  /** Learned from the last good update, or set by hand. */
  readonly chipId: number | null;
  /** Size of the slot that would be written, in bytes. */
  readonly capacityBytes: number | null;
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
  readonly reason: ReasonCode;
  /** For people, plain text. */
  readonly message: string;
  /** A refusal about which the person may know better: chip and trailing bytes only. */
  readonly canOverrule: boolean;
}

type Step = Pick<Judgement, 'verdict' | 'reason' | 'message'>;

const OVERRULABLE: readonly ReasonCode[] = ['wrong-chip', 'unknown-chip', 'trailing-bytes', 'trailing-image'];

const NO_SLOT =
  'This device has no update slot: it was set up with one app partition only. Install a partition table with two slots by cable first.';
/** Also said where a device was asked before an update. */
export const ONLY_SLOT_RUNS =
  'This device runs from its only update slot, and cannot write over what it runs from. Update it by cable, or install a partition table with two update slots by cable once: from then on it takes updates over the air.';

function refuse(reason: ReasonCode, message: string): Step {
  return { verdict: 'refuse', reason, message };
}

function roomRefusal(inspection: Inspection, device: DeviceFacts): Step | null {
  switch (device.updateSlot) {
    case 'none':
      return refuse('no-update-slot', NO_SLOT);
    case 'runs':
      return refuse('only-slot-runs', ONLY_SLOT_RUNS);
    case 'free':
    case null:
  }
  const needed = inspection.slotBytes ?? inspection.size;
  if (device.capacityBytes === null || needed <= device.capacityBytes) return null;
  const over = exactBytes(needed - device.capacityBytes);
  const message = `${over} too big for the update slot: the firmware needs ${sizeInWords(needed)}, the slot has ${sizeInWords(device.capacityBytes)}.`;
  return refuse('too-large', message);
}

function securityRefusal(inspection: Inspection, device: DeviceFacts): Step | null {
  if (device.requiresSignature === true && inspection.signature === null) {
    return refuse('signature-missing', 'This device only takes signed firmware; this file has no signature.');
  }
  if (device.requiresSignature === true && inspection.signature?.wellFormed === false) {
    return refuse(
      'signature-malformed',
      'This device only takes signed firmware; the signature of this file is broken.',
    );
  }
  const { secureVersion } = inspection;
  const burnt = device.secureVersion ?? null;
  if (secureVersion === null || burnt === null || secureVersion >= burnt) return null;
  const message = `This device does not go back: it needs security version ${burnt} or newer, this file has ${secureVersion}.`;
  return refuse('secure-version', message);
}

function revisionRefusal(inspection: Inspection, device: DeviceFacts): Step | null {
  const { revisions } = inspection;
  const revision = device.chipRevision ?? null;
  if (revisions === null || revision === null) return null;
  const is = `this device has ${revisionInWords(revision)}`;
  if (revision < revisions.min) {
    return refuse('chip-revision', `Needs chip revision ${revisionInWords(revisions.min)} or newer; ${is}.`);
  }
  if (revisions.max === null || revision <= revisions.max) return null;
  return refuse('chip-revision', `Made for chip revisions up to ${revisionInWords(revisions.max)}; ${is}.`);
}

function chipRefusal(inspection: Inspection, device: DeviceFacts): Step | null {
  const { chip } = inspection;
  if (chip === null || device.chipId === null || chip.id === device.chipId) return null;
  const has = chipOf(device.chipId).name;
  if (chip.known) return refuse('wrong-chip', `Built for ${chip.name}; this device is an ${has}.`);
  return refuse('unknown-chip', `Built for chip id ${chip.id}, which is unknown here; this device is an ${has}.`);
}

/** Whether what is known of the device answers a warning of the inspector's. */
function isSettled(reason: ReasonCode, device: DeviceFacts): boolean {
  return (
    (reason === 'unknown-chip' && device.chipId !== null) ||
    (reason === 'chip-revision' && (device.chipRevision ?? null) !== null)
  );
}

/** All that is left to warn of, in one: the gravest names it. `chip-not-known` comes first, as it is asked. */
function warning(inspection: Inspection, device: DeviceFacts): Step | null {
  const left = warningsOf(inspection).filter(({ reason }) => !isSettled(reason, device));
  const { chip } = inspection;
  if (device.chipId === null && chip?.known === true) {
    const message = `Built for ${chip.name}; the chip of this device is not known yet. Check that it is an ${chip.name}.`;
    left.unshift({ reason: 'chip-not-known', message });
  }
  const [first] = left;
  return first === undefined ? null : { verdict: 'warn', reason: first.reason, message: inOne(left) };
}

function decide(inspection: Inspection, device: DeviceFacts, overruled: readonly ReasonCode[]): Step {
  const { verdict, reason, message } = inspection;
  const own = { verdict, reason, message };
  if (reason === 'esp8266' && device.chipId !== null) {
    const has = chipOf(device.chipId).name;
    return refuse(reason, `Built for the ESP8266; this device is an ${has}. Choose the file for your chip.`);
  }
  if (verdict === 'refuse' && !OVERRULABLE.includes(reason)) return own;
  const unlessOverruled = (step: Step | null): Step | null =>
    step !== null && inspection.kind === 'app' && overruled.includes(step.reason) ? null : step;
  // What nobody can overrule comes first: a person who overrules the chip must not meet a final refusal after it.
  return (
    roomRefusal(inspection, device) ??
    securityRefusal(inspection, device) ??
    revisionRefusal(inspection, device) ??
    unlessOverruled(chipRefusal(inspection, device)) ??
    unlessOverruled(verdict === 'refuse' ? own : null) ??
    warning(inspection, device) ?? { verdict: 'accept', reason, message }
  );
}

/**
 * Judges an inspected file against a device. `overruled`: refusals that the person overruled; the next one is then
 * told, so that nobody overrules what was never shown.
 */
export function judge(inspection: Inspection, device: DeviceFacts, overruled: readonly ReasonCode[] = []): Judgement {
  const step = decide(inspection, device, overruled);
  const settled = step.verdict === 'accept' && inspection.verdict === 'warn';
  return {
    ...step,
    ...(settled ? { reason: 'ok', message: `Fits this device: ${sizeInWords(inspection.size)}.` } : {}),
    canOverrule: step.verdict === 'refuse' && OVERRULABLE.includes(step.reason) && inspection.kind === 'app',
  };
}
