import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ContentStore, type StoreLimits } from '../../../src/host/data/content-store.ts';

const FILES = [1, 2, 3, 4].map((seed) => new Uint8Array(100).fill(seed));
const SHA256S = FILES.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
const [A = '', B = '', C = '', D = ''] = SHA256S;

describe('Files that are kept by their hash', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'moult-content-')), 'firmware');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  async function open(limits: Partial<StoreLimits> = {}, needed: readonly string[] = []): Promise<ContentStore> {
    const all = { bytes: 1_000, files: 10, ...limits };
    const store = new ContentStore(folder, (sha256) => needed.includes(sha256), all);
    await store.load((name) => name.endsWith('.part'));
    return store;
  }

  async function keep(store: ContentStore, ...sha256s: readonly string[]): Promise<void> {
    for (const sha256 of sha256s) {
      const part = join(folder, 'arriving.part');
      const bytes = FILES[SHA256S.indexOf(sha256)] ?? new Uint8Array();
      writeFileSync(part, bytes);
      await store.keep(part, sha256, bytes.length);
    }
  }

  const keptIn = (store: ContentStore): readonly string[] => SHA256S.filter((one) => store.sizeOf(one) !== null);

  it('are in a folder for this account alone', async () => {
    await open();
    expect(statSync(folder).mode & 0o077).to.equal(0);
  });

  it('are there after a restart, without what is of no use any more', async () => {
    await keep(await open(), A, B);
    writeFileSync(join(folder, 'x.part'), 'half');
    writeFileSync(join(folder, 'notes.txt'), 'not ours');
    const again = await open();
    expect([again.files, again.bytes]).to.deep.equal([2, 200]);
    expect(await again.read(A)).to.deep.equal(FILES[0]);
    expect(readdirSync(folder)).to.have.members([`${A}.bin`, `${B}.bin`, 'notes.txt']);
  });

  it('make room: what was used longest ago and is not needed goes', async () => {
    const store = await open({ files: 3 }, [B]);
    await keep(store, A, B, C);
    await store.read(A);
    expect(await store.makeRoom(() => [100])).to.equal(true);
    expect(keptIn(store)).to.deep.equal([A, B]);
    expect(existsSync(join(folder, `${C}.bin`))).to.equal(false);
  });

  it('make room by what was used last before a restart', async () => {
    await keep(await open(), A, B, C);
    for (const [index, sha256] of [B, C, A].entries()) utimesSync(join(folder, `${sha256}.bin`), index, index);
    const store = await open({ bytes: 300 });
    expect(await store.makeRoom(() => [100, 100])).to.equal(true);
    expect(keptIn(store)).to.deep.equal([A]);
  });

  it('have no room where all that is there is needed', async () => {
    const store = await open({ bytes: 350 }, [A, B, C]);
    await keep(store, A, B, C);
    expect(await store.makeRoom(() => [100])).to.equal(false);
    expect(keptIn(store)).to.deep.equal([A, B, C]);
  });

  it('count what comes while there is made room', async () => {
    const store = await open({ files: 3 });
    await keep(store, A, B, C);
    const arriving = [100];
    const made = store.makeRoom(() => arriving);
    arriving.push(100);
    expect(await made).to.equal(true);
    expect(keptIn(store)).to.deep.equal([C]);
  });

  for (const [how, put] of [
    ['changed', new Uint8Array(100).fill(9)],
    ['become longer', new Uint8Array(101).fill(1)],
  ] as const) {
    it(`are dropped where their bytes on the disk have ${how}`, async () => {
      const store = await open();
      await keep(store, A, D);
      writeFileSync(join(folder, `${A}.bin`), put);
      expect(await store.read(A)).to.equal(null);
      expect(keptIn(store)).to.deep.equal([D]);
      expect(readdirSync(folder)).to.deep.equal([`${D}.bin`]);
    });
  }

  it('are not there where somebody has removed them', async () => {
    const store = await open();
    await keep(store, A);
    rmSync(join(folder, `${A}.bin`));
    expect(await store.read(A)).to.equal(null);
    expect(store.sizeOf(A)).to.equal(null);
  });
});
