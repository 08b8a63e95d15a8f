import { expect } from 'chai';
import {
  BEGIN_TIMEOUT_MS,
  ChunkTimeout,
  FINALIZE_TIMEOUT_MS,
  LEAST_CHUNK_TIMEOUT_MS,
  MOST_CHUNK_TIMEOUT_MS,
  SLOWER_THAN_SEEN,
  SLOWEST_LINK,
} from '../../src/update/time-limits.ts';

describe('the patience with silence', () => {
  it('gives a begin the time to erase, a finalize the time to read back', () => {
    expect(BEGIN_TIMEOUT_MS).to.be.at.least(40_000);
    expect(FINALIZE_TIMEOUT_MS).to.be.at.least(20_000);
  });
});

describe('the patience with a chunk', () => {
  it('goes by size as long as nothing is known, and outlasts the limit of the device itself', () => {
    expect(new ChunkTimeout().limit(4096, false)).to.equal(LEAST_CHUNK_TIMEOUT_MS);
    expect(new ChunkTimeout().limit(65_536, false)).to.equal(65_536 / SLOWEST_LINK);
    expect(LEAST_CHUNK_TIMEOUT_MS).to.be.greaterThan(5_000);
  });

  it('is several times what the device was seen to need, by size', () => {
    const patience = new ChunkTimeout();
    patience.countGood(4096, 1000);
    expect(patience.limit(4 * 4096, false)).to.equal(SLOWER_THAN_SEEN * 4 * 1000);
  });

  it('stays with the slowest chunk that was seen', () => {
    const patience = new ChunkTimeout();
    patience.countGood(4096, 1000);
    patience.countGood(4096, 10);
    expect(patience.limit(4 * 4096, false)).to.equal(SLOWER_THAN_SEEN * 4 * 1000);
  });

  it('still goes by size where giving up costs the session: the link may get worse', () => {
    const patience = new ChunkTimeout();
    patience.countGood(65_536, 100);
    expect(patience.limit(65_536, true)).to.equal(65_536 / SLOWEST_LINK);
    expect(patience.limit(65_536, false)).to.equal(LEAST_CHUNK_TIMEOUT_MS);
  });

  it('is never less than the least, however quick the device', () => {
    const patience = new ChunkTimeout();
    patience.countGood(65_536, 1);
    expect(patience.limit(65_536, false)).to.equal(LEAST_CHUNK_TIMEOUT_MS);
  });

  it('is a minute at most: a small chunk that stalled does not make a large one be waited for for an hour', () => {
    const patience = new ChunkTimeout();
    patience.countGood(1024, 9_000);
    expect(patience.limit(65_536, false)).to.equal(MOST_CHUNK_TIMEOUT_MS);
    expect(MOST_CHUNK_TIMEOUT_MS).to.equal(60_000);
  });
});
