/** Puts many devices into the page's own database: adding two hundred by hand is another journey. */
import type { Page } from 'playwright-core';
import { aDevice } from '../storage/samples.ts';
import { fleetName } from '../../src/simulator/node/fleet.ts';
import type { ServedDevice } from './journey.ts';

export type NamedDevice = Pick<ServedDevice, 'origin' | 'token'> & {
  readonly name: string;
  readonly group?: string | null;
  readonly version?: string | null;
};

/** The page must have been opened before, so that its database is there; it is loaded again. */
export async function saveDevices(page: Page, named: readonly NamedDevice[]): Promise<void> {
  const devices = named.map(({ name, origin, group = null, version = null }, at) =>
    aDevice({
      ...{ id: `saved-${at}`, name, typed: origin.replace('http://', ''), origin, group, added: at },
      runs:
        version === null
          ? null
          : { sha256: '', version, project: null, slot: null, at: Date.UTC(2026, 0), proven: true },
    }),
  );
  const tokens = named.map(({ token }, at) => ({ deviceId: `saved-${at}`, keeping: 'plain', token }));
  await page.evaluate(
    async ([devicesToSave, tokensToSave]) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('moult');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error('no database', { cause: opening.error }));
      });
      await new Promise<void>((resolve, reject) => {
        const transaction = db.transaction(['devices', 'vault'], 'readwrite');
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(new Error('not saved', { cause: transaction.error }));
        for (const device of devicesToSave) transaction.objectStore('devices').put(device);
        for (const token of tokensToSave) transaction.objectStore('vault').put(token);
      });
      db.close();
    },
    [devices, tokens] as const,
  );
  await page.reload();
}

/** Saves each device under the name of its position. */
export function saveFleet(page: Page, fleet: readonly ServedDevice[]): Promise<void> {
  return saveDevices(
    page,
    fleet.map(({ origin, token }, at) => ({ name: fleetName(at), origin, token })),
  );
}
