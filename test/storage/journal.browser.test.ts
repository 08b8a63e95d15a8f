import { expect } from 'chai';
import { IndexedJournal } from '../../src/storage/journal.ts';
import { closeDatabases, openTestDatabase } from './open-test-database.ts';
import { aJournalEntry } from './samples.ts';

describe('A journal whose database went away', () => {
  afterEach(closeDatabases);

  it('lets the update go on: it keeps the entry in memory, and reports that', async () => {
    const db = await openTestDatabase();
    const troubles: unknown[] = [];
    const journal = new IndexedJournal(db, (error) => troubles.push(error));
    await journal.write(aJournalEntry({ acknowledged: 1 }));
    db.close();
    await journal.write(aJournalEntry({ acknowledged: 2 }));
    expect(troubles).to.have.length(1);
    expect((await journal.read('kitchen'))?.acknowledged).to.equal(2);
    await journal.clear('kitchen');
    expect(await journal.read('kitchen')).to.equal(null);
    expect(await journal.read('attic')).to.equal(null);
    expect(troubles).to.have.length(3);
  });
});

describe('A journal', () => {
  afterEach(closeDatabases);

  it('keeps entries of a device in the tab for as long as the page is open', async () => {
    const db = await openTestDatabase();
    const trouble = (error: unknown): never => {
      throw error;
    };
    const journal = new IndexedJournal(db, trouble, (id) => id === 'in-tab');
    await journal.write(aJournalEntry({ deviceId: 'in-tab', acknowledged: 1 }));
    await journal.write(aJournalEntry());
    expect((await journal.read('in-tab'))?.acknowledged).to.equal(1);
    expect((await new IndexedJournal(db, trouble).all()).map(({ deviceId }) => deviceId)).to.deep.equal(['kitchen']);
    await journal.clear('in-tab');
    expect(await journal.read('in-tab')).to.equal(null);
  });
});
