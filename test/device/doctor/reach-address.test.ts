/** Where nothing answers: ports, names and certificates. */
import { expect } from 'chai';
import { target } from '../given.ts';
import { GIVEN_UP, probesFor, findsEach } from './reach-scene.ts';
import { diagnose } from './told.ts';

describe('the connection doctor', () => {
  findsEach([
    ['another port', { open: ['http://192.168.1.50'] }, 'wrong-port', 'try-port'],
    ['a closed port', {}, 'port-closed', 'edit-device'],
    ['just within the time of a closed port', { probed: { reached: false, ms: 999 } }, 'port-closed', 'edit-device'],
    ['no such address', { probed: GIVEN_UP }, 'no-answer', 'try-again'],
    ['an address given up after a second', { probed: { reached: false, ms: 1000 } }, 'no-answer', 'try-again'],
    ['no such name', { probed: GIVEN_UP, to: { origin: 'http://esp32.local:8080' } }, 'no-such-name', 'edit-device'],
    [
      'a certificate that is not trusted',
      { to: { origin: 'https://192.168.1.50:8080' } },
      'certificate',
      'open-in-tab',
    ],
    [
      'the same with a gateway',
      { gateway: true, to: { origin: 'https://192.168.1.50:8080' } },
      'certificate',
      'use-gateway',
    ],
    ['a port that browsers keep away from', { to: { origin: 'http://192.168.1.50:6000' } }, 'bad-port', 'edit-device'],
  ]);

  it('tries the other usual ports of the same scheme, and names the one that answers', async () => {
    const { probes, tried } = probesFor({});
    await diagnose(target({ dialect: 'shipped', origin: 'http://192.168.1.50:81' }), probes);
    expect(tried.slice(1)).to.deep.equal([
      'probe http://192.168.1.50:81',
      'probe http://192.168.1.50',
      'probe http://192.168.1.50:8080',
    ]);
    const found = await diagnose(target(), probesFor({ open: ['http://192.168.1.50'] }).probes);
    expect(found.remedy).to.deep.equal({
      kind: 'try-port',
      port: 80,
      origin: 'http://192.168.1.50',
    });
    expect(found.label).to.equal('Try port 80');
    expect(found.sentence).to.include('port 80 of 192.168.1.50');
    const secure = probesFor({ to: { origin: 'https://192.168.1.50:8080' } });
    await diagnose(target({ origin: 'https://192.168.1.50:8080' }), secure.probes);
    expect(secure.tried.at(-1)).to.equal('probe https://192.168.1.50');
  });

  it('names http2 as one reason where there is no secure connection', async () => {
    const { sentence } = await diagnose(target({ origin: 'https://192.168.1.50:8080' }), probesFor({}).probes);
    expect(sentence).to.match(/may not trust .* or the device runs with http2=True/);
  });

  it('never says that nothing is there where a browser cannot know it', async () => {
    // To a page, a port that speaks no HTTP looks like a closed one.
    for (const scene of [{}, { to: { origin: 'http://esp32.local:8080' } }, { open: ['http://192.168.1.50'] }]) {
      const { sentence } = await diagnose(target('to' in scene ? scene.to : {}), probesFor(scene).probes);
      expect(sentence)
        .to.match(/^No HTTP answer came from /)
        .and.not.match(/nothing/i);
    }
  });
});
