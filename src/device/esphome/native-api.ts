/**
 * What an ESPHome device tells of itself by its native API, where that is not encrypted: one connection, two questions.
 * Source: ESPHome 2024.11 and 2026.6, `api.proto`, `api_frame_helper_plaintext.cpp`, `api_connection.cpp`.
 */
import type { RawConnection } from '../../model/device/raw-connection.ts';

export const API_PORT = 6053;

/** Of a device that speaks in the clear; what it does not tell is empty. */
export interface ToldByApi {
  readonly name: string;
  readonly friendlyName: string;
  readonly version: string;
  /** "2026-03-15 18:46:25 +0100", or as older ones have it. */
  readonly compiledAt: string;
  /** "esp32dev" */
  readonly board: string;
  readonly mac: string;
  /** The maker's project, "acme.plug", and its version, "1.2". Empty: it has none. */
  readonly project: string;
  readonly projectVersion: string;
}

const PLAIN = 0x00;
const HELLO = 1;
const DISCONNECT = 5;
/** The length of its answer to that. */
const GOODBYE_BYTES = 3;
const DEVICE_INFO = 9;
const DEVICE_INFO_ANSWER = 10;
/** Numbers of the fields in its answer. */
const FIELD = {
  name: 2,
  mac: 3,
  version: 4,
  compiledAt: 5,
  board: 6,
  project: 8,
  projectVersion: 9,
  friendlyName: 13,
} as const;
const BYTES = 2;
/** It may send messages of its own before the answer. */
const MOST_MESSAGES = 8;
/** Its answer is some hundred bytes. */
const LONGEST_MESSAGE = 8 * 1024;

const ME = 'Moult';
/** The version of the API that this was read in: major, minor. */
const API_VERSION = [1, 14] as const;

/** Null: it answers in another way, as one does that wants encryption. Rejects where the connection ends. */
export async function askApi(connection: RawConnection): Promise<ToldByApi | null> {
  const me = new TextEncoder().encode(ME);
  const hello = [0x0a, me.length, ...me, 0x10, API_VERSION[0], 0x18, API_VERSION[1]];
  await connection.write(Uint8Array.of(...message(HELLO, hello), ...message(DEVICE_INFO, [])));
  for (let heard = 0; heard < MOST_MESSAGES; heard += 1) {
    const [indicator] = await connection.read(1);
    if (indicator !== PLAIN) return null;
    const length = await readNumber(connection);
    const kind = await readNumber(connection);
    if (length === null || kind === null || length > LONGEST_MESSAGE) return null;
    const body = await connection.read(length);
    if (kind !== DEVICE_INFO_ANSWER) continue;
    // Without this it would log a lost client. Whether its answer still comes does not matter.
    await connection.write(Uint8Array.of(...message(DISCONNECT, [])));
    await connection.read(GOODBYE_BYTES).catch(() => undefined);
    return readDeviceInfo(body);
  }
  return null;
}

function message(kind: number, body: readonly number[]): readonly number[] {
  return [PLAIN, body.length, kind, ...body];
}

/** Seven bits a byte, the lowest first. Null: it is longer than any number here. */
async function readNumber(connection: RawConnection): Promise<number | null> {
  let number = 0;
  for (let shift = 0; shift <= 28; shift += 7) {
    const [byte = 0] = await connection.read(1);
    number += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return number;
  }
  return null;
}

/** Null: it is not a message of this form. */
export function readDeviceInfo(body: Uint8Array): ToldByApi | null {
  const texts = new Map<number, string>();
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; at < body.length && shift <= 63; shift += 7) {
      const byte = body[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return NaN;
  };
  while (at < body.length) {
    const key = number();
    const value = number();
    if (Number.isNaN(key) || Number.isNaN(value)) return null;
    if (key % 8 === 0) continue;
    if (key % 8 !== BYTES || at + value > body.length) return null;
    texts.set(Math.floor(key / 8), new TextDecoder().decode(body.subarray(at, at + value)));
    at += value;
  }
  const text = (field: number): string => texts.get(field) ?? '';
  if (text(FIELD.version) === '') return null;
  return {
    ...{ name: text(FIELD.name), friendlyName: text(FIELD.friendlyName), version: text(FIELD.version) },
    ...{ compiledAt: text(FIELD.compiledAt), board: text(FIELD.board), mac: text(FIELD.mac) },
    ...{ project: text(FIELD.project), projectVersion: text(FIELD.projectVersion) },
  };
}
