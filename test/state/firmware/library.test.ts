import { expect } from 'chai';
import { LibraryState, newDrop } from '../../../src/state/firmware/library.ts';
import { NoticesState } from '../../../src/state/notices.ts';
import { MemoryFirmwareLibrary } from '../../../src/storage/memory.ts';
import { inspection, NOW } from '../given.ts';

const BYTES = new Uint8Array(8);

function record(name: string, added = NOW) {
  const sha256 = name.padEnd(64, '0');
  return { sha256, name, label: null, size: BYTES.length, inspection: inspection(), added, pinned: false };
}

describe('The library', () => {
  it('shows the newest first, and what a file was renamed to', async () => {
    const library = new LibraryState(new MemoryFirmwareLibrary({ needed: async () => new Set() }), new NoticesState());
    await library.keep(record('old', NOW - 1), BYTES, newDrop());
    await library.keep(record('new'), BYTES, newDrop());
    await library.rename(record('old').sha256, ' Kitchen, stable ');
    expect(library.$records.get().map(({ name, label }) => label ?? name)).to.deep.equal(['new', 'Kitchen, stable']);
    for (const blank of [' ', '\u200b', '\u202e']) {
      await library.rename(record('old').sha256, blank);
      expect(library.find(record('old').sha256)?.label).to.equal(null);
    }
    await library.rename(record('old').sha256, 'kitchen\u202enib');
    expect(library.find(record('old').sha256)?.label).to.equal('kitchennib');
  });

  it('says why a file was not kept', async () => {
    const notices = new NoticesState();
    const needed = async (): Promise<ReadonlySet<string>> => new Set();
    const library = new LibraryState(new MemoryFirmwareLibrary({ needed, capBytes: 4 }), notices);
    const drop = newDrop();
    expect(await library.keep(record('large'), BYTES, drop)).to.equal(false);
    library.tell(drop);
    expect(notices.$notices.get()).to.deep.equal([
      { kind: 'library-full', files: [{ name: 'large', why: 'larger-than-cap' }] },
    ]);
  });
});
