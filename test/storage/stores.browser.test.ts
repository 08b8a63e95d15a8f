import { IndexedDevices } from '../../src/storage/devices.ts';
import { IndexedFirmwareLibrary } from '../../src/storage/firmware-library.ts';
import { IndexedHistory } from '../../src/storage/history.ts';
import { IndexedJournal } from '../../src/storage/journal.ts';
import { IndexedRollouts } from '../../src/storage/rollouts.ts';
import { VaultKeys } from '../../src/storage/vault/vault-keys.ts';
import { IndexedVault } from '../../src/storage/vault/vault.ts';
import { ManualClock } from '../device/manual-clock.ts';
import { closeDatabases, noTrouble, openTestDatabase } from './open-test-database.ts';
import {
  describeDevices,
  describeFirmwareLibrary,
  describeHistory,
  describeJournal,
  describeRollouts,
  describeVault,
} from './store-contracts.ts';

describe('In the database', () => {
  afterEach(closeDatabases);

  describeDevices(async () => new IndexedDevices(await openTestDatabase(), noTrouble));
  describeJournal(async () => new IndexedJournal(await openTestDatabase(), noTrouble));
  describeRollouts(async () => new IndexedRollouts(await openTestDatabase(), noTrouble));
  describeHistory(async () => new IndexedHistory(await openTestDatabase()));
  describeFirmwareLibrary(
    async (needs) => new IndexedFirmwareLibrary(await openTestDatabase(), { ...needs, trouble: noTrouble }),
  );

  describeVault(async () => {
    const db = await openTestDatabase();
    const keys = new VaultKeys({ db, subtle: crypto.subtle, clock: new ManualClock(), trouble: noTrouble });
    return new IndexedVault({ db, keys, trouble: noTrouble });
  });

  describe('on a page that is no secure context', () => {
    describeVault(async () => new IndexedVault({ db: await openTestDatabase(), keys: null, trouble: noTrouble }));
  });
});
