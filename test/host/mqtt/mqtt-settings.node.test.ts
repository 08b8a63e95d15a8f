import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { UsageError } from '../../../src/host/cli/usage.ts';
import { mqttSettings } from '../../../src/host/mqtt/mqtt-settings.ts';

const SECRET = 'secret-of-a-broker';

describe('the MQTT options', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-mqtt-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(content: string, mode = 0o600): string {
    const path = join(folder, 'file');
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  }

  async function refused(...args: Parameters<typeof mqttSettings>): Promise<string> {
    const error: unknown = await mqttSettings(...args).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UsageError);
    const { message } = error as UsageError;
    expect(message).not.to.contain(SECRET);
    return message;
  }

  it('are off where no broker is named, and of no use then', async () => {
    expect(await mqttSettings({}, { MOULT_MQTT_PASSWORD: SECRET })).to.equal(null);
    expect(await refused({ 'mqtt-user': 'moult' }, {})).to.equal('--mqtt-user is of use only with --mqtt.');
  });

  it('take the password from the environment, or from a file that is one’s own', async () => {
    const login = { mqtt: 'mqtt://broker.lan', 'mqtt-user': 'moult' };
    const settings = { url: 'mqtt://broker.lan', user: 'moult', ca: null };
    const env = { MOULT_MQTT_PASSWORD: SECRET };
    expect(await mqttSettings(login, env)).to.deep.equal({ ...settings, password: SECRET });
    const path = file(` ${SECRET}\n`);
    const inFile = await mqttSettings({ ...login, 'mqtt-password-file': path }, env);
    expect(inFile).to.deep.equal({ ...settings, password: ` ${SECRET}` });
    expect(await mqttSettings(login, {})).to.deep.equal({ ...settings, password: null });
  });

  it('refuse a file that others may read, and one without a password', async () => {
    const login = { mqtt: 'mqtt://broker.lan', 'mqtt-user': 'moult' };
    expect(await refused({ ...login, 'mqtt-password-file': file(SECRET, 0o644) }, {})).to.contain('chmod 600');
    for (const content of ['', '\n', `${SECRET}\n${SECRET}\n`]) {
      expect(await refused({ ...login, 'mqtt-password-file': file(content) }, {})).to.contain('holds no password');
    }
    const none = join(folder, 'none');
    expect(await refused({ ...login, 'mqtt-password-file': none }, {})).to.contain('cannot be read');
  });

  it('refuse a user or a password in the address, and say where they go', async () => {
    for (const mqtt of [`mqtt://moult:${SECRET}@broker.lan`, 'mqtts://moult@broker.lan:8883', `mqtt://:${SECRET}@b`]) {
      expect(await refused({ mqtt }, {}))
        .to.contain('--mqtt-user')
        .and.contain('MOULT_MQTT_PASSWORD');
    }
    expect(await refused({ mqtt: 'mqtt://b' }, { MOULT_MQTT_PASSWORD: SECRET })).to.contain('--mqtt-user');
  });

  it('take brokers alone', async () => {
    for (const mqtt of [
      'http://broker.lan',
      'broker.lan',
      'mqtt://',
      'mqtt://b/topic',
      'mqtt://b?x',
      'mqtt:b',
      'ws://b',
    ]) {
      expect(await refused({ mqtt }, {}), mqtt).to.contain('takes the address of a broker');
    }
    expect(await refused({ mqtt: `${SECRET}@broker` }, {})).to.contain('takes the address');
    const all = { mqtt: 'mqtts://broker.lan:8884/' };
    expect((await mqttSettings(all, {}))?.url).to.equal('mqtts://broker.lan:8884');
  });

  it('take a certificate of one’s own authority', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
    const given = { mqtt: 'mqtts://broker.lan', 'mqtt-ca': file(pem, 0o644) };
    expect((await mqttSettings(given, {}))?.ca).to.equal(pem);
    expect(await refused({ ...given, 'mqtt-ca': file('none') }, {})).to.contain('no certificate in PEM form');
    expect(await refused({ ...given, 'mqtt-ca': folder }, {})).to.contain('cannot be read');
  });
});
