/** What a card draws of its device's update. */
import { statedName } from '../../firmware/image/stated-name.ts';
import { type Misfit, NO_UPDATE_SLOT } from '../../model/firmware/misfit.ts';
import type { Inspection } from '../../model/firmware/inspection.ts';
import type { Dialect } from '../../model/device/dialect.ts';
import { type JournalEntry, couldBeAsked } from '../../model/update/journal.ts';
import type { ActiveState, FailedUpdate, Outcome } from '../../model/update/update-state.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { Words } from '../../words/update/told.ts';
import type { FirmwareName } from '../../model/firmware/firmware-record.ts';
import { failedBefore } from '../../model/update/nothing-sent.ts';

export type UpdateView =
  | { readonly kind: 'rest' }
  | {
      /** An update of an earlier visit that has not ended. It never goes on by itself. */
      readonly kind: 'offer';
      readonly entry: JournalEntry;
      /** Null where its file is no longer kept: then it cannot go on. */
      readonly firmware: FirmwareName | null;
      /** The device is being asked what became of it. */
      readonly isLooking?: boolean;
      /** The host has it, with all that it needs, or without the device's token. Absent: the page has it. */
      readonly onHost?: 'ready' | 'needs-token';
    }
  | {
      readonly kind: 'preparing';
      readonly firmware: FirmwareName;
      /** How much of the file is on its way to the host, in percent; absent: nothing has to go there. */
      readonly handedOver?: number;
    }
  | {
      readonly kind: 'running';
      readonly firmware: FirmwareName;
      readonly state: ActiveState;
      readonly words: Words;
      readonly paused: boolean;
      /** Set once Cancel was pressed, until the engine has ended. */
      readonly cancelling: boolean;
      /** The host runs it, and answers; or does not, just now. Absent: the page runs it. */
      readonly onHost?: 'heard' | 'away';
    }
  | {
      readonly kind: 'ended';
      readonly firmware: FirmwareName;
      readonly state: Outcome;
      readonly words: Words;
      /** Milliseconds since 1970. */
      readonly at: number;
      /** The host ran it, and can start it again. */
      readonly onHost?: true;
    };

export type OfferedUpdate = Extract<UpdateView, { kind: 'offer' }>;

/** An update that failed, as it is still drawn. */
export type FailedView = Extract<UpdateView, { kind: 'ended' }> & { readonly state: FailedUpdate };

export { noProgress } from '../../model/update/nothing-sent.ts';

export const AT_REST: UpdateView = { kind: 'rest' };

export function failureIn(view: UpdateView): FailedView | null {
  // The compiler narrows `state`, and not the view around it.
  return view.kind === 'ended' && view.state.outcome === 'failed' ? { ...view, state: view.state } : null;
}

/** Whether an entry of an earlier visit is something to go on with. Some are kept only for what they leave in doubt. */
export function isOffered(entry: JournalEntry): boolean {
  if (entry.phase === 'unconfirmed') return false;
  return entry.phase !== 'beginning' || couldBeAsked(entry);
}

/** Whether the device that an offer speaks of can be asked how much it has. */
export function canTellHowMuch(entry: JournalEntry): boolean {
  return couldBeAsked(entry);
}

/** The version to show, null where the file states none that means something. */
export function versionOf(inspection: Inspection): string | null {
  return statedName(inspection).version;
}

/** The project to show, null where the file states none that means something. */
export function projectOf(inspection: Inspection): string | null {
  return statedName(inspection).project;
}

export function firmwareName({
  sha256,
  name,
  label,
  inspection,
}: Pick<Firmware, 'sha256' | 'name' | 'label' | 'inspection'>): FirmwareName {
  return { sha256, name: label ?? name, version: versionOf(inspection) };
}

/** Why nothing was sent, where the device itself said before the first byte that the file is not for it; else null. */
export function misfitOf(ended: Outcome): Misfit | null {
  if (ended.outcome !== 'failed' || ended.progress.acknowledged > 0) return null;
  if (ended.code === 'unsupported') return NO_UPDATE_SLOT;
  return ended.judgement === null ? null : { ...ended.judgement, of: 'pair' };
}

/** How an update ends that another tab keeps from its device. @param total bytes of the image */
export function heldElsewhere(dialect: Dialect | null, total: number): Outcome {
  // The other tab may have replaced the old firmware by now.
  return failedBefore(dialect, total, { code: 'held-elsewhere', oldFirmware: 'unknown', resumable: true });
}
