import { expect } from 'chai';
import { imageOf } from '../../src/agent/image-of.ts';
import type { Artifact, Chunk } from '../../src/model/agent/deployment.ts';

const MOST = 1_000;
const file = (filename: string, more: Partial<Artifact> = {}): Artifact => ({
  ...{ filename, size: 100, sha256: 'a'.repeat(64), href: `http://server/${filename}`, ...more },
});
const chunk = (artifacts: readonly Artifact[], encrypted = false): Chunk => ({
  ...{ part: 'os', name: 'kitchen', version: '1', encrypted, artifacts },
});

describe('the image of a deployment', () => {
  it('is the one app among its files', () => {
    const chunks = [chunk([file('readme.txt'), file('kitchen.BIN')]), chunk([file('bootloader.bin.md5')])];
    const choice = imageOf({ chunks }, MOST);
    expect(choice.kind === 'image' && choice.artifact.filename).to.equal('kitchen.BIN');
  });

  it('is none of what is written by cable', () => {
    const beside = ['bootloader.bin', 'kitchen.partitions.bin', 'partition-table.bin', 'boot_app0.bin'].map((name) =>
      file(name),
    );
    expect(imageOf({ chunks: [chunk(beside)] }, MOST).kind).to.equal('no-image');
    expect(imageOf({ chunks: [chunk([...beside, file('firmware.bin')])] }, MOST).kind).to.equal('image');
  });

  it('is never chosen among several', () => {
    expect(imageOf({ chunks: [chunk([file('a.bin')]), chunk([file('b.bin')])] }, MOST).kind).to.equal('several-images');
  });

  it('is refused where it is encrypted, too large, or nobody vouches for it', () => {
    const why = (one: Chunk): string => imageOf({ chunks: [one] }, MOST).kind;
    expect(why(chunk([file('a.bin')], true))).to.equal('encrypted');
    expect(why(chunk([file('a.bin', { sha256: null })]))).to.equal('no-hash');
    expect(why(chunk([file('a.bin', { href: null })]))).to.equal('no-hash');
    expect(why(chunk([file('a.bin', { size: MOST + 1 })]))).to.equal('file-too-large');
    expect(why(chunk([]))).to.equal('no-image');
  });
});
