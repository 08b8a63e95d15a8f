/** What an agent remembers of its targets, a file each, whole or not at all. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { newAction, newNote, type TargetNote } from '../../../agent/note.ts';
import { RECORD as FILE, RecordFolder, type ReadRecord } from '../../data/record-folder.ts';

const VERSION = 1;

/** Written by this very program, and so checked no further than to be such a record. */
const NOTE = v.object({
  version: v.literal(VERSION),
  note: v.custom<TargetNote>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      'controllerId' in value &&
      typeof value.controllerId === 'string' &&
      'outbox' in value &&
      Array.isArray(value.outbox) &&
      'ended' in value &&
      Array.isArray(value.ended) &&
      'seq' in value &&
      typeof value.seq === 'number' &&
      'action' in value,
  ),
});

export class TargetNotes {
  readonly #folder: RecordFolder;
  readonly #known = new Map<string, TargetNote>();

  constructor(folder: string, trouble: (sentence: string) => void) {
    this.#folder = new RecordFolder(folder, trouble);
  }

  /** Rejects with Node's error where the folder cannot be used. */
  async load(): Promise<void> {
    for (const note of await this.#folder.load(readNote)) this.#known.set(note.controllerId, note);
  }

  of(controllerId: string): TargetNote {
    return this.#known.get(controllerId) ?? newNote(controllerId);
  }

  /** On the disk when it resolves. Rejects with Node's error. */
  async write(note: TargetNote): Promise<void> {
    this.#known.set(note.controllerId, note);
    await this.#folder.write(idOf(note.controllerId), FILE, { version: VERSION, note }, true);
  }
}

/** One of an earlier version lacks what later ones remember. */
function whole(note: TargetNote): TargetNote {
  const { action, controllerId } = note;
  return {
    ...newNote(controllerId),
    ...note,
    action: action === null ? null : { ...newAction(action.id), ...action },
  };
}

/** Nothing that a person wrote becomes a path. */
function idOf(controllerId: string): string {
  return createHash('sha256').update(controllerId).digest('hex').slice(0, 32);
}

const readNote: ReadRecord<TargetNote> = async (id, json) => {
  const { note } = v.parse(NOTE, await json(FILE));
  return idOf(note.controllerId) === id ? whole(note) : null;
};
