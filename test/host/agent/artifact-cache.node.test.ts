import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ArtifactCache, type GetFrom } from '../../../src/host/agent/artifact-cache.ts';
import { nodeClock } from '../../../src/host/node-ports.ts';
import { insteadOfSync } from '../data/disk.ts';

const BYTES = new Uint8Array(5_000).map((_, at) => (at * 7) & 0xff);
const sha256 = createHash('sha256').update(BYTES).digest('hex');
const WANTED = { sha256, size: BYTES.length };
const never = new AbortController().signal;

describe('an agent’s artifacts on disk', () => {
  let folder: string;
  let cache: ArtifactCache;
  let asked: number[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'moult-artifacts-'));
    asked = [];
    await open();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function open(): Promise<void> {
    cache = new ArtifactCache(folder, () => false, nodeClock);
    await cache.load();
  }

  /** A server that resumes from any byte, and breaks off after `ends` bytes. */
  const served =
    (bytes: Uint8Array<ArrayBuffer> = BYTES, ends = Infinity): GetFrom =>
    (from) => {
      asked.push(from);
      const sent = bytes.subarray(from, Math.min(bytes.length, from + ends));
      return Promise.resolve(new Response(sent, { status: from > 0 ? 206 : 200 }));
    };

  it('are fetched once, however many ask', async () => {
    const ends = await Promise.all([1, 2, 3].map(() => cache.fetch(WANTED, served(), never)));
    expect(ends).to.deep.equal(['here', 'here', 'here']);
    expect(await cache.fetch(WANTED, served(), never)).to.equal('here');
    expect(asked).to.deep.equal([0]);
    expect(await cache.read(sha256)).to.deep.equal(BYTES);
  });

  it('are there after a restart, for this account alone', async () => {
    await cache.fetch(WANTED, served(), never);
    await open();
    expect(cache.sizeOf(sha256)).to.equal(BYTES.length);
    expect(statSync(join(folder, `${sha256}.bin`)).mode & 0o077).to.equal(0);
  });

  it('go on where they broke off, also after a restart', async () => {
    expect(await cache.fetch(WANTED, served(BYTES, 2_000), never)).to.equal('later');
    await open();
    expect(await cache.fetch(WANTED, served(), never)).to.equal('here');
    expect(asked).to.deep.equal([0, 2_000]);
    expect(await cache.read(sha256)).to.deep.equal(BYTES);
  });

  it('begin anew at a server that cannot go on', async () => {
    await cache.fetch(WANTED, served(BYTES, 2_000), never);
    const whole: GetFrom = () => Promise.resolve(new Response(BYTES));
    expect(await cache.fetch(WANTED, whole, never)).to.equal('here');
    expect(await cache.read(sha256)).to.deep.equal(BYTES);
  });

  it('are fetched once more where the bytes are others, and then called damaged', async () => {
    const other = BYTES.map((byte) => byte ^ 1);
    expect(await cache.fetch(WANTED, served(other), never)).to.equal('damaged');
    expect(asked).to.deep.equal([0, 0]);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('are never longer than was said', async () => {
    const long = new Uint8Array([...BYTES, 1, 2, 3]);
    expect(await cache.fetch(WANTED, served(long), never)).to.equal('here');
    expect(statSync(join(folder, `${sha256}.bin`)).size).to.equal(BYTES.length);
  });

  for (const status of [401, 404, 500]) {
    it(`are left for later where the server says ${status}`, async () => {
      const refused: GetFrom = () => Promise.resolve(new Response(null, { status }));
      expect(await cache.fetch(WANTED, refused, never)).to.equal('later');
    });
  }

  it('are left for later where nobody answers', async () => {
    expect(await cache.fetch(WANTED, () => Promise.reject(new TypeError('fetch failed')), never)).to.equal('later');
  });

  for (const [code, end] of [
    ['ENOSPC', 'no-room'],
    ['EROFS', 'no-room'],
    ['EIO', 'later'],
  ] as const) {
    it(`end as ${end} where the disk says ${code}`, async () => {
      const restore = await insteadOfSync(() => Promise.reject(Object.assign(new Error(code), { code })));
      try {
        expect(await cache.fetch(WANTED, served(), never)).to.equal(end);
      } finally {
        restore();
      }
    });
  }
});
