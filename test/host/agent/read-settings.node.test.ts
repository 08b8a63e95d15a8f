import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSettingsFile, settingsOf, type GivenSettings } from '../../../src/host/agent/read-settings.ts';
import { UsageError } from '../../../src/host/cli/usage.ts';

const KITCHEN = { address: '192.168.1.50', name: 'Kitchen', controllerId: 'moult-aabbcc112233' };

describe('the settings of an agent', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: unknown, mode = 0o600): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    chmodSync(path, mode);
    return path;
  };
  const given = (devices: readonly object[], more: Partial<GivenSettings> = {}): GivenSettings => ({
    ...{
      server: 'https://hawkbit.test/',
      tenant: 'DEFAULT',
      devices: file('devices.json', devices),
      tokenEnv: undefined,
    },
    ...{
      tokenFile: undefined,
      acceptedCountsAs: 'success',
      confirm: false,
      soft: 'run',
      softHours: undefined,
      atOnce: 4,
      ...more,
    },
  });
  const problem = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(UsageError);
    return error instanceof UsageError ? error.problem.kind : '';
  };
  const GATEWAY = { MOULT_GATEWAY_TOKEN: ' secret\n' };

  it('take the list that a push takes, with an id for each device', async () => {
    const { server, devices, gatewayToken } = await settingsOf(given([KITCHEN]), GATEWAY);
    expect(server).to.equal('https://hawkbit.test');
    expect(gatewayToken).to.equal('secret');
    expect(devices[0]).to.deep.include({ name: 'Kitchen', controllerId: KITCHEN.controllerId, targetToken: null });
  });

  it('take an id that stays, one for each, and no address', async () => {
    const without = { address: KITCHEN.address, name: KITCHEN.name };
    expect(await problem(settingsOf(given([without]), GATEWAY))).to.equal('no-controller-id');
    for (const controllerId of ['192.168.1.50', 'fe80::1']) {
      expect(await problem(settingsOf(given([{ ...KITCHEN, controllerId }]), GATEWAY))).to.equal(
        'controller-id-is-address',
      );
    }
    const named = { ...KITCHEN, address: 'kitchen.local', controllerId: 'kitchen.local' };
    expect(await problem(settingsOf(given([named]), GATEWAY))).to.equal('controller-id-is-address');
    const twice = [KITCHEN, { ...KITCHEN, address: '192.168.1.51' }];
    expect(await problem(settingsOf(given(twice), GATEWAY))).to.equal('controller-id-twice');
  });

  it('take the token from the environment, or from a file that nobody else can read', async () => {
    const tokenFile = file('token', 'from-a-file\n');
    expect((await settingsOf(given([KITCHEN], { tokenFile }), {})).gatewayToken).to.equal('from-a-file');
    chmodSync(tokenFile, 0o644);
    expect(await problem(settingsOf(given([KITCHEN], { tokenFile }), {}))).to.equal('token-file-open');
    expect(await problem(settingsOf(given([KITCHEN]), {}))).to.equal('no-server-token');
    expect(await problem(settingsOf(given([KITCHEN], { tokenEnv: 'MINE' }), {}))).to.equal('no-such-variable');
    expect(await problem(settingsOf(given([KITCHEN], { tokenFile, tokenEnv: 'MINE' }), {}))).to.equal(
      'two-server-tokens',
    );
    expect(await problem(settingsOf(given([KITCHEN], { tokenFile: file('empty', '') }), {}))).to.equal(
      'token-file-without',
    );
  });

  it('take a token for each device', async () => {
    const own = { ...KITCHEN, targetTokenEnv: 'KITCHEN_TARGET' };
    const { devices, gatewayToken } = await settingsOf(given([own]), { KITCHEN_TARGET: 'own' });
    expect([devices[0]?.targetToken, gatewayToken]).to.deep.equal(['own', null]);
    const open = { ...KITCHEN, targetToken: 'own' };
    const settings = given([open]);
    chmodSync(settings.devices, 0o644);
    expect(await problem(settingsOf(settings, {}))).to.equal('list');
  });

  it('take the address of a server, without a secret in it', async () => {
    for (const server of ['hawkbit', 'ftp://hawkbit.test', 'https://a:b@hawkbit.test', 'https://hawkbit.test/?a']) {
      expect(await problem(settingsOf(given([KITCHEN], { server }), GATEWAY)), server).to.equal('no-server-address');
    }
  });

  it('take hours', async () => {
    const { policy } = await settingsOf(given([KITCHEN], { softHours: '22:00-05:30' }), GATEWAY);
    expect(policy.softHours).to.deep.equal({ from: 1_320, to: 330 });
    expect(await problem(settingsOf(given([KITCHEN], { softHours: '25:00-05:00' }), GATEWAY))).to.equal('no-hours');
  });

  it('are read from a file, with those that it names beside it', async () => {
    file('devices.json', [KITCHEN]);
    file('token', 'secret');
    const settings = { server: 'http://hawkbit.test', devices: 'devices.json', tokenFile: 'token', atOnce: 2 };
    const read = await readSettingsFile(file('agent.json', settings), {});
    expect(read).to.deep.include({
      server: 'http://hawkbit.test',
      tenant: 'DEFAULT',
      gatewayToken: 'secret',
      atOnce: 2,
    });
    const wrong = await problem(readSettingsFile(file('wrong.json', { ...settings, token: 'secret' }), {}));
    expect(wrong).to.equal('settings-not-fitting');
    expect(await problem(readSettingsFile(join(folder, 'none.json'), {}))).to.equal('settings-not-read');
    expect(read.policy.soft).to.equal('run');
    const waits = await readSettingsFile(file('waits.json', { ...settings, soft: 'wait' }), {});
    expect(waits.policy.soft).to.equal('wait');
    const no = await problem(readSettingsFile(file('no.json', { ...settings, soft: 'never' }), {}));
    expect(no).to.equal('settings-not-fitting');
  });
});
