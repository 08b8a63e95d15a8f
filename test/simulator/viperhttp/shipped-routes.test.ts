import { expect } from 'chai';
import { Bench, SLOT_BYTES, TOKEN, image, sha256, type Answer } from '../bench.ts';

function said(answer: Answer): unknown {
  return (JSON.parse(answer.text) as { detail?: unknown }).detail;
}

const SLOT_0 = {
  raw: [0, 16, 0x10000, SLOT_BYTES, 'ota_0', false],
  type: 0,
  subtype: 16,
  address: 0x10000,
  size: SLOT_BYTES,
  label: 'ota_0',
  encrypted: false,
};
const SLOT_1 = {
  ...SLOT_0,
  raw: [0, 17, 0x10000 + SLOT_BYTES, SLOT_BYTES, 'ota_1', false],
  subtype: 17,
  address: 0x10000 + SLOT_BYTES,
  label: 'ota_1',
};

describe('A simulated device as shipped', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  describe('asks for the token', () => {
    const routes = [
      ['GET', '/status'],
      ['POST', '/begin'],
      ['POST', '/chunk'],
      ['POST', '/finalize'],
      ['POST', '/abort'],
      ['POST', '/upload'],
      ['POST', '/mark-valid'],
    ] as const;
    for (const [method, path] of routes) {
      it(`at ${method} /ota${path}`, async () => {
        const answer = await bench.send(method, path, undefined, {});
        expect(answer.status).to.equal(401);
        expect(answer.text).to.equal('{"detail": "invalid ota token"}');
        expect(answer.headers.get('Content-Type')).to.equal('application/json');
      });
    }

    const ways: readonly (readonly [string, string, Readonly<Record<string, string>>, number])[] = [
      ['in X-OTA-Token', '/status', { 'X-OTA-Token': TOKEN }, 200],
      ['in ?token=', `/status?token=${TOKEN}`, {}, 200],
      ['never as Bearer', '/status', { Authorization: `Bearer ${TOKEN}` }, 401],
      ['a wrong header outranks a right query', `/status?token=${TOKEN}`, { 'X-OTA-Token': 'other' }, 401],
    ];
    for (const [name, path, headers, status] of ways) {
      it(name, async () => {
        expect((await bench.send('GET', path, undefined, headers)).status).to.equal(status);
      });
    }

    it('in another header where that is set, below another prefix', async () => {
      bench = new Bench({ tokenHeader: 'X-Other', prefix: '/api/fw' });
      const { requests } = bench.device;
      await bench.ask('/status');
      expect(requests.map(({ path }) => path)).to.deep.equal(['/api/fw/status']);
      expect((await bench.send('GET', '/status', undefined, { 'X-OTA-Token': TOKEN })).status).to.equal(401);
    });

    it('of no request where it has none', async () => {
      bench = new Bench({ token: null });
      expect((await bench.send('GET', '/status', undefined, {})).status).to.equal(200);
    });
  });

  it('answers 200 with an empty body where it has no such route, or has it for another method', async () => {
    for (const [method, path] of [
      ['POST', '/write'],
      ['POST', '/status'],
      ['GET', '/begin'],
      ['GET', ''],
    ] as const) {
      const answer = await bench.send(method, path);
      expect([answer.status, answer.text], path).to.deep.equal([200, '']);
      expect(answer.headers.get('Content-Type')).to.equal('text/plain; charset=utf-8');
      expect(answer.headers.get('Content-Length')).to.equal('0');
    }
  });

  it('tells its slots when idle', async () => {
    expect(await bench.ask('/status')).to.deep.equal({
      supported: true,
      active: false,
      running_partition: SLOT_0,
      boot_partition: SLOT_0,
      next_update_partition: SLOT_1,
      last_result: null,
      last_error: null,
      session: null,
    });
  });

  it('tells its session with every answer to begin and chunk', async () => {
    const bytes = image(5000);
    const hash = await sha256(bytes);
    const begun = await bench.ask('/begin', { expected_size: bytes.length, expected_sha256: hash });
    const session = {
      id: 1,
      active: true,
      partition: SLOT_1,
      capacity_bytes: SLOT_BYTES,
      block_size: 4096,
      block_count: SLOT_BYTES / 4096,
      written_bytes: 0,
      expected_size: bytes.length,
      remaining_bytes: bytes.length,
      progress_pct: 0,
      expected_sha256: hash,
      elapsed_ms: 0,
    };
    expect(begun['active']).to.be.true;
    expect(begun['session']).to.deep.equal(session);
    bench.clock.time = 812.5;
    const written = await bench.ask('/chunk?offset=0', bytes.slice(0, 3000));
    expect(written['session']).to.deep.equal({
      ...session,
      written_bytes: 3000,
      remaining_bytes: 2000,
      progress_pct: 60,
      elapsed_ms: 812,
    });
  });

  describe('begin', () => {
    const refused: readonly (readonly [object, string])[] = [
      [{ expected_size: 'many' }, 'expected_size must be int'],
      [{ expected_size: [] }, 'expected_size must be int'],
      [{ expected_size: -1 }, 'expected_size must be >= 0'],
      [{ expected_size: SLOT_BYTES + 1 }, 'expected_size exceeds update partition capacity'],
      [{ expected_sha256: 'abc' }, 'expected_sha256 must be 64 hex chars'],
      [{ expected_sha256: 'x'.repeat(64) }, 'expected_sha256 must be lowercase/uppercase hex'],
    ];
    for (const [body, detail] of refused) {
      it(`refuses ${JSON.stringify(body).slice(0, 40)} with 400`, async () => {
        const answer = await bench.post('/begin', body);
        expect([answer.status, said(answer)]).to.deep.equal([400, detail]);
        expect(bench.device.session).to.equal(null);
      });
    }

    it('refuses a second session with 409, and force takes over', async () => {
      await bench.ask('/begin', { expected_size: 10 });
      const second = await bench.post('/begin', { expected_size: 20 });
      expect([second.status, said(second)]).to.deep.equal([409, 'ota session already active']);
      expect(bench.device.session?.expectedSize).to.equal(10);
      await bench.ask('/begin', { expected_size: 20, force: true });
      expect([bench.device.session?.id, bench.device.session?.expectedSize]).to.deep.equal([2, 20]);
    });

    it('has discarded the old session when a forced begin is then refused', async () => {
      await bench.ask('/begin', { expected_size: 10 });
      expect((await bench.post('/begin', { expected_size: -1, force: true })).status).to.equal(400);
      const status = await bench.ask('/status');
      expect([status['session'], status['last_error']]).to.deep.equal([null, 'aborted']);
    });

    it('answers 501 where the platform has no OTA', async () => {
      bench = new Bench({ supported: false });
      const answer = await bench.post('/begin', {});
      expect([answer.status, said(answer)]).to.deep.equal([501, 'OTA unsupported on this platform']);
      expect(await bench.ask('/status')).to.include({ supported: false, running_partition: null });
    });
  });

  it('aborts, and says whether there was anything to abort', async () => {
    expect(await bench.ask('/abort')).to.deep.equal({ ok: true, aborted: false, active: false });
    await bench.ask('/begin', {});
    expect(await bench.ask('/abort')).to.deep.equal({ ok: true, aborted: true, session_id: 1, active: false });
    expect(await bench.ask('/status')).to.include({ active: false, last_error: 'aborted', session: null });
  });

  it('marks the running image valid', async () => {
    expect(await bench.ask('/mark-valid')).to.deep.equal({ ok: true });
  });

  it('counts sessions from 1 again after a restart, and has forgotten the open one', async () => {
    await bench.ask('/begin', {});
    await bench.ask('/begin', { force: true });
    bench.device.restart();
    expect((await bench.post('/chunk', image(1))).status).to.equal(409);
    await bench.ask('/begin', {});
    expect(bench.device.session?.id).to.equal(1);
  });
});
