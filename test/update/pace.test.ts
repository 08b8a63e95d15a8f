import { expect } from 'chai';
import {
  BEYOND_PUBLISHED,
  CHUNK_SIZES,
  LARGEST_CHUNK,
  Pace,
  type PaceOptions,
  SAFE_CHUNK,
  SMALLEST_CHUNK,
  WORSE_BY,
} from '../../src/update/pace.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import type { UpdateErrorCode } from '../../src/model/update/error-codes.ts';

/** Milliseconds per byte of a device whose cost does not depend on the size. */
const COST = 0.01;
const good = (pace: Pace, bytes = pace.size): void => pace.countGood(bytes, bytes * COST);
/** Whether the failure is put down to the size, and the sizes that follow. */
const fails = (pace: Pace, code: UpdateErrorCode = 'unreachable', bytes = pace.size): boolean => {
  const isBlamed = pace.blames(new UpdateError(code), bytes);
  pace.countFailed(new UpdateError(code), bytes);
  return isBlamed;
};

function paceOf(options: Partial<PaceOptions> = {}): Pace {
  return new Pace({ first: SAFE_CHUNK, remembered: null, costly: false, ...options });
}

function grown(options: Partial<PaceOptions> = {}): Pace {
  const pace = paceOf(options);
  while (pace.size < LARGEST_CHUNK) good(pace);
  good(pace);
  return pace;
}

/** Sends `total` bytes to a device that answers `code` to every chunk over `limit`; answers the sizes that failed. */
function send(pace: Pace, total: number, limit: number, code: UpdateErrorCode): number[] {
  const failed: number[] = [];
  for (let sent = 0; sent < total;) {
    expect(pace.size).to.be.within(SMALLEST_CHUNK, LARGEST_CHUNK);
    if (pace.size > limit) {
      failed.push(pace.size);
      fails(pace, code);
    } else {
      sent += pace.size;
      good(pace);
      expect(pace.taken ?? 0).to.be.at.most(limit);
    }
  }
  return failed;
}

const IMAGE_BYTES = 600_000;
/**
 * What the headers of a browser, of Node's `fetch` and of the devices' own client leave of a request of 4,096 bytes.
 */
const ROOM = { browser: 3402, node: 3760, own: 3861 };

describe('the size of a chunk at first', () => {
  it('is what the link says where nothing is known of the device', () => {
    expect(paceOf().size).to.equal(3072);
    expect(paceOf({ first: 4096 }).size).to.equal(4096);
  });

  it('is what the device was seen to take, within what any device may take', () => {
    expect(paceOf({ remembered: 16_384 }).size).to.equal(16_384);
    expect(paceOf({ remembered: 1_000_000 }).size).to.equal(LARGEST_CHUNK);
    expect(paceOf({ remembered: 1 }).size).to.equal(SMALLEST_CHUNK);
  });

  it('does not show yet what the device takes', () => {
    expect(paceOf({ remembered: 16_384 }).taken).to.equal(null);
  });
});

describe('a published device, which takes 4,096 bytes a request', () => {
  for (const [client, room, best] of [
    ['a browser', ROOM.browser, 3392],
    ['Node', ROOM.node, 3744],
    ['a client of few headers', ROOM.own, 3840],
  ] as const) {
    for (const code of ['unreachable', 'body-too-large'] as const) {
      it(`is found out by ${client} with one failed chunk that ends in ${code}`, () => {
        const pace = paceOf();
        expect(send(pace, IMAGE_BYTES, room, code)).to.have.length(1);
        expect(pace.taken).to.equal(best);
      });
    }

    it(`costs ${client} two at most where the first chunk is the 4,096 bytes of the documentation`, () => {
      const pace = paceOf({ first: 4096 });
      expect(send(pace, IMAGE_BYTES, room, 'body-too-large')).to.have.length.at.most(2);
      expect(pace.taken).to.equal(best);
    });

    it(`costs ${client} none the next time`, () => {
      const known = paceOf({ remembered: best });
      expect(send(known, IMAGE_BYTES, room, 'unreachable')).to.deep.equal([]);
      expect(known.taken, 'and it stays known').to.equal(best);
    });
  }

  it('loses one session at most where a failed chunk costs the session, and keeps what is safe', () => {
    const pace = paceOf({ first: 4096, costly: true });
    expect(send(pace, IMAGE_BYTES, ROOM.browser, 'unreachable')).to.deep.equal([4096]);
    expect(pace.taken).to.equal(SAFE_CHUNK);
    const known = paceOf({ first: 4096, costly: true, remembered: pace.taken });
    expect(send(known, IMAGE_BYTES, ROOM.browser, 'unreachable')).to.deep.equal([]);
  });
});

describe('a device with larger buffers', () => {
  it('is sent ever larger chunks, one size after the other, up to the largest', () => {
    const pace = paceOf();
    const sizes = Array.from({ length: 10 }, () => {
      good(pace);
      return pace.size;
    });
    expect(sizes).to.deep.equal([3392, 3744, 3840, 4096, 8192, 16_384, 32_768, 65_536, 65_536, 65_536]);
  });

  it('is remembered by what was acknowledged, never by more', () => {
    const pace = paceOf({ first: BEYOND_PUBLISHED });
    good(pace);
    expect(pace.size).to.equal(8192);
    expect(pace.taken).to.equal(BEYOND_PUBLISHED);
    good(pace, 100);
    expect(pace.taken, 'a short one does not lower it').to.equal(BEYOND_PUBLISHED);
  });

  it('is tried with larger chunks each time, since it may take more than was needed the last time', () => {
    const pace = paceOf({ remembered: 16_384 });
    good(pace);
    expect(pace.size).to.equal(32_768);
  });

  it('keeps the size that it took where another try could cost the session', () => {
    const pace = paceOf({ remembered: 16_384, costly: true });
    for (let chunk = 0; chunk < 100; chunk++) good(pace);
    expect(pace.size).to.equal(16_384);
  });

  it('is sent chunks that grow to the limit from a remembered size that is none of our steps as well', () => {
    const pace = paceOf({ remembered: 50_000 });
    good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK);
  });

  for (const limit of [5000, 10_000, 30_000, 65_535]) {
    for (const code of ['body-too-large', 'busy', 'device-fault', 'unreachable', 'silent'] as const) {
      it(`of ${limit} bytes is found out with one failure that ends in ${code}`, () => {
        const pace = paceOf();
        expect(send(pace, 1_500_000, limit, code)).to.have.length(1);
        expect(pace.taken).to.equal(CHUNK_SIZES.findLast((size) => size <= limit));
      });
    }
  }
});

describe('a device with less room than any that is known', () => {
  for (const limit of [1024, 2500]) {
    for (const code of ['body-too-large', 'device-fault', 'unreachable'] as const) {
      it(`of ${limit} bytes is found out with a handful of failures that end in ${code}`, () => {
        const failed = send(paceOf(), IMAGE_BYTES, limit, code);
        expect(failed).to.have.length.at.most(4);
      });
    }
  }

  it('does not keep a small size from a bad day', () => {
    const pace = paceOf({ remembered: 1024 });
    good(pace);
    expect(pace.size).to.equal(2048);
  });
});

describe('a device that calls every chunk too large', () => {
  it('is not sent smaller ones for ever: the smallest has failed for another reason', () => {
    const pace = paceOf();
    const wasSize = Array.from({ length: 6 }, () => fails(pace, 'body-too-large'));
    expect(wasSize).to.deep.equal([true, true, false, false, false, false]);
    expect(pace.size).to.equal(SMALLEST_CHUNK);
  });
});

describe('a size that has not been found yet', () => {
  it('is not remembered: the next update would never look for it', () => {
    const pace = paceOf();
    good(pace);
    good(pace);
    expect(pace.taken).to.equal(null);
  });

  it('is not remembered where the link loses chunks that fit: the one that set the limit may have fitted, too', () => {
    const pace = paceOf();
    good(pace);
    fails(pace);
    good(pace);
    expect(pace.taken).to.equal(SAFE_CHUNK);
    fails(pace);
    good(pace);
    expect(pace.taken).to.equal(null);
  });
});

describe('a short chunk', () => {
  it('tells nothing about the full size', () => {
    const pace = paceOf();
    good(pace, SAFE_CHUNK - 1);
    expect(pace.size).to.equal(SAFE_CHUNK);
    good(pace, SAFE_CHUNK);
    expect(pace.size).to.equal(3392);
  });
});

describe('a larger chunk that took longer for each byte', () => {
  const atPublished = (): Pace => {
    const pace = paceOf({ first: BEYOND_PUBLISHED });
    good(pace);
    return pace;
  };

  it('is not sent again for now, and is not what is remembered', () => {
    const pace = atPublished();
    pace.countGood(8192, 8192 * COST * WORSE_BY * 1.01);
    expect(pace.size).to.equal(BEYOND_PUBLISHED);
    expect(pace.taken).to.equal(BEYOND_PUBLISHED);
    good(pace);
    expect(pace.size, 'not at once').to.equal(BEYOND_PUBLISHED);
  });

  it('is not judged slower within the noise of a link', () => {
    const pace = atPublished();
    pace.countGood(8192, 8192 * COST * WORSE_BY);
    expect(pace.size).to.equal(16_384);
  });

  it('is tried again later: one slow moment does not slow down the whole upload', () => {
    const pace = atPublished();
    pace.countGood(8192, 8192 * COST * 3);
    for (let chunk = 0; chunk < 8; chunk++) good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK);
  });

  it('is compared only with the size before it, not with the best moment of all', () => {
    const pace = grown();
    for (let chunk = 0; chunk < 10; chunk++) good(pace);
    pace.countGood(LARGEST_CHUNK, LARGEST_CHUNK * COST * 3);
    expect(pace.size).to.equal(LARGEST_CHUNK);
  });

  it('is no reason to go back where both fit one request of the published server', () => {
    const pace = paceOf();
    good(pace);
    pace.countGood(3392, 3392 * COST * 3);
    expect(pace.size).to.equal(3744);
  });
});

describe('a chunk above one that was taken', () => {
  for (const code of ['unreachable', 'body-too-large'] as const) {
    it(`has failed for its size where it ended in ${code}`, () => {
      const pace = paceOf();
      good(pace);
      expect(fails(pace, code)).to.equal(true);
      expect(pace.size).to.equal(SAFE_CHUNK);
      for (let chunk = 0; chunk < 100; chunk++) good(pace);
      expect(pace.size, 'that size is never tried again').to.equal(SAFE_CHUNK);
    });
  }

  for (const code of ['busy', 'device-fault', 'silent'] as const) {
    it(`is not tried again, and may have failed for another reason, where it ended in ${code}`, () => {
      const pace = paceOf();
      good(pace);
      expect(fails(pace, code)).to.equal(false);
      for (let chunk = 0; chunk < 100; chunk++) good(pace);
      expect(pace.size).to.equal(SAFE_CHUNK);
    });
  }
});

describe('a chunk of a size that went well before', () => {
  for (const code of ['device-fault', 'busy', 'unreachable', 'silent', 'body-too-large'] as const) {
    it(`is halved after ${code}`, () => {
      const pace = grown();
      fails(pace, code);
      expect(pace.size).to.equal(LARGEST_CHUNK / 2);
      good(pace);
      expect(pace.size, 'the size that failed is not tried at once').to.equal(LARGEST_CHUNK / 2);
    });
  }

  for (const code of ['conflict', 'garbled', 'unauthorised', 'aborted'] as const) {
    it(`stays as large after ${code}, which says nothing of it`, () => {
      const pace = grown();
      fails(pace, code);
      expect(pace.size).to.equal(LARGEST_CHUNK);
    });
  }

  it('counts with the bytes it had, not with those of a full chunk', () => {
    const pace = grown();
    fails(pace, 'device-fault', 9000);
    expect(pace.size).to.equal(4096);
  });

  it('stays as large within one request of the published server, where its answer was lost', () => {
    for (const size of [SAFE_CHUNK, 3392, 3744, 3840]) {
      const pace = paceOf({ remembered: size });
      good(pace);
      for (let time = 0; time < 5; time++) expect(fails(pace, 'unreachable')).to.equal(false);
      expect(pace.size).to.equal(size);
    }
  });

  it('is never made so small that only the cost of a request is left', () => {
    const pace = paceOf();
    for (let time = 0; time < 10; time++) fails(pace, 'device-fault');
    expect(pace.size).to.equal(SMALLEST_CHUNK);
    fails(pace, 'device-fault', 1);
    expect(pace.size).to.equal(SMALLEST_CHUNK);
    for (let chunk = 0; chunk < 50; chunk++) good(pace);
    expect(pace.size, 'and finds back').to.equal(LARGEST_CHUNK);
  });

  it('lowers what is remembered to what went well below it', () => {
    const pace = grown();
    fails(pace, 'device-fault');
    expect(pace.taken).to.equal(LARGEST_CHUNK / 2);
  });

  it('is soon tried again after one failure, which is most often by chance', () => {
    const pace = grown();
    fails(pace);
    good(pace);
    good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK);
    good(pace);
    fails(pace);
    good(pace);
    good(pace);
    expect(pace.size, 'a size that went well in between starts with a clean sheet').to.equal(LARGEST_CHUNK);
  });

  it('is tried again ever later where it fails again and again', () => {
    const pace = grown();
    const waits = Array.from({ length: 5 }, () => {
      fails(pace, 'device-fault');
      let chunks = 0;
      for (; pace.size < LARGEST_CHUNK; chunks++) good(pace);
      return chunks;
    });
    for (const [at, wait] of waits.entries()) if (at > 0) expect(wait).to.equal(2 * (waits[at - 1] ?? 0));
  });

  it('is never tried again where a failure costs the whole session', () => {
    const pace = grown({ costly: true });
    fails(pace, 'device-fault');
    for (let chunk = 0; chunk < 1000; chunk++) good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK / 2);
  });

  it('is never tried again after 413: the limit of a request does not change', () => {
    const pace = grown();
    fails(pace, 'body-too-large');
    for (let chunk = 0; chunk < 1000; chunk++) good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK / 2);
  });

  it('after 413 and then for another reason, finds back to what the limit allows', () => {
    const pace = grown();
    fails(pace, 'body-too-large');
    for (let time = 0; time < 3; time++) fails(pace);
    expect(pace.size).to.equal(4096);
    for (let chunk = 0; chunk < 20; chunk++) good(pace);
    expect(pace.size).to.equal(LARGEST_CHUNK / 2);
  });
});

describe('a link that loses chunks whatever their size', () => {
  /** One chunk in so many is lost; answers how many chunks it took. */
  function chunksOver(everyNth: number): number {
    const pace = paceOf();
    let chunks = 0;
    for (let sent = 0; sent < 1_500_000;) {
      chunks++;
      if (chunks % everyNth === 0) {
        fails(pace);
      } else {
        sent += pace.size;
        good(pace);
      }
    }
    return chunks;
  }

  it('is not made slower by ever smaller chunks', () => {
    // If every loss were put down to the size, it would end with the smallest: more than a thousand chunks.
    for (const everyNth of [20, 11, 7]) expect(chunksOver(everyNth)).to.be.lessThan(1_500_000 / (LARGEST_CHUNK / 16));
  });
});

describe('a device that asks for fewer requests', () => {
  it('is sent chunks of the same size: smaller ones would only be more of them', () => {
    for (const status of [429, 425]) {
      const pace = grown();
      pace.countFailed(new UpdateError('busy', { status }), LARGEST_CHUNK);
      expect(pace.size, String(status)).to.equal(LARGEST_CHUNK);
    }
    const pace = grown();
    pace.countFailed(new UpdateError('busy', { status: 503 }), LARGEST_CHUNK);
    expect(pace.size).to.equal(LARGEST_CHUNK / 2);
  });
});
