import { expect } from 'chai';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChunkSizes } from '../../../src/host/reach/chunk-sizes.ts';
import { pushCommand } from '../../../src/host/cli/push/push-command.ts';
import { UsageError } from '../../../src/host/cli/usage.ts';
import { onEvery } from '../../../src/simulator/faults.ts';
import { lockedBy } from '../../../src/simulator/viperhttp/app-auth.ts';
import { serveDevice, type ServedDevice } from '../../../src/simulator/node/node-server.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import type { Device } from '../../../src/model/device/device.ts';
import { LONGEST_PATIENCE_MS } from '../../../src/model/update/restart-patience.ts';
import { writeBackup } from '../../../src/storage/backup.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { aDevice } from '../../storage/samples.ts';

const TOKEN = 'c'.repeat(64);
/** Long enough for chunks to grow to what a device takes. */
const IMAGE = buildApp({ sizeBytes: 30_000 });

interface Report {
  readonly stopped: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly devices: readonly Readonly<Record<string, unknown>>[];
}

describe('moult push --devices', () => {
  const served: ServedDevice[] = [];
  const printed: string[] = [];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-push-many-'));
    printed.length = 0;
    process.env['MOULT_TEST_TOKEN'] = TOKEN;
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    delete process.env['MOULT_TEST_TOKEN'];
    for (const one of served.splice(0)) await one.close();
  });

  async function device(options: Partial<DeviceOptions> = {}) {
    const simulated = new SimulatedDevice({ token: TOKEN, awayMs: 20, ...options });
    const one = await serveDevice(simulated, { port: 0 });
    served.push(one);
    return { device: simulated, address: one.origin, close: () => one.close() };
  }

  function list(content: unknown, mode = 0o600): string {
    const path = join(folder, 'devices.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    chmodSync(path, mode);
    return path;
  }

  const sizes = (): ChunkSizes => new ChunkSizes(join(folder, 'data'));
  const run = async (devices: string, ...args: string[]): Promise<number> => {
    const file = join(folder, 'app.bin');
    writeFileSync(file, IMAGE);
    const own = ['--data', join(folder, 'data')];
    return pushCommand([file, '--devices', devices, '--json', ...own, ...args], (text) => printed.push(text));
  };
  const report = (): Report => JSON.parse(printed.join('')) as Report;
  const withEnv = (address: string, name?: string) => ({
    address,
    tokenEnv: 'MOULT_TEST_TOKEN',
    ...(name === undefined ? {} : { name }),
  });

  it('updates every device of the list, in both dialects, and ends with 0', async () => {
    const fleet = [await device({ dialect: 'shipped' }), await device({ dialect: 'documented' }), await device()];
    expect(await run(list(fleet.map(({ address }) => withEnv(address))))).to.equal(0);
    expect(report().devices.map(({ result }) => result)).to.deep.equal(['updated', 'accepted', 'updated']);
    for (const one of fleet) expect(one.device.runningImage).to.deep.equal(IMAGE);
    expect(printed.join('')).not.to.contain(TOKEN);
  });

  it('says once beforehand of which devices it may be the only update over the air', async () => {
    const one = { slots: ['factory', 'ota_0'] } as const;
    const [hall, attic, kitchen] = [await device(one), await device(one), await device()];
    const told: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text) => {
      told.push(
        `${String(text)} (${hall.device.requests.some(({ method }) => method === 'POST') ? 'late' : 'before'})`,
      );
      return true;
    };
    const places = [
      withEnv(hall.address, 'Hall'),
      withEnv(attic.address, 'Attic'),
      withEnv(kitchen.address, 'Kitchen'),
    ];
    const code = await run(list(places)).finally(() => (process.stderr.write = write));
    expect(code).to.equal(0);
    const only = told.filter((text) => text.includes('over the air'));
    expect(only).to.have.length(1);
    expect(only[0])
      .to.match(/^Hall and Attic run from their factory slots\./)
      .and.contain('(before)');
  });

  it('remembers the chunk size that each device took', async () => {
    const fleet = [await device(), await device()];
    expect(await run(list(fleet.map(({ address }) => withEnv(address))))).to.equal(0);
    for (const { address } of fleet) expect((await sizes().of(address)).direct).to.be.within(3_072, 4_095);
  });

  it('gets past a login of each device, with passwords from the environment', async () => {
    const one = await device({ appAuth: lockedBy('ada', TOKEN) });
    expect(await run(list([{ ...withEnv(one.address), user: 'ada', passwordEnv: 'MOULT_TEST_TOKEN' }]))).to.equal(0);
    expect(one.device.runningImage).to.deep.equal(IMAGE);
  });

  it('ends with 1 where one device is off, names it, and updates the others', async () => {
    const [one, off, other] = [await device(), await device(), await device()];
    await off.close();
    served.splice(1, 1);
    expect(await run(list([withEnv(one.address), withEnv(off.address, 'Attic'), withEnv(other.address)]))).to.equal(1);
    const said = report();
    expect(said.devices.map(({ result }) => result)).to.deep.equal(['updated', 'skipped', 'updated']);
    expect(said.devices[1]).to.include({ name: 'Attic', because: 'off' });
  });

  it('leaves the rest as it is where the first wave fails, since nobody is there to ask', async () => {
    const [first, second] = [await device(), await device()];
    first.device.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
    expect(await run(list([withEnv(first.address), withEnv(second.address)]))).to.equal(1);
    expect(report()).to.include({ stopped: 'first-wave' });
    expect(report().devices.map(({ result }) => result)).to.deep.equal(['failed', 'not-started']);
    expect(second.device.blocksErased).to.equal(0);
  });

  it('stops after the set number of failures', async () => {
    const fleet = [await device(), await device(), await device(), await device()];
    for (const one of fleet.slice(0, 2)) {
      one.device.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
    }
    const devices = list(fleet.map(({ address }) => withEnv(address)));
    expect(await run(devices, '--first-wave', '0', '--at-once', '1', '--stop-after', '2')).to.equal(1);
    expect(report()).to.include({ stopped: 'stop-mark' });
    expect(report().counts).to.include({ failed: 2, notStarted: 2 });
  });

  it('stops after the set share of failures, from the fifth device on', async () => {
    const fleet = [];
    for (let at = 0; at < 7; at += 1) fleet.push(await device());
    for (const one of fleet.slice(0, 3)) {
      one.device.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
    }
    const devices = list(fleet.map(({ address }) => withEnv(address)));
    expect(await run(devices, '--first-wave', '0', '--at-once', '1', '--stop-after', '60%')).to.equal(1);
    expect(report()).to.include({ stopped: 'stop-mark' });
    expect(report().counts).to.include({ failed: 3, succeeded: 2, notStarted: 2 });
  });

  it('skips a device whose chip is another one than the file’s, by name or by id', async () => {
    const fleet = [await device(), await device(), await device()];
    const chips = ['esp32s3', 5, 'esp32'];
    const devices = list(fleet.map(({ address }, at) => ({ ...withEnv(address), chip: chips[at] })));
    expect(await run(devices, '--first-wave', '0')).to.equal(1);
    expect(report().devices.map(({ result, because }) => because ?? result)).to.deep.equal([
      'image',
      'image',
      'updated',
    ]);
    expect(fleet.map((one) => one.device.blocksErased > 0)).to.deep.equal([false, false, true]);
  });

  it('stages where no restart is asked for', async () => {
    const { address } = await device();
    expect(await run(list([withEnv(address)]), '--no-restart')).to.equal(0);
    expect(report().devices[0]).to.include({ result: 'staged' });
  });

  it('takes tokens out of the list where only its owner can read it', async function () {
    if (process.platform === 'win32') this.skip();
    const { address } = await device();
    expect(await run(list([{ address, token: TOKEN }]))).to.equal(0);
    await refused([{ address, token: TOKEN }], /chmod 600/, 0o644);
  });

  async function refused(content: unknown, words: RegExp, mode = 0o600): Promise<void> {
    try {
      await run(list(content, mode));
      expect.fail('accepted');
    } catch (error) {
      expect(error).to.be.instanceOf(UsageError);
      expect((error as UsageError).message)
        .to.match(words)
        .and.not.to.contain(TOKEN);
    }
  }

  const address = '10.0.0.9';
  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ['what is no JSON, and quotes none of it', `[{"address": "10.0.0.9", "token": ${TOKEN}}]`, /not valid JSON/],
    ['an empty list', [], /not in the expected form/],
    ['a list that is none', { address }, /not in the expected form/],
    ['a field it does not know', [{ address, tokken: TOKEN }], /not in the expected form/],
    ['a chip that is none', [{ address, chip: 'ESP8266' }], /not a known chip.*ESP32-S3/],
    ['a chip id that is none', [{ address, chip: -1 }], /not in the expected form/],
    ['an address that is none', [{ address: 'http://' }], /devices\.json: http:/],
    ['a variable that is not set', [{ address, tokenEnv: 'MOULT_NOT_SET' }], /MOULT_NOT_SET/],
    ['two tokens for one device', [{ address, token: TOKEN, tokenEnv: 'MOULT_TEST_TOKEN' }], /both/],
    [
      'a device that is there twice',
      [{ address }, { address: `http://${address}:8080/ota`, name: 'b' }],
      /the same device/,
    ],
    [
      'a user without a password',
      [{ address, user: 'ada' }],
      /10\.0\.0\.9: The environment variable MOULT_PASSWORD holds no password/,
    ],
    ['a password without a user', [{ address, passwordEnv: 'MOULT_TEST_TOKEN' }], /without a "user"/],
    ['a password in the list', [{ address, user: 'ada', password: 'x' }], /not in the expected form/],
    [
      'a header that says something else',
      [{ address, tokenHeader: 'X-Real-IP' }],
      /10\.0\.0\.9: A header with this name/,
    ],
    ['a token that no header can carry', [{ address, token: 'two words' }], /can’t contain spaces/],
  ];
  for (const [what, content, words] of wrong) {
    it(`refuses ${what}, before anything is sent`, () => refused(content, words));
  }

  it('refuses options that are for one device, and numbers that are none', async () => {
    for (const args of [
      ['--token-env', 'X'],
      ['--user', 'ada'],
      ['--token-header', 'X-Token'],
      ['--protocol', 'shipped'],
      ['--device', address],
      ['--at-once', '0'],
      ['--first-wave', 'all'],
      ['--stop-after', '0%'],
      ['--stop-after', '101%'],
    ]) {
      try {
        await run(list([{ address }]), ...args);
        expect.fail('accepted');
      } catch (error) {
        expect(error).to.be.instanceOf(UsageError);
      }
    }
  });

  it('refuses what is said of many beside one device, and says so', async () => {
    for (const option of ['first-wave', 'at-once', 'stop-after']) {
      const error = await pushCommand(['none.bin', '--device', address, `--${option}`, '2']).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(UsageError);
      expect(error)
        .to.have.property('message')
        .that.matches(new RegExp(`--${option} is for a list of devices`));
    }
  });

  describe('with a backup of the page', () => {
    const PASSPHRASE = 'a drawer full of boards';

    afterEach(() => {
      delete process.env['MOULT_PASSPHRASE'];
    });

    async function backup(address: string, token: string | null, more: Partial<Device> = {}): Promise<string> {
      const origin = new URL(address).origin;
      const found = { typed: address, origin, protocol: 'automatic', dialect: null } as const;
      const saved = aDevice({ id: 'hall', name: 'Hall', ...found, ...more });
      const tokens = token === null ? null : { byDevice: new Map([['hall', token]]), passphrase: PASSPHRASE };
      const written = await writeBackup([saved], tokens, { subtle: crypto.subtle, now: 1 });
      if (written.kind !== 'written') throw new Error(written.kind);
      return written.text;
    }

    it('opens its tokens with the passphrase from the environment, also where others may read the file', async () => {
      const hall = await device();
      process.env['MOULT_PASSPHRASE'] = PASSPHRASE;
      expect(await run(list(await backup(hall.address, TOKEN), 0o644))).to.equal(0);
      expect(report().devices[0]).to.include({ name: 'Hall', result: 'updated' });
      expect(hall.device.running).to.equal('ota_1');
    });

    it('sends nothing while they are sealed, or under another passphrase, and names the variable', async () => {
      const hall = await device();
      const path = list(await backup(hall.address, TOKEN));
      for (const passphrase of [undefined, 'not this one']) {
        if (passphrase !== undefined) process.env['MOULT_PASSPHRASE'] = passphrase;
        const refused = await run(path).catch((error: unknown) => error);
        expect(refused)
          .to.be.instanceOf(UsageError)
          .with.property('message')
          .that.contains('MOULT_PASSPHRASE')
          .and.not.contains(TOKEN);
      }
      expect(hall.device.requests).to.be.empty;
    });

    it('takes the token for all where it has none', async () => {
      const hall = await device();
      process.env['MOULT_TOKEN'] = TOKEN;
      try {
        expect(await run(list(await backup(hall.address, null)))).to.equal(0);
      } finally {
        delete process.env['MOULT_TOKEN'];
      }
    });

    for (const [asked, patienceMs, args] of [
      ['its own settings say', 1_000, []],
      ['--patience says where that is given', LONGEST_PATIENCE_MS, ['--patience', '1']],
    ] as const) {
      it(`looks for each device after its restart for as long as ${asked}`, async () => {
        const hall = await device({ awayMs: Infinity });
        process.env['MOULT_PASSPHRASE'] = PASSPHRASE;
        expect(await run(list(await backup(hall.address, TOKEN, { patienceMs })), ...args)).to.equal(1);
        expect(report().devices[0]).to.include({ result: 'not-seen-again' });
        expect(report().devices[0]?.['detail']).to.contain('has not answered for 1 s');
      });
    }

    it('refuses one with a token header that no job takes, and names the device', async () => {
      const text = await backup('http://127.0.0.1:9', null, { tokenHeader: 'X-Remote-User' });
      const refused = await run(list(text)).catch((error: unknown) => error);
      expect(refused)
        .to.be.instanceOf(UsageError)
        .with.property('message')
        .that.matches(/Hall: A header with this name/);
    });

    it('refuses one that was changed, and says where', async () => {
      const text = (await backup('http://127.0.0.1:9', null)).replace('"prefix": "/ota"', '"prefix": "ota"');
      const refused = await run(list(text)).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(UsageError).with.property('message').that.contains('devices.0.prefix');
    });
  });
});
