/**
 * The worker that hashes for the page (src/page/worker-hash.ts): an entry of its own, which imports no code. An order
 * comes with a port; on that port the worker says that it is there, takes the bytes piece by piece and then null, and
 * answers.
 */
import type { DigestAlgorithm } from './digest-work.ts';
import type { Bytes } from './little-endian.ts';

export interface HashOrder {
  readonly algorithm: DigestAlgorithm;
  /** Bytes that will come. */
  readonly size: number;
}

/** `here` at once, and the raw digest at the end; `unable` in place of either, where there was no memory for it. */
export type HashAnswer = 'here' | ArrayBuffer | 'unable';

addEventListener('message', ({ data, ports: [port] }: MessageEvent<HashOrder>) => {
  if (port !== undefined) take(data, port);
});

function take({ algorithm, size }: HashOrder, port: MessagePort): void {
  const answer = (said: HashAnswer): void => port.postMessage(said);
  let whole: Bytes;
  try {
    // SubtleCrypto takes a file in one piece only.
    whole = new Uint8Array(size);
  } catch {
    answer('unable');
    return;
  }
  answer('here');
  let at = 0;
  port.onmessage = ({ data: piece }: MessageEvent<Bytes | null>) => {
    if (piece !== null) {
      whole.set(piece, at);
      at += piece.length;
      return;
    }
    crypto.subtle.digest(algorithm, whole).then(answer, () => answer('unable'));
  };
}
