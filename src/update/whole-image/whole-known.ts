/**
 * What a run of an image that goes whole knows of the device, of its upload and of its own tries. It is never changed,
 * only replaced: by `WholeRun.become`, the one place that writes it. Pure.
 */
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { UpdateError } from '../../model/update/update-error.ts';
import type { HeldImage } from './held-image.ts';
import { withReplaced, withStartPossible } from './held-image.ts';
import { type Presence, PRESENT } from './presence.ts';
import type { ToldBefore } from './told-before.ts';

/** How far an upload has come. `unheard`: that is not known before the answer. */
export type Sent = 'none' | 'part' | 'all' | 'unheard';

/** The last upload, of this run or of the earlier one whose end is looked for. */
export type Upload =
  | { readonly kind: 'none' }
  | { readonly kind: 'under-way'; readonly sent: Sent }
  /** It broke off with `error`, which is no answer of the device. */
  | { readonly kind: 'lost'; readonly sent: Sent; readonly error: UpdateError }
  /** The device answered, and took nothing. */
  | { readonly kind: 'refused'; readonly sent: Sent }
  /** It said “yes”. `saysItStarts`: it was asked to start what it took, and said that it will. */
  | { readonly kind: 'taken'; readonly saysItStarts: boolean };

/** What is counted, so that nothing is retried for ever. */
export interface WholeTries {
  /** Tries of the step that is under way. */
  readonly attempt: number;
  readonly offlineWaits: number;
  /** Milliseconds spent looking for the device after an upload, and those in which it answered and had not restarted. */
  readonly lookedForMs: number;
  readonly seenUnchangedMs: number;
}

export interface WholeKnown {
  readonly told: ToldBefore;
  /** The last answer since the upload. */
  readonly now: DeviceIdentity | null;
  /** The last look had an answer. After one without, the device may have restarted. */
  readonly isHeard: boolean;
  readonly presence: Presence;
  /** Uploads that were begun. */
  readonly uploads: number;
  readonly upload: Upload;
  /** The beginning of an upload may be left on the device. */
  readonly half: boolean;
  /** An upload before the last one may have been taken, and nothing has shown that it was not. */
  readonly mayRunFile: boolean;
  /** An image of an earlier run may have been taken, and nothing has shown what runs. */
  readonly earlierInDoubt: boolean;
  /** An image that the device may start at a later restart. */
  readonly held: HeldImage;
  /** The device was restarted as the person agreed. */
  readonly restartedFirst: boolean;
  /** What takes the upload in the place of its firmware: whether the device was asked to start that, or it answers. */
  readonly standIn: 'none' | 'asked-for' | 'answers';
  readonly startedOver: UpdateErrorCode | null;
  readonly tries: WholeTries;
}

export function nothingKnown(held: HeldImage, told: ToldBefore, earlierInDoubt: boolean): WholeKnown {
  return {
    ...{ told, held, earlierInDoubt, now: null, isHeard: false, presence: PRESENT },
    ...{ uploads: 0, upload: { kind: 'none' }, half: false, mayRunFile: false },
    ...{ restartedFirst: false, standIn: 'none', startedOver: null },
    tries: { attempt: 0, offlineWaits: 0, lookedForMs: 0, seenUnchangedMs: 0 },
  };
}

/** Whether it said “yes”, in this run or the earlier one whose end is looked for. */
export function saidYes({ upload }: WholeKnown): boolean {
  return upload.kind === 'taken';
}

/** The error that the last upload broke off with; null: it was answered, or none was sent. */
export function lostIn({ upload }: WholeKnown): UpdateError | null {
  return upload.kind === 'lost' ? upload.error : null;
}

/** How much of the last upload has gone. */
export function sentIn({ upload }: WholeKnown): Sent {
  switch (upload.kind) {
    case 'none':
      return 'none';
    case 'under-way':
    case 'lost':
    case 'refused':
      return upload.sent;
    case 'taken':
      return 'all';
  }
}

/** Whether every byte may have arrived. */
export function mayHaveAll(known: WholeKnown): boolean {
  const sent = sentIn(known);
  return sent === 'all' || sent === 'unheard';
}

/** Whether it may have taken the image. */
export function isHandedOver(known: WholeKnown): boolean {
  return saidYes(known) || (known.upload.kind === 'lost' && mayHaveAll(known));
}

/** An upload goes out. `mayRunFile`: the one before it may have been taken, and nothing shows that it was not. */
export function withUploadBegun(known: WholeKnown, sent: Sent, held: HeldImage, mayRunFile: boolean): WholeKnown {
  return {
    ...known,
    tries: { ...known.tries, lookedForMs: 0, seenUnchangedMs: 0 },
    ...{ held, mayRunFile: known.mayRunFile || mayRunFile, presence: PRESENT },
    ...{ uploads: known.uploads + 1, upload: { kind: 'under-way', sent }, half: true },
  };
}

/** So much of the upload has been handed over. */
export function withSent(known: WholeKnown, sent: Sent): WholeKnown {
  return known.upload.kind === 'under-way' ? { ...known, upload: { ...known.upload, sent } } : known;
}

/** The upload broke off. */
export function withLost(known: WholeKnown, error: UpdateError): WholeKnown {
  return { ...known, upload: { kind: 'lost', sent: sentIn(known), error } };
}

/** The device answered, and took nothing. */
export function withRefused(known: WholeKnown): WholeKnown {
  return { ...known, upload: { kind: 'refused', sent: sentIn(known) }, half: false };
}

/** It said “yes”, so it has every byte. */
export function withYes(known: WholeKnown): WholeKnown {
  const held = withReplaced(known.held);
  return { ...known, held, upload: { kind: 'taken', saysItStarts: false }, half: false, startedOver: null };
}

/** It has restarted, so that nothing of an upload is left in its memory. */
export function withRestart(known: WholeKnown): WholeKnown {
  return { ...known, half: false, held: withStartPossible(known.held) };
}
