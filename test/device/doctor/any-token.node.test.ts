import { expect } from 'chai';
import { ShippedLink } from '../../../src/device/viperhttp/shipped.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { answering, limits, ORIGIN, target, TOKEN } from '../given.ts';
import { Page } from '../page.ts';

describe('shipped firmware that takes any token', () => {
  const clock = new FakeClock();

  function linkToDevice(token: string | null) {
    const device = new SimulatedDevice({ token, cors: null, clock });
    const page = new Page({ origin: ORIGIN, devices: new Map([[ORIGIN, (request) => device.handle(request)]]) });
    return { link: new ShippedLink(target(), { fetch: page.fetch, clock }), page };
  }

  it('is told apart from firmware that takes only ours, by a request without one', async () => {
    for (const token of [null, TOKEN]) {
      const { link, page } = linkToDevice(token);
      const remark = await clock.settle(link.remark(limits()));
      expect(remark).to.equal(token === null ? 'takes-any-token' : null);
      expect(page.sent.map(({ url, headers }) => [url, headers])).to.deep.equal([[`${ORIGIN}/ota/status`, {}]]);
    }
  });

  it('is not told apart where no answer comes, nor where the request is ended', async () => {
    const { fetch } = answering(new TypeError('Failed to fetch'));
    const link = new ShippedLink(target(), { fetch, clock });
    expect(await link.remark(limits())).to.equal(null);
    const signal = AbortSignal.abort();
    expect(await linkToDevice(null).link.remark(limits({ signal }))).to.equal(null);
  });

  it('is not told apart either where a defect of ours ends the request, which is not hidden', async () => {
    const defect = new RangeError('a defect');
    const observe = (): never => {
      throw defect;
    };
    const link = new ShippedLink(target(), { ...answering(new Response()), clock, observe });
    expect(await link.remark(limits()).catch((error: unknown) => error)).to.equal(defect);
  });
});
