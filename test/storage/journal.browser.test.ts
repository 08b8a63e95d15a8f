import { expect } from 'chai';
import { IndexedJournal } from '../../src/storage/journal.ts';
import { closeDatabases, openTestDatabase } from './open-test-database.ts';
import { aJournalEntry } from './samples.ts';

describe('A journal whose database went away', () => {
  afterEach(closeDatabases);

  it('lets the update go on: it keeps the entry for the page, and tells', async () => {
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
