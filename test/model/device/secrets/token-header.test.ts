import { expect } from 'chai';
import { isNeverSent, wrongInTokenHeader } from '../../../../src/model/device/secrets/token-header.ts';
import { FINE, FORBIDDEN, TAKEN } from './header-names.ts';

describe('The header of a token', () => {
  for (const name of FORBIDDEN)
    it(`is not ${name}, which fetch drops without a word`, () => {
      expect(isNeverSent(name)).to.equal(true);
      expect(isNeverSent(name.toLowerCase())).to.equal(true);
      expect(wrongInTokenHeader(name)).to.equal('header-never-sent');
    });

  for (const name of TAKEN)
    it(`is not ${name}, which has another meaning`, () => {
      expect(wrongInTokenHeader(name)).to.equal('header-taken');
      expect(wrongInTokenHeader(name.toUpperCase())).to.equal('header-taken');
    });

  for (const name of ['', 'X OTA', 'X:OTA', 'X\r\nOTA', 'Tökén'])
    it(`is not ${JSON.stringify(name)}, which is no header name`, () => {
      expect(wrongInTokenHeader(name)).to.equal('header-characters');
    });

  for (const name of FINE)
    it(`may be ${name}`, () => {
      expect(isNeverSent(name)).to.equal(false);
      expect(wrongInTokenHeader(name)).to.equal(null);
    });
});
