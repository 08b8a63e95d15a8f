/** What `moult push` says while it runs, and at its end; what becomes of a device says `words/update/describe.ts`. */
import type { RolloutCounts } from '../../model/rollout/rollout-state.ts';
import { TOKEN_VARIABLE } from '../../model/host/environment.ts';
import type { Progress } from '../../model/update/update-state.ts';
import { TOO_LARGE_TO_READ } from '../firmware/files.ts';
import { counted, whole } from '../kit/locale.ts';
import { exactBytes, speedInWords } from '../kit/quantities.ts';
import { countsInWords, unprovenInWords } from '../rollout/rollout-progress.ts';
import { timeLeftText } from '../update/update-progress.ts';

/** `why`: the rest of a sentence. */
export function notReadText(file: string, why: string): string {
  return `${file} cannot be read: ${why}.`;
}

export function tooLargeText(file: string): string {
  return `${file}: ${TOO_LARGE_TO_READ}`;
}

/** "Writing, 4,096 of 99,936 bytes, 60 KB/s, 2 s left". Once all is written, no time is told: nobody knows that of a restart. */
export function progressLine(title: string, { acknowledged, total, bytesPerSecond, secondsLeft }: Progress): string {
  const isWritten = acknowledged === total;
  return [
    `${title}, ${whole(acknowledged)} of ${exactBytes(total)}`,
    ...(isWritten || bytesPerSecond === null ? [] : [speedInWords(bytesPerSecond)]),
    ...(isWritten || secondsLeft === null ? [] : [timeLeftText(Math.ceil(secondsLeft))]),
  ].join(', ');
}

/** No path was given, and the device tells its own. */
export function otherPrefixText(prefix: string): string {
  return `It takes updates at ${prefix}, not at the usual path, and is updated there.`;
}

export const NO_TOKEN_GIVEN = `No token was given: the variable ${TOKEN_VARIABLE} is not set, or is empty.`;

export const CERTIFICATE_MAY_BE_UNTRUSTED =
  'Or Node does not trust its certificate: name the authority that signed it with NODE_EXTRA_CA_CERTS=FILE.';

/** Of an update that has ended. */
export function outcomeLine(title: string, detail: string): string {
  return `${title}. ${detail}`;
}

/** Below what speaks against the file. `reason`: as the option takes it. */
export function sendAnywayText(reason: string): string {
  return `To send it anyway, repeat the command with --send-anyway ${reason}.`;
}

/** Of one device of many. */
export function ofDevice(name: string, said: string): string {
  return `${name}: ${said}`;
}

/** Of one that starts, ends or is skipped. `done`: how many of all devices are done. */
export function rolloutLine(done: number, total: number, name: string, said: string): string {
  return `[${done} of ${total}] ${ofDevice(name, said)}`;
}

export const UPDATING = 'Updating';
export const NOT_STARTED = 'Not started.';

export function skippedLine(why: string): string {
  return `Skipped. ${why}`;
}

/** "3 of 5 devices succeeded, 1 failed, 1 skipped." */
export function rolloutSum(counts: RolloutCounts): string {
  const { total, well } = counts;
  const rest = countsInWords({ ...counts, well: 0 });
  const sum = `${well} of ${counted(total, 'device', 'devices')} succeeded${rest && `, ${rest}`}.`;
  return [sum, ...unprovenInWords(counts)].join(' ');
}
