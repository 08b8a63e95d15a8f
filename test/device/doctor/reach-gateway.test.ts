/** The way through the gateway. */
import { expect } from 'chai';
import { target } from '../given.ts';
import { WELL, TIMED_OUT, BY_GATEWAY, answer, byGateway, probesFor, findsEach } from './reach-scene.ts';
import { diagnose } from './told.ts';

describe('the connection doctor', () => {
  findsEach([
    ['through the gateway, well', { ...BY_GATEWAY, asked: WELL, to: { viaGateway: '' } }, 'answers', 'try-again'],
    [
      'through the gateway, device off',
      { ...BY_GATEWAY, asked: byGateway(answer('device-fault', 502)), to: { viaGateway: '' } },
      'no-answer',
      'try-again',
    ],
    [
      'through the gateway, device too slow',
      { ...BY_GATEWAY, asked: byGateway(answer('device-fault', 504)), to: { viaGateway: '' } },
      'no-answer',
      'try-again',
    ],
    [
      'through the gateway, whose loop does not run',
      { ...BY_GATEWAY, asked: TIMED_OUT, control: TIMED_OUT, to: { viaGateway: '' } },
      'loop-not-running',
      'copy-loop-lines',
    ],
    [
      'through the gateway, one route that takes too long and one that the gateway gave up',
      { ...BY_GATEWAY, asked: TIMED_OUT, control: byGateway(TIMED_OUT), to: { viaGateway: '' } },
      'busy',
      'try-again',
    ],
    [
      'through the gateway, which reaches no such address',
      { ...BY_GATEWAY, asked: byGateway(answer('forbidden', 403)), to: { viaGateway: '' } },
      'gateway-refused',
      'edit-device',
    ],
    [
      'through the gateway, something that speaks no HTTP',
      { ...BY_GATEWAY, asked: byGateway(answer('device-fault', 502), 'x', 'not-http'), to: { viaGateway: '' } },
      'not-http',
      'edit-device',
    ],
    [
      'through the gateway, which passes on no such header',
      { ...BY_GATEWAY, asked: byGateway(answer('bad-request', 400), 'x', 'header-refused'), to: { viaGateway: '' } },
      'header-not-passed',
      'edit-device',
    ],
    [
      'through the gateway, a device that forbids it',
      { ...BY_GATEWAY, asked: answer('forbidden', 403), to: { viaGateway: '' } },
      'busy',
      'try-again',
    ],
    [
      'through the gateway, device in trouble',
      { ...BY_GATEWAY, asked: answer('device-fault', 500), to: { viaGateway: '' } },
      'busy',
      'try-again',
    ],
    ['the gateway itself is gone', { ...BY_GATEWAY, to: { viaGateway: '' } }, 'gateway-gone', 'try-again'],
    [
      'the gateway in Firefox on https',
      {
        page: 'https://laptop.local',
        letsLocalHttp: false,
        asked: answer('unauthorised', 401),
        to: { viaGateway: '' },
      },
      'wrong-token',
      'edit-device',
    ],
  ]);

  it('says what the gateway says, of where it says it', async () => {
    const asked = byGateway(answer('forbidden', 403), 'Only your own network.', 'not-on-link');
    const { sentence } = await diagnose(target({ viaGateway: '' }), probesFor({ ...BY_GATEWAY, asked }).probes);
    expect(sentence).to.equal('The gateway says of 192.168.1.50:8080: Only your own network.');
  });
});
