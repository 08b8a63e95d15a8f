import { expect } from 'chai';
import { agoInWords, dayInWords } from '../../src/words/device/moments.ts';
import { bytesInWords, durationInWords, percentOf, speedInWords } from '../../src/words/kit/quantities.ts';
import { jobLink, placeIn, rolloutLink } from '../../src/ui/shell/routes.ts';

const MB = 1024 * 1024;

describe('Quantities', () => {
  it('have units that fit their size', () => {
    expect([0, 1, 4096, 1000 * 1024, 1.5 * MB, 16 * MB].map(bytesInWords)).to.deep.equal([
      ...['0 bytes', '1 byte', '4 KB', '1.0 MB', '1.5 MB', '16.0 MB'],
    ]);
    expect(speedInWords(60 * 1024)).to.equal('60 KB/s');
    expect([0, 42, 120, 190, 3600, 3900].map(durationInWords)).to.deep.equal([
      ...['0 s', '42 s', '2 min', '3 min 10 s', '1 h', '1 h 5 min'],
    ]);
  });

  it('say 100 percent only where all is there', () => {
    expect(percentOf(999_999, 1_000_000)).to.equal(99);
    expect(percentOf(1_000_000, 1_000_000)).to.equal(100);
    expect(percentOf(0, 0)).to.equal(0);
  });
});

describe('Moments', () => {
  const now = new Date(2026, 10, 23, 14, 5).getTime();
  const minutes = (count: number): number => now - count * 60_000;

  it('are told from now, then by the day', () => {
    expect([0, 4, 180].map((past) => agoInWords(minutes(past), now))).to.deep.equal([
      'just now',
      '4 min ago',
      '3 h ago',
    ]);
    expect(agoInWords(minutes(60 * 24 * 11), now)).to.equal('on 12 Nov');
    expect(dayInWords(minutes(5), now)).to.equal('14:00 today');
    expect(dayInWords(new Date(2025, 10, 12).getTime(), now)).to.equal('12 Nov 2025');
  });
});

describe('Places', () => {
  it('are read from the fragment', () => {
    const nowhere = { adding: null, deviceId: null, pairing: null, job: null, rollout: null };
    expect(placeIn('#/firmware')).to.deep.equal({ route: 'firmware', ...nowhere });
    expect(placeIn('')).to.deep.equal({ route: 'devices', ...nowhere });
    expect(placeIn('#/history?device=7').deviceId).to.equal('7');
    expect(placeIn('#/constructor')).to.deep.equal({ route: 'devices', ...nowhere });
    expect(placeIn(new URL(jobLink('http://host/', { id: 'a1', key: 'b-_2' })).hash).job).to.equal('a1.b-_2');
    const rollout = placeIn(new URL(rolloutLink('http://host/', { id: 'a1', key: 'b-_2' })).hash);
    expect([rollout.route, rollout.rollout, rollout.job]).to.deep.equal(['rollout', 'a1.b-_2', null]);
  });

  it('bring a device to be added, with whatever a name has in it', () => {
    const said = new URLSearchParams({ name: 'A & B?', address: 'http://[fe80::1]/ota', token: 'x=y' });
    expect(placeIn(`#/add?${said.toString()}`).adding).to.deep.equal({
      ...{ kind: 'new', name: 'A & B?', address: 'http://[fe80::1]/ota', token: 'x=y' },
    });
    expect(placeIn('#/add?name=Hall&token=a?b').adding).to.deep.include({ name: 'Hall', token: 'a?b' });
    expect(placeIn('#/add').adding).to.deep.include({ name: '', token: '' });
  });
});
