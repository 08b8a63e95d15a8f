import { expect } from 'chai';
import { LARGEST_CHUNK, Pace, SMALLEST_CHUNK, SMALLEST_GROWN_CHUNK, WORSE_BY } from '../../src/update/pace.ts';
import { UpdateError } from '../../src/update/update-error.ts';
import type { UpdateErrorCode } from '../../src/update/update-error.ts';

/** Milliseconds a byte of a device whose costs are the same at every size. */
const COST = 0.01;
const good = (pace: Pace, bytes = pace.size): void => pace.acknowledged(bytes, bytes * COST);

function grown(): Pace {
  const pace = new Pace(null);
  while (pace.size < LARGEST_CHUNK) good(pace);
  return pace;
}

/** Sends `total` bytes to a device that answers `code` to every chunk over `limit`; answers how often it did. */
function send(pace: Pace, total: number, limit: number, code: UpdateErrorCode): number {
  let failures = 0;
  for (let sent = 0; sent < total;) {
    expect(pace.size).to.be.within(SMALLEST_CHUNK, LARGEST_CHUNK);
    if (pace.size > limit) {
      failures++;
      pace.trouble(new UpdateError(code), pace.size);
    } else {
      sent += pace.size;
      good(pace);
      expect(pace.taken).to.be.at.most(limit);
    }
  }
  return failures;
}

describe('the size of a chunk at first', () => {
  it('is what every device takes', () => {
    expect(new Pace(null).size).to.equal(SMALLEST_GROWN_CHUNK);
  });

  it('is what the device was seen to take, within what any device may take', () => {
    expect(new Pace(16_384).size).to.equal(16_384);
    expect(new Pace(1_000_000).size).to.equal(LARGEST_CHUNK);
    expect(new Pace(1).size).to.equal(SMALLEST_CHUNK);
  });

  it('says nothing yet of what the device takes', () => {
    expect(new Pace(16_384).taken).to.equal(null);
  });
});

describe('a chunk that went well', () => {
  it('doubles the next, up to the body limit of the devices and never beyond', () => {
    const pace = new Pace(null);
    const sizes = Array.from({ length: 6 }, () => {
      good(pace);
      return pace.size;
    });
    expect(sizes).to.deep.equal([8192, 16_384, 32_768, LARGEST_CHUNK, LARGEST_CHUNK, LARGEST_CHUNK]);
    expect(LARGEST_CHUNK).to.equal(65_536);
  });

  it('is what the device was seen to take: never more than was acknowledged', () => {
    const pace = new Pace(null);
    good(pace);
    expect(pace.size).to.equal(2 * SMALLEST_GROWN_CHUNK);
    expect(pace.taken).to.equal(SMALLEST_GROWN_CHUNK);
    good(pace, 100);
    expect(pace.taken, 'a short one does not lower it').to.equal(SMALLEST_GROWN_CHUNK);
  });

  it('says nothing of its size where it was shorter than half', () => {
    const pace = new Pace(null);
    good(pace, SMALLEST_GROWN_CHUNK / 2 - 1);
    expect(pace.size).to.equal(SMALLEST_GROWN_CHUNK);
    good(pace, SMALLEST_GROWN_CHUNK / 2);
    expect(pace.size).to.equal(2 * SMALLEST_GROWN_CHUNK);
  });

  it('grows a remembered size that is no power of two to the limit as well', () => {
    const pace = new Pace(50_000);
    good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK);
  });
});

describe('a larger chunk that took longer for each byte', () => {
  it('is not sent again for now, and is not what is remembered', () => {
    const pace = new Pace(null);
    good(pace);
    pace.acknowledged(8192, 8192 * COST * WORSE_BY * 1.01);
    expect(pace.size).to.equal(SMALLEST_GROWN_CHUNK);
    expect(pace.taken).to.equal(SMALLEST_GROWN_CHUNK);
    good(pace);
    expect(pace.size, 'not at once').to.equal(SMALLEST_GROWN_CHUNK);
  });

  it('is no worse within the noise of a link', () => {
    const pace = new Pace(null);
    good(pace);
    pace.acknowledged(8192, 8192 * COST * WORSE_BY);
    expect(pace.size).to.equal(16_384);
  });

  it('is tried again later: one slow moment does not slow down the whole upload', () => {
    const pace = new Pace(null);
    good(pace);
    pace.acknowledged(8192, 8192 * COST * 3);
    for (let chunk = 0; chunk < 8; chunk++) good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK);
  });

  it('is held against the size before its growth only, not against the best moment of all', () => {
    const pace = grown();
    for (let chunk = 0; chunk < 10; chunk++) good(pace);
    pace.acknowledged(LARGEST_CHUNK, LARGEST_CHUNK * COST * 3);
    expect(pace.size).to.equal(LARGEST_CHUNK);
  });

  it('never makes chunks smaller than what every device takes well', () => {
    const pace = new Pace(SMALLEST_CHUNK);
    good(pace);
    pace.acknowledged(2048, 2048 * COST * 3);
    expect(pace.size).to.equal(SMALLEST_GROWN_CHUNK);
  });
});

describe('a chunk that failed', () => {
  for (const code of ['body-too-large', 'device-fault', 'busy', 'unreachable', 'silent'] as const) {
    it(`halves the next after ${code}`, () => {
      const pace = grown();
      pace.trouble(new UpdateError(code), LARGEST_CHUNK);
      expect(pace.size).to.equal(LARGEST_CHUNK / 2);
      good(pace);
      expect(pace.size, 'the size that failed is not tried at once').to.equal(LARGEST_CHUNK / 2);
    });
  }

  for (const code of ['conflict', 'garbled', 'unauthorised', 'aborted'] as const) {
    it(`says nothing of its size after ${code}`, () => {
      const pace = grown();
      pace.trouble(new UpdateError(code), LARGEST_CHUNK);
      expect(pace.size).to.equal(LARGEST_CHUNK);
    });
  }

  it('counts with the bytes it had, not with those it might have had', () => {
    const pace = grown();
    pace.trouble(new UpdateError('silent'), 9000);
    expect(pace.size).to.equal(4096);
  });

  it('never makes chunks so small that only their cost is left', () => {
    const pace = new Pace(null);
    for (let time = 0; time < 10; time++) pace.trouble(new UpdateError('silent'), pace.size);
    expect(pace.size).to.equal(SMALLEST_CHUNK);
    pace.trouble(new UpdateError('silent'), 1);
    expect(pace.size).to.equal(SMALLEST_CHUNK);
    good(pace);
    good(pace);
    expect(pace.size, 'failures of the smallest say nothing against the next larger one').to.equal(2 * SMALLEST_CHUNK);
  });

  it('lowers what is remembered to what went well below it', () => {
    const pace = grown();
    good(pace);
    pace.trouble(new UpdateError('device-fault'), LARGEST_CHUNK);
    expect(pace.taken).to.equal(LARGEST_CHUNK / 2);
  });

  it('is soon tried again after one failure: most often it was the moment', () => {
    const pace = grown();
    pace.trouble(new UpdateError('unreachable'), LARGEST_CHUNK);
    good(pace);
    good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK);
    good(pace);
    pace.trouble(new UpdateError('unreachable'), LARGEST_CHUNK);
    good(pace);
    good(pace);
    expect(pace.size, 'a size that went well in between starts with a clean sheet').to.equal(LARGEST_CHUNK);
  });

  it('is tried again ever later where it fails again and again', () => {
    const pace = grown();
    const waits = Array.from({ length: 5 }, () => {
      pace.trouble(new UpdateError('device-fault'), LARGEST_CHUNK);
      let chunks = 0;
      for (; pace.size < LARGEST_CHUNK; chunks++) good(pace);
      return chunks;
    });
    for (const [at, wait] of waits.entries()) if (at > 0) expect(wait).to.equal(2 * (waits[at - 1] ?? 0));
  });

  it('is never tried again where a failure costs the whole session', () => {
    const pace = grown();
    pace.trouble(new UpdateError('device-fault'), LARGEST_CHUNK, true);
    for (let chunk = 0; chunk < 1000; chunk++) good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK / 2);
  });

  it('is never tried again after 413: a body limit does not change', () => {
    const pace = grown();
    pace.trouble(new UpdateError('body-too-large'), LARGEST_CHUNK);
    for (let chunk = 0; chunk < 1000; chunk++) good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK / 2);
  });

  it('after 413 and then for another reason, finds back to what the body limit allows', () => {
    const pace = grown();
    pace.trouble(new UpdateError('body-too-large'), LARGEST_CHUNK);
    for (let time = 0; time < 3; time++) pace.trouble(new UpdateError('unreachable'), pace.size);
    expect(pace.size).to.equal(4096);
    for (let chunk = 0; chunk < 20; chunk++) good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK / 2);
  });
});

describe('a device that never takes more than so many bytes', () => {
  const IMAGE_BYTES = 1_500_000;
  for (const limit of [1024, 3000, 4096, 10_000, 30_000, 65_535]) {
    for (const code of ['body-too-large', 'busy', 'device-fault', 'unreachable', 'silent'] as const) {
      it(`is found out with a handful of failures: ${limit} bytes, ${code}`, () => {
        const pace = new Pace(null);
        const failures = send(pace, IMAGE_BYTES, limit, code);
        const chunks = IMAGE_BYTES / SMALLEST_CHUNK;
        // Down to the size that is taken, and then as often as a wait that doubles fits into all chunks.
        expect(failures).to.be.at.most(Math.log2(LARGEST_CHUNK / SMALLEST_CHUNK) + Math.log2(chunks));
        expect(pace.taken).to.be.within(SMALLEST_CHUNK, limit);
        expect(pace.taken, 'more than half of what it takes').to.be.greaterThan(limit / 2);
      });
    }
  }

  it('needs no failure at all the next time', () => {
    const pace = new Pace(null);
    send(pace, IMAGE_BYTES, 10_000, 'body-too-large');
    expect(send(new Pace(pace.taken), 3 * (pace.taken ?? 0), 65_536, 'busy')).to.equal(0);
  });
});

describe('a link that loses chunks whatever their size', () => {
  /** Every so many chunks one is lost; answers how many it took. */
  function chunksOver(everyNth: number): number {
    const pace = new Pace(null);
    let chunks = 0;
    for (let sent = 0; sent < 1_500_000;) {
      chunks++;
      if (chunks % everyNth === 0) {
        pace.trouble(new UpdateError('unreachable'), pace.size);
      } else {
        sent += pace.size;
        good(pace);
      }
    }
    return chunks;
  }

  it('is not made slower by ever smaller ones', () => {
    // Were every loss held against the size, it would end with the smallest: more than a thousand chunks.
    for (const everyNth of [20, 10, 5]) expect(chunksOver(everyNth)).to.be.lessThan(1_500_000 / (LARGEST_CHUNK / 4));
  });
});

describe('a device that asks for fewer requests', () => {
  it('is sent chunks of the same size: smaller ones would only be more of them', () => {
    for (const status of [429, 425]) {
      const pace = new Pace(16_384);
      pace.trouble(new UpdateError('busy', { status }), 16_384);
      expect(pace.size, String(status)).to.equal(16_384);
    }
    const pace = new Pace(16_384);
    pace.trouble(new UpdateError('busy', { status: 503 }), 16_384);
    expect(pace.size).to.equal(8192);
  });
});
