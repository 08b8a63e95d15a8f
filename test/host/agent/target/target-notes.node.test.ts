import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAction, newNote } from '../../../../src/agent/note.ts';
import { TargetNotes } from '../../../../src/host/agent/target/target-notes.ts';

describe('what an agent remembers of its targets', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-notes-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const opened = async (): Promise<TargetNotes> => {
    const notes = new TargetNotes(folder, (sentence) => {
      throw new Error(sentence);
    });
    await notes.load();
    return notes;
  };

  it('is there after a restart', async () => {
    const note = { ...newNote('moult-1'), seq: 7, action: { ...newAction('3'), half: true } };
    await (await opened()).write(note);
    const next = await opened();
    expect(next.of('moult-1')).to.deep.equal(note);
    expect(next.of('moult-2')).to.deep.equal(newNote('moult-2'));
  });

  it('is whole where an earlier version wrote it, which remembered less', async () => {
    await (await opened()).write({ ...newNote('moult-1'), action: { ...newAction('3'), half: true } });
    const [name = ''] = readdirSync(folder);
    const file = join(folder, name);
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { note: { action: Record<string, unknown> } };
    expect(delete kept.note.action['isApproved']).to.equal(true);
    writeFileSync(file, JSON.stringify(kept));
    expect((await opened()).of('moult-1').action).to.deep.equal({ ...newAction('3'), half: true });
  });
});
