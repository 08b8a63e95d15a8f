/** What an update is started with, and what became of the start. */
import type { ReasonCode } from '../../model/firmware/finding.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import type { Misfit } from '../device/fits.ts';
import type { Firmware } from '../firmware/chosen.ts';

export interface StartOptions {
  /** Choose this firmware of the library, and send it; absent: the one that is on the screen. */
  readonly sha256?: string;
  /** Send this one, which is in memory already, and named on the screen of its rollout. */
  readonly firmware?: Firmware;
  /** Id of another's session to take over, which the person agreed to. */
  readonly takeOver?: string | null;
  /** Refusals that the person overruled. */
  readonly overruled?: readonly ReasonCode[];
  /** `false`: make it bootable and leave the restart to the person. */
  readonly restart?: boolean;
  /** The person has agreed to send a file without a sign of MicroPython to many devices. */
  readonly withoutMicroPython?: boolean;
  /** Goes on with what was begun: there may be nothing to send any more, so the device alone knows whether it fits. */
  readonly goesOn?: boolean;
  /** Begin from nothing where what an earlier update wrote is gone; absent: the person is asked. */
  readonly beginAgain?: boolean;
  /** Restart a device first that keeps a half upload: the person has agreed. */
  readonly restartFirst?: boolean;
  /** See what became of what was handed over before, and send nothing. */
  readonly onlyLook?: boolean;
}

/** What became of a start. `not-begun`: there was no file, the person left it, or it runs already. */
export type Started =
  | { readonly kind: 'ended'; readonly state: Outcome }
  /** Nothing was sent, and nothing is kept of it: the card says why where the file is chosen. */
  | { readonly kind: 'misfit'; readonly misfit: Misfit }
  /** Another tab is at the device of a rollout, which skips it: nothing was begun. */
  | { readonly kind: 'held-elsewhere' }
  | { readonly kind: 'not-begun' };
