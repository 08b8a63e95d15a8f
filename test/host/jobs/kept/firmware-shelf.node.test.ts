import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FirmwareShelf,
  SHELF_LIMITS,
  type Arriving,
  type NewFile,
} from '../../../../src/host/jobs/kept/firmware-shelf.ts';
import type { HostJobsOptions } from '../../../../src/host/jobs/host-jobs.ts';
import { LoadedFirmware } from '../../../../src/host/jobs/run/loaded-firmware.ts';
import { refused } from '../../../../src/host/jobs/refused.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { raw, type TestHost } from '../../test-host.ts';
import { hashOf, JobPage, refusalIn } from '../job-host.ts';
import { hostOf, useClosing } from '../../closing.ts';

const FIRMWARE = buildApp();

describe('the firmware that the host keeps', () => {
  const closing = useClosing();

  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'moult-shelf-'));
    closing.push(() => rmSync(made, { recursive: true }));
    return made;
  }

  async function shelfIn(
    place: string,
    limits: Partial<typeof SHELF_LIMITS> = {},
    isNeeded: (sha256: string) => boolean = () => false,
  ): Promise<FirmwareShelf> {
    const shelf = new FirmwareShelf(place, isNeeded, () => undefined, { ...SHELF_LIMITS, ...limits });
    await shelf.load();
    return shelf;
  }

  function arriving(...pieces: readonly Uint8Array[]): Arriving {
    return {
      async *[Symbol.asyncIterator]() {
        for (const piece of pieces) yield await Promise.resolve(piece);
      },
    };
  }

  const put = (shelf: FirmwareShelf, bytes: Uint8Array, client = 'a'): ReturnType<FirmwareShelf['receive']> =>
    shelf.receive(hashOf(bytes), bytes.length, arriving(bytes), client);

  async function hostWith(
    jobs: HostJobsOptions = {},
  ): Promise<{ host: TestHost; page: JobPage; kept: () => string[] }> {
    const host = await hostOf(closing, { jobs });
    return { host, page: new JobPage(host.port), kept: () => readdirSync(join(host.dataDir, 'jobs', 'firmware')) };
  }

  it('is kept under its hash, for this account alone, and known again', async () => {
    const { page, kept, host } = await hostWith();
    expect((await page.ask(`/jobs/firmware/${hashOf(FIRMWARE)}`)).status).to.equal(404);
    expect((await page.put(FIRMWARE)).status).to.equal(201);
    expect((await page.put(FIRMWARE)).status).to.equal(200);
    expect(JSON.parse((await page.ask(`/jobs/firmware/${hashOf(FIRMWARE)}`)).text)).to.deep.equal({
      size: FIRMWARE.length,
    });
    expect(kept()).to.deep.equal([`${hashOf(FIRMWARE)}.bin`]);
    expect(statSync(join(host.dataDir, 'jobs', 'firmware', kept()[0] ?? '')).mode & 0o777).to.equal(0o600);
  });

  it('is not kept where its bytes have another hash', async () => {
    const { page, kept } = await hostWith();
    const answer = await page.put(FIRMWARE, hashOf(buildApp({ seed: 2 })));
    expect([answer.status, refusalIn(answer).kind]).to.deep.equal([422, 'hash-mismatch']);
    expect(kept()).to.deep.equal([]);
  });

  for (const path of [
    '/jobs/firmware/../../clients.json',
    '/jobs/firmware/..%2f..%2fclients.json',
    `/jobs/firmware/${'A'.repeat(64)}`,
    `/jobs/firmware/${'a'.repeat(63)}`,
    `/jobs/firmware/${'a'.repeat(64)}.bin`,
    `/jobs/firmware/${'a'.repeat(64)}%00`,
    '/jobs/..%2f..%2f..%2fetc%2fpasswd',
    '/jobs/__proto__',
  ]) {
    it(`finds nothing at ${path.slice(0, 60)}`, async () => {
      const { page, kept } = await hostWith();
      const headers = { 'moult-job-key': 'A'.repeat(22) };
      for (const method of ['GET', 'PUT', 'POST']) {
        const body = method === 'GET' ? {} : { body: FIRMWARE };
        const answer = await page.ask(path, { method, headers, ...body });
        expect(answer.status, method).to.be.within(400, 415);
      }
      expect(kept()).to.deep.equal([]);
    });
  }

  it('has to state its length, which may be no more than is read of a file', async () => {
    const { page, host } = await hostWith();
    const head = `PUT /jobs/firmware/${'a'.repeat(64)} HTTP/1.1\r\nHost: localhost:${host.port}\r\nOrigin: http://localhost:${host.port}\r\nConnection: close\r\nContent-Type: application/octet-stream\r\n`;
    expect(await raw(page.port, `${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).to.match(/^HTTP\/1.1 400 /);
    expect(await raw(page.port, `${head}Content-Length: 0\r\n\r\n`)).to.match(/^HTTP\/1.1 400 /);
    // It is refused before its bytes come.
    const socket = connect({ host: '127.0.0.1', port: page.port });
    closing.push(() => socket.destroy());
    const status = new Promise<string>((resolve) => socket.once('data', (part) => resolve(part.toString('latin1'))));
    socket.write(`${head}Content-Length: ${64 * 1024 * 1024 + 1}\r\n\r\n`);
    expect(await status).to.match(/^HTTP\/1.1 413 /);
  });

  it('is given up where its bytes stop coming, or its sender leaves', async () => {
    const limits = { shelf: { ...SHELF_LIMITS, silence: 30 } };
    const { host, kept } = await hostWith({ limits });
    const head = `PUT /jobs/firmware/${'a'.repeat(64)} HTTP/1.1\r\nHost: localhost:${host.port}\r\nOrigin: http://localhost:${host.port}\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\nhalf`;
    // Nothing else is ever sent.
    expect(await raw(host.port, head)).to.match(/^HTTP\/1.1 408 /);
    expect(kept()).to.deep.equal([]);
  });

  it('is refused in words where the disk is full, with nothing half left', async () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    const createFile = async (path: string): Promise<NewFile> => {
      const file = await open(path, 'wx', 0o600);
      return { write: () => Promise.reject(full), sync: () => file.sync(), close: () => file.close() };
    };
    const { page, kept } = await hostWith({ createFile });
    const answer = await page.put(FIRMWARE);
    expect([answer.status, refusalIn(answer).kind]).to.deep.equal([507, 'disk-full']);
    expect(answer.text).to.include('its disk is full');
    expect(kept()).to.deep.equal([]);
  });

  it('is refused where jobs need all that is there', async () => {
    const shelf = await shelfIn(folder(), { bytes: FIRMWARE.length * 2 }, () => true);
    expect(await put(shelf, buildApp({ seed: 1 }))).to.equal(null);
    expect(await put(shelf, buildApp({ seed: 2 }))).to.equal(null);
    expect(await put(shelf, buildApp({ seed: 3 }))).to.deep.equal(refused({ kind: 'disk-full' }));
  });

  it('is bounded also while several arrive at once', async () => {
    const shelf = await shelfIn(folder(), { bytes: FIRMWARE.length * 2, arriving: 3 });
    const answers = await Promise.all([1, 2, 3, 4].map((seed) => put(shelf, buildApp({ seed }))));
    expect(answers.filter((answer) => answer === null).length).to.be.at.most(2);
    expect(answers[3]).to.deep.equal(refused({ kind: 'too-many-uploads' }));
    expect(shelf.bytes).to.be.at.most(FIRMWARE.length * 2);
  });

  it('leaves places to others, whatever one client does', async () => {
    const shelf = await shelfIn(folder(), { arriving: 3, ofOne: 2 });
    const answers = await Promise.all([
      ...[1, 2, 3].map((seed) => put(shelf, buildApp({ seed }))),
      put(shelf, buildApp({ seed: 4 }), 'another'),
    ]);
    expect(answers).to.deep.equal([null, null, refused({ kind: 'too-many-uploads' }), null]);
    expect(await put(shelf, buildApp({ seed: 3 })), 'and has its own again').to.equal(null);
  });

  it('is given up where its bytes drip, however long they would', async () => {
    const shelf = await shelfIn(folder(), { late: 20, leastRate: 1_000_000, arriving: 1 });
    let came = 0;
    const drip: Arriving = {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          came += 1;
          yield await new Promise<Uint8Array>((resolve) => setImmediate(() => resolve(new Uint8Array(1))));
        }
      },
    };
    expect(await shelf.receive('a'.repeat(64), 10_000_000, drip, 'a')).to.deep.equal({
      kind: 'refused',
      refusal: { kind: 'too-slow' },
    });
    expect(came).to.be.above(0);
    const next = await put(shelf, FIRMWARE);
    expect(next?.refusal.kind, 'its place is free').not.to.equal('too-many-uploads');
  });

  it('is there after a restart, without what was on its way', async () => {
    const place = folder();
    expect(await put(await shelfIn(place), FIRMWARE)).to.equal(null);
    writeFileSync(join(place, 'x.part'), 'half');
    const again = await shelfIn(place);
    expect(Buffer.from((await again.read(hashOf(FIRMWARE))) ?? [])).to.deep.equal(Buffer.from(FIRMWARE));
    expect(readdirSync(place)).to.deep.equal([`${hashOf(FIRMWARE)}.bin`]);
  });

  it('is in memory once, for as long as somebody holds it', async () => {
    const shelf = await shelfIn(folder());
    await put(shelf, FIRMWARE);
    const loaded = new LoadedFirmware(shelf);
    const leases = await Promise.all([1, 2, 3].map(() => loaded.lease(hashOf(FIRMWARE))));
    expect(new Set(leases.map((lease) => lease?.bytes)).size).to.equal(1);
    expect(loaded.bytes).to.equal(FIRMWARE.length);
    leases[0]?.release();
    leases[0]?.release();
    expect(loaded.isHeld(hashOf(FIRMWARE))).to.equal(true);
    for (const lease of leases) lease?.release();
    expect(loaded.bytes).to.equal(0);
  });
});
