import { expect } from 'chai';
import { setupWorker } from 'msw/browser';
import { onNth } from '../../src/simulator/faults.ts';
import { handlersFor } from '../../src/simulator/msw-handlers.ts';
import { Bench, TOKEN, image } from './bench.ts';

const ORIGIN = 'http://kitchen.test:8080';
const HEADERS = { 'X-OTA-Token': TOKEN };

describe('A simulated device behind the page’s service worker', () => {
  const worker = setupWorker();
  let bench: Bench;

  before(async () => {
    // What the test runner itself fetches is let through; a device that is not simulated is an error.
    await worker.start({
      quiet: true,
      onUnhandledRequest: ({ url }, print) => {
        if (new URL(url).origin !== location.origin) print.error();
      },
    });
  });

  beforeEach(() => {
    bench = new Bench();
    worker.resetHandlers(...handlersFor(bench.device, ORIGIN));
  });

  after(() => worker.stop());

  it('takes bytes from fetch unchanged', async () => {
    const bytes = image(3072);
    await fetch(`${ORIGIN}/ota/begin`, { method: 'POST', headers: HEADERS, body: '{}' });
    const answer = await fetch(`${ORIGIN}/ota/chunk?offset=0`, { method: 'POST', headers: HEADERS, body: bytes });
    expect(answer.status).to.equal(200);
    expect(bench.device.slot('ota_1').slice(0, bytes.length)).to.deep.equal(bytes);
  });

  it('is a network error in the page where the device drops the connection', async () => {
    bench.device.fault = onNth('status', 1, { kind: 'drop', when: 'before' });
    const failed = await fetch(`${ORIGIN}/ota/status`, { headers: HEADERS }).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(TypeError);
    expect((await fetch(`${ORIGIN}/ota/status`, { headers: HEADERS })).status).to.equal(200);
  });

  it('ends with the page’s own abort where the device hangs', async () => {
    bench.device.fault = onNth('status', 1, { kind: 'hang', when: 'before' });
    const client = new AbortController();
    const answer = fetch(`${ORIGIN}/ota/status`, { headers: HEADERS, signal: client.signal });
    while (bench.device.requests.length === 0) await new Promise((resolve) => setTimeout(resolve));
    client.abort();
    const failed = await answer.catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(DOMException).with.property('name', 'AbortError');
  });
});
