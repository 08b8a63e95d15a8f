import { expect } from 'chai';
import { hasHiddenCharacters, isBlank, shownName } from '../../../src/model/device/plain-names.ts';

describe('A name', () => {
  for (const name of ['Kitchen', 'Küche 2', 'مطبخ', 'می\u200cخانه', 'क्\u200dष', '👩\u200d👧 house', '水', '.'])
    it(`may be “${name}”`, () => {
      expect([hasHiddenCharacters(name), isBlank(name)]).to.deep.equal([false, false]);
    });

  for (const sign of ['\n', '\u0007', '\u0085', '\u2028', '\u2029', '\u061c', '\u200e', '\u200f', '\u202e', '\u2067'])
    it(`has no character like ${JSON.stringify(sign)}`, () => {
      expect(hasHiddenCharacters(`Kit${sign}chen`)).to.equal(true);
    });

  for (const name of ['', ' ', '\u00a0\u3000', '\u200b', '\u00ad', '\u3164', '\u115f', '\u2800', '\ufe0f', '\ud800'])
    it(`is not ${JSON.stringify(name)}, of which nothing is seen`, () => {
      expect(isBlank(name)).to.equal(true);
    });

  it('is shown without such characters where a file or device gave it', () => {
    expect(shownName('kitchen\u202enib.exe')).to.equal('kitchennib.exe');
    expect(shownName('Küche 2.bin')).to.equal('Küche 2.bin');
    for (const blank of ['', ' ', '\u200b', '\u202e']) expect(shownName(blank)).to.equal('a file without a name');
  });
});
