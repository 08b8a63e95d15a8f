import { deleteDB } from 'idb';
import { openDatabase } from '../../src/storage/database.ts';
import type { Database } from '../../src/storage/database.ts';
import { ManualClock } from '../device/manual-clock.ts';

const open: Database[] = [];
const names = new Set<string>();

/** A name that no other test uses; its database is deleted by `closeDatabases`. */
export function freshName(): string {
  const name = `moult-test-${crypto.randomUUID()}`;
  names.add(name);
  return name;
}

/** A database at the current version; a second one under the same name stands for a second tab. */
export async function openTestDatabase(name = freshName()): Promise<Database> {
  const result = await openDatabase({ clock: new ManualClock(), name });
  if (result.kind !== 'open') throw new Error(`no database: ${result.kind}`, { cause: result.cause });
  open.push(result.db);
  return result.db;
}

/** To be run after each test. */
export async function closeDatabases(): Promise<void> {
  for (const db of open.splice(0)) db.close();
  for (const name of names) await deleteDB(name);
  names.clear();
}

/** A callback that fails the test: for ports that must not be called. */
export function noTrouble(error: unknown): void {
  throw new Error('there was trouble', { cause: error });
}
