import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beginningOf, isPacked } from '../../../src/host/reach/unpack.ts';

const MOST = 64 * 1024;

describe('what a device sends packed', () => {
  it('is unpacked, as far as it is read', () => {
    expect(beginningOf(gzipSync('OK'), MOST).toString()).to.equal('OK');
    const page = randomBytes(50_000).toString('hex');
    const begun = beginningOf(gzipSync(page), MOST).toString();
    expect(page.startsWith(begun)).to.equal(true);
    expect(begun.length).to.be.within(1_000, MOST);
  });

  it('costs no more than is read, however much it would be', () => {
    expect(beginningOf(gzipSync(Buffer.alloc(50_000_000, 'a')), MOST).length).to.be.at.most(MOST);
  });

  it('ends in an error where it is no such thing, or half of one', () => {
    const packed = gzipSync('a page for people, of some length');
    for (const bytes of [Buffer.from('OK'), Buffer.alloc(0), packed.subarray(0, packed.length - 9)]) {
      expect(() => beginningOf(bytes, MOST)).to.throw(Error);
    }
  });

  it('says so in a header', () => {
    expect(isPacked({ headers: { 'content-encoding': 'gzip' } })).to.equal(true);
    expect(isPacked({ headers: { 'content-encoding': 'identity' } })).to.equal(false);
    expect(isPacked({ headers: {} })).to.equal(false);
  });
});
