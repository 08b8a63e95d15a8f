import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnJobs } from '../../../src/host/jobs/own-jobs.ts';
import { pushCommand } from '../../../src/host/cli/push/push-command.ts';
import { push, type Pushed } from '../../../src/host/cli/push/push.ts';
import { UsageError } from '../../../src/host/cli/usage.ts';
import { AUTH_LIMITER, lockedBy } from '../../../src/simulator/viperhttp/app-auth.ts';
import { serveDevice, type ServedDevice } from '../../../src/simulator/node/node-server.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { UpdateControls } from '../../../src/update/controls.ts';
import { buildApp, type AppRecipe } from '../../firmware/image-builder.ts';

const TOKEN = 'b'.repeat(64);

describe('moult push', () => {
  const served: ServedDevice[] = [];
  let data: string;
  beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'moult-data-'))));
  afterEach(async () => {
    for (const one of served.splice(0)) await one.close();
    rmSync(data, { recursive: true });
  });

  async function device(options: Partial<DeviceOptions>): Promise<{ origin: string; device: SimulatedDevice }> {
    const simulated = new SimulatedDevice({ token: TOKEN, awayMs: 20, ...options });
    const one = await serveDevice(simulated, { port: 0 });
    served.push(one);
    return { origin: one.origin, device: simulated };
  }

  async function send(
    origin: string,
    more: { token?: string; restart?: boolean; patienceMs?: number } = {},
  ): Promise<Pushed> {
    const { token = TOKEN, restart = true, patienceMs } = more;
    return push({
      bytes: buildApp(),
      fileName: 'bench.bin',
      name: 'Bench',
      target: { origin, prefix: '/ota', protocol: 'automatic', dialect: null, tokenHeader: 'X-OTA-Token', token },
      restart,
      ...(patienceMs === undefined ? {} : { patienceMs }),
      controls: new UpdateControls(),
      jobs: OwnJobs.open(data, (sentence) => expect.fail(sentence)),
      onState: () => undefined,
    });
  }

  it('updates a device as shipped, by the page’s own engine', async () => {
    const { origin } = await device({ dialect: 'shipped' });
    const { outcome, words } = await send(origin);
    expect(outcome.outcome).to.equal('updated');
    expect(outcome.dialect).to.equal('shipped');
    expect(words.title).to.equal('Updated');
  });

  it('is accepted by a device as documented, and claims no more', async () => {
    const { origin } = await device({ dialect: 'documented' });
    expect((await send(origin)).words.title).to.equal('Accepted by the device');
  });

  it('does not restart the device where it is told not to', async () => {
    const { origin } = await device({ dialect: 'shipped' });
    expect((await send(origin, { restart: false })).outcome.outcome).to.equal('staged');
  });

  it('looks for the device as long as it is told to', async () => {
    const { origin } = await device({ dialect: 'shipped', awayMs: Infinity });
    const { outcome } = await send(origin, { patienceMs: 1 });
    expect(outcome).to.include({ outcome: 'not-seen-again', patienceMs: 1 });
  });

  it('says what is wrong with a token', async () => {
    const { origin } = await device({ dialect: 'shipped' });
    const { outcome } = await send(origin, { token: 'other' });
    expect(outcome).to.include({ outcome: 'failed', code: 'unauthorised' });
  });

  describe('as a command', () => {
    let folder: string;
    const printed: string[] = [];
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'moult-push-'));
      printed.length = 0;
      process.env['MOULT_TEST_TOKEN'] = TOKEN;
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
      delete process.env['MOULT_TEST_TOKEN'];
      delete process.env['MOULT_PASSWORD'];
    });

    const run = (...args: string[]): Promise<number> =>
      pushCommand([...args, '--data', join(folder, 'data')], (text) => printed.push(text));
    const firmware = (recipe: AppRecipe = {}): string => {
      const path = join(folder, 'app.bin');
      writeFileSync(path, buildApp(recipe));
      return path;
    };

    it('ends with 0 where the device was updated, and prints one object', async () => {
      const { origin } = await device({ dialect: 'shipped' });
      const args = [firmware(), '--device', origin, '--token-env', 'MOULT_TEST_TOKEN', '--json'];
      expect(await run(...args)).to.equal(0);
      const report = JSON.parse(printed.join('')) as Record<string, unknown>;
      expect(report).to.include({ outcome: 'updated', device: origin, dialect: 'shipped', code: null });
      expect(printed.join('')).not.to.contain(TOKEN);
    });

    it('begins the next update with what the device took, and has no chunk refused again', async () => {
      const { origin, device: one } = await device({ dialect: 'shipped' });
      const args = [firmware({ sizeBytes: 60_000 }), '--device', origin, '--token-env', 'MOULT_TEST_TOKEN'];
      const refused = (): number => one.requests.filter(({ status }) => status === 413).length;
      expect(await run(...args)).to.equal(0);
      expect(refused()).to.equal(1);
      expect(await run(...args)).to.equal(0);
      expect(refused()).to.equal(1);
    });

    for (const [name, user, password] of [
      ['a user and password', 'ädä', 'pass:wörd'],
      ['a second bearer token', '', 'second-token'],
    ] as const) {
      it(`gets past ${name} before the routes, and prints neither`, async () => {
        const users: Record<string, string> = user === '' ? {} : { [user]: password };
        const appAuth = { enforced: true, users, bearers: user === '' ? [password] : [], limiter: AUTH_LIMITER };
        const { origin } = await device({ dialect: 'shipped', appAuth });
        process.env['MOULT_PASSWORD'] = password;
        const args = [firmware(), '--device', origin, '--token-env', 'MOULT_TEST_TOKEN', '--json'];
        expect(await run(...args, '--user', user)).to.equal(0);
        expect(JSON.parse(printed.join(''))).to.include({ outcome: 'updated', dialect: 'shipped' });
        expect(printed.join('')).not.to.contain(password);
      });
    }

    it('ends with 1 where the password is wrong', async () => {
      const { origin } = await device({ dialect: 'shipped', appAuth: lockedBy('ada', '1815') });
      process.env['MOULT_PASSWORD'] = '1816';
      const args = [firmware(), '--device', origin, '--token-env', 'MOULT_TEST_TOKEN', '--json', '--user', 'ada'];
      expect(await run(...args)).to.equal(1);
      expect(JSON.parse(printed.join(''))).to.include({ outcome: 'failed', code: 'unauthorised' });
    });

    it('refuses a token header that says something else, before anything is read', async () => {
      for (const name of ['Accept', 'X-Remote-User', 'Cookie', 'a b']) {
        const error: unknown = await run('app.bin', '--device', '10.0.0.9', '--token-header', name).catch(
          (reason: unknown) => reason,
        );
        expect(error, name)
          .to.be.instanceOf(UsageError)
          .with.property('message')
          .that.matches(/^--token-header: /);
      }
    });

    it('refuses a user whose password cannot be sent, or does not go with the protocol', async () => {
      const cases: readonly (readonly [password: string, args: readonly string[], words: RegExp])[] = [
        ['', ['--user', 'ada'], /MOULT_PASSWORD holds no password/],
        ['secret', ['--user', 'a:b'], /colon/],
        ['two words', ['--user', ''], /bearer token can’t contain spaces/],
        ['secret', ['--user', 'ada', '--protocol', 'documented'], /With ViperHTTP as documented/],
        ['', ['--user', 'ada', '--password', 'secret'], /must not be an argument/],
        ['', ['--user', 'ada', '--password=secret'], /must not be an argument/],
      ];
      for (const [password, args, words] of cases) {
        process.env['MOULT_PASSWORD'] = password;
        const error: unknown = await run(firmware(), '--device', '10.0.0.9', ...args).catch(
          (reason: unknown) => reason,
        );
        expect(error).to.be.instanceOf(UsageError);
        expect((error as UsageError).message)
          .to.match(words)
          .and.not.to.match(/secret|two words/);
      }
    });

    it('does not take the version of Arduino’s core for the firmware’s', async () => {
      const { origin } = await device({ dialect: 'shipped' });
      const path = firmware({ project: 'arduino-lib-builder', version: 'esp-idf: v4.4.5 ac5d805d0e' });
      expect(await run(path, '--device', origin, '--token-env', 'MOULT_TEST_TOKEN')).to.equal(0);
      expect(printed.join(''))
        .to.match(/^Updated\./)
        .and.not.contain('esp-idf');
    });

    it('ends with 3 where the file cannot be read', async () => {
      expect(await run(join(folder, 'missing.bin'), '--device', '10.0.0.9')).to.equal(3);
      expect(printed).to.be.empty;
    });

    it('ends with 1 where the device was not updated', async () => {
      const { origin } = await device({ dialect: 'shipped', supported: false });
      const args = [firmware(), '--device', origin, '--token-env', 'MOULT_TEST_TOKEN', '--json'];
      expect(await run(...args)).to.equal(1);
    });

    const wrong: readonly (readonly [string, readonly string[]])[] = [
      ['a token among the arguments', ['x.bin', '--device', '10.0.0.9', '--token', TOKEN]],
      ['a token glued to its option', ['x.bin', '--device', '10.0.0.9', `--token=${TOKEN}`]],
      ['a variable that is not set', ['x.bin', '--device', '10.0.0.9', '--token-env', 'MOULT_NOT_SET']],
      ['no device', ['x.bin']],
      ['no file', ['--device', '10.0.0.9']],
      ['an address that is none', ['x.bin', '--device', 'http://']],
      ['a protocol that is none', ['x.bin', '--device', '10.0.0.9', '--protocol', 'ftp']],
      ['to overrule what nobody can', ['x.bin', '--device', '10.0.0.9', '--send-anyway', 'too-large']],
      ['to overrule anything of many', ['x.bin', '--devices', 'list.json', '--send-anyway', 'other-release']],
    ];
    for (const [what, args] of wrong) {
      it(`refuses ${what}, and repeats no token`, async () => {
        try {
          await run(...args);
          expect.fail('accepted');
        } catch (error) {
          expect(error).to.be.instanceOf(UsageError);
          expect((error as UsageError).message).not.to.contain(TOKEN);
        }
      });
    }
  });
});
