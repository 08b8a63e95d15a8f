/**
 * What goes over the connection that the device has made: the image, block by block, each answered with how much of it was
 * written; then a word. Pure over a connection. Source: `ArduinoOTA.cpp` of arduino-esp32 (`_runUpdate`) and the ESP8266's core.
 */
import type { RawConnection } from '../../model/device/raw-connection.ts';
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { oneLine } from '../answer.ts';

/** As the client sends that comes with the device's own software; it reads 1,460 at a time. */
const BLOCK_BYTES = 1024;
/** It answers in a line. */
const LONGEST_ANSWER = 200;
/** More digits than any division of a block: it has said a number again that it had said before, as it does after a second of silence. */
const MOST_DIGITS = 24;

const OK = 'OK';
/** The status of what it says, for which it has no number: it has answered. */
export const SAID = 0;
const NO_SPACE = /not enough space/i;
/** Bytes were damaged on the way. */
const DAMAGED = /md5/i;
/** What Arduino's updater judged of the image. The rest is of its flash. */
const JUDGED = /magic byte|could not activate|bad size|signature|flash config|decrypt|no data/i;

/** @param onBytes told how many bytes it has written. Rejects with an `UpdateError` for what it said, with any other where it ended. */
export async function transfer(
  connection: RawConnection,
  image: Uint8Array<ArrayBuffer>,
  onBytes: (bytes: number) => void,
): Promise<UploadAnswer> {
  let said = '';
  for (let at = 0; at < image.length && said === ''; at += BLOCK_BYTES) {
    const block = image.subarray(at, at + BLOCK_BYTES);
    // Who has said no closes the connection; what was said may be there all the same.
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

/** Waits until it has written so many bytes. Resolves with the beginning of a word, where it says one; empty: it goes on. */
async function wordAfter(connection: RawConnection, bytes: number): Promise<string> {
  for (let digits = ''; digits.length < MOST_DIGITS && !addsUpTo(digits, bytes);) {
    const letter = await next(connection);
    if (!/\d/.test(letter)) return letter;
    digits += letter;
  }
  return '';
}

/** Whether the digits are numbers, with nothing between them, that are so much together: it may read a block in parts. */
function addsUpTo(digits: string, sum: number): boolean {
  if (digits === '') return sum === 0;
  for (let length = 1; length <= digits.length; length += 1) {
    const number = Number(digits.slice(0, length));
    if (number > sum) return false;
    if (addsUpTo(digits.slice(length), sum - number)) return true;
  }
  return false;
}

/** All of its last word. */
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
  // The number of the last bytes stands before it, without anything between.
  if (text.includes(OK)) return { kind: 'taken', said: null };
  const said = oneLine(text.replace(/^\d+/, ''), LONGEST_ANSWER);
  // It had all of it, and its last word is lost.
  if (said === '') throw new UpdateError('unreachable');
  if (JUDGED.test(said)) return { kind: 'refused', said };
  throw errorOf(said);
}

/** What it says no by, here or where it was invited. */
export function errorOf(text: string): UpdateError {
  const said = oneLine(text, LONGEST_ANSWER);
  const code = NO_SPACE.test(said) ? 'too-large' : DAMAGED.test(said) ? 'hash-mismatch' : 'device-fault';
  return new UpdateError(code, { said, status: SAID });
}

async function next(connection: RawConnection): Promise<string> {
  return String.fromCharCode(...(await connection.read(1)));
}
