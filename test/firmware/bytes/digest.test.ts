import { expect } from 'chai';
import { digestOf, sha256 } from '../../../src/firmware/bytes/digest.ts';
import type { DigestAway, Subtle } from '../../../src/firmware/bytes/digest.ts';
import { noise, text } from '../image-builder.ts';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** What a page with `crypto.subtle` does, and one without. */
const WAYS = [{}, { subtle: null }];

/** SubtleCrypto that notes how many bytes it was asked for. */
function counting(asked: number[]): Subtle {
  return {
    digest: (algorithm, bytes) => {
      asked.push(bytes.byteLength);
      return crypto.subtle.digest(algorithm, bytes);
    },
  };
}

describe('the hash of a file', () => {
  it('is the one of the standard, with SubtleCrypto and without', async () => {
    for (const way of WAYS) {
      expect(await sha256(text('abc'), way)).to.equal(ABC);
      expect(await sha256(text(''), way)).to.equal(NOTHING);
    }
  });

  it('is the same with and without the platform’s help, for SHA-384 too', async () => {
    const file = noise(300_001);
    for (const algorithm of ['SHA-256', 'SHA-384'] as const) {
      expect(await digestOf(algorithm, file, { subtle: null })).to.deep.equal(await digestOf(algorithm, file));
    }
  });

  it('reports its progress, which ends at 1', async () => {
    for (const way of WAYS) {
      const shares: number[] = [];
      await sha256(noise(300_001), { ...way, onProgress: (share) => shares.push(share) });
      expect(shares.at(-1)).to.equal(1);
      expect(shares).to.deep.equal([...shares].sort((a, b) => a - b));
    }
  });

  it('is given up when the signal says so', async () => {
    const reason = new Error('cancelled');
    for (const way of WAYS) {
      const controller = new AbortController();
      const hashing = sha256(noise(300_001), { ...way, signal: controller.signal });
      controller.abort(reason);
      expect(await hashing.catch((error: unknown) => error)).to.equal(reason);
    }
  });

  it('is SubtleCrypto’s for a file of any size, each byte once', async () => {
    const large = 17 * 1024 * 1024;
    const asked: number[] = [];
    for (const size of [0, 1, large]) await sha256(new Uint8Array(size), { subtle: counting(asked) });
    expect(asked).to.deep.equal([0, 1, large]);
  });

  describe('the hash of a file, where a worker can compute it', () => {
    it('comes from the worker, and nothing is hashed here', async () => {
      const asked: number[] = [];
      const away: DigestAway = (algorithm, bytes) => Promise.resolve(text(`${algorithm} of ${bytes.length}`));
      const digest = await digestOf('SHA-384', noise(5), { away, subtle: counting(asked) });
      expect(digest).to.deep.equal(text('SHA-384 of 5'));
      expect(asked).to.deep.equal([]);
    });

    it('is computed here where the worker could not', async () => {
      const asked: number[] = [];
      expect(await sha256(text('abc'), { away: () => Promise.resolve(null), subtle: counting(asked) })).to.equal(ABC);
      expect(asked).to.deep.equal([3]);
    });

    it('is not asked of the worker by a page without SubtleCrypto, since its worker has none either', async () => {
      const away: DigestAway = () => Promise.reject(new Error('nobody asks'));
      expect(await sha256(text('abc'), { away, subtle: null })).to.equal(ABC);
    });
  });

  it('is computed in slices when the browser has no memory for its own copy', async () => {
    const refusing: Subtle = { digest: () => Promise.reject(new DOMException('no memory', 'OperationError')) };
    expect(await sha256(text('abc'), { subtle: refusing })).to.equal(ABC);
  });
});
