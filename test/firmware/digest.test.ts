import { expect } from 'chai';
import { digestOf, sha256, SUBTLE_BYTES } from '../../src/firmware/digest.ts';
import type { Subtle } from '../../src/firmware/digest.ts';
import { noise, text } from './image-builder.ts';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('the hash of a file', () => {
  it('is the one of the standard, both ways', async () => {
    for (const subtle of [undefined, null]) {
      expect(await sha256(text('abc'), undefined, undefined, subtle)).to.equal(ABC);
      expect(await sha256(text(''), undefined, undefined, subtle)).to.equal(NOTHING);
    }
  });

  it('is the same with and without the platform’s help, for SHA-384 too', async () => {
    const file = noise(300_001);
    for (const algorithm of ['SHA-256', 'SHA-384'] as const) {
      expect(await digestOf(algorithm, file, { subtle: null })).to.deep.equal(await digestOf(algorithm, file));
    }
  });

  it('tells its progress, which ends at 1', async () => {
    for (const subtle of [undefined, null]) {
      const shares: number[] = [];
      await sha256(noise(300_001), (share) => shares.push(share), undefined, subtle);
      expect(shares.at(-1)).to.equal(1);
      expect(shares).to.deep.equal([...shares].sort((a, b) => a - b));
    }
  });

  it('is given up when the signal says so', async () => {
    const reason = new Error('cancelled');
    for (const subtle of [undefined, null]) {
      const controller = new AbortController();
      const hashing = sha256(noise(300_001), undefined, controller.signal, subtle);
      controller.abort(reason);
      expect(await hashing.catch((error: unknown) => error)).to.equal(reason);
    }
  });

  it('is the browser’s own up to the size that does not hold up the page, and computed in slices beyond', async () => {
    const asked: number[] = [];
    const counting: Subtle = {
      digest: (algorithm, bytes) => {
        asked.push(bytes.byteLength);
        return crypto.subtle.digest(algorithm, bytes);
      },
    };
    const file = noise(SUBTLE_BYTES + 1);
    for (const bytes of [file.subarray(1), file]) {
      expect(await sha256(bytes, undefined, undefined, counting)).to.equal(
        await sha256(bytes, undefined, undefined, null),
      );
    }
    expect(asked).to.deep.equal([SUBTLE_BYTES]);
  });

  it('is computed in slices when the browser has no memory for its own copy', async () => {
    const refusing: Subtle = { digest: () => Promise.reject(new DOMException('no memory', 'OperationError')) };
    expect(await sha256(text('abc'), undefined, undefined, refusing)).to.equal(ABC);
  });
});
