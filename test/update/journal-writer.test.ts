import { expect } from 'chai';
import { JournalWriter } from '../../src/update/journal-writer.ts';
import type { Journal, JournalEntry } from '../../src/model/update/journal.ts';
import { settled } from '../device/manual-clock.ts';
import { DEVICE_ID, left } from './scripted/scripted.ts';

/** A journal whose writes end when the test says so. */
class SlowJournal implements Journal {
  readonly calls: string[] = [];
  #answer: (() => void)[] = [];

  read(): Promise<JournalEntry | null> {
    return Promise.resolve(null);
  }

  write(entry: JournalEntry): Promise<void> {
    return this.#call(`write ${entry.acknowledged}`);
  }

  clear(deviceId: string): Promise<void> {
    return this.#call(`clear ${deviceId}`);
  }

  async answer(): Promise<void> {
    const [answer] = this.#answer.splice(0, 1);
    if (!answer) throw new Error('Nothing waits for an answer.');
    answer();
    await settled();
  }

  #call(what: string): Promise<void> {
    this.calls.push(what);
    return new Promise((resolve) => this.#answer.push(resolve));
  }
}

const at = (acknowledged: number): JournalEntry => left({ acknowledged });

describe('the journal beside a run', () => {
  it('writes at once, and does not make the run wait', () => {
    const journal = new SlowJournal();
    new JournalWriter(journal).note(at(1));
    expect(journal.calls).to.deep.equal(['write 1']);
  });

  it('writes only the newest of what queued up meanwhile', async () => {
    const journal = new SlowJournal();
    const writer = new JournalWriter(journal);
    for (const bytes of [1, 2, 3, 4]) writer.note(at(bytes));
    await journal.answer();
    await journal.answer();
    await writer.settled();
    expect(journal.calls).to.deep.equal(['write 1', 'write 4']);
  });

  it('writes again after it had nothing to do', async () => {
    const journal = new SlowJournal();
    const writer = new JournalWriter(journal);
    writer.note(at(1));
    await journal.answer();
    writer.note(at(2));
    expect(journal.calls).to.deep.equal(['write 1', 'write 2']);
  });

  it('is settled when everything is written, and not before', async () => {
    const journal = new SlowJournal();
    const writer = new JournalWriter(journal);
    writer.note(at(1));
    writer.note(at(2));
    let isSettled = false;
    void writer.settled().then(() => (isSettled = true));
    await journal.answer();
    expect(isSettled).to.equal(false);
    await journal.answer();
    expect(isSettled).to.equal(true);
  });

  it('is settled where nothing was ever noted', async () => {
    await new JournalWriter(new SlowJournal()).settled();
  });

  it('clears after what is under way, and drops what queued up: an ended update leaves nothing', async () => {
    const journal = new SlowJournal();
    const writer = new JournalWriter(journal);
    writer.note(at(1));
    writer.note(at(2));
    let isCleared = false;
    void writer.clear(DEVICE_ID).then(() => (isCleared = true));
    await settled();
    expect(journal.calls).to.deep.equal(['write 1']);
    await journal.answer();
    expect(journal.calls).to.deep.equal(['write 1', `clear ${DEVICE_ID}`]);
    expect(isCleared).to.equal(false);
    await journal.answer();
    expect(isCleared).to.equal(true);
  });

  it('costs the update nothing where the database fails, and tries the next entry', async () => {
    const calls: string[] = [];
    const fails = (what: string): Promise<void> => {
      calls.push(what);
      return Promise.reject(new DOMException('The disk is full.', 'QuotaExceededError'));
    };
    const journal: Journal = {
      read: () => Promise.resolve(null),
      write: (entry) => fails(`write ${entry.acknowledged}`),
      clear: () => fails('clear'),
    };
    const writer = new JournalWriter(journal);
    writer.note(at(1));
    writer.note(at(2));
    await writer.settled();
    await writer.clear(DEVICE_ID);
    expect(calls).to.deep.equal(['write 1', 'write 2', 'clear']);
  });
});
