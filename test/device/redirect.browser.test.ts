/** What `fetch` makes of a redirect: the reasons for the modes in src/device/request.ts. */
import { expect } from 'chai';
import { http, HttpResponse } from 'msw';
import { setupWorker } from 'msw/browser';

const DEVICE = 'http://kitchen.test:8080/ota/status';

describe('A device that redirects a browser', () => {
  const worker = setupWorker();
  let asked = 0;
  before(() =>
    worker.start({
      quiet: true,
      onUnhandledRequest: ({ url }, print) => {
        if (new URL(url).origin !== location.origin) print.error();
      },
    }),
  );
  beforeEach(() => {
    asked = 0;
    worker.resetHandlers(
      http.get(DEVICE, () => {
        asked += 1;
        return HttpResponse.redirect('http://elsewhere.test/', 302);
      }),
    );
  });
  after(() => worker.stop());

  it('is recognised, and not followed, where the answer may be read', async () => {
    const { type, status } = await fetch(DEVICE, { mode: 'cors', redirect: 'manual' });
    expect([type, status, asked]).to.deep.equal(['opaqueredirect', 0, 1]);
  });

  it('cannot be asked without following it where the answer may not be read, so nothing is sent', async () => {
    for (const redirect of ['manual', 'error'] as const) {
      const error: unknown = await fetch(DEVICE, { mode: 'no-cors', redirect }).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(TypeError);
      expect(asked).to.equal(0);
    }
  });
});
