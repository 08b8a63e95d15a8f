import { expect } from 'chai';
import { IndexedVault } from '../../src/storage/vault.ts';
import { closeDatabases, freshName } from './open-test-database.ts';
import { everything, openTab } from './vault-tab.ts';

const TOKEN = 'a-token-that-must-not-be-seen';
const PASSPHRASE = 'correct horse battery';

describe('The vault on disk', () => {
  afterEach(closeDatabases);

  it('opens in another tab and after a reload', async () => {
    const name = freshName();
    expect(await (await openTab(name)).vault.put('kitchen', TOKEN, 'encrypted')).to.equal('encrypted');
    const again = await openTab(name);
    expect(await again.vault.read('kitchen')).to.deep.equal({ found: true, token: TOKEN, keeping: 'encrypted' });
  });

  it('shows the token in no record of any store, with and without a lock', async () => {
    const { db, vault, lock } = await openTab(freshName());
    await vault.put('attic', TOKEN, 'plain');
    expect(await everything(db), 'the scan finds what is plain').to.contain(TOKEN);
    await vault.put('attic', TOKEN, 'encrypted');
    await vault.put('kitchen', TOKEN, 'encrypted');
    expect(await everything(db)).to.not.contain(TOKEN);
    await lock.set(PASSPHRASE);
    expect(await everything(db))
      .to.not.contain(TOKEN)
      .and.not.contain(PASSPHRASE);
  });

  it('keeps a key that cannot be exported', async () => {
    const { db, vault } = await openTab(freshName());
    await vault.put('kitchen', TOKEN, 'encrypted');
    const record = await db.get('keys', 'vault');
    const key = record?.lock === 'none' ? record.key : null;
    if (!(key instanceof CryptoKey)) throw new Error('there is no key');
    expect(key.extractable).to.equal(false);
    expect(key.algorithm).to.deep.equal({ name: 'AES-GCM', length: 256 });
    const error: unknown = await crypto.subtle.exportKey('raw', key).catch((cause: unknown) => cause);
    expect(error).to.have.property('name', 'InvalidAccessError');
  });

  it('seals each token under a nonce of its own, also the same one twice', async () => {
    const { db, vault } = await openTab(freshName());
    const seen = new Set<string>();
    for (let count = 1; count <= 5; count += 1) {
      await vault.put('kitchen', TOKEN, 'encrypted');
      const record = await db.get('vault', 'kitchen');
      if (record?.keeping !== 'encrypted') throw new Error('not encrypted');
      expect(record.sealed.iv).to.have.length(12);
      seen.add(record.sealed.iv.join());
      expect(seen.size).to.equal(count);
    }
  });

  it('does not open a token that was moved to another device', async () => {
    const { db, vault } = await openTab(freshName());
    await vault.put('kitchen', TOKEN, 'encrypted');
    const record = await db.get('vault', 'kitchen');
    if (record === undefined) throw new Error('not kept');
    await db.put('vault', { ...record, deviceId: 'attic' });
    expect(await vault.read('attic')).to.deep.equal({ found: false, why: 'damaged' });
    expect(await vault.get('attic')).to.equal(null);
    expect(await vault.get('kitchen')).to.equal(TOKEN);
  });

  it('says that the key is lost, and makes a new one for the next token', async () => {
    const { db, vault } = await openTab(freshName());
    for (const lose of [
      () => db.delete('keys', 'vault'),
      () => db.put('keys', { id: 'vault', keyId: 'x', lock: 'none', key: {} as CryptoKey }),
    ]) {
      await vault.put('kitchen', TOKEN, 'encrypted');
      await lose();
      expect(await vault.read('kitchen')).to.deep.equal({ found: false, why: 'key-lost' });
      expect(await vault.put('attic', TOKEN, 'encrypted')).to.equal('encrypted');
      expect(await vault.get('attic')).to.equal(TOKEN);
      expect(await vault.read('kitchen')).to.deep.equal({ found: false, why: 'key-lost' });
    }
  });

  it('makes one key, however many tabs make one at the same time', async () => {
    const name = freshName();
    const tabs = await Promise.all([openTab(name), openTab(name), openTab(name)]);
    await Promise.all(tabs.map(({ vault }, index) => vault.put(`device-${index}`, `${TOKEN}-${index}`, 'encrypted')));
    const { vault, db } = await openTab(name);
    expect(await db.count('keys')).to.equal(1);
    for (const [index] of tabs.entries()) expect(await vault.get(`device-${index}`)).to.equal(`${TOKEN}-${index}`);
  });

  it('keeps in memory only where the page is no secure context, unless told otherwise', async () => {
    const name = freshName();
    const { db, vault, lock } = await openTab(name, null);
    expect(vault.preferred).to.equal('memory');
    expect(await vault.put('kitchen', TOKEN, 'encrypted')).to.equal('memory');
    expect(await everything(db)).to.not.contain(TOKEN);
    expect(await vault.put('attic', TOKEN, 'plain')).to.equal('plain');
    expect(await lock.set(PASSPHRASE)).to.deep.equal({ ok: false, why: 'unavailable' });
    const reloaded = await openTab(name, null);
    expect(await reloaded.vault.get('kitchen')).to.equal(null);
    expect(await reloaded.vault.get('attic')).to.equal(TOKEN);
  });

  it('says that a token sealed elsewhere cannot be read on a page that is no secure context', async () => {
    const name = freshName();
    await (await openTab(name)).vault.put('kitchen', TOKEN, 'encrypted');
    const { vault } = await openTab(name, null);
    expect(await vault.read('kitchen')).to.deep.equal({ found: false, why: 'key-lost' });
  });

  it('keeps in memory what the database would not take, and drops the older token there', async () => {
    const name = freshName();
    const { db, vault } = await openTab(name);
    await vault.put('kitchen', 'older', 'plain');
    const troubles: unknown[] = [];
    const full = new Proxy(db, {
      get: (target, property): unknown => {
        if (property === 'put') return () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const cramped = new IndexedVault({ db: full, keys: null, trouble: (error) => troubles.push(error) });
    expect(await cramped.put('kitchen', TOKEN, 'plain')).to.equal('memory');
    expect(await cramped.get('kitchen')).to.equal(TOKEN);
    expect(await (await openTab(name)).vault.get('kitchen')).to.equal(null);
    expect(troubles).to.have.length(1);
    expect(String(troubles[0])).to.not.contain(TOKEN);
  });
});
