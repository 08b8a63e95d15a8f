import { expect } from 'chai';
import { Bench, SLOT_BYTES, expectDropped, image, sha256, update, type Answer } from '../bench.ts';

function said(answer: Answer): unknown {
  return (JSON.parse(answer.text) as { detail?: unknown }).detail;
}

describe('An image written to a simulated device as shipped', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
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

    it('refuses an empty chunk, one that is too large, and one that cannot be decoded', async () => {
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
        "invalid data_hex: ValueError('non-hex digit',)",
        "invalid data_base64: ValueError('incorrect padding',)",
        'offset must be int',
      ]);
      await bench.ask('/begin', { force: true });
      for (let at = 0; at < SLOT_BYTES; at += 2048) await bench.ask('/chunk', image(2048));
      expect(said(await bench.post('/chunk', image(1)))).to.equal('chunk exceeds update partition capacity');
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
      const status = await bench.ask('/status');
      const result = {
        ok: true,
        session_id: 1,
        written_bytes: bytes.length,
        expected_size: bytes.length,
        sha256: await sha256(bytes),
        set_boot: true,
        reboot: false,
        partition: status['boot_partition'],
      };
      expect(JSON.parse(answer.text)).to.deep.equal(result);
      expect(status['last_result']).to.deep.equal(result);
      expect(status['running_partition']).to.include({ label: 'ota_0' });
      expect(status['boot_partition']).to.include({ label: 'ota_1' });
    });

    it('drops the connection and comes back from the new slot, where a reboot is asked for', async () => {
      const bytes = image(5000);
      await expectDropped(update(bench, bytes, { reboot: true }));
      expect(bench.device.running).to.equal('ota_1');
      expect(bench.device.runningImage).to.deep.equal(bytes);
      const status = await bench.ask('/status');
      expect(status['last_result']).to.equal(null);
      expect(status['next_update_partition']).to.include({ label: 'ota_0' });
    });

    it('leaves the old slot bootable when set_boot is off', async () => {
      await update(bench, image(100), { set_boot: false });
      expect(bench.device.boot).to.equal('ota_0');
    });

    it('checks the hash given at begin; one sent here is ignored', async () => {
      const bytes = image(100);
      expect((await update(bench, bytes, { sha256: '0'.repeat(64) })).status).to.equal(200);
      await bench.ask('/begin', { expected_size: bytes.length, expected_sha256: '0'.repeat(64) });
      await bench.ask('/chunk', bytes);
      const answer = await bench.post('/finalize', { sha256: await sha256(bytes), reboot: true });
      expect([answer.status, said(answer)]).to.deep.equal([409, 'sha256 mismatch']);
      expect(bench.device.restarts).to.equal(0);
    });

    it('keeps the session after a mismatch, and cannot compute the hash a second time', async () => {
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
});
