import { expect } from 'chai';
import { Bench, SLOT_BYTES, TOKEN, expectDropped, image, sha256, update, type Answer } from './bench.ts';

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
        expect(answer.text).to.equal('{"detail":"invalid ota token"}');
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

    it('in another header where it is set up so, below another prefix', async () => {
      bench = new Bench({ tokenHeader: 'X-Other', prefix: '/api/fw' });
      const { requests } = bench.device;
      await bench.ask('/status');
      expect(requests.map(({ path }) => path)).to.deep.equal(['/api/fw/status']);
      expect((await bench.send('GET', '/status', undefined, { 'X-OTA-Token': TOKEN })).status).to.equal(401);
    });

    it('of nobody where it has none', async () => {
      bench = new Bench({ token: null });
      expect((await bench.send('GET', '/status', undefined, {})).status).to.equal(200);
    });
  });

  it('knows no other route, and says so in plain text', async () => {
    for (const [method, path] of [
      ['POST', '/write'],
      ['POST', '/status'],
      ['GET', '/begin'],
      ['GET', ''],
    ] as const) {
      const answer = await bench.send(method, path);
      expect([answer.status, answer.text], path).to.deep.equal([404, 'Not Found']);
      expect(answer.headers.get('Content-Type')).to.equal('text/plain; charset=utf-8');
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
    const written = await bench.ask('/chunk?offset=0', bytes.slice(0, 4000));
    expect(written['session']).to.deep.equal({
      ...session,
      written_bytes: 4000,
      remaining_bytes: 1000,
      progress_pct: 80,
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

    it('has thrown the old session away when a forced begin is then refused', async () => {
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

  describe('chunk', () => {
    it('needs a session', async () => {
      const answer = await bench.post('/chunk', new Uint8Array(1));
      expect([answer.status, said(answer)]).to.deep.equal([409, 'ota session is not active']);
    });

    it('takes bytes in sequence only', async () => {
      await bench.ask('/begin', { expected_size: 100 });
      await bench.ask('/chunk?offset=0', image(40));
      for (const offset of [0, 39, 41]) {
        const answer = await bench.post(`/chunk?offset=${offset}`, image(40));
        const mismatch = 'offset mismatch; only sequential writes are supported';
        expect([answer.status, said(answer)]).to.deep.equal([409, mismatch]);
      }
      expect(bench.device.session?.written).to.equal(40);
    });

    it('appends where no offset is given', async () => {
      await bench.ask('/begin', {});
      await bench.ask('/chunk', image(40));
      await bench.ask('/chunk', image(40));
      expect(bench.device.session?.written).to.equal(80);
    });

    it('takes JSON with base64 or hex as well', async () => {
      await bench.ask('/begin', {});
      await bench.ask('/chunk', { data_base64: '6QEC', offset: 0 });
      await bench.ask('/chunk', { data_hex: '0304', offset: 3 });
      expect([...bench.device.slot('ota_1').slice(0, 5)]).to.deep.equal([0xe9, 1, 2, 3, 4]);
    });

    it('refuses nothing, too much, and what cannot be decoded', async () => {
      await bench.ask('/begin', { expected_size: 10 });
      const refusals = [
        await bench.post('/chunk', new Uint8Array(0)),
        await bench.post('/chunk', image(11)),
        await bench.post('/chunk', { data_hex: 'xy' }),
        await bench.post('/chunk', { data_base64: 'a' }),
        await bench.post('/chunk?offset=x', image(1)),
      ];
      expect(refusals.map(({ status }) => status)).to.deep.equal(refusals.map(() => 400));
      expect(refusals.map(said)).to.deep.equal([
        'empty chunk',
        'chunk exceeds expected_size',
        "invalid data_hex: ValueError('non-hex digit')",
        "invalid data_base64: ValueError('incorrect padding')",
        'offset must be int',
      ]);
      await bench.ask('/begin', { force: true });
      const whole = await bench.post('/chunk', image(SLOT_BYTES + 1));
      expect(said(whole)).to.equal('chunk exceeds update partition capacity');
    });

    it('erases each block once, before its first byte', async () => {
      const bytes = image(9000);
      await bench.ask('/begin', { expected_size: bytes.length });
      for (let at = 0; at < bytes.length; at += 1000) await bench.ask('/chunk', bytes.slice(at, at + 1000));
      expect(bench.device.blocksErased).to.equal(Math.ceil(bytes.length / 4096));
      expect(bench.device.bytesProgrammedTwice).to.equal(0);
      expect(bench.device.slot('ota_1').slice(0, bytes.length)).to.deep.equal(bytes);
    });
  });

  describe('finalize', () => {
    it('answers with the result and starts nothing, where no reboot is asked for', async () => {
      const bytes = image(5000);
      const answer = await update(bench, bytes);
      const result = {
        ok: true,
        session_id: 1,
        written_bytes: bytes.length,
        expected_size: bytes.length,
        sha256: await sha256(bytes),
        set_boot: true,
        reboot: false,
        partition: SLOT_1,
      };
      expect(JSON.parse(answer.text)).to.deep.equal(result);
      const status = await bench.ask('/status');
      expect(status['last_result']).to.deep.equal(result);
      expect(status['running_partition']).to.deep.equal(SLOT_0);
      expect(status['boot_partition']).to.deep.equal(SLOT_1);
    });

    it('drops the connection and comes back from the new slot, where a reboot is asked for', async () => {
      const bytes = image(5000);
      await expectDropped(update(bench, bytes, { reboot: true }));
      expect(bench.device.running).to.equal('ota_1');
      expect(bench.device.runningImage).to.deep.equal(bytes);
      const status = await bench.ask('/status');
      expect([status['last_result'], status['next_update_partition']]).to.deep.equal([null, SLOT_0]);
    });

    it('leaves the old slot bootable when set_boot is off', async () => {
      await update(bench, image(100), { set_boot: false });
      expect(bench.device.boot).to.equal('ota_0');
    });

    it('checks the hash given at begin; one sent here is not looked at', async () => {
      const bytes = image(100);
      expect((await update(bench, bytes, { sha256: '0'.repeat(64) })).status).to.equal(200);
      await bench.ask('/begin', { expected_size: bytes.length, expected_sha256: '0'.repeat(64) });
      await bench.ask('/chunk', bytes);
      const answer = await bench.post('/finalize', { sha256: await sha256(bytes), reboot: true });
      expect([answer.status, said(answer)]).to.deep.equal([409, 'sha256 mismatch']);
      expect(bench.device.restarts).to.equal(0);
    });

    it('keeps the session after a mismatch, and cannot tell the hash a second time', async () => {
      await bench.ask('/begin', { expected_sha256: '0'.repeat(64) });
      await bench.ask('/chunk', image(100));
      await bench.post('/finalize', {});
      const again = await bench.post('/finalize', {});
      expect([again.status, said(again)]).to.deep.equal([500, 'sha256 verification unavailable']);
      expect(bench.device.session).not.to.equal(null);
    });

    it('refuses without a session, without bytes, and with too few', async () => {
      const idle = await bench.post('/finalize', {});
      expect([idle.status, said(idle)]).to.deep.equal([409, 'ota session is not active']);
      await bench.ask('/begin', {});
      const nothing = await bench.post('/finalize', {});
      expect([nothing.status, said(nothing)]).to.deep.equal([409, 'no firmware bytes written']);
      await bench.ask('/begin', { expected_size: 100, force: true });
      await bench.ask('/chunk', image(99));
      const few = await bench.post('/finalize', {});
      expect([few.status, said(few)]).to.deep.equal([409, 'written size does not match expected_size']);
      expect((await bench.post('/finalize', { strict_size: false })).status).to.equal(200);
    });

    it('refuses to boot what does not begin with the image magic', async () => {
      const bytes = image(100).fill(0, 0, 1);
      const answer = await update(bench, bytes);
      expect(answer.status).to.equal(500);
      expect(said(answer)).to.equal("failed to set boot partition: OSError(-5379, 'ESP_ERR_OTA_VALIDATE_FAILED')");
      expect(bench.device.boot).to.equal('ota_0');
    });
  });

  it('aborts, and says whether there was anything to abort', async () => {
    expect(await bench.ask('/abort')).to.deep.equal({ ok: true, aborted: false, active: false });
    await bench.ask('/begin', {});
    expect(await bench.ask('/abort')).to.deep.equal({ ok: true, aborted: true, session_id: 1, active: false });
    expect(await bench.ask('/status')).to.include({ active: false, last_error: 'aborted', session: null });
  });

  it('takes a whole image in one upload, over any session', async () => {
    const bytes = image(3000);
    await bench.ask('/begin', {});
    const result = await bench.ask(`/upload?expected_sha256=${await sha256(bytes)}`, bytes);
    expect(result).to.include({ ok: true, session_id: 2, written_bytes: bytes.length, set_boot: true });
    const wrong = await bench.post(`/upload?expected_sha256=${'0'.repeat(64)}`, bytes);
    expect([wrong.status, said(wrong)]).to.deep.equal([409, 'sha256 mismatch']);
    expect(said(await bench.post('/upload', new Uint8Array(0)))).to.equal('empty upload body');
    expect(bench.device.session).to.equal(null);
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
