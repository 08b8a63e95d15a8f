import type { Dialect } from '../../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../../model/device/identity.ts';
import type { DeviceStatus } from '../../../model/device/link.ts';
import { factsOf, type UpdateErrorCode } from '../../../model/update/error-codes.ts';
import type { Words } from '../../../words/update/told.ts';

/**
 * What came of asking a device for its status. The page never asks by itself: a person saved the device or pressed
 * "Check".
 */
export type CheckView =
  | { readonly kind: 'unasked' }
  | { readonly kind: 'asking' }
  /** `status` is null where there is none to tell, `dialect` where neither the answer nor its own list shows it. */
  | {
      readonly kind: 'answered';
      readonly dialect: Dialect | null;
      readonly status: DeviceStatus | null;
      /** What it tells of itself where it has no slots to tell of. */
      readonly identity?: DeviceIdentity;
      /** What its slots mean for the next update, where that is more than usual, and what its link remarks. */
      readonly note: string | null;
      readonly at: number;
      /** The name and version of the app on it, in words; absent where it has told none. */
      readonly app?: string;
    }
  | { readonly kind: 'failed'; readonly code: UpdateErrorCode; readonly words: Words };

/** Whether nothing came from the device. One that refused, or said something that does not fit, did answer. */
export function gaveNoAnswer(check: CheckView): boolean {
  return check.kind === 'failed' && factsOf(check.code).device.answer === 'none';
}
