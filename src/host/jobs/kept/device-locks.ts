/**
 * One update per device, whichever host or command of this data folder runs it: a file for each device while it lasts.
 */
import { createHash, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { isMissing } from '../../data/data-error.ts';
import { HOLDER, isGone, NAMELESS_MS, ownHolder, tryMake } from '../../data/lock-file.ts';
import { makePrivateFolder } from '../../data/user-data.ts';
import { THIS_MACHINE } from '../../../words/host/jobs.ts';

/** Who is at a device. */
export interface AtDevice {
  /** As `Job.by`. */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

const LOCK = v.object({ ...HOLDER.entries, by: v.string(), since: v.number() });
/** What this process holds: by file, what stands in it. */
const held = new Map<string, string>();

/**
 * Nothing is awaited: of two that ask at once, one is second. What a process left when it died is released by the next
 * that asks. Every method throws Node's error where the folder cannot be used.
 */
export class DeviceLocks {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Takes the device at `place` in the name of `by`. Null: it is ours now. */
  take(place: string, by: string): AtDevice | null {
    makePrivateFolder(this.#folder);
    const file = this.#fileOf(place);
    const mine = JSON.stringify({ ...ownHolder(), by, since: Date.now() });
    while (!tryMake(file, mine)) {
      const text = textOf(file);
      const other = text === null ? null : whoIsIn(file, text);
      if (other !== null) return other;
      if (text !== null) remove(file, text);
    }
    held.set(file, mine);
    return null;
  }

  /** Who is at the device at `place`, and lives; null: nobody. Changes nothing. */
  at(place: string): AtDevice | null {
    const file = this.#fileOf(place);
    const text = textOf(file);
    return text === null ? null : whoIsIn(file, text);
  }

  /** Lets go of what this process has taken; nothing for any other. */
  letGo(place: string): void {
    const file = this.#fileOf(place);
    const mine = held.get(file);
    if (mine === undefined) return;
    held.delete(file);
    remove(file, mine);
  }

  #fileOf(place: string): string {
    return join(this.#folder, `${createHash('sha256').update(place).digest('hex')}.lock`);
  }
}

/** Null where there is none. */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Null: a process that has ended left it. */
function whoIsIn(file: string, text: string): AtDevice | null {
  const holder = holderIn(text);
  if (holder === null) return isOld(file) ? null : { by: THIS_MACHINE, since: Date.now() };
  const { by, since } = holder;
  return held.get(file) === text || !isGone(holder) ? { by, since } : null;
}

function holderIn(text: string): v.InferOutput<typeof LOCK> | null {
  try {
    return v.parse(LOCK, JSON.parse(text));
  } catch {
    // Not written yet, or never.
    return null;
  }
}

function isOld(file: string): boolean {
  const { mtimeMs = -Infinity } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return Date.now() - mtimeMs > NAMELESS_MS;
}

/** Takes the lock of `text` away, and no other one that was put there meanwhile. */
function remove(file: string, text: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if (textOf(aside) !== text) {
    try {
      linkSync(aside, file);
    } catch {
      // Where the name is taken again already, its new owner has it.
    }
  }
  rmSync(aside, { force: true });
}
