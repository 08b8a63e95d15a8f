/** The engine's journal in files: what is left of an update when the host is killed in the middle. */
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DIALECTS } from '../../../model/device/dialect.ts';
import type { Job } from '../../../model/jobs/job.ts';
import type { Journal, JournalEntry } from '../../../model/update/journal.ts';
import { isMissing } from '../../data/data-error.ts';
import { makePrivateFolder, writeWhole } from '../../data/user-data.ts';

/** More devices than one host updates; those that were left longest ago go first. */
const MOST = 1_024;
const PHASES: ReadonlySet<unknown> = new Set<JournalEntry['phase']>([
  'beginning',
  'writing',
  'finalizing',
  'restarting',
  'unconfirmed',
]);

/** One file per device, named by a hash: nothing that a client wrote becomes a path. */
export class FileJournal implements Journal {
  readonly #folder: string;
  /** The phase, session and image that each file has on the disk for certain. */
  readonly #durable = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Removes what was half written when the host ended, and what is too much. Throws Node's error. */
  load(): void {
    makePrivateFolder(this.#folder);
    const files: { path: string; at: number }[] = [];
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      if (name.endsWith('.json')) files.push({ path, at: statSync(path).mtimeMs });
      else rmSync(path, { force: true });
    }
    files.sort((one, other) => other.at - one.at);
    for (const { path } of files.slice(MOST)) rmSync(path, { force: true });
  }

  async read(deviceId: string): Promise<JournalEntry | null> {
    try {
      const entry: unknown = JSON.parse(await readFile(this.#fileOf(deviceId), 'utf8'));
      return isEntry(entry) && entry.deviceId === deviceId ? entry : null;
    } catch (error) {
      // Without it, or with one that a power cut left empty, the device's session looks like somebody else's, and the person decides.
      if (isMissing(error) || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /**
   * What follows a step of the update is on the disk when this resolves. The count of bytes, which comes with each chunk,
   * is in the system's hands by then: the end of this process does not lose it, and after a power cut the device tells more.
   */
  async write(entry: JournalEntry): Promise<void> {
    const step = `${entry.phase} ${entry.sessionId ?? ''} ${entry.sha256} ${String(entry.finalizeSent)}`;
    await writeWhole(this.#fileOf(entry.deviceId), JSON.stringify(entry), this.#durable.get(entry.deviceId) !== step);
    this.#durable.set(entry.deviceId, step);
  }

  async clear(deviceId: string): Promise<void> {
    this.#durable.delete(deviceId);
    await rm(this.#fileOf(deviceId), { force: true });
  }

  #fileOf(deviceId: string): string {
    return join(this.#folder, `${createHash('sha256').update(deviceId).digest('hex')}.json`);
  }
}

/** A job as it stood when its host ended: its record is some seconds behind, and the journal has what came since. */
export function asNoted(job: Job, left: JournalEntry | null): Job {
  const { update, standing, firmware } = job;
  if (update === null || update.phase === 'ended' || standing.kind === 'ended') return job;
  if (left?.sha256 !== firmware.sha256) return job;
  const acknowledged = Math.max(update.progress.acknowledged, left.acknowledged);
  return { ...job, update: { ...update, progress: { ...update.progress, acknowledged, inFlight: null } } };
}

/** The folder is this account's own: what is checked is that a file is one of ours, and whole. */
function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Record<keyof JournalEntry, unknown>>;
  return (
    typeof entry.deviceId === 'string' &&
    typeof entry.sha256 === 'string' &&
    [entry.size, entry.acknowledged, entry.sentTo, entry.at].every((number) => typeof number === 'number') &&
    DIALECTS.some((dialect) => dialect === entry.dialect) &&
    PHASES.has(entry.phase)
  );
}
