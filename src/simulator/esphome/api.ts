/**
 * The native API of a simulated ESPHome device, as far as a client needs it to find out what the device is. Source:
 * ESPHome `api.proto`, `api_connection.cpp`.
 */
import type { EsphomeBuild } from './build.ts';
import type { Connection } from './connection.ts';
import type { EsphomeOptions } from './options.ts';

const HELLO = 1;
const HELLO_ANSWER = 2;
const DISCONNECT = 5;
const DISCONNECT_ANSWER = 6;
const PING = 7;
const PING_ANSWER = 8;
const DEVICE_INFO = 9;
const DEVICE_INFO_ANSWER = 10;
/** "Handshake failed", and why. */
const REJECTED = [0x01, 0x00, 0x13, 0x01];

/** Answers until the client leaves. */
export async function serveApi(connection: Connection, build: EsphomeBuild, options: EsphomeOptions): Promise<void> {
  for (;;) {
    const [indicator = 0xff] = await connection.read(1);
    if (indicator !== 0 || options.api === 'encrypted') {
      if (options.api === 'encrypted')
        await connection.write(Uint8Array.of(...REJECTED, ...new TextEncoder().encode('Bad indicator byte')));
      return;
    }
    const length = await number(connection);
    const kind = await number(connection);
    await connection.read(length);
    const said = answerTo(kind, build, options);
    if (said !== null) await connection.write(frame(...said));
    if (kind === DISCONNECT) return;
  }
}

function answerTo(
  kind: number,
  { version, node, builtAt }: EsphomeBuild,
  { friendlyName, mac, board }: EsphomeOptions,
): readonly [kind: number, body: readonly number[]] | null {
  switch (kind) {
    case HELLO:
      return [HELLO_ANSWER, [0x08, 1, 0x10, 14, ...text(3, version), ...text(4, node)]];
    case PING:
      return [PING_ANSWER, []];
    case DISCONNECT:
      return [DISCONNECT_ANSWER, []];
    case DEVICE_INFO:
      return [
        DEVICE_INFO_ANSWER,
        [
          ...[...text(2, node), ...text(3, mac), ...text(4, version), ...text(5, builtAt), ...text(6, board)],
          ...[...text(12, 'Espressif'), ...text(13, friendlyName)],
        ],
      ];
    default:
      return null;
  }
}

/** @param field below 16: its number fits one byte */
function text(field: number, value: string): readonly number[] {
  const bytes = new TextEncoder().encode(value);
  return [(field << 3) | 2, ...varint(bytes.length), ...bytes];
}

function frame(kind: number, body: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(0, ...varint(body.length), ...varint(kind), ...body);
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}

async function number(connection: Connection): Promise<number> {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const [byte = 0] = await connection.read(1);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return value;
}
