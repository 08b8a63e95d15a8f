import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChunkSizes } from '../../../src/host/reach/chunk-sizes.ts';

const KITCHEN = 'http://192.168.1.50:8080';
const ATTIC = 'http://192.168.1.51:8080';

describe('the chunks that devices took from this machine', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-sizes-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (): string => join(folder, 'data', 'chunk-sizes.json');
  const sizes = (): ChunkSizes => new ChunkSizes(join(folder, 'data'));

  it('are remembered by the device’s origin', async () => {
    await sizes().learn(KITCHEN, { chunkBytes: 3840 });
    await sizes().learn(ATTIC, { chunkBytes: 65_536 });
    await sizes().learn(KITCHEN, { chunkBytes: 3392 });
    expect(await sizes().of(KITCHEN)).to.deep.equal({ direct: 3392 });
    expect(await sizes().of(ATTIC)).to.deep.equal({ direct: 65_536 });
    expect(await sizes().of('http://192.168.1.52:8080')).to.deep.equal({});
  });

  it('are not known where no update has shown one, and no folder is made for that', async () => {
    await sizes().learn(KITCHEN, { chunkBytes: 0 });
    expect(await sizes().of(KITCHEN)).to.deep.equal({});
    expect(existsSync(file())).to.equal(false);
  });

  it('are all kept where many updates end at once, in one command or in several', async () => {
    const one = sizes();
    const origins = Array.from({ length: 20 }, (_, at) => `http://10.0.0.${at}:8080`);
    await Promise.all(origins.map((origin, at) => (at % 2 === 0 ? one : sizes()).learn(origin, { chunkBytes: 3840 })));
    for (const origin of origins) expect(await sizes().of(origin)).to.deep.equal({ direct: 3840 });
  });

  for (const [what, text] of [
    ['no JSON', '{"http://192.168.1.50:8080": 38'],
    ['of another shape', '[1, 2]'],
    ['of sizes that are none', `{"${KITCHEN}": 12.5}`],
    ['of sizes that no device takes', `{"${KITCHEN}": 1000000000}`],
  ] as const) {
    it(`are as good as none where the file is ${what}, and are kept anew`, async () => {
      await sizes().learn(ATTIC, { chunkBytes: 3840 });
      writeFileSync(file(), text);
      expect(await sizes().of(KITCHEN)).to.deep.equal({});
      await sizes().learn(KITCHEN, { chunkBytes: 3840 });
      expect(await sizes().of(KITCHEN)).to.deep.equal({ direct: 3840 });
    });
  }

  it('are forgotten where the folder cannot be used, and nothing fails', async () => {
    writeFileSync(join(folder, 'data'), 'a file, and no folder');
    await sizes().learn(KITCHEN, { chunkBytes: 3840 });
    expect(await sizes().of(KITCHEN)).to.deep.equal({});
  });

  it('make room for new ones, the one that was updated longest ago first', async () => {
    await sizes().learn(KITCHEN, { chunkBytes: 3840 });
    const many = Object.fromEntries(Array.from({ length: 4_095 }, (_, at) => [`http://10.0.0.1:${at}`, 3840]));
    writeFileSync(file(), JSON.stringify({ [KITCHEN]: 3840, ...many }));
    await sizes().learn(ATTIC, { chunkBytes: 3840 });
    expect(Object.keys(JSON.parse(readFileSync(file(), 'utf8')) as object)).to.have.length(4_096);
    expect(await sizes().of(KITCHEN)).to.deep.equal({});
    expect(await sizes().of('http://10.0.0.1:0')).to.deep.equal({ direct: 3840 });
  });
});
