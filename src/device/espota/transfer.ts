/**
 * Sends an image over the connection that the device has made: block by block, each answered with how much of it was
 * written, and at the end with a word. Source: `ArduinoOTA.cpp` of arduino-esp32 (`_runUpdate`) and the ESP8266's core.
 */
import type { RawConnection } from '../../model/device/raw-connection.ts';
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { oneLine } from '../answer.ts';

/** As `espota.py` sends; the device reads 1,460 bytes at a time. */
const BLOCK_BYTES = 1024;
/** The longest answer, which is a line, in characters. */
const LONGEST_ANSWER = 200;
/**
 * More digits than a block in parts can have: the device has repeated a number, as it does after a second of silence.
 */
const MOST_DIGITS = 24;

const OK = 'OK';
/** The status of an error that the device told in words, which have no number of their own: it has answered. */
export const ANSWERED = 0;
const NO_SPACE = /not enough space/i;
/** Bytes were damaged on the way. */
const DAMAGED = /md5/i;
/** The words by which Arduino's updater judges the image. Its others are about the flash. */
const JUDGED = /magic byte|could not activate|bad size|signature|flash config|decrypt|no data/i;

/**
 * Rejects with an `UpdateError` for what the device said, with any other error where the connection ended.
 *
 * @param onBytes called with how many bytes the device has written
 */
export async function transfer(
  connection: RawConnection,
  image: Uint8Array<ArrayBuffer>,
  onBytes: (bytes: number) => void,
): Promise<UploadAnswer> {
  let said = '';
  for (let at = 0; at < image.length && said === ''; at += BLOCK_BYTES) {
    const block = image.subarray(at, at + BLOCK_BYTES);
    // A device that refuses closes the connection; its words may have arrived all the same.
    const isGone = await connection.write(block).then(
      () => false,
      () => true,
    );
    said = await wordAfter(connection, block.length);
    if (said === '' && isGone) throw new UpdateError('unreachable');
    onBytes(at + block.length);
  }
  return read(await rest(connection, said));
}

/**
 * Waits until the device has written so many bytes. Resolves with the first letter of its last word, where it sends
 * that instead; empty: the transfer goes on.
 */
async function wordAfter(connection: RawConnection, bytes: number): Promise<string> {
  for (let digits = ''; digits.length < MOST_DIGITS && !addsUpTo(digits, bytes);) {
    const letter = await next(connection);
    if (!/\d/.test(letter)) return letter;
    digits += letter;
  }
  return '';
}

/** Whether the digits are numbers, with nothing between them, whose sum is this: a device may read a block in parts. */
function addsUpTo(digits: string, sum: number): boolean {
  if (digits === '') return sum === 0;
  for (let length = 1; length <= digits.length; length += 1) {
    const number = Number(digits.slice(0, length));
    if (number > sum) return false;
    if (addsUpTo(digits.slice(length), sum - number)) return true;
  }
  return false;
}

/** Reads the rest of its last word. */
async function rest(connection: RawConnection, begun: string): Promise<string> {
  let text = begun;
  while (!text.includes(OK) && text.length < LONGEST_ANSWER) {
    const letter = await next(connection).catch(() => null);
    if (letter === null) break;
    text += letter;
  }
  return text;
}

function read(text: string): UploadAnswer {
  // The count of the last bytes comes right before the word, with nothing between them.
  if (text.includes(OK)) return { kind: 'taken', said: null };
  const said = oneLine(text.replace(/^\d+/, ''), LONGEST_ANSWER);
  // The device had the whole image, and its last word is lost.
  if (said === '') throw new UpdateError('unreachable');
  if (JUDGED.test(said)) return { kind: 'refused', said };
  throw errorOf(said);
}

/** The error that its words stand for, here or where it was invited. */
export function errorOf(text: string): UpdateError {
  const said = oneLine(text, LONGEST_ANSWER);
  const code = NO_SPACE.test(said) ? 'too-large' : DAMAGED.test(said) ? 'hash-mismatch' : 'device-fault';
  return new UpdateError(code, { said, status: ANSWERED });
}

async function next(connection: RawConnection): Promise<string> {
  return String.fromCharCode(...(await connection.read(1)));
}
