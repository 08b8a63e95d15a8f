import { expect } from 'chai';
import { isNeverSent } from '../../../src/model/device/token-header.ts';
import { FINE, FORBIDDEN } from './header-names.ts';

describe('The header of a token', () => {
  for (const name of FORBIDDEN)
    it(`is not ${name}, which fetch drops without a word`, () => {
      expect(isNeverSent(name)).to.equal(true);
      expect(isNeverSent(name.toLowerCase())).to.equal(true);
    });

  for (const name of FINE)
    it(`may be ${name}`, () => {
      expect(isNeverSent(name)).to.equal(false);
    });
});
