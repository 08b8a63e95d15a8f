import { expect } from 'chai';
import { firstRoute, GATEWAY_LATER_MS, routeLearned } from '../../../src/state/device/first-route.ts';
import { NOW } from '../given.ts';

const PLAIN = 'http://192.168.1.50:8080';
const ENCRYPTED = 'https://192.168.1.50';

describe('The route that is tried first', () => {
  const first = (gatewayFailedAt: number | null, now = NOW, origin = PLAIN, secure = true) =>
    firstRoute({ origin, gatewayFailedAt }, { secure, now });

  it('is the gateway, also for a device that an earlier version reached directly', () => {
    expect(first(null)).to.equal('gateway');
    expect(firstRoute({ origin: PLAIN }, { secure: true, now: NOW })).to.equal('gateway');
  });

  it('is the direct one for a day after the gateway did not reach the device', () => {
    expect(first(NOW)).to.equal('direct');
    expect(first(NOW, NOW + GATEWAY_LATER_MS - 1)).to.equal('direct');
    expect(first(NOW, NOW + GATEWAY_LATER_MS)).to.equal('gateway');
  });

  it('is not the direct one for years where a clock was wrong', () => {
    expect(first(NOW + GATEWAY_LATER_MS)).to.equal('gateway');
  });

  it('is the direct one where a page on plain http would show its host a token that the device encrypts', () => {
    expect(first(null, NOW, ENCRYPTED, false)).to.equal('direct');
    expect(first(null, NOW, ENCRYPTED, true)).to.equal('gateway');
    expect(first(null, NOW, PLAIN, false)).to.equal('gateway');
  });

  it('is learned from what worked: of a gateway that was not tried, nothing', () => {
    expect(routeLearned('gateway', false, NOW)).to.deep.equal({ route: 'gateway', gatewayFailedAt: null });
    expect(routeLearned('direct', true, NOW)).to.deep.equal({ route: 'direct', gatewayFailedAt: NOW });
    expect(routeLearned('direct', false, NOW)).to.deep.equal({ route: 'direct' });
  });
});
