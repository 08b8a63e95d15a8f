import { expect } from 'chai';
import { isDiskFull, isNotWritable } from '../../../src/host/data/data-error.ts';

const refusedWith = (code: string): Error => Object.assign(new Error(code), { code });

describe('What the system says of a file that was not written', () => {
  for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG']) {
    it(`is that it does not fit: ${code}`, () => {
      expect([isDiskFull(refusedWith(code)), isNotWritable(refusedWith(code))]).to.deep.equal([true, false]);
    });
  }

  for (const code of ['EROFS', 'EACCES', 'EPERM']) {
    it(`is that nothing can be written there: ${code}`, () => {
      expect([isDiskFull(refusedWith(code)), isNotWritable(refusedWith(code))]).to.deep.equal([false, true]);
    });
  }

  for (const other of [refusedWith('EIO'), new Error('ENOSPC'), 'ENOSPC', null]) {
    it(`is neither: ${String(other)}`, () => {
      expect([isDiskFull(other), isNotWritable(other)]).to.deep.equal([false, false]);
    });
  }
});
