import { expect } from 'chai';
import { digestOf, sha256 } from '../../src/firmware/bytes/digest.ts';
import { pageDigest, pageHash } from '../../src/page/hash.ts';
import { noise, text } from '../firmware/image-builder.ts';

const MB = 1024 * 1024;

/** Runs `work`, and tells how often this window's own SubtleCrypto was asked meanwhile. */
async function askedHere(work: () => Promise<unknown>): Promise<number> {
  const { subtle } = crypto;
  const digest = subtle.digest.bind(subtle);
  let asked = 0;
  subtle.digest = (algorithm, bytes) => {
    asked += 1;
    return digest(algorithm, bytes);
  };
  try {
    await work();
  } finally {
    subtle.digest = digest;
  }
  return asked;
}

describe('the page’s own way to hash', () => {
  it('is a worker, for a file of any size, with the window’s own SubtleCrypto for neither', async () => {
    const large = noise(16 * MB + 1);
    const here: Uint8Array[] = [];
    for (const algorithm of ['SHA-256', 'SHA-384'] as const) here.push(await digestOf(algorithm, large));
    const there: Uint8Array[] = [];
    const asked = await askedHere(async () => {
      for (const algorithm of ['SHA-256', 'SHA-384'] as const) there.push(await pageDigest(algorithm, large));
      expect(await sha256(text('abc'), pageHash)).to.match(/^ba7816bf.*f20015ad$/);
      expect(await sha256(text(''), pageHash)).to.match(/^e3b0c442.*7852b855$/);
    });
    expect(there).to.deep.equal(here);
    expect(asked).to.equal(0);
  });

  it('would be seen to ask the window, so that the test before means something', async () => {
    expect(await askedHere(() => sha256(text('abc')))).to.equal(1);
  });

  it('copies a part of a file once, in pieces, and nothing of what lies around it', async () => {
    const part = noise(8 * MB).subarray(MB + 1, 5 * MB);
    const expected = await digestOf('SHA-256', part);
    const copied: number[] = [];
    part.slice = (from, to) => {
      const piece = new Uint8Array(part.subarray(from, to));
      copied.push(piece.length);
      return piece;
    };
    expect(await pageDigest('SHA-256', part)).to.deep.equal(expected);
    expect(Math.max(...copied)).to.equal(MB);
    expect(copied.reduce((sum, length) => sum + length)).to.equal(part.length);
  });

  it('hashes several files at once, each whole', async () => {
    const files = [noise(3 * MB), noise(2 * MB, 2), noise(MB, 3)];
    const expected = await Promise.all(files.map((file) => digestOf('SHA-256', file)));
    expect(await Promise.all(files.map((file) => pageDigest('SHA-256', file)))).to.deep.equal(expected);
  });
});
