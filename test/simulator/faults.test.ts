import { expect } from 'chai';
import { firstOf, onEvery, onNth, type Fault, type FaultInfo } from '../../src/simulator/faults.ts';
import { Bench, expectDropped, image } from './bench.ts';

const CHUNK = image(100);

describe('A simulated device with faults', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = new Bench();
    await bench.ask('/begin', {});
  });

  function written(): number | undefined {
    return bench.device.session?.written;
  }

  function breakChunk(fault: Fault): void {
    bench.device.fault = onNth('chunk', 1, fault);
  }

  for (const [when, bytes] of [
    ['before', 0],
    ['after', CHUNK.length],
  ] as const) {
    it(`drops the connection ${when} the write`, async () => {
      breakChunk({ kind: 'drop', when });
      await expectDropped(bench.ask('/chunk', CHUNK));
      expect(written()).to.equal(bytes);
    });

    it(`hangs ${when} the write, until the client gives up`, async () => {
      breakChunk({ kind: 'hang', when });
      const client = new AbortController();
      const request = new Request(bench.request('POST', '/chunk', CHUNK), { signal: client.signal });
      const answer = bench.device.handle(request).catch((error: unknown) => error);
      // The device is asked something else meanwhile: an answer that hangs does not block it.
      await bench.ask('/status');
      expect(bench.device.requests.at(-2)?.status).to.equal('open');
      client.abort(new Error('enough'));
      expect(String(await answer)).to.equal('Error: enough');
      expect(bench.device.requests.at(-2)?.status).to.equal('given up');
      expect(written()).to.equal(bytes);
    });

    it(`answers with a scripted status ${when} the write`, async () => {
      breakChunk({ kind: 'status', when, status: 500 });
      const answer = await bench.post('/chunk', CHUNK);
      expect([answer.status, answer.text]).to.deep.equal([500, '{"detail": "scripted fault"}']);
      expect(written()).to.equal(bytes);
    });

    it(`answers late, waiting ${when} the write`, async () => {
      breakChunk({ kind: 'delay', when, ms: 700 });
      await bench.ask('/chunk', CHUNK);
      expect([bench.clock.now(), written()]).to.deep.equal([700, CHUNK.length]);
    });

    it(`loses power ${when} the write`, async () => {
      breakChunk({ kind: 'restart', when });
      await expectDropped(bench.ask('/chunk', CHUNK));
      expect([bench.device.restarts, bench.device.session]).to.deep.equal([1, null]);
      expect(bench.device.writeLog.map((entry) => entry.bytes)).to.deep.equal(bytes === 0 ? [] : [bytes]);
    });

    it(`is taken over by another client ${when} the write`, async () => {
      breakChunk({ kind: 'other-session', when, size: 777 });
      expect((await bench.post('/chunk?offset=0', CHUNK)).status).to.equal(200);
      expect(bench.device.session).to.include({ id: 2, expectedSize: 777, written: when === 'before' ? 100 : 0 });
      expect(bench.device.writeLog[0]?.sessionId).to.equal(when === 'before' ? 2 : 1);
    });
  }

  it('sends what the C server sends with its statuses, and Retry-After where it is scripted', async () => {
    const words = { 413: 'Payload Too Large', 429: 'Too Many Requests', 503: 'Queue Full', 504: 'Gateway Timeout' };
    for (const [status, text] of Object.entries(words)) {
      bench.device.fault = onEvery('chunk', {
        kind: 'status',
        when: 'before',
        status: Number(status),
        retryAfter: '7',
      });
      const answer = await bench.post('/chunk', CHUNK);
      expect([answer.status, answer.text]).to.deep.equal([Number(status), text]);
      expect(answer.headers.get('Retry-After')).to.equal('7');
    }
  });

  it('flips bits in flash after hashing, so that the hash still fits', async () => {
    breakChunk({ kind: 'corrupt', where: 'flash', at: 5, mask: 0x81 });
    await bench.ask('/chunk', CHUNK);
    expect(bench.device.slot('ota_1')[5]).to.equal((CHUNK[5] ?? 0) ^ 0x81);
    expect((await bench.post('/finalize', {})).status).to.equal(200);
  });

  it('flips bits in what was written last, before and after a request that writes nothing', async () => {
    await bench.ask('/chunk', CHUNK);
    const middle = CHUNK.length / 2;
    for (const [when, bytesFlipped] of [
      ['before', 1],
      ['after', 2],
    ] as const) {
      bench.device.fault = onEvery('status', { kind: 'corrupt', where: 'flash', when });
      await bench.ask('/status');
      expect(bench.device.bytesFlipped).to.equal(bytesFlipped);
    }
    // Flipped twice, the bits are as before.
    expect(bench.device.slot('ota_1')[middle]).to.equal(CHUNK[middle]);
    expect([...bench.device.flipped('ota_1')]).to.deep.equal([[middle, 0]]);
  });

  it('flips bits in an image that has just started, where the request made the device restart', async () => {
    await bench.ask('/chunk', CHUNK);
    bench.device.fault = onEvery('finalize', { kind: 'corrupt', where: 'flash' });
    await expectDropped(bench.ask('/finalize', { reboot: true }));
    expect(bench.device.running).to.equal('ota_1');
    expect([...bench.device.flipped('ota_1')]).to.deep.equal([[CHUNK.length / 2, 1]]);
  });

  it('flips nothing where nothing was ever written, and an erase removes flipped bits', async () => {
    bench.device.fault = onEvery('status', { kind: 'corrupt', where: 'flash', when: 'before' });
    await bench.ask('/status');
    expect(bench.device.bytesFlipped).to.equal(0);
    breakChunk({ kind: 'corrupt', where: 'flash' });
    await bench.ask('/chunk', CHUNK);
    expect(bench.device.flipped('ota_1').size).to.equal(1);
    bench.device.fault = null;
    await bench.ask('/begin', { force: true });
    await bench.ask('/chunk', CHUNK);
    expect(bench.device.flipped('ota_1').size).to.equal(0);
    expect(bench.device.slot('ota_1').subarray(0, CHUNK.length)).to.deep.equal(CHUNK);
  });

  it('flips bits on the way before hashing, which the hash finds', async () => {
    const hashed = await crypto.subtle.digest('SHA-256', CHUNK);
    const hash = Array.from(new Uint8Array(hashed), (byte) => byte.toString(16).padStart(2, '0')).join('');
    await bench.ask('/begin', { expected_sha256: hash, force: true });
    breakChunk({ kind: 'corrupt', where: 'wire' });
    await bench.ask('/chunk', CHUNK);
    expect((await bench.post('/finalize', {})).status).to.equal(409);
  });

  it('answers garbage with 200, having done what it was asked', async () => {
    const expected = { html: '<!doctype html>', empty: '', 'broken-json': '{"written_bytes": 40' };
    let bytes = 0;
    for (const [answer, start] of Object.entries(expected)) {
      bench.device.fault = onEvery('chunk', { kind: 'garbage', answer: answer as keyof typeof expected });
      const got = await bench.post('/chunk', CHUNK);
      bytes += CHUNK.length;
      expect([got.status, got.text.slice(0, start.length)]).to.deep.equal([200, start]);
      expect(got.text === '').to.equal(start === '');
      expect(written()).to.equal(bytes);
    }
  });

  it('answers with ten megabytes, made as they are read', async () => {
    breakChunk({ kind: 'garbage', answer: 'huge' });
    const response = await bench.device.handle(bench.request('POST', '/chunk', CHUNK));
    expect((await response.arrayBuffer()).byteLength).to.equal(10 * 1024 * 1024);
  });

  it('fails in its flash with Python’s message, and the session stays as it was', async () => {
    for (const [step, detail] of [
      ['erase', "erase failed at block 0: OSError(1, 'ESP_FAIL')"],
      ['write', "write failed at offset 0: OSError(1, 'ESP_FAIL')"],
    ] as const) {
      bench.device.fault = onEvery('chunk', { kind: 'flash-failure', step });
      const answer = await bench.post('/chunk', CHUNK);
      expect([answer.status, answer.text]).to.deep.equal([500, `{"detail": "${detail}"}`]);
      expect(written()).to.equal(0);
    }
    bench.device.fault = null;
    await bench.ask('/chunk', CHUNK);
    expect(bench.device.bytesProgrammedTwice).to.equal(0);
  });

  it('passes a fault of a request that writes nothing on to no other request', async () => {
    bench.device.fault = onNth('status', 1, { kind: 'flash-failure', step: 'write' });
    await bench.ask('/status');
    await bench.ask('/chunk', CHUNK);
    expect(written()).to.equal(CHUNK.length);
  });

  it('tells the script which request it is', async () => {
    const seen: FaultInfo[] = [];
    bench.device.fault = (info) => {
      seen.push(info);
      return null;
    };
    await bench.ask('/chunk?offset=0', CHUNK);
    await bench.ask('/status');
    await bench.post('/nothing');
    await bench.ask('/chunk', CHUNK);
    expect(seen).to.deep.equal([
      { route: 'chunk', method: 'POST', nth: 1, index: 2, offset: 0, bytes: 100 },
      { route: 'status', method: 'GET', nth: 1, index: 3, offset: 100, bytes: 0 },
      { route: 'unknown', method: 'POST', nth: 1, index: 4, offset: 100, bytes: 0 },
      { route: 'chunk', method: 'POST', nth: 2, index: 5, offset: 100, bytes: 100 },
    ]);
  });

  it('asks several scripts in turn', async () => {
    const busy: Fault = { kind: 'status', when: 'before', status: 503 };
    bench.device.fault = firstOf(onNth('chunk', 1, busy), onNth('chunk', 2, { kind: 'drop', when: 'before' }));
    expect((await bench.post('/chunk', CHUNK)).status).to.equal(503);
    await expectDropped(bench.post('/chunk', CHUNK));
    expect((await bench.post('/chunk', CHUNK)).status).to.equal(200);
  });
});
