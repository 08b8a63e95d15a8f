import { expect } from 'chai';
import { parsePrefix } from '../../src/device/address.ts';
import { BackupState } from '../../src/state/backup.ts';
import { DevicesState } from '../../src/state/device/devices.ts';
import { readBackup, writeBackup } from '../../src/storage/backup.ts';
import { MemoryDevices } from '../../src/storage/memory.ts';
import { MemoryVault } from '../../src/storage/vault/memory-vault.ts';
import { newId } from '../../src/storage/vault/seal.ts';
import { NOW, readAddress, savedDevice } from './given.ts';
import type { BackupTools } from '../../src/model/page/backup.ts';

const PASSPHRASE = 'correct horse battery';

const originOf = (typed: string): string | null => {
  const read = readAddress(typed);
  return read.kind === 'address' ? read.origin : null;
};

function given(subtle: SubtleCrypto | null = crypto.subtle, store = new MemoryDevices(), opened = async () => true) {
  const vault = new MemoryVault();
  const devices = new DevicesState({
    ...{ store, vault, readAddress, newId, opened },
    readPrefix: parsePrefix,
    today: () => NOW,
  });
  const tools: BackupTools = {
    write: (saved, tokens) => writeBackup(saved, tokens, { subtle, now: NOW }),
    read: (file, saved, passphrase) => readBackup(file, { subtle, now: NOW, devices: saved, passphrase, originOf }),
  };
  return { devices, store, vault, backup: new BackupState({ tools, devices }) };
}

async function exported(passphrase: string | null): Promise<Blob> {
  const { devices, backup } = given();
  await savedDevice(devices, { name: 'Kitchen', address: 'kitchen', token: 'one' });
  await savedDevice(devices, { name: 'Garage', address: 'garage', token: 'two' });
  const result = await backup.export(passphrase);
  if (result.kind !== 'written') throw new Error(result.kind);
  return new Blob([result.text]);
}

describe('A backup of the devices', () => {
  it('brings devices and tokens to another browser, under the passphrase', async () => {
    const file = await exported(PASSPHRASE);
    expect(await file.text()).not.to.contain('two');
    const { devices, backup, store } = given();
    const read = await backup.read(file, PASSPHRASE);
    if (read.kind !== 'read') throw new Error(read.kind);
    expect(devices.$devices.get(), 'reading changes nothing').to.be.empty;
    expect(await backup.import(read.plan)).to.deep.equal({ kind: 'imported', devices: 2, tokens: 2, without: [] });
    const names = devices.$devices.get().map(({ name }) => name);
    expect(names).to.deep.equal(['Kitchen', 'Garage']);
    expect(await store.all()).to.have.length(2);
    const garage = devices.$devices.get().find(({ name }) => name === 'Garage');
    expect(await devices.token(garage?.id ?? '')).to.equal('two');
  });

  it('brings a login along with the token, or without one, and only under the passphrase', async () => {
    const here = given();
    const logins = [
      { user: 'ädä', password: 'pass:wörd' },
      { user: '', password: 'second' },
    ] as const;
    const made = [
      await savedDevice(here.devices, { name: 'Kitchen', address: 'kitchen', token: 'one', login: logins[0] }),
      await savedDevice(here.devices, { name: 'Garage', address: 'garage', token: '', login: logins[1] }),
    ];
    const open = await here.backup.export(null);
    expect(open.kind === 'written' && open.text)
      .to.be.a('string')
      .and.not.contain('second');
    const result = await here.backup.export(PASSPHRASE);
    if (result.kind !== 'written') throw new Error(result.kind);
    expect(result.text).not.to.contain('second');
    const there = given();
    const read = await there.backup.read(new Blob([result.text]), PASSPHRASE);
    if (read.kind !== 'read') throw new Error(read.kind);
    expect(await there.backup.import(read.plan)).to.deep.equal({
      kind: 'imported',
      devices: 2,
      tokens: 2,
      without: [],
    });
    const secrets = there.devices.$devices.get().map((device) => there.devices.secrets(device));
    expect(await Promise.all(secrets)).to.deep.equal([
      { token: 'one', login: logins[0] },
      { token: null, login: logins[1] },
    ]);
    expect(made).to.have.length(2);
  });

  it('asks once for locked tokens, and makes no file without them where they stay locked', async () => {
    let questions = 0;
    const { devices, backup, vault } = given(crypto.subtle, new MemoryDevices(), async () => {
      questions += 1;
      return false;
    });
    for (const at of [1, 2, 3]) await savedDevice(devices, { name: `${at}`, address: `${at}`, token: 'one' });
    vault.keeping = async () => 'encrypted';
    await devices.loadKeeping();
    const result = await backup.export(PASSPHRASE);
    expect(result).to.deep.equal({ kind: 'locked' });
    expect(questions).to.equal(1);
  });

  it('takes no token along without a passphrase', async () => {
    const { backup } = given();
    const read = await backup.read(await exported(null), null);
    expect(read.kind === 'read' && read.plan.tokens).to.equal('none');
  });

  it('says that the passphrase is wrong, or too short, or cannot be used here, and changes nothing', async () => {
    const file = await exported(PASSPHRASE);
    const { devices, backup } = given();
    const wrong = await backup.read(file, 'another passphrase');
    expect(wrong).to.include({ kind: 'wrong-passphrase' });
    expect(await backup.export('short')).to.deep.equal({ kind: 'too-short' });
    const insecure = given(null);
    expect(await insecure.backup.export(PASSPHRASE)).to.deep.equal({ kind: 'no-secure-context' });
    expect(await insecure.backup.read(file, PASSPHRASE)).to.include({ kind: 'no-secure-context' });
    expect(devices.$devices.get()).to.be.empty;
  });

  it('has to be read again where something has changed here since', async () => {
    const { devices, backup } = given();
    const kitchen = await savedDevice(devices, { name: 'Old name', address: 'kitchen' });
    const read = await backup.read(await exported(null), null);
    if (read.kind !== 'read') throw new Error(read.kind);
    expect(read.plan.change).to.have.length(1);
    await devices.learn(kitchen.id, { chipId: 9 });
    expect(await backup.import(read.plan)).to.deep.equal({ kind: 'changed-meanwhile' });
    expect(devices.$devices.get().map(({ name }) => name)).to.deep.equal(['Old name']);
  });

  it('leaves everything as it was where the browser refuses to save', async () => {
    const store = new MemoryDevices();
    const { devices, backup } = given(crypto.subtle, store);
    const read = await backup.read(await exported(null), null);
    if (read.kind !== 'read') throw new Error(read.kind);
    store.saveAll = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const said = await backup.import(read.plan).then(
      () => 'imported',
      (error: unknown) => (error instanceof DOMException ? error.name : 'another'),
    );
    expect(said).to.equal('QuotaExceededError');
    expect(devices.$devices.get()).to.be.empty;
  });
});
