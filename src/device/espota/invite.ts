/**
 * Invites a device to fetch an image, and proves its password. It does so by what a host hands in. Source:
 * `ArduinoOTA.cpp` of arduino-esp32 (`_onRx`) and the ESP8266's core.
 */
import type { Clock } from '../../model/clock.ts';
import type { InviteWays, RawConnection, Listener } from '../../model/device/raw-connection.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { answerTo, waysToShow, type KeptBy } from './proof.ts';
import { errorOf, ANSWERED } from './transfer.ts';

/** The command for an image that is a program. */
const PROGRAM = 0;
const PASSWORD = 200;
const OK = 'OK';
const ASKS = /^AUTH (\S+)/;

/**
 * A datagram may be lost, and a sketch looks for one only between its own work. One that has asked for a password
 * ignores the next invitation, and hears the one after that.
 */
const TRIES = 5;
const ANSWERS_WITHIN_MS = 2_000;
/** The device derives a key to check the password, which takes an ESP8266 a while. */
const JUDGES_WITHIN_MS = 10_000;
/** As long as `espota.py` waits. */
const CONNECTS_WITHIN_MS = 10_000;

export interface Invited {
  readonly origin: string;
  readonly port: number;
  readonly ways: InviteWays;
  readonly clock: Clock;
  readonly listener: Listener;
  readonly size: number;
  /** 32 hex digits. */
  readonly md5: string;
  /** Empty: none is known. */
  readonly password: string;
  readonly signal: AbortSignal;
  /** Called at each sign that the device is still there. */
  readonly onSign: () => void;
}

/** Resolves with the connection that the device makes. Rejects with an `UpdateError`. */
export async function invite(asked: Invited): Promise<RawConnection> {
  let said = await sendInvitation(asked);
  const nonce = ASKS.exec(said)?.[1];
  if (nonce !== undefined) {
    const ways = waysToShow(nonce);
    if (ways === null) throw new UpdateError('garbled', { status: ANSWERED });
    // Without a password nothing is tried.
    if (asked.password === '') throw new UpdateError('unauthorised', { status: ANSWERED });
    said = await signIn(asked, nonce, ways);
  }
  if (said !== OK) throw errorOf(said.replace(/^ERR: /, ''));
  asked.onSign();
  const connection = await within(asked, CONNECTS_WITHIN_MS, () => asked.listener.connected);
  if (connection === null) throw new UpdateError('not-called-back', { status: ANSWERED });
  asked.onSign();
  return connection;
}

/** Sends the invitation. Resolves with the answer: `OK`, that it wants a password, or why it refuses. */
async function sendInvitation(asked: Invited): Promise<string> {
  const { listener, size, md5, onSign } = asked;
  const line = `${PROGRAM} ${listener.port} ${size} ${md5}\n`;
  for (let tries = TRIES; tries > 0; tries -= 1) {
    const said = await within(asked, ANSWERS_WITHIN_MS, (signal) =>
      // It may be connecting already, where its answer was lost.
      Promise.race([ask(asked, line, signal), listener.connected.then(() => OK)]),
    );
    if (said !== null) return said;
    onSign();
  }
  throw new UpdateError('silent');
}

async function signIn(asked: Invited, nonce: string, [first, ...others]: readonly KeptBy[]): Promise<string> {
  if (first === undefined) throw new UpdateError('unauthorised', { status: ANSWERED });
  const line = `${PASSWORD} ${answerTo(nonce, asked.password, first)}\n`;
  const said = await within(asked, JUDGES_WITHIN_MS, (signal) => ask(asked, line, signal));
  if (said === null) throw new UpdateError('silent');
  if (said === OK || said.startsWith('ERR')) return said;
  // By now it has dropped its challenge, and has to be invited again.
  const again = others.length === 0 ? undefined : ASKS.exec(await sendInvitation(asked))?.[1];
  if (again === undefined) throw new UpdateError('unauthorised', { status: ANSWERED });
  return signIn(asked, again, others);
}

async function ask({ ways, origin, port }: Invited, line: string, signal: AbortSignal): Promise<string> {
  return (await ways.ask(origin, port, line, signal)).trim();
}

/** Null: it took longer than `ms`. */
async function within<T>(
  { clock, signal }: Invited,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const over = new AbortController();
  const end = AbortSignal.any([signal, over.signal]);
  try {
    // A failure counts as silence, since the next try may be heard.
    const late = clock.sleep(ms, end).then(() => null);
    late.catch(() => undefined);
    const heard = work(end).catch((error: unknown) => {
      if (error instanceof UpdateError || signal.aborted) throw error;
      return late;
    });
    return await Promise.race([heard, late]);
  } finally {
    over.abort();
  }
}
