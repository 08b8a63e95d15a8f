import { expect } from 'chai';
import { http, HttpResponse } from 'msw';
import { setupWorker } from 'msw/browser';
import { lookForHost } from '../../src/after-first-view.ts';
import { HostState } from '../../src/state/host.ts';
import { askHost } from '../../src/page/host/host-offers.ts';

const OFFERS = { gateway: true, discover: true, simulated: [], lan: null };

describe('A page whose host was away when it opened', () => {
  const worker = setupWorker();
  before(() => worker.start({ quiet: true, onUnhandledRequest: 'bypass' }));
  after(() => worker.stop());

  for (const [name, sign] of [
    ['gets a network', () => window.dispatchEvent(new Event('online'))],
    ['is looked at again', () => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))],
  ] as const) {
    it(`finds it when it ${name}`, async () => {
      let asked = 0;
      let there = false;
      worker.resetHandlers(
        http.get('/moult.json', () => {
          asked += 1;
          return there ? HttpResponse.json(OFFERS) : HttpResponse.error();
        }),
      );
      const host = new HostState(() => askHost((url) => fetch(url, { cache: 'no-store' })));
      await host.load();
      expect([asked, host.$offers.get().gateway]).to.deep.equal([1, false]);
      lookForHost(host);
      there = true;
      const found = new Promise((resolve) => host.$offers.listen(resolve));
      sign();
      await found;
      expect([asked, host.$offers.get().gateway]).to.deep.equal([2, true]);
    });
  }
});
