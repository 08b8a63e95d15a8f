import { expect } from 'chai';
import { parseAddress } from '../../src/device/address.ts';
import type { AddressReading } from '../../src/model/device/address-reading.ts';
import type { BackupPlan, ReadImportResult } from '../../src/model/page/backup.ts';
import { writeBackup } from '../../src/storage/backup.ts';
import { readImport, type ReadImportOptions } from '../../src/storage/read-import.ts';
import { importedText } from '../../src/words/more/backup-import.ts';
import { unpacked } from '../../src/model/device/secrets/secrets.ts';
import { rowProblemText } from '../../src/words/more/device-list.ts';
import { aDevice } from './samples.ts';

const { subtle } = crypto;
const now = 1000;

function readAddress(typed: string): AddressReading {
  const read = parseAddress(typed);
  return read.kind === 'address' && !read.hasPath ? { ...read, prefix: null } : read;
}

function originOf(typed: string): string | null {
  const read = readAddress(typed);
  return read.kind === 'address' ? read.origin : null;
}

function read(source: string | Blob, options: Partial<ReadImportOptions> = {}): Promise<ReadImportResult> {
  return readImport(source, { subtle, now, originOf, readAddress, devices: [], ...options });
}

async function planned(text: string, options: Partial<ReadImportOptions> = {}): Promise<BackupPlan> {
  const result = await read(text, options);
  if (result.kind === 'row') throw new Error(rowProblemText(result.problem));
  if (result.kind !== 'read') throw new Error(result.kind);
  return result.plan;
}

describe('An import', () => {
  it('takes pasted lines, with a token for each device', async () => {
    const { add, change, keep, tokens } = await planned(
      'Kitchen, 192.168.1.50, abc\nAttic, https://attic.local:443/up',
    );
    expect([change, keep]).to.deep.equal([[], []]);
    expect(add.map(({ name, typed, origin, prefix }) => [name, typed, origin, prefix])).to.deep.equal([
      ['Kitchen', '192.168.1.50', 'http://192.168.1.50:8080', '/ota'],
      ['Attic', 'https://attic.local:443/up', 'https://attic.local', '/up'],
    ]);
    expect(tokens).to.deep.equal(new Map([[add[0]?.id, 'abc']]));
  });

  it('takes the list of the command line, and leaves what that keeps elsewhere', async () => {
    const list = [
      { address: '10.0.0.1', name: 'Hall', tokenEnv: 'HALL', chip: 9, protocol: 'shipped', tokenHeader: 'X-Key' },
      { address: '10.0.0.2', token: 'abc', user: 'admin', passwordEnv: 'SECRET', chip: 'esp32-c3' },
    ];
    const { add, tokens } = await planned(JSON.stringify(list));
    expect(add[0]).to.include({
      name: 'Hall',
      chipId: 9,
      protocol: 'shipped',
      dialect: 'shipped',
      tokenHeader: 'X-Key',
    });
    expect(add[1]).to.include({ name: '10.0.0.2', chipId: 5, protocol: 'automatic', dialect: null });
    expect(tokens).to.deep.equal(new Map([[add[1]?.id, 'abc']]));
  });

  it('takes a user with each password, in columns of its own or in the token’s', async () => {
    const lines = ['address,user,token,password,protocol', '10.0.0.1,joe,pass word,,', '10.0.0.2,ada,abc,1815,shipped'];
    const { add, tokens } = await planned(lines.join('\n'));
    if (typeof tokens === 'string') throw new Error(tokens);
    expect(add.map(({ id }) => unpacked(tokens.get(id) ?? ''))).to.deep.equal([
      { token: null, login: { user: 'joe', password: 'pass word' } },
      { token: 'abc', login: { user: 'ada', password: '1815' } },
    ]);
    const list = [
      { address: '10.0.0.1', user: 'joe', token: 'secret' },
      { address: '10.0.0.2', user: 'ada', token: 'abc', protocol: 'shipped' },
    ];
    const read = await planned(JSON.stringify(list));
    if (typeof read.tokens === 'string') throw new Error(read.tokens);
    const { tokens: kept } = read;
    expect(read.add.map(({ id }) => unpacked(kept.get(id) ?? '').login?.user)).to.deep.equal(['joe', undefined]);
    expect(read.without.map(({ name, lacks }) => [name, lacks])).to.deep.equal([['10.0.0.2', 'login']]);
  });

  it('says which of the new devices come without a secret that the list only names', async () => {
    const list = [
      { address: '10.0.0.1', name: 'Hall', tokenEnv: 'HALL' },
      { address: '10.0.0.2', name: 'Attic', token: 'abc', user: 'admin', passwordEnv: 'SECRET' },
      { address: '10.0.0.3', name: 'Cellar', tokenEnv: 'CELLAR', user: 'admin' },
      { address: '10.0.0.4', name: 'Shed', token: 'abc', tokenEnv: ' ' },
      { address: '10.0.0.5', name: 'Kitchen', tokenEnv: 'KITCHEN' },
    ];
    // The secret that is kept of this one stays.
    const here = aDevice({ origin: 'http://10.0.0.5:8080', prefix: '/ota' });
    const { without } = await planned(JSON.stringify(list), { devices: [here] });
    expect(without).to.deep.equal([
      { name: 'Hall', lacks: 'token' },
      { name: 'Attic', lacks: 'login' },
      { name: 'Cellar', lacks: 'token-and-login' },
    ]);
    expect(importedText(5, 2, without)).to.equal(
      'Imported: 5 devices, 2 tokens. Not in the list, add under “Edit”: Hall (token); Attic (user and password); Cellar (token, user and password).',
    );
    const many = Array.from({ length: 8 }, () => ({ name: 'Hall', lacks: 'token' }) as const);
    expect(importedText(8, 0, many)).to.match(/: (Hall \(token\); ){5}and 3 more\.$/);
  });

  it('takes a backup, as before', async () => {
    const written = await writeBackup([aDevice()], null, { subtle, now });
    if (written.kind !== 'written') throw new Error(written.kind);
    const origin = (): string => aDevice().origin;
    expect((await planned(written.text, { originOf: origin })).add[0]).to.include({ name: aDevice().name });
  });

  it('keeps what a list does not say of a device that is here', async () => {
    const here = aDevice({
      ...{ origin: 'http://192.168.1.50:8080', typed: '192.168.1.50', prefix: '/ota' },
      ...{ group: 'House', chipId: 9, protocol: 'shipped', dialect: 'shipped', tokenHeader: 'X-Key' },
    });
    const same = await planned('http://192.168.1.50:8080', { devices: [here] });
    expect(same).to.deep.include({ add: [], change: [], keep: [here], tokens: 'none' });
    const renamed = await planned('name,address\nHall,192.168.1.50', { devices: [here] });
    expect(renamed.change).to.deep.equal([{ before: here, after: { ...here, name: 'Hall' } }]);
  });

  for (const [text, words] of [
    ['address,user\n10.0.0.1,joe', /^Line 2, user: Type the password as well/],
    ['address,password\n10.0.0.1,x', /^Line 2, password: a password needs a user/],
    ['address,user,token\n10.0.0.1,a:b,x', /^Line 2, user: A user name can’t contain a colon/],
    ['address,user,token,protocol\n10.0.0.1,a,x,documented', /^Line 2, user: With ViperHTTP as documented/],
    ['a,10.0.0.1\nb,ftp://x', /^Line 2, address: Devices use http or https/],
    ['a,10.0.0.1\n\nb,10.0.0.1:8080', /^Line 3, address: it is the same as in line 1\./],
    ['name,address,token\na,10.0.0.1,to ken', /^Line 2, token: a token can’t contain spaces/],
    ['name,address\n"a\u202eb",10.0.0.1', /^Line 2, name: it contains a line break or another invisible/],
    ['address,chip\n10.0.0.1,ESP33', /^Line 2, chip: this chip is unknown/],
    ['address,protocol\n10.0.0.1,telnet', /^Line 2, protocol: /],
    ['address,header\n10.0.0.1,Host', /^Line 2, header: Browsers don’t let a page send/],
    ['address,header\n10.0.0.1,X-Remote-User', /^Line 2, header: A header with this name has another meaning/],
    ['name,address\nKitchen,', /^Line 2, address: a device needs one/],
    [`${'x'.repeat(101)},10.0.0.1`, /^Line 1, name: it has more than 100 characters/],
    [
      '[{"address":"10.0.0.1"},{"adress":"10.0.0.2"}]',
      /^Device 2 of the list: a device in such a list has no “adress”/,
    ],
    ['[{"address":1}]', /^Device 1 of the list, address: it is not text/],
    ['[]', /^Device 1 of the list: there are no devices here/],
    ['[{"address":', /^Device 1 of the list: this is not a list/],
  ] as const) {
    it(`names line and field: ${words.source}`, async () => {
      const result = await read(text);
      if (result.kind !== 'row') throw new Error('it was not refused for a row');
      expect(rowProblemText(result.problem))
        .to.match(words)
        .and.match(/Nothing was changed\.$/);
    });
  }

  it('shows no token from a line that it refuses', async () => {
    const result = await read('a,10.0.0.1,secret-token\nb,10.0.0.1,secret-token');
    expect(JSON.stringify(result)).not.to.contain('secret-token');
  });

  it('refuses what is no text', async () => {
    expect(await read(new Blob([new Uint8Array([0xe9, 2, 2, 0, 0, 255, 1])]))).to.include({ kind: 'not-a-backup' });
    expect(await read('x'.repeat(3_000_000))).to.include({ kind: 'too-large' });
  });
});
