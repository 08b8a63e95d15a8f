import { expect } from 'chai';
import {
  chmodSync,
  chownSync,
  fstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whyShared, writeWhole } from '../../../src/host/data/user-data.ts';
import { dataTroubleInWords } from '../../../src/words/host/data-folder.ts';
import { fullDisk, insteadOfSync } from './disk.ts';

describe('A file in the data folder', () => {
  let folder: string;
  let file: string;
  let restore: () => void = () => undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-whole-'));
    file = join(folder, 'kept.json');
  });
  afterEach(() => {
    restore();
    rmSync(folder, { recursive: true });
  });

  it('is for this user alone, and leaves nothing beside it', async () => {
    writeFileSync(file, 'old', { mode: 0o644 });
    await writeWhole(file, 'new');
    expect(readFileSync(file, 'utf8')).to.equal('new');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readdirSync(folder)).to.deep.equal(['kept.json']);
  });

  it('is on the disk before it takes the old one’s place, and then its name is', async () => {
    writeFileSync(file, 'old');
    const synced: string[] = [];
    restore = await insteadOfSync(async ({ fd }, usual) => {
      const what = fstatSync(fd).isDirectory() ? 'the folder' : `${fstatSync(fd).size} bytes`;
      synced.push(`${what}, with the name at “${readFileSync(file, 'utf8')}”`);
      await usual();
    });
    await writeWhole(file, 'fresh');
    expect(synced).to.deep.equal(['5 bytes, with the name at “old”', 'the folder, with the name at “fresh”']);
  });

  it('stays as it was where the disk is full, with nothing half beside it', async () => {
    writeFileSync(file, 'old');
    restore = await fullDisk();
    const error = await writeWhole(file, 'fresh').catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'ENOSPC');
    expect(readFileSync(file, 'utf8')).to.equal('old');
    expect(readdirSync(folder)).to.deep.equal(['kept.json']);
  });

  it('is one of those that were written, whole, where many are written at once', async () => {
    const texts = Array.from({ length: 20 }, (_, at) => String(at).repeat(5_000));
    await Promise.all(texts.map((text) => writeWhole(file, text)));
    expect(texts).to.include(readFileSync(file, 'utf8'));
    expect(readdirSync(folder)).to.deep.equal(['kept.json']);
  });
});

describe('The data folder', () => {
  let folder: string;
  const me = process.getuid?.() ?? 0;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-owner-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is fit where it is this account’s, and nobody else may write in it', () => {
    chmodSync(folder, 0o755);
    expect(whyShared(folder)).to.equal(null);
  });

  it('is not fit where it is another account’s, which is said with the way out', () => {
    // Only root may give a folder away; any other account looks at its own as somebody else.
    if (me === 0) chownSync(folder, 4711, 4711);
    const trouble = whyShared(folder, me === 0 ? 0 : me + 1);
    if (trouble === null) throw new Error('taken for our own');
    expect(dataTroubleInWords(trouble))
      .to.contain(`${folder}, which holds`)
      .and.contain('belongs to another account')
      .and.contain('--data DIR');
  });
});
