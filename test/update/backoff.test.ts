import { expect } from 'chai';
import {
  askedFor,
  FIRST_WINDOW_MS,
  isDoubt,
  isWorthAnotherTry,
  LEAST_AFTER_TOO_MANY_MS,
  LONGEST_ASKED_FOR_MS,
  retryDelay,
  SILENT_TRIES_BEFORE_BEGIN,
  TRIES_BEFORE_BEGIN,
  TRIES_ONCE_BEGUN,
  WIDEST_WINDOW_MS,
} from '../../src/update/backoff.ts';
import type { UpdateErrorCode } from '../../src/model/update/error-codes.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';

const dropped = new UpdateError('unreachable');
/** The greatest number that `Random` may give is just below this. */
const ALMOST_ONE = 1 - Number.EPSILON;
const least = () => 0;
const most = () => ALMOST_ONE;

const WORTH: readonly UpdateErrorCode[] = [
  'unreachable',
  'silent',
  'garbled',
  'busy',
  'device-fault',
  'body-too-large',
  'conflict',
];
const FINAL: readonly UpdateErrorCode[] = [
  'aborted',
  'hash-mismatch',
  'bad-request',
  'unauthorised',
  'forbidden',
  'no-route',
  'wrong-host',
  'unsupported',
  'too-large',
  'other-session',
  'session-lost',
  'no-progress',
  'restarts-used-up',
  'unconfirmed',
  'not-marked-valid',
  'wrong-image',
  'held-elsewhere',
  'not-allowed',
];

describe('the delay before another try', () => {
  it('is drawn from the whole window, from 0 to its end', () => {
    expect(retryDelay(dropped, 1, true, least)).to.equal(0);
    expect(retryDelay(dropped, 1, true, () => 0.5)).to.equal(FIRST_WINDOW_MS / 2);
    expect(retryDelay(dropped, 1, true, most)).to.equal(FIRST_WINDOW_MS);
  });

  it('has a window that doubles with each try, up to the widest', () => {
    let window = FIRST_WINDOW_MS;
    for (let attempt = 1; attempt < TRIES_ONCE_BEGUN; attempt++) {
      expect(retryDelay(dropped, attempt, true, most), `try ${attempt}`).to.equal(Math.min(window, WIDEST_WINDOW_MS));
      window *= 2;
    }
    expect(window, 'the widest was reached').to.be.greaterThan(WIDEST_WINDOW_MS);
  });

  it('is never shorter than the device asked for, whatever the random number is', () => {
    const asked = new UpdateError('busy', { status: 429, retryAfterMs: 3000 });
    expect(retryDelay(asked, 1, true, least)).to.equal(3000);
    expect(retryDelay(asked, 1, true, most)).to.equal(3000);
    expect(retryDelay(asked, 20, true, most), 'a wider window stays').to.equal(WIDEST_WINDOW_MS);
  });

  it('is at most a minute, however long the device asks for', () => {
    const asked = new UpdateError('busy', { status: 503, retryAfterMs: 24 * 60 * 60 * 1000 });
    expect(retryDelay(asked, 1, true, most)).to.equal(LONGEST_ASKED_FOR_MS);
    expect(askedFor(asked)).to.equal(LONGEST_ASKED_FOR_MS);
    expect(LONGEST_ASKED_FOR_MS).to.equal(60_000);
  });

  it('is a second at least after 429, where the page may not read how long the device asks for', () => {
    const unread = new UpdateError('busy', { status: 429 });
    expect(askedFor(unread)).to.equal(LEAST_AFTER_TOO_MANY_MS);
    expect(LEAST_AFTER_TOO_MANY_MS).to.equal(1000);
    expect(askedFor(new UpdateError('busy', { status: 429, retryAfterMs: 0 })), 'it asked for nothing').to.equal(0);
  });

  it('is not made longer for a device that did not ask', () => {
    expect(askedFor(dropped)).to.equal(0);
    expect(askedFor(new UpdateError('busy', { status: 503 }))).to.equal(0);
  });
});

describe('giving up', () => {
  for (const code of FINAL) {
    it(`comes at once after ${code}, asked for or not`, () => {
      const error = new UpdateError(code, { retryAfterMs: 1000 });
      expect(retryDelay(error, 1, true, least)).to.equal(null);
      expect(isWorthAnotherTry(code)).to.equal(false);
    });
  }

  for (const code of WORTH) {
    it(`does not come at once after ${code}`, () => {
      expect(retryDelay(new UpdateError(code), 1, false, least)).to.equal(0);
      expect(isWorthAnotherTry(code)).to.equal(true);
    });
  }

  it('comes with the last try that is allowed once a session is open', () => {
    expect(retryDelay(dropped, TRIES_ONCE_BEGUN - 1, true, least)).to.equal(0);
    expect(retryDelay(dropped, TRIES_ONCE_BEGUN, true, least)).to.equal(null);
  });

  it('comes sooner before anything has begun, and soonest for a device that does not answer', () => {
    const silent = new UpdateError('silent');
    expect(retryDelay(dropped, TRIES_BEFORE_BEGIN - 1, false, least)).to.equal(0);
    expect(retryDelay(dropped, TRIES_BEFORE_BEGIN, false, least)).to.equal(null);
    expect(retryDelay(silent, SILENT_TRIES_BEFORE_BEGIN - 1, false, least)).to.equal(0);
    expect(retryDelay(silent, SILENT_TRIES_BEFORE_BEGIN, false, least)).to.equal(null);
    expect(retryDelay(silent, SILENT_TRIES_BEFORE_BEGIN, true, least), 'with a session').to.equal(0);
  });
});

describe('doubt, whether a request took effect all the same', () => {
  for (const code of ['unreachable', 'silent', 'garbled', 'device-fault', 'aborted'] as const) {
    it(`stays after ${code}`, () => expect(isDoubt(new UpdateError(code))).to.equal(true));
  }

  it('stays after 503 and 408, where the server may have passed the request on', () => {
    for (const status of [503, 408]) expect(isDoubt(new UpdateError('busy', { status })), `${status}`).to.equal(true);
    expect(isDoubt(new UpdateError('busy')), 'without a status').to.equal(true);
  });

  it('stays after a yes that is not the device’s own, and not after a 404', () => {
    expect(isDoubt(new UpdateError('no-route', { status: 200 }))).to.equal(true);
    expect(isDoubt(new UpdateError('no-route', { status: 404 }))).to.equal(false);
  });

  it('does not stay after 429 and 425, which are answered before anything is done', () => {
    for (const status of [429, 425]) expect(isDoubt(new UpdateError('busy', { status })), `${status}`).to.equal(false);
  });

  for (const code of ['conflict', 'body-too-large', ...FINAL.filter((one) => one !== 'aborted')] as const) {
    it(`does not stay after ${code}, a clear no`, () => expect(isDoubt(new UpdateError(code))).to.equal(false));
  }
});
