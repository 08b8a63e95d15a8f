import { expect } from 'chai';
import { EVERY_DEVICE, groupsOf, passes, versionsOf } from '../../../src/state/device/device-choice.ts';
import { aDevice, ran } from '../../storage/samples.ts';

const kitchen = aDevice({ group: 'Ground floor', runs: ran('a') });
const attic = aDevice({ id: 'attic', name: 'Attic lamp', typed: '10.0.0.9' });

describe('Choosing devices', () => {
  it('takes every device where nothing is asked for', () => {
    expect([kitchen, attic].every((device) => passes(device, EVERY_DEVICE))).to.equal(true);
  });

  for (const wanted of ['kitchen', ' GROUND ', '192.168.1.50', '1.0.0']) {
    it(`finds “${wanted}” in name, group, address or version`, () => {
      const found = [kitchen, attic].filter((device) => passes(device, { ...EVERY_DEVICE, wanted }));
      expect(found).to.deep.equal([kitchen]);
    });
  }

  it('knows who is in no group, and offers no groups where there are none', () => {
    expect(groupsOf([kitchen, attic])).to.deep.equal(['', 'Ground floor']);
    expect(groupsOf([attic])).to.deep.equal([]);
    expect([kitchen, attic].filter((device) => passes(device, { ...EVERY_DEVICE, group: '' }))).to.deep.equal([attic]);
  });

  it('knows one version, whether it was seen to run or only taken', () => {
    const took = aDevice({ runs: { ...ran('a'), proven: false } });
    expect(versionsOf([kitchen, took])).to.deep.equal(['1.0.0']);
  });

  it('tells devices apart by what they run, also where that is not known', () => {
    expect(versionsOf([kitchen, attic])).to.deep.equal(['1.0.0', 'not known']);
    expect([kitchen, attic].filter((device) => passes(device, { ...EVERY_DEVICE, runs: 'not known' }))).to.deep.equal([
      attic,
    ]);
  });
});
