import { expect } from 'chai';
import { Bench, SLOT_BYTES, TOKEN, image, sha256, update, type Answer } from '../bench.ts';

function said(answer: Answer): unknown {
  return (JSON.parse(answer.text) as { detail?: unknown }).detail;
}

describe('A simulated device as documented', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench({ dialect: 'documented' });
  });

  it('reads the token as Bearer only', async () => {
    const headers: readonly Readonly<Record<string, string>>[] = [
      {},
      { 'X-OTA-Token': TOKEN },
      { Authorization: TOKEN },
    ];
    for (const path of ['/begin', '/write', '/finalize']) {
      for (const header of headers) {
        const answer = await bench.send('POST', `${path}?token=${TOKEN}`, undefined, header);
        expect([answer.status, said(answer)], path).to.deep.equal([401, 'invalid ota token']);
      }
    }
    expect((await bench.send('POST', '/begin', { size: 1 }, { Authorization: `Bearer ${TOKEN}` })).status).to.equal(
      200,
    );
  });

  it('has begin, write and finalize, and no route that only shipped has', async () => {
    for (const [method, path] of [
      ['GET', '/status'],
      ['POST', '/chunk'],
      ['POST', '/abort'],
      ['POST', '/mark-valid'],
    ] as const) {
      const answer = await bench.send(method, path);
      expect([answer.status, answer.text], path).to.deep.equal([200, '']);
    }
    expect(bench.device.session).to.equal(null);
  });

  it('has another server where that is set, which answers 404 to unknown routes', async () => {
    bench = new Bench({ dialect: 'documented', unknownRoutes: 'not-found' });
    const answer = await bench.send('GET', '/status');
    expect([answer.status, answer.text]).to.deep.equal([404, 'Not Found']);
  });

  it('goes from begin through write to finalize, checks the hash, answers, and restarts into the new slot', async () => {
    const bytes = image(9000);
    const answer = await update(bench, bytes);
    expect([answer.status, answer.text]).to.deep.equal([200, '{"status": "ok"}']);
    expect(bench.device.restarts).to.equal(1);
    expect(bench.device.running).to.equal('ota_1');
    expect(bench.device.runningImage).to.deep.equal(bytes);
  });

  it('stays up after finalize where that is set', async () => {
    bench = new Bench({ dialect: 'documented', restarts: false });
    await update(bench, image(100));
    expect([bench.device.restarts, bench.device.running, bench.device.boot]).to.deep.equal([0, 'ota_0', 'ota_1']);
  });

  it('writes a chunk twice when it comes twice: there is no offset', async () => {
    const bytes = image(200);
    await bench.ask('/begin', { size: bytes.length });
    await bench.ask('/write', bytes.slice(0, 100));
    await bench.ask('/write', bytes.slice(0, 100));
    const answer = await bench.post('/finalize', { sha256: await sha256(bytes) });
    expect([answer.status, said(answer)]).to.deep.equal([409, 'sha256 mismatch']);
    expect([bench.device.boot, bench.device.session]).to.deep.equal(['ota_0', null]);
  });

  it('refuses what is missing, too large, out of order or no image', async () => {
    const bytes = image(100);
    const hash = await sha256(bytes);
    const cases: readonly (readonly [string, unknown, number, string])[] = [
      ['/write', bytes, 409, 'ota session is not active'],
      ['/finalize', { sha256: hash }, 409, 'ota session is not active'],
      ['/begin', {}, 400, 'size is required'],
      ['/begin', { size: 'x' }, 400, 'size must be int'],
      ['/begin', { size: SLOT_BYTES + 1 }, 400, 'size exceeds update partition capacity'],
      ['/begin', { size: 100 }, 200, ''],
      ['/begin', { size: 100 }, 409, 'ota session already active'],
      ['/write', new Uint8Array(0), 400, 'empty chunk'],
      ['/write', image(101), 400, 'chunk exceeds size'],
      ['/write', bytes.slice(0, 99), 200, ''],
      ['/finalize', {}, 400, 'sha256 must be 64 hex chars'],
      ['/finalize', { sha256: hash }, 409, 'written size does not match size'],
    ];
    for (const [path, body, status, detail] of cases) {
      const answer = await bench.post(path, body);
      expect(answer.status, path + detail).to.equal(status);
      if (detail !== '') expect(said(answer)).to.equal(detail);
    }
    bench.device.restart();
    expect((await update(bench, image(100).fill(0))).status).to.equal(500);
    expect(bench.device.boot).to.equal('ota_0');
  });

  it('replaces an open session where that is set', async () => {
    bench = new Bench({ dialect: 'documented', beginWhileActive: 'replace' });
    await bench.ask('/begin', { size: 10 });
    expect(await bench.ask('/begin', { size: 20 })).to.deep.equal({ status: 'ok', session_id: '2' });
    expect(bench.device.session?.expectedSize).to.equal(20);
  });

  it('drops a session that saw no write for longer than its timeout', async () => {
    const { sessionTimeoutMs } = bench.device.options;
    await bench.ask('/begin', { size: 100 });
    bench.clock.time += sessionTimeoutMs;
    await bench.ask('/write', image(10));
    bench.clock.time += sessionTimeoutMs;
    await bench.ask('/write', image(10));
    bench.clock.time += sessionTimeoutMs + 1;
    expect((await bench.post('/write', image(10))).status).to.equal(409);
    await bench.ask('/begin', { size: 100 });
  });

  describe('answers in every way the documentation leaves open', () => {
    for (const sessionKey of ['session_id', 'session', 'id'] as const) {
      it(`calls the session "${sessionKey}"`, async () => {
        bench = new Bench({ dialect: 'documented', sessionKey });
        expect(await bench.ask('/begin', { size: 100 })).to.deep.equal({ status: 'ok', [sessionKey]: '1' });
      });
    }

    for (const [counterKey, counts] of [
      ['written', [40, 100]],
      ['bytes_written', [40, 100]],
      ['seq', [1, 2]],
    ] as const) {
      it(`counts in "${counterKey}"`, async () => {
        bench = new Bench({ dialect: 'documented', counterKey });
        await bench.ask('/begin', { size: 100 });
        const first = await bench.ask('/write', image(40));
        const second = await bench.ask('/write', image(60));
        expect([first[counterKey], second[counterKey]]).to.deep.equal(counts);
      });
    }

    for (const [answers, texts] of [
      ['text', ['session 1', 'ok']],
      ['empty', ['', '']],
    ] as const) {
      it(`answers with ${answers}`, async () => {
        bench = new Bench({ dialect: 'documented', answers });
        const begun = await bench.post('/begin', { size: 100 });
        const written = await bench.post('/write', image(40));
        expect([begun.status, written.status]).to.deep.equal([200, 200]);
        expect([begun.text, written.text]).to.deep.equal(texts);
      });
    }

    it('tells its bytes at /ota/status where it has one', async () => {
      bench = new Bench({ dialect: 'documented', status: 'counter', answers: 'empty' });
      expect(await bench.ask('/status')).to.deep.equal({ active: false, last_result: null, last_error: null });
      await bench.post('/begin', { size: 100 });
      await bench.post('/write', image(40));
      expect(await bench.ask('/status')).to.include({ active: true, session_id: '1', size: 100, written: 40 });
    });

    it('answers 400 to a write without a session where that is set', async () => {
      bench = new Bench({ dialect: 'documented', noSessionStatus: 400 });
      expect((await bench.post('/write', image(1))).status).to.equal(400);
    });
  });
});
