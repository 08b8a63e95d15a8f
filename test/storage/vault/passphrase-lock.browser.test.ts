import { expect } from 'chai';
import { PASSPHRASE_MIN_CHARACTERS, PASSPHRASE_ROUNDS } from '../../../src/storage/vault/passphrase-key.ts';
import { UNLOCKED_MS } from '../../../src/storage/vault/vault-keys.ts';
import { closeDatabases, freshName } from '../open-test-database.ts';
import { PLACE } from '../samples.ts';
import { everything, openTab } from '../vault-tab.ts';
import type { Tab } from '../vault-tab.ts';

const TOKEN = 'a-token-that-must-not-be-seen';
const PASSPHRASE = 'correct horse battery';

describe('The passphrase lock', () => {
  afterEach(closeDatabases);

  async function lockedTab(): Promise<Tab & { readonly name: string }> {
    const name = freshName();
    const tab = await openTab(name);
    await tab.vault.put('kitchen', TOKEN, 'encrypted', PLACE);
    await tab.vault.put('attic', 'another', 'encrypted', PLACE);
    expect(await tab.lock.state()).to.equal('none');
    expect(await tab.lock.set(PASSPHRASE)).to.deep.equal({ kind: 'done' });
    return { ...tab, name };
  }

  it('leaves the tokens unlocked at first, and locks them with a tap', async () => {
    const { vault, lock } = await lockedTab();
    expect(await lock.state()).to.equal('unlocked');
    expect(await vault.get('kitchen', PLACE)).to.equal(TOKEN);
    await lock.lock();
    expect(await lock.state()).to.equal('locked');
    expect(await vault.read('kitchen', PLACE)).to.deep.equal({ kind: 'locked' });
    expect(await vault.keeping('kitchen', PLACE)).to.equal('encrypted');
  });

  it('is locked after a reload, and opens only with the passphrase', async () => {
    const { name } = await lockedTab();
    const { vault, lock } = await openTab(name);
    expect(await lock.state()).to.equal('locked');
    expect(await lock.unlock('wrong horse battery')).to.deep.equal({ kind: 'wrong-passphrase' });
    expect(await vault.get('kitchen', PLACE)).to.equal(null);
    expect(await lock.unlock(PASSPHRASE)).to.deep.equal({ kind: 'done' });
    expect(await vault.get('kitchen', PLACE)).to.equal(TOKEN);
    expect(await vault.get('attic', PLACE)).to.equal('another');
    expect(await vault.get('attic', 'http://192.168.1.66:8080/ota'), 'for its place alone').to.equal(null);
  });

  it('leaves no key in the database that would open a token', async () => {
    const { db } = await lockedTab();
    const record = await db.get('keys', 'vault');
    expect(record).to.not.have.property('key');
    expect(record).to.include({ lock: 'passphrase', rounds: PASSPHRASE_ROUNDS });
    expect(await db.count('keys')).to.equal(1);
  });

  it('seals the tokens under a new key, so that an old copy of the key opens none of them', async () => {
    const name = freshName();
    const { db, vault, lock } = await openTab(name);
    await vault.put('kitchen', TOKEN, 'encrypted', PLACE);
    const old = await db.get('keys', 'vault');
    await lock.set(PASSPHRASE);
    if (old?.lock !== 'none') throw new Error('there was no open key');
    const sealed = await db.get('vault', 'kitchen');
    await db.put('keys', { ...old, keyId: sealed?.keeping === 'encrypted' ? sealed.keyId : '' });
    expect(await (await openTab(name)).vault.read('kitchen', PLACE)).to.deep.equal({ kind: 'damaged' });
  });

  it('marks tokens that were kept before it, until they are replaced', async () => {
    const { vault, lock } = await lockedTab();
    const marks = async (): Promise<readonly boolean[]> => [
      await vault.fromBeforeLock('kitchen'),
      await vault.fromBeforeLock('attic'),
    ];
    expect(await marks()).to.deep.equal([true, true]);
    await vault.put('kitchen', 'a new one', 'encrypted', PLACE);
    await vault.put('attic', 'another', 'encrypted', PLACE);
    expect(await marks(), 'the same token, typed again').to.deep.equal([false, true]);
    await vault.move('attic', PLACE, 'http://192.168.1.66:8080/ota');
    expect(await marks(), 'moved').to.deep.equal([false, true]);
    await lock.lock();
    await vault.put('attic', 'a new one', 'encrypted', PLACE);
    await vault.put('kitchen', 'one more', 'encrypted', PLACE);
    await lock.unlock(PASSPHRASE);
    expect(await marks(), 'saved while locked').to.deep.equal([false, false]);
    await lock.change(PASSPHRASE, `${PASSPHRASE} 2`);
    expect(await marks(), 'with every passphrase anew').to.deep.equal([true, true]);
    await lock.lock();
    await vault.put('kitchen', 'one more', 'encrypted', PLACE);
    await lock.unlock(`${PASSPHRASE} 2`);
    expect(await marks(), 'the same one, saved while locked').to.deep.equal([true, true]);
  });

  it('marks no token that was saved under it from the beginning', async () => {
    const { vault, lock } = await openTab(freshName());
    await lock.set(PASSPHRASE);
    await vault.put('kitchen', TOKEN, 'encrypted', PLACE);
    expect(await vault.fromBeforeLock('kitchen')).to.equal(false);
  });

  it('locks by itself a while after the last use, and notifies its listeners', async () => {
    const { vault, lock, clock } = await lockedTab();
    const told: string[] = [];
    const closed = new Promise<void>((resolve) => {
      lock.onChange((state) => {
        told.push(state);
        resolve();
      });
    });
    clock.advance(UNLOCKED_MS - 1);
    expect(await vault.get('kitchen', PLACE)).to.equal(TOKEN);
    clock.advance(UNLOCKED_MS - 1);
    expect(await lock.state(), 'a use lengthens the while').to.equal('unlocked');
    clock.advance(1);
    expect(await lock.state(), 'a look does not').to.equal('locked');
    await closed;
    expect(told).to.deep.equal(['locked']);
    expect(clock.pending).to.equal(0);
  });

  it('changes its passphrase, and the old one no longer opens it', async () => {
    const { name, lock } = await lockedTab();
    expect(await lock.change('wrong horse battery', 'quite another one')).to.include({ kind: 'wrong-passphrase' });
    expect(await lock.change(PASSPHRASE, 'quite another one')).to.deep.equal({ kind: 'done' });
    const { vault, lock: elsewhere } = await openTab(name);
    expect(await elsewhere.unlock(PASSPHRASE)).to.include({ kind: 'wrong-passphrase' });
    expect(await elsewhere.unlock('quite another one')).to.deep.equal({ kind: 'done' });
    expect(await vault.get('kitchen', PLACE)).to.equal(TOKEN);
  });

  it('is taken away with the passphrase; the tokens stay encrypted', async () => {
    const { name, db, lock } = await lockedTab();
    expect(await lock.remove('wrong horse battery')).to.include({ kind: 'wrong-passphrase' });
    expect(await lock.remove(PASSPHRASE)).to.deep.equal({ kind: 'done' });
    const { vault, lock: elsewhere } = await openTab(name);
    expect(await elsewhere.state()).to.equal('none');
    expect(await vault.get('kitchen', PLACE)).to.equal(TOKEN);
    expect(await everything(db)).to.not.contain(TOKEN);
  });

  it('is removed, where it was forgotten, with the encrypted tokens and with nothing else', async () => {
    const { name, vault, lock } = await lockedTab();
    await vault.put('hall', 'plain token', 'plain', PLACE);
    await lock.forget();
    const after = await openTab(name);
    expect(await after.lock.state()).to.equal('none');
    expect(await after.vault.read('kitchen', PLACE)).to.deep.equal({ kind: 'none' });
    expect(await after.vault.get('hall', PLACE)).to.equal('plain token');
    await after.vault.put('kitchen', 'a new one', 'encrypted', PLACE);
    expect(await after.vault.get('kitchen', PLACE)).to.equal('a new one');
  });

  it('refuses a passphrase that is too short, a second one, and a change where there is none', async () => {
    const { lock } = await lockedTab();
    const short = 'x'.repeat(PASSPHRASE_MIN_CHARACTERS - 1);
    expect(await lock.set(PASSPHRASE)).to.include({ kind: 'has-lock' });
    expect(await lock.change(PASSPHRASE, short)).to.include({ kind: 'too-short' });
    const open = await openTab(freshName());
    expect(await open.lock.set(short)).to.include({ kind: 'too-short' });
    for (const answer of [open.lock.unlock(PASSPHRASE), open.lock.remove(PASSPHRASE)])
      expect(await answer).to.include({ kind: 'no-lock' });
    expect(await open.lock.state()).to.equal('none');
  });

  it('can be set before there is any token', async () => {
    const name = freshName();
    await (await openTab(name)).lock.set(PASSPHRASE);
    const { vault, lock } = await openTab(name);
    await lock.unlock(PASSPHRASE);
    expect(await vault.put('kitchen', TOKEN, 'encrypted', PLACE)).to.equal('encrypted');
    await lock.lock();
    expect(await vault.get('kitchen', PLACE)).to.equal(null);
  });

  it('keeps a token that is saved while it is locked in memory, and encrypts it at the next unlock', async () => {
    const { name, db, vault, lock } = await lockedTab();
    await lock.lock();
    expect(await vault.put('hall', TOKEN, 'encrypted', PLACE)).to.equal('memory');
    expect(await vault.get('hall', PLACE)).to.equal(TOKEN);
    expect(await db.get('vault', 'hall')).to.equal(undefined);
    await lock.unlock(PASSPHRASE);
    expect(await vault.keeping('hall', PLACE)).to.equal('encrypted');
    const again = await openTab(name);
    await again.lock.unlock(PASSPHRASE);
    expect(await again.vault.get('hall', PLACE)).to.equal(TOKEN);
  });

  it('takes effect at once in a tab that was open before it was set', async () => {
    const name = freshName();
    const [one, other] = [await openTab(name), await openTab(name)];
    await one.vault.put('kitchen', TOKEN, 'encrypted', PLACE);
    expect(await other.vault.get('kitchen', PLACE)).to.equal(TOKEN);
    await one.lock.set(PASSPHRASE);
    expect(await other.lock.state()).to.equal('locked');
    expect(await other.vault.read('kitchen', PLACE)).to.deep.equal({ kind: 'locked' });
  });

  it('loses no token that another tab saves while it is set', async () => {
    const name = freshName();
    const [one, other] = [await openTab(name), await openTab(name)];
    await one.vault.put('kitchen', TOKEN, 'encrypted', PLACE);
    const saving = Array.from({ length: 8 }, async (_, index) =>
      other.vault.put(`d${index}`, TOKEN, 'encrypted', PLACE),
    );
    expect(await one.lock.set(PASSPHRASE)).to.deep.equal({ kind: 'done' });
    const kept = await Promise.all(saving);
    for (const [index, keeping] of kept.entries()) {
      const tab = keeping === 'encrypted' ? one : other;
      expect(await tab.vault.get(`d${index}`, PLACE)).to.equal(TOKEN);
    }
  });
});
