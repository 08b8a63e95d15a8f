/** The part of a file's verdict against a device that is needed before the code that judges is loaded. */
import type { Judged } from '../update/update-state.ts';
import type { ReasonCode } from './finding.ts';

/** Why a file is not sent to a device. */
export interface Misfit extends Judged {
  /** `file`: no device can run it as it is. `pair`: another device, or another file, may fit. */
  readonly of: 'file' | 'pair';
}

export const NO_UPDATE_SLOT: Misfit = { finding: { reason: 'no-update-slot' }, canOverrule: false, of: 'pair' };

/** What a person is asked about apart: the device could take the file all the same. */
export const ASKED_APART: readonly ReasonCode[] = ['no-micropython'];
