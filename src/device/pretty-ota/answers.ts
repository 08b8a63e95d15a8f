/** What a device with PrettyOTA tells of itself, and what it says of an upload. Source: PrettyOTA `PrettyOTA.cpp`, `ESPUpdateManager.cpp`, 1.1.3. */
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { objectIn, saidIn, toldText, type Answer } from '../answer.ts';
import { codeOfPage } from '../whole-image/code-of-page.ts';
import { chipIdOf } from '../whole-image/chip-id.ts';

const NOTHING_TOLD: DeviceIdentity = {
  ...{ product: 'PrettyOTA', name: null, version: null, release: null, build: null, chipId: null, chip: null },
  // A half upload stays, and the device begins no other beside it.
  ...{ flashBytes: null, uptimeMs: null, takesUpdates: null, keepsHalf: true },
};

/** What it tells without a session: only that it is such a device. Null: it is something else. */
export function readAbout({ status, json }: Answer): DeviceIdentity | null {
  const about = objectIn(json);
  return status === 200 && typeof about?.['prettyotaVersion'] === 'string' ? NOTHING_TOLD : null;
}

/** Null where the answer is another device's. */
export function readInfo({ status, json }: Answer): DeviceIdentity | null {
  const info = objectIn(json);
  if (status !== 200 || info === null || !('rollbackPossible' in info) || !('firmwareVersion' in info)) return null;
  const hardware = toldText(info['hardwareID']);
  const build = [info['buildDate'], info['buildTime']].map(toldText).filter((part) => part !== null);
  return {
    ...NOTHING_TOLD,
    version: toldText(info['firmwareVersion']),
    build: build.length === 0 ? null : build.join(' '),
    chip: hardware,
    chipId: hardware === null ? null : chipOfBoard(hardware),
  };
}

/**
 * Arduino names its own boards after their chip: "ESP32_DEV", "ESP32S3_DEV". Null: an app or a maker chose another
 * name, which says nothing.
 */
function chipOfBoard(hardware: string): number | null {
  const board = /^ESP32([A-Z]\d{1,2})?_DEV$/.exec(hardware);
  if (board === null) return null;
  const [, family] = board;
  return chipIdOf(family === undefined ? 'ESP32' : `ESP32-${family}`);
}

/** The words by which it judges the image. */
const JUDGED = /^ERROR_(?:MAGIC_BYTE|ACTIVATE)\b/;
const CODES: readonly (readonly [RegExp, UpdateErrorCode])[] = [
  [/^ERROR_HASH_MISMATCH\b/, 'hash-mismatch'],
  [/^ERROR_NO_SPACE\b/, 'too-large'],
  [/^ERROR_NO_PARTITION\b/, 'unsupported'],
  // It does not say whose upload that is, nor whether it is still being sent. “No error”: it has not begun ours, for
  // the same reason.
  [/^(?:An update is already running|No error)$/, 'busy'],
  [/^(?:ERROR_|Aborted)/, 'device-fault'],
];

/**
 * Reads the answer to an upload. Rejects with an `UpdateError` where it is neither a “yes” nor a judgement of the
 * image.
 */
export function readUpload(answer: Answer, secrets: readonly string[]): UploadAnswer {
  // Its “yes” is an empty answer.
  if (answer.status === 200 && answer.text.trim() === '') return { kind: 'taken', said: null };
  if (answer.status === 400 && JUDGED.test(answer.text)) {
    return { kind: 'refused', said: saidIn(answer.text, secrets) };
  }
  throw errorOf(answer, secrets);
}

/** The error of an answer that is not a “yes”. */
export function errorOf({ status, text, html }: Answer, secrets: readonly string[]): UpdateError {
  const said = html ? null : saidIn(text, secrets);
  const own = status === 400 ? CODES.find(([pattern]) => pattern.test(text.trim())) : undefined;
  const code = own?.[1] ?? (status === 400 && !html ? 'bad-request' : codeOfPage(status, html));
  return new UpdateError(code, { status, ...(said === null ? {} : { said }) });
}
