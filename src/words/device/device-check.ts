/** What is said of a device that was asked for its status, and of its two slots. */
import type { Dialect } from '../../model/device/dialect.ts';
import type { DeviceStatus } from '../../model/device/link.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { bytesInWords } from '../kit/quantities.ts';

export const CHECK = 'Check';
export const NOT_ASKED = 'Not asked yet in this visit.';
export const ASKING_DEVICE = 'Asking the device …';
/** Said of a slot, behind its name. */
export const RUNS = 'runs';

/** @param app name and version of the app on the device; absent where it has told none */
export function answerText({
  status,
  dialect,
  app,
}: {
  status: DeviceStatus | null;
  dialect: Dialect | null;
  app?: string;
}): string {
  const answer = statusText(status, dialect);
  return app === undefined ? answer : `${answer} Its app: ${app}.`;
}

function statusText(status: DeviceStatus | null, dialect: Dialect | null): string {
  if (status === null) {
    return dialect === null
      ? 'Something answers there. Only an update shows whether it takes one.'
      : 'It answers, and tells nothing of its slots.';
  }
  if (status.supported === false) return 'It answers, but cannot take updates: it has no second slot.';
  return status.session === null ? 'It answers.' : 'It answers, and an update is open on it.';
}

/** In short, where the doctor says the rest. */
export function failureText(code: UpdateErrorCode): string {
  return code === 'unreachable' || code === 'silent' || code === 'not-allowed'
    ? 'It gave no good answer.'
    : 'It answered, but did not do what it was asked.';
}

/** @param bytes size of the slot that is written next; null where it is not known */
export function nextSlotText(bytes: number | null): string {
  return bytes === null ? 'next' : `next, ${bytesInWords(bytes)}`;
}
