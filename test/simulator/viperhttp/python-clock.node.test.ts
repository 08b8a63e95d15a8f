import { expect } from 'chai';
import { asPrepared } from '../../../src/simulator/server/cors.ts';
import { GENEROUS_REQUEST_BYTES, HANDLER_LIMIT_MS } from '../../../src/simulator/server/server-limits.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { Bench, image } from '../bench.ts';

describe('The patience of a simulated device with its own Python', () => {
  let clock: FakeClock;

  beforeEach(() => {
    clock = new FakeClock();
  });

  /** A device with an open session, whose flash takes `eraseMsPerBlock` for each block. */
  async function slow(eraseMsPerBlock: number): Promise<Bench> {
    const costs = { eraseMsPerBlock, programMsPerBlock: 0, roundTripMs: 0 };
    const bench = new Bench({ clock, costs, requestBytes: GENEROUS_REQUEST_BYTES });
    await clock.settle(bench.ask('/begin', {}));
    return bench;
  }

  it('ends after 5 s with a 504 that closes the connection, while Python works on and the write happens', async () => {
    expect(HANDLER_LIMIT_MS).to.equal(5000);
    const bench = await slow(7000);
    const answer = await clock.settle(bench.post('/chunk', image(100)));
    expect([answer.status, answer.text, clock.now()]).to.deep.equal([504, 'Gateway Timeout', 5000]);
    expect([answer.headers.get('Connection'), bench.device.session?.written]).to.deep.equal(['close', 0]);
    const status = await clock.settle(bench.ask('/status'));
    expect(status['session']).to.include({ written_bytes: 100 });
    expect([clock.now(), clock.pending]).to.deep.equal([7000, 0]);
  });

  it('still waits for an answer of Python at the very last moment', async () => {
    const bench = await slow(5000);
    expect((await clock.settle(bench.post('/chunk', image(100)))).status).to.equal(200);
  });

  it('includes the time that a request spends in the queue', async () => {
    const bench = await slow(4000);
    const first = bench.post('/chunk?offset=0', image(4096));
    const second = bench.post('/chunk?offset=4096', image(4096));
    expect((await clock.settle(first)).status).to.equal(200);
    expect([(await clock.settle(second)).status, clock.now()]).to.deep.equal([504, 5000]);
    await clock.pass(3000);
    expect(bench.device.session?.written).to.equal(2 * 4096);
  });

  it('ends for every request where the loop does not run, also for files, and no timer is left', async () => {
    const files = new Map([['index.html', { type: 'text/html', body: new Uint8Array(1) }]]);
    const bench = new Bench({ clock, loopRuns: false, mount: { path: '/ota/page', files } });
    for (const path of ['/status', '/nothing-here', '/page/']) {
      const from = clock.now();
      const answer = await clock.settle(bench.send('GET', path));
      expect([answer.status, answer.text, clock.now() - from]).to.deep.equal([504, 'Gateway Timeout', 5000]);
    }
    expect(clock.pending).to.equal(0);
  });

  it('is not needed for what the server answers by itself: preflights, and what it refuses', async () => {
    const bench = new Bench({ clock, loopRuns: false, cors: asPrepared('*') });
    const preflight = { Origin: 'http://page', 'Access-Control-Request-Method': 'POST' };
    expect((await bench.send('OPTIONS', '/chunk', undefined, preflight)).status).to.equal(204);
    expect((await bench.post('/chunk', image(5000))).status).to.equal(413);
    expect(clock.now()).to.equal(0);
  });

  it('sets no timer for requests that are answered at once', async () => {
    const bench = new Bench({ clock });
    const asked = bench.ask('/status');
    await clock.settle(asked);
    expect([clock.now(), clock.pending]).to.deep.equal([0, 0]);
  });
});
