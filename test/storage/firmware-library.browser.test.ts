import { expect } from 'chai';
import type { Database } from '../../src/storage/database.ts';
import { IndexedFirmwareLibrary } from '../../src/storage/firmware-library.ts';
import { closeDatabases, noTrouble, openTestDatabase } from './open-test-database.ts';
import { aFirmware, bytesOf } from './samples.ts';

const needed = async (): Promise<ReadonlySet<string>> => new Set();

/** A database whose store of bytes refuses to take more, in a transaction that is otherwise real. */
function withoutRoom(db: Database, refusal: DOMException): Database {
  const wrap = <T extends object>(target: T, answers: Record<string, unknown>): T =>
    new Proxy(target, {
      get(_, property): unknown {
        if (typeof property === 'string' && property in answers) return answers[property];
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  return wrap(db, {
    transaction: (...args: Parameters<Database['transaction']>) => {
      const transaction = db.transaction(...args);
      return wrap(transaction, {
        objectStore: (name: string) => {
          const store = transaction.objectStore(name as never);
          return name === 'firmware-bytes' ? wrap(store, { put: () => Promise.reject(refusal) }) : store;
        },
      });
    },
  });
}

describe('The firmware library on disk', () => {
  afterEach(closeDatabases);

  it('loses nothing where the browser has no more room, not even the files to be removed', async () => {
    const db = await openTestDatabase();
    const good = new IndexedFirmwareLibrary(db, { needed, trouble: noTrouble, capBytes: 20 });
    for (const [added, sha256] of ['a', 'b'].entries())
      await good.keep(aFirmware({ sha256, added, size: 10 }), bytesOf(10));
    const before = await good.list();
    const full = new IndexedFirmwareLibrary(withoutRoom(db, new DOMException('full', 'QuotaExceededError')), {
      needed,
      trouble: noTrouble,
      capBytes: 20,
    });
    expect(await full.keep(aFirmware({ sha256: 'c', size: 15 }), bytesOf(15))).to.deep.equal({
      kind: 'quota',
    });
    expect(await good.list()).to.deep.equal(before);
    expect(await good.bytes('a')).to.deep.equal(bytesOf(10));
    expect(await good.bytes('c')).to.equal(null);
  });

  it('answers "unavailable" where the database went away or takes no files', async () => {
    const troubles: unknown[] = [];
    const options = { needed, trouble: (error: unknown) => troubles.push(error) };
    const db = await openTestDatabase();
    const picky = new IndexedFirmwareLibrary(withoutRoom(db, new DOMException('no', 'DataCloneError')), options);
    expect(await picky.keep(aFirmware(), bytesOf(8))).to.deep.equal({ kind: 'unavailable' });
    expect(await picky.list()).to.deep.equal([]);
    db.close();
    const gone = new IndexedFirmwareLibrary(db, options);
    expect(await gone.keep(aFirmware(), bytesOf(8))).to.deep.equal({ kind: 'unavailable' });
    expect(troubles).to.have.length(2);
  });

  it('asks the browser to keep its data once the first file is in, and does not wait for the answer', async () => {
    let asked = 0;
    const library = new IndexedFirmwareLibrary(await openTestDatabase(), {
      needed,
      trouble: noTrouble,
      persist: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    });
    expect(await library.list()).to.deep.equal([]);
    expect(asked).to.equal(0);
    for (const sha256 of ['a', 'b'])
      expect((await library.keep(aFirmware({ sha256 }), bytesOf(8))).kind).to.equal('kept');
    expect(asked).to.equal(1);
  });

  it('keeps two files that two tabs keep at the same time', async () => {
    const db = await openTestDatabase();
    const libraries = ['a', 'b', 'a'].map((sha256) => ({
      sha256,
      library: new IndexedFirmwareLibrary(db, { needed, trouble: noTrouble }),
    }));
    await Promise.all(libraries.map(({ library, sha256 }) => library.keep(aFirmware({ sha256 }), bytesOf(8))));
    expect(await db.count('firmware')).to.equal(2);
    expect(await db.count('firmware-bytes')).to.equal(2);
  });

  it('reads no bytes for its list', async () => {
    const db = await openTestDatabase();
    const library = new IndexedFirmwareLibrary(db, { needed, trouble: noTrouble });
    await library.keep(aFirmware(), bytesOf(8));
    await db.clear('firmware-bytes');
    expect(await library.list()).to.deep.equal([aFirmware()]);
    expect(await library.bytes(aFirmware().sha256)).to.equal(null);
    await library.keep(aFirmware(), bytesOf(8));
    expect(await library.bytes(aFirmware().sha256), 'written again').to.deep.equal(bytesOf(8));
  });
});
