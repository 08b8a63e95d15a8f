import { expect } from 'chai';
import { noCosts } from '../../src/simulator/clock.ts';
import { fetchFrom } from '../../src/simulator/device-fetch.ts';
import { onEvery } from '../../src/simulator/faults.ts';
import {
  GENEROUS_REQUEST_BYTES,
  MAX_BODY_BYTES,
  MAX_HEADERS,
  MAX_QUERY_PARAMETERS,
  MAX_URI_BYTES,
  REQUEST_BYTES,
} from '../../src/simulator/server/server-limits.ts';
import { fromRequest } from '../../src/simulator/server/wire-request.ts';
import { Bench, expectDropped, image } from './bench.ts';

const LARGE = 64 * 4096;

/** Bytes of this request on the wire. */
function sizeOf(bench: Bench, path: string, body: Uint8Array<ArrayBuffer>): number {
  return fromRequest(bench.request('POST', path, body), body).bytes;
}

describe('A simulated device under its limits', () => {
  it('takes a request of 4,096 bytes, its headers with it, and says 413 in plain text to one byte more', async () => {
    expect(REQUEST_BYTES).to.equal(4096);
    const bench = new Bench();
    await bench.ask('/begin', {});
    const room = REQUEST_BYTES - sizeOf(bench, '/chunk', new Uint8Array(1000)) + 1000;
    await bench.ask('/chunk', image(room));
    const answer = await bench.post('/chunk', image(room + 1));
    expect([answer.status, answer.text]).to.deep.equal([413, 'Payload Too Large']);
    expect(answer.headers.get('Connection')).to.equal('close');
    expect(bench.device.session?.written).to.equal(room);
  });

  it('takes bodies of 64 KiB and no more where its buffer is large', async () => {
    expect(MAX_BODY_BYTES).to.equal(64 * 1024);
    const bench = new Bench({ slotBytes: LARGE, requestBytes: GENEROUS_REQUEST_BYTES });
    await bench.ask('/begin', {});
    await bench.ask('/chunk', image(MAX_BODY_BYTES));
    expect((await bench.post('/chunk', image(MAX_BODY_BYTES + 1))).status).to.equal(413);
    expect(bench.device.session?.written).to.equal(MAX_BODY_BYTES);
  });

  it('takes 24 headers, 16 query parameters, and no more', async () => {
    expect([MAX_HEADERS, MAX_QUERY_PARAMETERS]).to.deep.equal([24, 16]);
    const bench = new Bench({ token: null });
    const asked = async (headers: number, parameters: number): Promise<number> => {
      const names = Array.from({ length: headers }, (_, i) => [`X-${i}`, '1'] as const);
      const query = Array.from({ length: parameters }, (_, i) => `a${i}=1`).join('&');
      return (await bench.send('GET', `/status?${query}`, undefined, Object.fromEntries<string>(names))).status;
    };
    // The host is the first header.
    expect(await asked(MAX_HEADERS - 1, MAX_QUERY_PARAMETERS)).to.equal(200);
    expect(await asked(MAX_HEADERS, MAX_QUERY_PARAMETERS)).to.equal(413);
    expect(await asked(MAX_HEADERS - 1, MAX_QUERY_PARAMETERS + 1)).to.equal(413);
  });

  it('takes an address of 512 bytes and no more', async () => {
    expect(MAX_URI_BYTES).to.equal(512);
    const bench = new Bench();
    const room = 512 - '/ota/status?x='.length;
    expect((await bench.send('GET', `/status?x=${'a'.repeat(room)}`)).status).to.equal(200);
    expect((await bench.send('GET', `/status?x=${'a'.repeat(room + 1)}`)).status).to.equal(413);
  });

  it('answers only to the host names that it trusts', async () => {
    const cases: readonly (readonly [readonly string[], boolean])[] = [
      [['device.test'], true],
      [['DEVICE.test:8080'], true],
      [['device.test:80'], false],
      [['*.test'], true],
      [['*.device.test'], false],
      [['other'], false],
      [['*'], true],
    ];
    for (const [allowedHosts, trusted] of cases) {
      const answer = await new Bench({ allowedHosts }).send('GET', '/status');
      expect(answer.status, allowedHosts.join()).to.equal(trusted ? 200 : 400);
      if (!trusted) expect(answer.text).to.equal('Invalid Host');
    }
  });

  it('lets through a burst, then its rate, and sends Retry-After', async () => {
    const bench = new Bench({ rateLimit: { perSecond: 0.5, burst: 2, retryAfter: true } });
    await bench.ask('/status');
    await bench.ask('/status');
    const refused = await bench.send('GET', '/status');
    expect([refused.status, refused.text]).to.deep.equal([429, 'Too Many Requests']);
    expect(refused.headers.get('Retry-After')).to.equal('2');
    bench.clock.time += 2000;
    await bench.ask('/status');
  });

  it('fails on bodies that its memory cannot hold, in the way that is set', async () => {
    const outcomes = { error: 500, busy: 503 } as const;
    for (const [fails, status] of Object.entries(outcomes)) {
      const bench = new Bench({ memory: { bytes: 100, fails: fails as keyof typeof outcomes } });
      await bench.ask('/begin', {});
      await bench.ask('/chunk', image(100));
      expect((await bench.post('/chunk', image(101))).status).to.equal(status);
    }
    for (const [fails, restarts] of [
      ['drop', 0],
      ['restart', 1],
    ] as const) {
      const bench = new Bench({ memory: { bytes: 100, fails } });
      await bench.ask('/begin', {});
      await expectDropped(bench.post('/chunk', image(101)));
      expect(bench.device.restarts).to.equal(restarts);
    }
  });

  it('adds the round trip to every request', async () => {
    const bench = new Bench({ costs: { eraseMsPerBlock: 25, programMsPerBlock: 11, roundTripMs: 10 } });
    await bench.ask('/begin', {});
    await bench.ask('/chunk', image(2048));
    expect([bench.clock.now(), bench.device.flashMs]).to.deep.equal([2 * 10 + 25 + 11 / 2, 25 + 11 / 2]);
  });

  it('counts the round trip from when the request arrived, not from when it was read', async () => {
    const bench = new Bench({ costs: { ...noCosts, roundTripMs: 10 } });
    for (const [readAt, answeredAt] of [
      [4, 10],
      [12, 12],
    ] as const) {
      bench.clock.time = readAt;
      await bench.device.handle(bench.request('GET', '/status'), 0);
      expect(bench.clock.now()).to.equal(answeredAt);
    }
  });

  it('handles one request at a time, and knows how many were open at once', async () => {
    const bench = new Bench();
    await bench.ask('/begin', {});
    expect(bench.device.requestsInFlightMax).to.equal(1);
    const answers = await Promise.all([0, 1, 2].map(() => bench.post('/chunk?offset=0', image(3000))));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409]);
    expect(bench.device.requestsInFlightMax).to.equal(3);
    expect(bench.device.bytesProgrammedTwice).to.equal(0);
  });

  it('keeps a list of what reached it', async () => {
    const bench = new Bench();
    await bench.ask('/begin', {});
    bench.clock.time = 5;
    await bench.post('/chunk?offset=0', new Uint8Array(3));
    bench.device.fault = onEvery('status', { kind: 'drop', when: 'before' });
    await expectDropped(bench.ask('/status'));
    const [begin, ...rest] = bench.device.requests;
    expect(begin).to.deep.equal({ method: 'POST', path: '/ota/begin', at: 0, bytes: 2, status: 200 });
    expect(rest).to.deep.equal([
      { method: 'POST', path: '/ota/chunk?offset=0', at: 5, bytes: 3, status: 200 },
      { method: 'GET', path: '/ota/status', at: 5, bytes: 0, status: 'dropped' },
    ]);
    expect(bench.device.writeLog).to.deep.equal([{ sessionId: 1, slot: 'ota_1', offset: 0, bytes: 3 }]);
  });

  it('is not reached by a request that was aborted before', async () => {
    const bench = new Bench();
    const request = new Request(bench.request('POST', '/begin', {}), { signal: AbortSignal.abort(new Error('no')) });
    expect(String(await bench.device.handle(request).catch((error: unknown) => error))).to.equal('Error: no');
    expect([bench.device.session, bench.device.requests]).to.deep.equal([null, []]);
  });

  it('finishes what it began when the client gives up meanwhile', async () => {
    let wake = (): void => undefined;
    const asleep = new Promise<void>((fellAsleep) => {
      wake = fellAsleep;
    });
    const waiting: (() => void)[] = [];
    const bench = new Bench({
      clock: {
        now: () => 0,
        sleep: () => {
          wake();
          return new Promise((resolve) => waiting.push(resolve));
        },
      },
      costs: { eraseMsPerBlock: 0, programMsPerBlock: 1, roundTripMs: 0 },
    });
    await bench.ask('/begin', {});
    const client = new AbortController();
    const request = new Request(bench.request('POST', '/chunk', image(10)), { signal: client.signal });
    const answer = bench.device.handle(request).catch((error: unknown) => error);
    await asleep;
    client.abort(new Error('enough'));
    expect(String(await answer)).to.equal('Error: enough');
    waiting.shift()?.();
    const status = (await bench.ask('/status'))['session'];
    expect(status).to.include({ written_bytes: 10 });
  });

  describe('serves a folder that was mounted', () => {
    const page = new TextEncoder().encode('<!doctype html>');
    const packed = new Uint8Array([0x1f, 0x8b]);
    const mount = {
      path: '/moult',
      files: new Map([
        ['index.html', { type: 'text/html', body: page }],
        ['index.html.gz', { type: 'application/gzip', body: packed }],
      ]),
    };
    const at = (path: string, init: RequestInit = {}): Request => new Request(`http://device.test:8080${path}`, init);

    it('to anyone, at its own address and by name', async () => {
      const { device } = new Bench({ mount });
      for (const path of ['/moult', '/moult/', '/moult/index.html']) {
        const response = await device.handle(at(path));
        expect([response.status, response.headers.get('Content-Type')], path).to.deep.equal([200, 'text/html']);
        expect(new Uint8Array(await response.arrayBuffer()), path).to.deep.equal(page);
      }
    });

    it('and nothing else of it', async () => {
      const { device } = new Bench({ mount });
      expect((await device.handle(at('/moult/other'))).status).to.equal(404);
      const beside = await device.handle(at('/moultx'));
      expect([beside.status, await beside.text()]).to.deep.equal([200, '']);
      expect((await device.handle(at('/moult/', { method: 'POST' }))).status).to.equal(405);
    });
  });
});

describe('fetch from simulated devices', () => {
  it('reaches the device by its origin, and fails as a browser does otherwise', async () => {
    const bench = new Bench({ token: null });
    const fetch = fetchFrom(new Map([['http://device.test:8080', bench.device]]));
    expect((await fetch('http://device.test:8080/ota/status')).status).to.equal(200);
    bench.device.switchOff();
    for (const url of ['http://device.test:8080/ota/status', 'http://device.test:8081/ota/status']) {
      const error = await fetch(url).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(TypeError);
      expect(String(error)).to.equal('TypeError: Failed to fetch');
    }
  });
});
