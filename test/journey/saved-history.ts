/** Puts lines of the history into the page's own database, as if their updates had run here. */
import type { Page } from 'playwright-core';
import type { HistoryEntry } from '../../src/model/update/history-entry.ts';

/** The page must have been opened before, so that its database is there; it is loaded again. */
export async function saveHistory(page: Page, entries: readonly HistoryEntry[]): Promise<void> {
  await page.evaluate(async (entriesToSave) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('moult');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error('no database', { cause: opening.error }));
    });
    await new Promise<void>((resolve, reject) => {
      const stores = ['history', 'history-traces'] as const;
      const transaction = db.transaction(stores, 'readwrite');
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new Error('not saved', { cause: transaction.error }));
      // Each of the two has fields of the other then, which nobody reads.
      for (const entry of entriesToSave) for (const store of stores) transaction.objectStore(store).put(entry);
    });
    db.close();
  }, entries);
  await page.reload();
}
