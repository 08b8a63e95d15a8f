import { expect } from 'chai';
import { hex } from '../../src/model/hex.ts';

describe('bytes as hex digits', () => {
  it('have two digits each, in lower case, also where the first is 0', () => {
    expect(hex([0, 1, 0xab, 0xff])).to.equal('0001abff');
    expect(hex(new Uint8Array([0x0f]))).to.equal('0f');
  });

  it('are nothing where there are none', () => {
    expect(hex([])).to.equal('');
  });
});
