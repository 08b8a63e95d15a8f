/** One writer at a time in the data folder, which all hosts and commands of one user share. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { DataError, isMissing } from './data-error.ts';
import { HOLDER, isGone, NAMELESS_MS, ownHolder, tryMake, type Holder } from './lock-file.ts';

/** It is held while a small file is written, which takes seconds at most, on a worn card. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 25;
/** The last turn of each lock in this process, which are taken one after another. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Does `work` while nobody else does any in `folder`, which is there. Not to be called in such a work. A lock that a
 * process left when it died is let go of. Rejects with `DataError` where another process holds it for `patienceMs`.
 */
export function withFolderLock<T>(folder: string, work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const file = join(folder, 'lock');
  const turn = (turns.get(file) ?? Promise.resolve()).then(async () => {
    const ours = await take(file, patienceMs);
    try {
      return await work();
    } finally {
      await remove(file, ours);
    }
  });
  const over = turn.then(
    () => undefined,
    () => undefined, // Whoever waits for `turn` has the error.
  );
  turns.set(file, over);
  void over.then(() => {
    if (turns.get(file) === over) turns.delete(file);
  });
  return turn;
}

/** Resolves to what stands in the lock then. */
async function take(file: string, patienceMs: number): Promise<string> {
  const mine = JSON.stringify(ownHolder());
  let waited = 0;
  while (!tryMake(file, mine)) {
    const text = await textOf(file);
    const other = text === null ? null : holderOf(text);
    const isLeft = other === null ? waited >= Math.min(NAMELESS_MS, patienceMs) : isGone(other);
    if (isLeft && text !== null) await remove(file, text);
    else if (waited >= patienceMs) throw new DataError({ kind: 'lock-held', file, holder: other });
    else {
      await pause(LOOK_AGAIN_MS);
      waited += LOOK_AGAIN_MS;
    }
  }
  return mine;
}

/** Null where it was let go of meanwhile. */
async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function holderOf(text: string): Holder | null {
  try {
    return v.parse(HOLDER, JSON.parse(text));
  } catch {
    // Not written yet, or never.
    return null;
  }
}

/** Takes the lock of `text` away, and no other one that was put there meanwhile. */
async function remove(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if ((await textOf(aside)) !== text) {
    // Where the name is taken again already, its new owner has it.
    await link(aside, file).catch(() => undefined);
  }
  await rm(aside, { force: true });
}
