/** What is said of a device that was asked for its status, and of its two slots. */
import type { Dialect } from '../../../model/device/dialect.ts';
import type { DeviceStatus } from '../../../model/device/link.ts';
import type { UpdateErrorCode } from '../../../model/update/error-codes.ts';
import type { DeviceIdentity } from '../../../model/device/identity.ts';
import { bytesInWords } from '../../kit/quantities.ts';
import { identityText } from '../identity.ts';

export const CHECK = 'Check';
export const NOT_ASKED = 'Not checked yet.';
export const ASKING_DEVICE = 'Checking the device…';
/** Said of a slot, behind its name. */
export const RUNS = 'runs';

/**
 * @param identity what it is, where it has no slots to tell of
 * @param app name and version of the program on the device, which is no firmware; absent where it has told none
 */
export function answerText({
  status,
  dialect,
  identity,
  app,
}: {
  status: DeviceStatus | null;
  dialect: Dialect | null;
  identity?: DeviceIdentity;
  app?: string;
}): string {
  if (identity !== undefined) return `Online: ${identityText(identity)}.`;
  const answer = statusText(status, dialect);
  return app === undefined ? answer : `${answer} Program: ${app}.`;
}

function statusText(status: DeviceStatus | null, dialect: Dialect | null): string {
  if (status === null) {
    return dialect === null
      ? 'Something answers there. Only an update shows whether it accepts one.'
      : 'Online. This device doesn’t report its slots.';
  }
  if (status.supported === false) return 'Online, but it can’t take updates: it has no second slot.';
  return status.session === null ? 'Online.' : 'Online. An update is in progress on it.';
}

/** In short, where the doctor says the rest. */
export function failureText(code: UpdateErrorCode): string {
  return code === 'unreachable' || code === 'silent' || code === 'not-allowed'
    ? 'The device can’t be reached.'
    : 'The device answered, but the check failed.';
}

/** @param bytes size of the slot that is written next; null where it is not known */
export function nextSlotText(bytes: number | null): string {
  return bytes === null ? 'next' : `next, ${bytesInWords(bytes)}`;
}
