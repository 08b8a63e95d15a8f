import { expect } from 'chai';
import { readBackup, writeBackup } from '../../src/storage/backup.ts';
import type { BackupPlan } from '../../src/model/page/backup.ts';
import type { ReadBackupOptions } from '../../src/storage/backup.ts';
import { BACKUP_MAX_BYTES } from '../../src/storage/backup-schema.ts';
import { PASSPHRASE_MIN_CHARACTERS, PASSPHRASE_ROUNDS } from '../../src/storage/vault/passphrase-key.ts';
import type { Device } from '../../src/model/device/device.ts';
import { aDevice, ran } from './samples.ts';

const { subtle } = crypto;
const now = 1000;
const PASSPHRASE = 'a drawer full of boards';
const attic = aDevice({
  id: 'attic',
  name: 'Attic',
  typed: 'https://attic.local:443',
  origin: 'https://attic.local',
  group: 'Upstairs',
  chipId: 9,
});

/** How the page reads the addresses of these devices. */
const originOf = (typed: string): string | null =>
  typed === attic.typed ? attic.origin : typed === aDevice().typed ? aDevice().origin : null;

async function written(devices: readonly Device[], tokens: Record<string, string> | null = null): Promise<string> {
  const byDevice = tokens && { byDevice: new Map(Object.entries(tokens)), passphrase: PASSPHRASE };
  const result = await writeBackup(devices, byDevice, { subtle, now });
  expect(result.kind).to.equal('written');
  return result.kind === 'written' ? result.text : '';
}

async function planned(text: string, options: Partial<ReadBackupOptions> = {}): Promise<BackupPlan> {
  const result = await readBackup(text, { subtle, now, originOf, devices: [], ...options });
  if (result.kind !== 'read') throw new Error(`refused: ${result.kind}`);
  return result.plan;
}

/** A good file, altered. */
async function altered(change: (file: Record<string, unknown>) => void): Promise<string> {
  const file = JSON.parse(await written([aDevice(), attic])) as Record<string, unknown>;
  change(file);
  return JSON.stringify(file);
}

async function alteredDevice(change: Record<string, unknown>): Promise<string> {
  return altered((file) => Object.assign((file['devices'] as object[])[0] ?? {}, change));
}

async function refusal(source: string | Blob, options: Partial<ReadBackupOptions> = {}): Promise<object> {
  const result = await readBackup(source, { subtle, now, originOf, devices: [], ...options });
  expect(result.kind).not.to.equal('read');
  return result;
}

describe('A backup', () => {
  it('brings devices and their groups to another browser, as new ones', async () => {
    const plan = await planned(await written([aDevice({ runs: ran('aa'), route: 'gateway' }), attic]));
    expect(plan).to.include({ tokens: 'none' });
    expect([plan.change, plan.keep]).to.deep.equal([[], []]);
    const [kitchen, upstairs] = plan.add;
    expect(kitchen).to.deep.equal(aDevice({ id: kitchen?.id ?? '', added: now }));
    expect(upstairs).to.deep.equal({ ...attic, id: upstairs?.id, added: now });
    expect(new Set([kitchen?.id, upstairs?.id, 'kitchen', 'attic']).size).to.equal(4);
  });

  it('is refused where it shows one address and the device would be asked at another', async () => {
    const text = await alteredDevice({ origin: 'http://evil.example:8080' });
    expect(await refusal(text)).to.deep.include({ kind: 'other-address', where: 'devices.0' });
    expect(await refusal(await alteredDevice({ typed: 'no address' }))).to.deep.include({ kind: 'other-address' });
  });

  it('matches devices that are here by their address, and shows before and after', async () => {
    const here = aDevice({ id: 'mine', name: 'Old name', chipId: 5, runs: ran('aa'), group: 'Downstairs' });
    const plan = await planned(await written([aDevice(), attic]), { devices: [here, attic] });
    expect(plan.add).to.deep.equal([]);
    expect(plan.keep).to.deep.equal([attic]);
    expect(plan.change).to.deep.equal([{ before: here, after: { ...here, name: 'Kitchen sensor' } }]);
  });

  it('brings a patience along, and keeps the one here where it brings none', async () => {
    const patient = aDevice({ patienceMs: 600_000 });
    expect((await planned(await written([patient]))).add[0]).to.include({ patienceMs: 600_000 });
    const [change] = (await planned(await written([patient]), { devices: [aDevice()] })).change;
    expect(change?.after).to.include({ patienceMs: 600_000 });
    expect((await planned(await written([aDevice()]), { devices: [patient] })).keep).to.deep.equal([patient]);
  });

  it('leaves alone what it does not have', async () => {
    const plan = await planned(await written([aDevice()]), { devices: [attic] });
    expect([plan.add.length, plan.change.length, plan.keep]).to.deep.equal([1, 0, [attic]]);
  });

  it('takes another prefix at the same origin for another device', async () => {
    const plan = await planned(await written([aDevice({ prefix: '/other' })]), { devices: [aDevice()] });
    expect(plan.add).to.have.length(1);
  });

  it('takes HTML in a name as the text it is', async () => {
    const name = '<img src=x onerror=alert(1)>';
    expect((await planned(await written([aDevice({ name })]))).add[0]?.name).to.equal(name);
  });

  it('reads from a file as well', async () => {
    const result = await readBackup(new Blob([await written([attic])]), { subtle, now, originOf, devices: [] });
    expect(result.kind === 'read' && result.plan.add.length).to.equal(1);
  });
});

describe('Tokens in a backup', () => {
  it('come along under a passphrase, to the device with their address', async () => {
    const text = await written([aDevice(), attic], { kitchen: 'secret-of-kitchen' });
    expect(text).to.not.contain('secret-of-kitchen');
    const plan = await planned(text, { passphrase: PASSPHRASE, devices: [attic] });
    expect(plan.tokens).to.deep.equal(new Map([[plan.add[0]?.id, 'secret-of-kitchen']]));
    expect(plan.keep).to.deep.equal([attic]);
  });

  it('open with the passphrase in whatever way a keyboard composes it', async () => {
    const byDevice = new Map([['kitchen', 'secret']]);
    const result = await writeBackup([aDevice()], { byDevice, passphrase: 'schlüssel' }, { subtle, now });
    const text = result.kind === 'written' ? result.text : '';
    const { tokens } = await planned(text, { passphrase: 'schlüssel'.normalize('NFD') });
    expect(tokens).to.be.instanceOf(Map);
  });

  it('stay locked where no passphrase is given; the devices can be imported', async () => {
    const plan = await planned(await written([aDevice()], { kitchen: 'secret' }));
    expect(plan.tokens).to.equal('locked');
    expect(plan.add).to.have.length(1);
  });

  it('do not open with another passphrase', async () => {
    const text = await written([aDevice()], { kitchen: 'secret' });
    expect(await refusal(text, { passphrase: 'a drawer full of birds' })).to.include({ kind: 'wrong-passphrase' });
  });

  it('do not go to a device whose address was altered in the file', async () => {
    const text = await written([aDevice()], { kitchen: 'secret' });
    const plan = await planned(text.replaceAll('192.168.1.50', 'evil.example'), {
      passphrase: PASSPHRASE,
      originOf: (typed) => `http://${typed}:8080`,
    });
    expect(plan.add[0]?.origin).to.equal('http://evil.example:8080');
    expect(plan.tokens).to.deep.equal(new Map());
  });

  it('need a secure context and a passphrase of some length', async () => {
    const tokens = { byDevice: new Map([['kitchen', 'secret']]), passphrase: PASSPHRASE };
    expect(await writeBackup([aDevice()], tokens, { subtle: null, now })).to.deep.equal({
      kind: 'no-secure-context',
    });
    const short = { ...tokens, passphrase: 'x'.repeat(PASSPHRASE_MIN_CHARACTERS - 1) };
    expect(await writeBackup([aDevice()], short, { subtle, now })).to.deep.equal({ kind: 'too-short' });
    const text = await written([aDevice()], { kitchen: 'secret' });
    expect(await refusal(text, { subtle: null, passphrase: PASSPHRASE })).to.include({ kind: 'no-secure-context' });
  });

  it('are refused where the file asks for too few or far too many rounds', async () => {
    const file = JSON.parse(await written([aDevice()], { kitchen: 'secret' })) as { tokens: { rounds: number } };
    for (const rounds of [1, PASSPHRASE_ROUNDS - 1, 1e12, PASSPHRASE_ROUNDS + 0.5]) {
      file.tokens.rounds = rounds;
      expect(await refusal(JSON.stringify(file))).to.include({ kind: 'invalid', where: 'tokens.rounds' });
    }
  });
});

describe('A file that is no good backup', () => {
  it('is refused unread when it is too large, and says the limit', async () => {
    const limit = { kind: 'too-large', limitBytes: BACKUP_MAX_BYTES };
    const large = new Blob([new Uint8Array(50_000_000)]);
    large.text = () => {
      throw new Error('the file was read');
    };
    expect(await refusal(large)).to.include(limit);
    expect(await refusal('x'.repeat(BACKUP_MAX_BYTES + 1))).to.include(limit);
  });

  it('is refused when it is no JSON, however deep', async () => {
    for (const text of ['', 'no', '{"a":', '['.repeat(BACKUP_MAX_BYTES), '\u0000'])
      expect(await refusal(text)).to.include({ kind: 'not-json' });
  });

  it('is refused when it is some other JSON', async () => {
    for (const text of ['null', '7', '[]', '{}', '"moult-backup"', '{"format":"other"}'])
      expect(await refusal(text)).to.include({ kind: 'not-a-backup' });
  });

  it('is told from one that a later version made', async () => {
    expect(await refusal(await altered((file) => (file['version'] = 2)))).to.include({ kind: 'newer' });
  });

  it('is refused for keys that have a meaning in JavaScript, at any depth', async () => {
    const good = await written([aDevice()]);
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      expect(await refusal(good.replace('{', `{"${key}": {"polluted": true},`))).to.include({ kind: 'unsafe-keys' });
      expect(await refusal(good.replace('"name"', `"${key}": {"polluted": true}, "name"`))).to.include({
        kind: 'unsafe-keys',
      });
    }
    expect({}).to.not.have.property('polluted');
  });

  const bad: readonly (readonly [field: string, values: readonly unknown[]])[] = [
    ['name', [7, null, '', 'x'.repeat(101), 'two\nlines', ['a'], {}, '  ', '\u200b', '\u3164', 'nib\u202e.nehctik']],
    ['typed', [false, 'x'.repeat(513)]],
    [
      'origin',
      [
        'javascript:alert(1)',
        'ftp://192.168.1.50',
        'http://192.168.1.50/',
        'http://192.168.1.50:80',
        'http://user:secret@192.168.1.50',
        'HTTP://192.168.1.50',
        'nowhere',
        7,
      ],
    ],
    ['prefix', ['ota', '/', '/ota/', '//evil.example', '/ota?x=1', '/ota#x', '/a b', null]],
    ['protocol', ['Shipped', '', null]],
    ['dialect', ['automatic', undefined]],
    [
      'tokenHeader',
      ['', 'X OTA', 'X\r\nY', 'x'.repeat(101), 'Host', 'cookie', 'Content-Length', 'Sec-Token', 'proxy-x'],
    ],
    ['chipId', [-1, 1.5, 65_536, '9', Infinity]],
    ['group', ['', 'x'.repeat(101), 3, ' ', 'up\u2066stairs']],
    ['patienceMs', [0, 999, 1500.5, 3_600_001, '120000', null]],
    ['token', ['a token has no place here']],
  ];
  for (const [field, values] of bad) {
    for (const value of values) {
      // JSON has no Infinity and no undefined: the first becomes null, the second leaves the field out.
      if (value === Infinity) continue;
      it(`is refused, whole, for ${field} = ${JSON.stringify([value]).slice(1, 40)}`, async () => {
        const answer = await refusal(await alteredDevice({ [field]: value }));
        expect(answer).to.include({ kind: 'invalid', where: `devices.0.${field}` });
      });
    }
  }

  it('is refused for a prefix that climbs out of itself', async () => {
    for (const prefix of ['/..', '/ota/../admin', '/%2e%2e/admin'])
      expect(await refusal(await alteredDevice({ prefix }))).to.include({ kind: 'invalid', where: 'devices.0' });
  });

  it('is refused for an unknown key at the top, and for devices that are no list', async () => {
    expect(await refusal(await altered((file) => (file['more'] = 1)))).to.include({ kind: 'invalid', where: 'more' });
    expect(await refusal(await altered((file) => (file['devices'] = {})))).to.include({ where: 'devices' });
  });

  it('is refused for an address that is in it twice', async () => {
    const text = await written([aDevice(), aDevice({ id: 'other', name: 'Same place' })]);
    expect(await refusal(text)).to.include({ kind: 'duplicate', where: 'devices.1' });
  });
});
