import { expect } from 'chai';
import { isInTab } from '../../../src/model/page/in-tab.ts';

describe('A device that is simulated in the tab', () => {
  it('is known by its origin', () => {
    expect(isInTab({ origin: 'http://attic-lamp.simulated.invalid:50000' })).to.equal(true);
  });

  for (const origin of [
    'http://192.168.1.50:8080',
    'http://simulated.invalid.example:8080',
    'http://attic.simulated.invalid.example.org',
    'http://simulated-invalid:8080',
  ]) {
    it(`is not at ${origin}`, () => {
      expect(isInTab({ origin })).to.equal(false);
    });
  }
});
