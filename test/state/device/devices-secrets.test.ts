/** Tokens and logins of saved devices. */
import { expect } from 'chai';
import { MemoryVault } from '../../../src/storage/vault/memory-vault.ts';
import type { TokenKeeping, TokenVault } from '../../../src/model/page/stores.ts';
import { openPageStorage } from '../../../src/storage/page-storage.ts';
import { PLACE } from '../../storage/samples.ts';
import { form, givenState, savedDevice } from '../given.ts';
import { wrongFields, secretsOf } from './saving.ts';

describe('The saved devices', () => {
  it('keep the token where it was not typed again, and forget it where it was emptied', async () => {
    const { devices, vault } = givenState();
    const { id } = await savedDevice(devices);
    await devices.save(form({ name: 'Hall', token: null }), id);
    expect(await vault.get(id, PLACE)).to.equal('secret');
    await devices.save(form({ token: '' }), id);
    expect(await vault.get(id, PLACE)).to.equal(null);
    expect(devices.$keeping.get().has(id)).to.equal(false);
  });

  it('keep a login apart from the token, until it is emptied', async () => {
    const { devices, store, vault } = givenState();
    const { id } = await savedDevice(devices, { login: { user: ' ada ', password: ' 1815 ' } });
    expect(JSON.stringify(await store.all())).not.to.contain('1815');
    const kept = { token: 'secret', login: { user: 'ada', password: ' 1815 ' } };
    expect(await secretsOf(devices, id)).to.deep.equal(kept);
    expect(await vault.get(id, PLACE), 'the token').to.equal('secret');
    expect(devices.keepsLogin(id)).to.equal(true);
    await devices.save(form({ name: 'Hall', token: null }), id);
    await devices.save(form({ name: 'Hall', token: null, login: null }), id);
    expect(await secretsOf(devices, id)).to.deep.equal(kept);
    await devices.save(form({ token: null, login: { user: '', password: '' } }), id);
    expect(await secretsOf(devices, id)).to.deep.equal({ token: 'secret', login: null });
    expect(devices.keepsLogin(id)).to.equal(false);
  });

  it('keep a password in the place of a token as a login, of the default user where none was typed', async () => {
    const { devices, store } = givenState();
    const { id } = await savedDevice(devices, { protocol: 'tasmota', token: 'pass word' });
    expect(JSON.stringify(await store.all())).not.to.contain('pass word');
    expect(await secretsOf(devices, id)).to.deep.equal({
      token: null,
      login: { user: 'admin', password: 'pass word' },
    });
    await devices.save(form({ protocol: 'tasmota', name: 'Hall', token: null }), id);
    expect((await secretsOf(devices, id)).login).to.deep.equal({ user: 'admin', password: 'pass word' });
    await devices.save(form({ protocol: 'tasmota', token: 'x', login: { user: ' joe ', password: '' } }), id);
    expect((await secretsOf(devices, id)).login).to.deep.equal({ user: 'joe', password: 'x' });
    const alone = await devices.save(
      form({ protocol: 'tasmota', token: null, login: { user: 'ada', password: '' } }),
      id,
    );
    expect(wrongFields(alone)).to.deep.equal(['login']);
    await devices.save(form({ protocol: 'tasmota', token: '' }), id);
    expect(await secretsOf(devices, id)).to.deep.equal({ token: null, login: null });
  });

  it('do so too for a device that was found to be a Tasmota', async () => {
    const { devices } = givenState();
    const { id } = await savedDevice(devices, { token: 'pass word', dialect: 'tasmota' });
    expect(devices.find(id)).to.include({ protocol: 'automatic', dialect: 'tasmota' });
    await devices.save(form({ token: 'another one' }), id);
    expect((await secretsOf(devices, id)).login).to.deep.equal({ user: 'admin', password: 'another one' });
  });

  it('keep a login as the token is kept, and know of it after a reload', async () => {
    const kept = new Map<string, string>();
    const { vault } = openPageStorage({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
    });
    const { devices } = givenState({ vault });
    const login = { user: '', password: 'second' };
    const { id } = await savedDevice(devices, { token: '', login, keepPlain: true });
    await devices.loadKeeping();
    expect([...devices.$keeping.get()]).to.deep.equal([[`${id} login`, 'plain']]);
    await devices.save(form({ token: null, keepPlain: false }), id);
    expect([...devices.$keeping.get()], 'the tick was taken away').to.deep.equal([[`${id} login`, 'memory']]);
    expect(await secretsOf(devices, id)).to.deep.equal({ token: null, login: { user: '', password: 'second' } });
  });

  it('keep a password encrypted where tokens are, and out of the browser’s own store', async () => {
    const memory = new MemoryVault();
    const put: (readonly [key: string, keeping: TokenKeeping])[] = [];
    const vault: TokenVault = {
      ...{ preferred: 'encrypted', keepsPlain: false },
      put: async (key, text, keeping) => {
        put.push([key, keeping]);
        await memory.put(key, text, keeping);
        return keeping;
      },
      get: (key) => memory.get(key),
      keeping: (key) => memory.keeping(key),
      move: () => memory.move(),
      remove: (key) => memory.remove(key),
    };
    const { devices } = givenState({ vault });
    const saved = await savedDevice(devices, { protocol: 'tasmota', token: 'pass word', keepPlain: true });
    expect(put).to.deep.equal([[`${saved.id} login`, 'encrypted']]);
    expect(JSON.stringify(saved)).not.to.contain('pass word');
  });

  it('ask for the passphrase also where the login alone is locked', async () => {
    let questions = 0;
    const { devices, vault } = givenState({ opened: async () => (questions += 1) > 0 });
    const { id } = await savedDevice(devices, { token: '', login: { user: 'ada', password: 'x' } });
    expect(await devices.unlocked(id)).to.equal(true);
    expect(questions).to.equal(0);
    vault.keeping = async (key: string) => (key === `${id} login` ? 'encrypted' : null);
    await devices.loadKeeping();
    await secretsOf(devices, id);
    expect(questions).to.equal(1);
  });

  it('forget the login with the device', async () => {
    const { devices, vault } = givenState();
    const { id } = await savedDevice(devices, { login: { user: 'ada', password: 'x' } });
    await devices.remove(id);
    expect([await vault.get(id, PLACE), await vault.get(`${id} login`, PLACE)]).to.deep.equal([null, null]);
    expect(devices.$keeping.get().size).to.equal(0);
  });

  it('ask for the passphrase before a device is moved with its token, and leave it where the token stays locked', async () => {
    let answer = false;
    const { devices, vault } = givenState({ opened: async () => answer });
    const { id } = await savedDevice(devices);
    vault.keeping = async () => 'encrypted' as const;
    await devices.loadKeeping();
    const moved = form({ address: '192.168.1.51', token: null });
    expect(wrongFields(await devices.save(moved, id))).to.deep.equal(['token']);
    expect(devices.find(id)?.typed).to.equal('192.168.1.50');
    answer = true;
    expect(await devices.save(moved, id)).to.include({ kind: 'saved' });
    expect(devices.find(id)?.typed).to.equal('192.168.1.51');
  });

  it('remove a device with its token', async () => {
    const { devices, store, vault } = givenState();
    const { id } = await savedDevice(devices);
    await devices.remove(id);
    expect(await store.all()).to.be.empty;
    expect(await vault.get(id, PLACE)).to.equal(null);
    expect(devices.$devices.get()).to.be.empty;
  });

  it('keep a token without encryption as long as it is ticked', async () => {
    const texts = new Map<string, string>();
    const store = {
      getItem: (key: string) => texts.get(key) ?? null,
      setItem: (key: string, text: string) => void texts.set(key, text),
    };
    const { devices, vault } = givenState({ vault: openPageStorage(store).vault });
    const { id } = await savedDevice(devices, { keepPlain: true });
    for (const [keepPlain, kept] of [
      [true, 'plain'],
      [false, 'memory'],
      [false, 'memory'],
      [true, 'plain'],
    ] as const) {
      await devices.save(form({ token: null, keepPlain }), id);
      expect(devices.$keeping.get().get(id)).to.equal(kept);
      expect(await vault.keeping(id, PLACE)).to.equal(kept);
      expect(await vault.get(id, PLACE)).to.equal('secret');
      expect([...texts.values()].join().includes('secret')).to.equal(keepPlain);
    }
  });
});
