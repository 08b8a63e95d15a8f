import { expect } from 'chai';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '../../../src/host/data/authority-file.ts';
import type { HostOptions } from '../../../src/host/serve/serve.ts';
import { call, LAN_ADDRESS, type TestHost } from '../test-host.ts';
import { hostOf, useClosing } from '../closing.ts';

const DAY_MS = 86_400_000;

describe('A host that cannot use its data folder as it is', () => {
  const closing = useClosing();
  let folder: string;
  let now: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-data-'));
    now = Date.now();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function start(options: Partial<HostOptions> = {}): Promise<TestHost> {
    const lan = { port: 0, addresses: () => [LAN_ADDRESS], names: ['bench', 'bench.local'], now: () => now };
    return hostOf(closing, { dataDir: folder, lan, ...options });
  }

  const isOpenHere = async ({ port }: TestHost): Promise<boolean> => (await call({ port, path: '/' })).status === 200;
  const isOpenOnLan = ({ port }: TestHost): Promise<boolean> =>
    call({ address: LAN_ADDRESS, port, path: '/trust', headers: { host: LAN_ADDRESS } }).then(
      ({ status }) => status === 200,
      () => false,
    );

  it('keeps to this machine, says why, and comes back to the LAN by itself', async () => {
    const file = join(folder, 'authority-and-key.pem');
    writeFileSync(file, '', { mode: 0o600 });
    const host = await start();
    expect([await isOpenHere(host), await isOpenOnLan(host), host.host.lan()]).to.deep.equal([true, false, null]);
    expect(host.notices).to.have.length(1);
    expect(host.notices[0]).to.contain(`${file} is damaged`).and.contain('keeps to this machine');
    // Once is enough.
    const again = await host.host.refresh().catch((error: unknown) => error);
    expect(String(again)).to.contain('is damaged');
    expect(host.notices).to.have.length(1);

    rmSync(file);
    await host.host.refresh();
    expect([await isOpenHere(host), await isOpenOnLan(host)]).to.deep.equal([true, true]);
    expect(host.notices.slice(1).join(' ')).to.contain('A new certificate authority').and.contain('on the LAN now');
    // Like the greeting.
    expect(host.notices.at(-1)).to.contain(`http://${LAN_ADDRESS}:${host.port}/#pair=${host.host.pairingCode()}`);
    expect(host.log.join('')).not.to.contain('stack');
  });

  for (const mode of [0o770, 0o702]) {
    it(`keeps to this machine where others may write in the folder (${mode.toString(8)}), and says so`, async () => {
      const lender = await start();
      await lender.host.stop();
      chmodSync(folder, mode);
      const host = await start();
      expect([await isOpenHere(host), await isOpenOnLan(host), host.host.lan()]).to.deep.equal([true, false, null]);
      expect(host.notices).to.have.length(1);
      expect(host.notices[0])
        .to.contain('Others on this machine can write to')
        .and.contain(`chmod go-w ${folder}`)
        .and.contain('keeps to this machine');
      chmodSync(folder, 0o700);
      await host.host.refresh();
      expect(await isOpenOnLan(host)).to.equal(true);
    });
  }

  it('says so of such a folder also where it keeps to this machine anyway', async () => {
    chmodSync(folder, 0o777);
    const host = await start({ lan: null });
    expect(await isOpenHere(host)).to.equal(true);
    expect(host.notices).to.have.length(1);
    expect(host.notices[0]).to.contain(`chmod go-w ${folder}`);
  });

  it('waits for a clock that is set later', async () => {
    now = DAY_MS;
    const host = await start();
    expect(await isOpenOnLan(host)).to.equal(false);
    expect(host.notices.join()).to.contain('clock says 1970-01-02');
    now = Date.now();
    await host.host.refresh();
    expect(await isOpenOnLan(host)).to.equal(true);
    const { authority } = await openAuthority(folder, [], now);
    expect(authority.validFrom).to.be.within(now - 2 * DAY_MS, now);
  });

  it('goes on with the authority that it has where the clock leaves its time, and says so', async () => {
    const host = await start();
    const { fingerprint } = host.host.lan() ?? {};
    now += 4_000 * DAY_MS;
    expect(String(await host.host.refresh().catch((error: unknown) => error))).to.contain('clock says');
    expect(await isOpenOnLan(host)).to.equal(true);
    expect(host.notices.at(-1)).to.contain('clock says').and.not.contain('keeps to this machine');
    now -= 4_000 * DAY_MS;
    await host.host.refresh();
    expect(host.host.lan()?.fingerprint).to.equal(fingerprint);
  });

  it('starts beside another host in the same folder, with the same authority', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.host.lan()?.fingerprint).to.be.a('string').and.equal(other.host.lan()?.fingerprint);
    expect([await isOpenOnLan(one), await isOpenOnLan(other)]).to.deep.equal([true, true]);
    // One of them tells of the authority that it made, the other that the first one has the folder's updates.
    const told = [...one.notices, ...other.notices];
    expect(told).to.have.length(2);
    expect(told.filter((notice) => notice.includes('runs no updates by itself'))).to.have.length(1);
  });

  for (const [what, text] of [
    ['empty', ''],
    ['garbage', '{"hall:443": '],
    ['of another shape', '{"hall:443": 443}'],
  ] as const) {
    it(`sets a list of certificates aside that is ${what}, and says so`, async () => {
      const file = join(folder, 'device-certificates.json');
      writeFileSync(file, text);
      const host = await start({ lan: null });
      expect(await isOpenHere(host)).to.equal(true);
      expect(host.notices).to.have.length(1);
      expect(host.notices[0]).to.contain(`${file} cannot be read`).and.contain(`${file}.damaged`);
      expect(readFileSync(`${file}.damaged`, 'utf8')).to.equal(text);
    });
  }

  for (const [what, text] of [
    ['half', '[{"id": "0123'],
    ['of another shape', '{"id": "01234567"}'],
  ] as const) {
    it(`has no browser paired where their list is ${what}, and says so`, async () => {
      const file = join(folder, 'clients.json');
      writeFileSync(file, text);
      const host = await start();
      expect([await isOpenHere(host), await isOpenOnLan(host)]).to.deep.equal([true, true]);
      expect(host.notices.filter((one) => one.includes(`${file} cannot be read (it is damaged)`))).to.have.length(1);
      expect(readFileSync(`${file}.damaged`, 'utf8')).to.equal(text);
    });
  }

  it('says that it cannot read such a list, whatever that is', async () => {
    mkdirSync(join(folder, 'device-certificates.json'));
    const host = await start({ lan: null });
    expect(await isOpenHere(host)).to.equal(true);
    expect(host.notices.join()).to.contain('it is a folder');
  });
});
