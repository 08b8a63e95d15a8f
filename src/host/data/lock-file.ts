/** What stands in the file of a lock: who has it, and whether that process is known to have ended. */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import * as v from 'valibot';

/** Who has it. The mark is that of one taking: a lock with another mark is another one. */
export const HOLDER = v.object({ pid: v.number(), machine: v.string(), boot: v.string(), mark: v.string() });
export type Holder = v.InferOutput<typeof HOLDER>;

/**
 * A process writes its name into a lock right after it has made it. A lock without a name for this long was left in
 * between.
 */
export const NAMELESS_MS = 1_000;

/** This process, with a mark of its own. */
export function ownHolder(): Holder {
  return { pid: process.pid, machine: hostname(), boot: bootId(), mark: randomUUID() };
}

/** Makes the file with `text` in it; false where somebody else has made it. Throws Node's error, and leaves nothing then. */
export function tryMake(file: string, text: string): boolean {
  let made: number;
  try {
    made = openSync(file, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(made, text);
    return true;
  } catch (error) {
    rmSync(file);
    throw error;
  } finally {
    closeSync(made);
  }
}

/** Whether the process is known to have ended. Of one on another machine that shares the folder nothing is known. */
export function isGone({ pid, machine, boot }: Holder): boolean {
  if (machine !== hostname()) return false;
  // Process ids are given anew: after a restart of the machine, and to this process itself, which knows its own locks.
  if (boot !== bootId() || pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Differs after each start of the machine; the same word for every start where the system tells none. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Linux alone has it.
    return 'unknown';
  }
}
