/**
 * Invites a device to fetch an image, and answers for its password. Pure over what a host can do.
 * Source: `ArduinoOTA.cpp` of arduino-esp32 (`_onRx`) and the ESP8266's core.
 */
import type { Clock } from '../../model/clock.ts';
import type { InviteWays, RawConnection, Waiting } from '../../model/device/raw-connection.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { answerTo, waysToShow, type KeptBy } from './proof.ts';
import { errorOf, SAID } from './transfer.ts';

/** What the image is: a program. */
const PROGRAM = 0;
const PASSWORD = 200;
const OK = 'OK';
const ASKS = /^AUTH (\S+)/;

/**
 * A datagram may be lost, and a sketch looks for one when its own work lets it. One that has asked for a password passes over the
 * next invitation, and hears the one after that.
 */
const TRIES = 5;
const ANSWERS_WITHIN_MS = 2_000;
/** It derives a key for that, which takes an ESP8266 a while. */
const JUDGES_WITHIN_MS = 10_000;
/** As the client waits that comes with the device's own software. */
const CONNECTS_WITHIN_MS = 10_000;

export interface Invited {
  readonly origin: string;
  readonly port: number;
  readonly ways: InviteWays;
  readonly clock: Clock;
  readonly waiting: Waiting;
  readonly size: number;
  /** 32 hex digits. */
  readonly md5: string;
  /** Empty: none is known. */
  readonly password: string;
  readonly signal: AbortSignal;
  /** Told at each step that the device is still there. */
  readonly onSign: () => void;
}

/** Resolves with the connection that the device makes. Rejects with an `UpdateError`. */
export async function invite(asked: Invited): Promise<RawConnection> {
  let said = await invitation(asked);
  const nonce = ASKS.exec(said)?.[1];
  if (nonce !== undefined) {
    const ways = waysToShow(nonce);
    if (ways === null) throw new UpdateError('garbled', { status: SAID });
    // A password that is not there is not tried.
    if (asked.password === '') throw new UpdateError('unauthorised', { status: SAID });
    said = await signIn(asked, nonce, ways);
  }
  if (said !== OK) throw errorOf(said.replace(/^ERR: /, ''));
  asked.onSign();
  const connection = await within(asked, CONNECTS_WITHIN_MS, () => asked.waiting.connected);
  if (connection === null) throw new UpdateError('not-called-back', { status: SAID });
  asked.onSign();
  return connection;
}

/** What it answers to it: that it comes, that it wants a password, or why it does not come. */
async function invitation(asked: Invited): Promise<string> {
  const { waiting, size, md5, onSign } = asked;
  const line = `${PROGRAM} ${waiting.port} ${size} ${md5}\n`;
  for (let tries = TRIES; tries > 0; tries -= 1) {
    const said = await within(asked, ANSWERS_WITHIN_MS, (signal) =>
      // It may be on its way already, and what it said is lost.
      Promise.race([ask(asked, line, signal), waiting.connected.then(() => OK)]),
    );
    if (said !== null) return said;
    onSign();
  }
  throw new UpdateError('silent');
}

async function signIn(asked: Invited, nonce: string, [first, ...others]: readonly KeptBy[]): Promise<string> {
  if (first === undefined) throw new UpdateError('unauthorised', { status: SAID });
  const line = `${PASSWORD} ${answerTo(nonce, asked.password, first)}\n`;
  const said = await within(asked, JUDGES_WITHIN_MS, (signal) => ask(asked, line, signal));
  if (said === null) throw new UpdateError('silent');
  if (said === OK || said.startsWith('ERR')) return said;
  // It has forgotten what it asked by now.
  const again = others.length === 0 ? undefined : ASKS.exec(await invitation(asked))?.[1];
  if (again === undefined) throw new UpdateError('unauthorised', { status: SAID });
  return signIn(asked, again, others);
}

async function ask({ ways, origin, port }: Invited, line: string, signal: AbortSignal): Promise<string> {
  return (await ways.ask(origin, port, line, signal)).trim();
}

/** Null: not in this time. */
async function within<T>(
  { clock, signal }: Invited,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const over = new AbortController();
  const end = AbortSignal.any([signal, over.signal]);
  try {
    // Where nobody is at that port nothing is heard either; the next try may be heard.
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
