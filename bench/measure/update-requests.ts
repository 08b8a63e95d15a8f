/** What is sent for one update, whoever sends it. */
import { createHash } from 'node:crypto';
import type { SimulatedDialect } from '../../src/simulator/options.ts';

export interface UpdateRequest {
  /** Below the prefix. */
  readonly route: string;
  /** JSON, or which bytes of the image. */
  readonly body: string | readonly [start: number, end: number];
}

/** Begin, chunks of the sizes that `sizes` gives, and finalize. */
export function updateRequests(
  dialect: SimulatedDialect,
  image: Uint8Array,
  sizes: Iterable<number>,
): readonly UpdateRequest[] {
  const shipped = dialect === 'shipped';
  const size = image.length;
  const sha256 = createHash('sha256').update(image).digest('hex');
  const begin = shipped ? { expected_size: size, expected_sha256: sha256 } : { size };
  const finalize = shipped ? { set_boot: true, reboot: true } : { sha256 };
  const chunks: UpdateRequest[] = [];
  let at = 0;
  for (const bytes of sizes) {
    if (at >= size) break;
    const end = Math.min(size, at + bytes);
    chunks.push({ route: shipped ? `chunk?offset=${at}` : 'write', body: [at, end] });
    at = end;
  }
  return [
    { route: 'begin', body: JSON.stringify(begin) },
    ...chunks,
    { route: 'finalize', body: JSON.stringify(finalize) },
  ];
}

/** The same update with each chunk as JSON, which holds its offset: the address of all chunks is one. `shipped` only. */
export function jsonRequests(image: Uint8Array, chunkBytes: number): readonly UpdateRequest[] {
  const offset = /^chunk\?offset=(\d+)$/;
  return updateRequests('shipped', image, evenChunks(chunkBytes)).map(({ route, body }): UpdateRequest => {
    const [, at] = offset.exec(route) ?? [];
    if (at === undefined || typeof body === 'string') return { route, body };
    const data = Buffer.from(image.subarray(...body)).toString('base64');
    return { route: 'chunk', body: JSON.stringify({ offset: Number(at), data_base64: data }) };
  });
}

export function authOf(dialect: SimulatedDialect, token: string): readonly [name: string, value: string] {
  return dialect === 'shipped' ? ['X-OTA-Token', token] : ['Authorization', `Bearer ${token}`];
}

/** From 4,096 bytes to the device's body limit. */
export function* doubling(): Generator<number, never, void> {
  for (let bytes = 4096; ; bytes = Math.min(65_536, bytes * 2)) yield bytes;
}

/** All of one size. */
export function* evenChunks(bytes: number): Generator<number, never, void> {
  for (;;) yield bytes;
}
