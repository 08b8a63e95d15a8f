import { expect } from 'chai';
import { firstRoute, GATEWAY_LATER_MS, routeLearned } from '../../src/state/first-route.ts';
import { NOW } from './given.ts';

describe('the way that is tried first', () => {
  it('is the gateway, also for a device that an earlier version reached directly', () => {
    expect(firstRoute(null, NOW)).to.equal('gateway');
  });

  it('is the direct one for a day after the gateway did not reach the device', () => {
    expect(firstRoute(NOW, NOW)).to.equal('direct');
    expect(firstRoute(NOW, NOW + GATEWAY_LATER_MS - 1)).to.equal('direct');
    expect(firstRoute(NOW, NOW + GATEWAY_LATER_MS)).to.equal('gateway');
  });

  it('is not the direct one for years where a clock was wrong', () => {
    expect(firstRoute(NOW + GATEWAY_LATER_MS, NOW)).to.equal('gateway');
  });

  it('is learned from what worked: of a gateway that was not tried, nothing', () => {
    expect(routeLearned('gateway', false, NOW)).to.deep.equal({ route: 'gateway', gatewayFailedAt: null });
    expect(routeLearned('direct', true, NOW)).to.deep.equal({ route: 'direct', gatewayFailedAt: NOW });
    expect(routeLearned('direct', false, NOW)).to.deep.equal({ route: 'direct' });
  });
});
