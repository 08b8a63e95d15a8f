import { expect } from 'chai';
import type { Database } from '../../../src/storage/database.ts';
import { VaultKeys } from '../../../src/storage/vault/vault-keys.ts';
import { IndexedVault } from '../../../src/storage/vault/vault.ts';
import { ManualClock } from '../../device/manual-clock.ts';
import { closeDatabases, freshName, noTrouble, openTestDatabase } from '../open-test-database.ts';
import { PLACE } from '../samples.ts';
import { everything, openTab } from '../vault-tab.ts';

const TOKEN = 'a-token-that-must-not-be-seen';
const PASSPHRASE = 'correct horse battery';
const ELSEWHERE = 'http://192.168.1.66:8080/ota';

/** A token as earlier versions stored it: sealed for the id alone, under the key that is there. */
async function leaveEarlierSeal(db: Database, deviceId: string): Promise<void> {
  const keys = new VaultKeys({ db, subtle: crypto.subtle, clock: new ManualClock(), trouble: noTrouble });
  const usable = await keys.forWriting();
  if (usable.kind !== 'held') throw new Error('there is no key');
  const { held } = usable;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(`moult token of ${deviceId}`);
  const token = new TextEncoder().encode(TOKEN);
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, held.key, token);
  await db.put('vault', { deviceId, keeping: 'encrypted', keyId: held.keyId, sealed: { iv, data } });
}

describe('The vault on disk', () => {
  afterEach(closeDatabases);

  it('opens in another tab and after a reload', async () => {
    const name = freshName();
    expect(await (await openTab(name)).vault.put('kitchen', TOKEN, 'encrypted', PLACE)).to.equal('encrypted');
    const again = await openTab(name);
    expect(await again.vault.read('kitchen', PLACE)).to.deep.equal({
      kind: 'found',
      token: TOKEN,
      keeping: 'encrypted',
    });
  });

  it('shows the token in no record of any store, with and without a lock', async () => {
    const { db, vault, lock } = await openTab(freshName());
    await vault.put('attic', TOKEN, 'plain', PLACE);
    expect(await everything(db), 'the scan finds what is plain').to.contain(TOKEN);
    await vault.put('attic', TOKEN, 'encrypted', PLACE);
    await vault.put('kitchen', TOKEN, 'encrypted', PLACE);
    expect(await everything(db)).to.not.contain(TOKEN);
    await lock.set(PASSPHRASE);
    expect(await everything(db))
      .to.not.contain(TOKEN)
      .and.not.contain(PASSPHRASE);
  });

  it('keeps a key that cannot be exported', async () => {
    const { db, vault } = await openTab(freshName());
    await vault.put('kitchen', TOKEN, 'encrypted', PLACE);
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
      await vault.put('kitchen', TOKEN, 'encrypted', PLACE);
      const record = await db.get('vault', 'kitchen');
      if (record?.keeping !== 'encrypted') throw new Error('not encrypted');
      expect(record.sealed.iv).to.have.length(12);
      seen.add(record.sealed.iv.join());
      expect(seen.size).to.equal(count);
    }
  });

  for (const keeping of ['encrypted', 'plain', 'memory'] as const)
    it(`gives a token that is kept as "${keeping}" out for the place it was kept for, and for no other`, async () => {
      const { vault } = await openTab(freshName());
      await vault.put('kitchen', TOKEN, keeping, PLACE);
      for (const other of [ELSEWHERE, `${PLACE}/more`, '']) {
        expect(await vault.read('kitchen', other)).to.deep.equal({ kind: 'elsewhere' });
        expect(await vault.get('kitchen', other)).to.equal(null);
      }
      expect(await vault.get('kitchen', PLACE)).to.equal(TOKEN);
    });

  it('opens no token whose record names another place, or another device, than it was sealed for', async () => {
    const { db, vault } = await openTab(freshName());
    await vault.put('kitchen', TOKEN, 'encrypted', PLACE);
    const record = await db.get('vault', 'kitchen');
    if (record?.keeping !== 'encrypted') throw new Error('not sealed');
    const { keeping, keyId, sealed } = record;
    const asIfEarlier = { keeping, keyId, sealed };
    for (const forged of [{ ...record, place: ELSEWHERE }, asIfEarlier]) {
      await db.put('vault', { ...forged, deviceId: 'attic' });
      expect(await vault.read('attic', ELSEWHERE)).to.deep.equal({ kind: 'damaged' });
    }
    expect(await vault.get('kitchen', PLACE)).to.equal(TOKEN);
  });

  it('takes a token along to where the person moved the device, and forgets the place before', async () => {
    const name = freshName();
    const { vault } = await openTab(name);
    for (const keeping of ['encrypted', 'plain', 'memory'] as const) {
      await vault.put('kitchen', TOKEN, keeping, PLACE);
      await vault.move('kitchen', PLACE, ELSEWHERE);
      expect(await vault.read('kitchen', ELSEWHERE)).to.deep.equal({ kind: 'found', token: TOKEN, keeping });
      expect(await vault.read('kitchen', PLACE)).to.deep.equal({ kind: 'elsewhere' });
    }
    await vault.move('kitchen', PLACE, 'http://192.168.1.99:8080/ota');
    expect(await vault.get('kitchen', ELSEWHERE), 'moved from where it is not').to.equal(TOKEN);
  });

  it('opens what an earlier version sealed for the id, and seals it for the place', async () => {
    const name = freshName();
    const { db, vault } = await openTab(name);
    await leaveEarlierSeal(db, 'kitchen');
    expect(await vault.keeping('kitchen', PLACE)).to.equal('encrypted');
    expect(await db.get('vault', 'kitchen')).to.have.property('place', PLACE);
    const again = await openTab(name);
    expect(await again.vault.get('kitchen', PLACE)).to.equal(TOKEN);
    expect(await again.vault.read('kitchen', ELSEWHERE)).to.deep.equal({ kind: 'elsewhere' });
  });

  it('does not overwrite the token that another tab kept while an earlier one was sealed anew', async () => {
    const name = freshName();
    const [db, other] = [await openTestDatabase(name), await openTab(name)];
    await leaveEarlierSeal(db, 'kitchen');
    const subtle = new Proxy(crypto.subtle, {
      get: (target, property): unknown => {
        if (property !== 'encrypt') return (Reflect.get(target, property) as () => unknown).bind(target);
        return async (...given: Parameters<SubtleCrypto['encrypt']>) => {
          await other.vault.put('kitchen', 'newer', 'encrypted', PLACE);
          return target.encrypt(...given);
        };
      },
    });
    const { vault } = await openTab(name, subtle);
    expect(await vault.get('kitchen', PLACE)).to.equal(TOKEN);
    expect(await vault.get('kitchen', PLACE)).to.equal('newer');
  });

  it('says that the key is lost, and makes a new one for the next token', async () => {
    const { db, vault } = await openTab(freshName());
    for (const lose of [
      () => db.delete('keys', 'vault'),
      () => db.put('keys', { id: 'vault', keyId: 'x', lock: 'none', key: {} as CryptoKey }),
    ]) {
      await vault.put('kitchen', TOKEN, 'encrypted', PLACE);
      await lose();
      expect(await vault.read('kitchen', PLACE)).to.deep.equal({ kind: 'key-lost' });
      expect(await vault.put('attic', TOKEN, 'encrypted', PLACE)).to.equal('encrypted');
      expect(await vault.get('attic', PLACE)).to.equal(TOKEN);
      expect(await vault.read('kitchen', PLACE)).to.deep.equal({ kind: 'key-lost' });
    }
  });

  it('makes one key, however many tabs make one at the same time', async () => {
    const name = freshName();
    const tabs = await Promise.all([openTab(name), openTab(name), openTab(name)]);
    await Promise.all(
      tabs.map(({ vault }, index) => vault.put(`device-${index}`, `${TOKEN}-${index}`, 'encrypted', PLACE)),
    );
    const { vault, db } = await openTab(name);
    expect(await db.count('keys')).to.equal(1);
    for (const [index] of tabs.entries())
      expect(await vault.get(`device-${index}`, PLACE)).to.equal(`${TOKEN}-${index}`);
  });

  it('keeps in memory only where the page is no secure context, unless told otherwise', async () => {
    const name = freshName();
    const { db, vault, lock } = await openTab(name, null);
    expect(vault.preferred).to.equal('memory');
    expect(await vault.put('kitchen', TOKEN, 'encrypted', PLACE)).to.equal('memory');
    expect(await everything(db)).to.not.contain(TOKEN);
    expect(await vault.put('attic', TOKEN, 'plain', PLACE)).to.equal('plain');
    expect(await lock.set(PASSPHRASE)).to.deep.equal({ kind: 'unavailable' });
    const reloaded = await openTab(name, null);
    expect(await reloaded.vault.get('kitchen', PLACE)).to.equal(null);
    expect(await reloaded.vault.get('attic', PLACE)).to.equal(TOKEN);
  });

  it('says that a token sealed elsewhere cannot be read on a page that is no secure context', async () => {
    const name = freshName();
    await (await openTab(name)).vault.put('kitchen', TOKEN, 'encrypted', PLACE);
    const { vault } = await openTab(name, null);
    expect(await vault.read('kitchen', PLACE)).to.deep.equal({ kind: 'key-lost' });
  });

  it('keeps in memory what the database does not take, and drops the older token there', async () => {
    const name = freshName();
    const { db, vault } = await openTab(name);
    await vault.put('kitchen', 'older', 'plain', PLACE);
    const troubles: unknown[] = [];
    const full = new Proxy(db, {
      get: (target, property): unknown => {
        if (property === 'put') return () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const cramped = new IndexedVault({ db: full, keys: null, trouble: (error) => troubles.push(error) });
    expect(await cramped.put('kitchen', TOKEN, 'plain', PLACE)).to.equal('memory');
    expect(await cramped.get('kitchen', PLACE)).to.equal(TOKEN);
    expect(await (await openTab(name)).vault.get('kitchen', PLACE)).to.equal(null);
    expect(troubles).to.have.length(1);
    expect(String(troubles[0])).to.not.contain(TOKEN);
  });
});
