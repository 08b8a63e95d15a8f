import { expect } from 'chai';
import { SESSION_RESTARTS_AT_MOST } from '../../src/update/decision.ts';
import {
  LEAST_AFTER_TOO_MANY_MS,
  LONGEST_ASKED_FOR_MS,
  TRIES_ONCE_BEGUN,
  WIDEST_WINDOW_MS,
} from '../../src/update/backoff.ts';
import type { Run } from '../../src/update/run.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import {
  after,
  BEGIN,
  begun,
  counting,
  dropped,
  failure,
  FIRST_DELAY,
  goesOn,
  later,
  mute,
  shipped,
  silent,
  writing,
  startsOver,
} from './scripted/deciding.ts';
import { put, seen, Bench, LUCK } from './scripted/scripted.ts';

describe('a chunk that went wrong', () => {
  for (const link of [shipped, counting]) {
    it(`is followed by a question, where a ${link().dialect} device can be asked`, () => {
      for (const error of [dropped, silent, new UpdateError('conflict'), new UpdateError('garbled')]) {
        const run = writing(link());
        expect(after(run, { kind: 'write' }, error)).to.deep.equal(goesOn({ kind: 'ask' }, FIRST_DELAY, 'retrying'));
        expect(run.meter.sessionRestarts).to.equal(0);
        expect(seen(run).attempt).to.equal(1);
      }
    });
  }

  it('is shown as a range that needed another try, and makes the next ones no smaller where its size went well', () => {
    const run = writing();
    after(run, { kind: 'write' }, dropped);
    expect(run.progress()).to.deep.include({ retries: 1, retried: [{ start: 4096, end: 8192 }], inFlight: null });
    expect(run.pace.size).to.equal(8192);
  });

  it('is not shown as trouble where it was larger than any before: the device is asked at once, and its size not tried again', () => {
    const run = writing();
    run.meter.send({ start: 8192, end: 16_384 });
    expect(after(run, { kind: 'write' }, dropped)).to.deep.equal(goesOn({ kind: 'ask' }, 0, null));
    expect(run.progress()).to.deep.include({ retries: 0, retried: [], inFlight: null });
    expect(seen(run).attempt).to.equal(0);
    for (let chunk = 0; chunk < 100; chunk++) run.pace.countGood(run.pace.size, 1);
    expect(run.pace.size).to.equal(4096);
  });

  it('is shown as trouble where it was larger than any before, and another reason than its size is given', () => {
    const run = writing();
    run.meter.send({ start: 8192, end: 16_384 });
    const fault = new UpdateError('device-fault', { status: 500 });
    expect(after(run, { kind: 'write' }, fault)).to.deep.equal(goesOn({ kind: 'ask' }, FIRST_DELAY, 'retrying'));
    expect(run.progress()).to.include({ retries: 1 });
  });

  for (const link of [shipped, counting, mute]) {
    it(`is sent again in smaller ones at once where the device called it too large: ${link().dialect}`, () => {
      const run = writing(link());
      const tooLarge = new UpdateError('body-too-large', { status: 413 });
      expect(after(run, { kind: 'write' }, tooLarge)).to.deep.equal(goesOn({ kind: 'write' }, 0, null));
      expect(run.progress()).to.include({ retries: 0, acknowledged: 4096 });
      expect(run.pace.size).to.equal(3072);
    });
  }

  it('waits as long as the device asked for', () => {
    expect(after(writing(), { kind: 'write' }, later)).to.include({ delayMs: 20_000 });
  });

  it('is sent again to a device that cannot be asked only where it surely was not taken', () => {
    const run = writing(mute());
    const tooMany = new UpdateError('busy', { status: 429 });
    const again = goesOn({ kind: 'write' }, LEAST_AFTER_TOO_MANY_MS, 'retrying');
    expect(after(run, { kind: 'write' }, tooMany)).to.deep.equal(again);
    expect(run.meter.acknowledged).to.equal(4096);
  });

  it('starts the session over where it is not known whether it was taken', () => {
    for (const error of [dropped, silent, new UpdateError('garbled'), new UpdateError('conflict')]) {
      const run = writing(mute());
      startsOver(run, { kind: 'write' }, error);
      expect(run.progress()).to.include({ acknowledged: 0, sessionRestarts: 1, retries: 1 });
      expect(seen(run).attempt).to.equal(1);
    }
  });

  it('starts over where the device dropped the session, and blames no size for it', () => {
    const run = writing(mute());
    const { size } = run.pace;
    const gone = new UpdateError('session-lost', { status: 409 });
    startsOver(run, { kind: 'write' }, gone);
    expect(run.pace.size).to.equal(size);
  });

  it('waits twice as long before each start over that no byte came after', () => {
    const run = writing(mute());
    const delays = Array.from({ length: SESSION_RESTARTS_AT_MOST }, () => {
      const decision = after(run, { kind: 'write' }, dropped);
      return decision.kind === 'go-on' ? decision.delayMs : NaN;
    });
    expect(delays).to.deep.equal([1, 2, 4, 8, 16].map((times) => FIRST_DELAY * times));
  });

  it('waits before a start over also where more tries were needed than a retry may have', () => {
    const run = writing(mute());
    put(run, { attempt: TRIES_ONCE_BEGUN });
    startsOver(run, { kind: 'write' }, dropped, LUCK * WIDEST_WINDOW_MS);
  });

  it('starts over no sooner than the device asked for', () => {
    startsOver(writing(mute()), { kind: 'write' }, later, 20_000);
  });

  it('ends the run where a documented device asks for longer than its session lasts, and says for how long', () => {
    const tomorrow = new UpdateError('busy', { status: 503, retryAfterMs: 86_400_000 });
    for (const link of [mute, counting])
      expect(failure(after(writing(link()), { kind: 'write' }, tomorrow), 'busy').retryAfterMs).to.equal(86_400_000);
    const longest = new UpdateError('busy', { status: 503, retryAfterMs: LONGEST_ASKED_FOR_MS });
    expect(after(writing(counting()), { kind: 'write' }, longest), 'no longer').to.include({
      delayMs: LONGEST_ASKED_FOR_MS,
    });
    expect(after(writing(), { kind: 'write' }, tomorrow), 'that of shipped stays').to.include({
      delayMs: LONGEST_ASKED_FOR_MS,
    });
  });

  it('is not tried again at a size that cost a session', () => {
    const run = writing(mute());
    after(run, { kind: 'write' }, new UpdateError('device-fault', { status: 500 }));
    for (let chunk = 0; chunk < 1000; chunk++) run.pace.countGood(run.pace.size, 1);
    expect(run.pace.size).to.equal(3072);
  });

  it('starts over only so often', () => {
    const run = writing(mute());
    for (let time = 0; time < SESSION_RESTARTS_AT_MOST; time++) {
      expect(after(run, { kind: 'write' }, dropped)).to.deep.include({ step: BEGIN });
    }
    expect(failure(after(run, { kind: 'write' }, dropped), 'restarts-used-up').cause).to.equal(dropped);
    expect(run.meter.sessionRestarts).to.equal(SESSION_RESTARTS_AT_MOST);
  });

  it('finds out the dialect once more where it was a guess and begin is refused for its token', () => {
    const refused = new UpdateError('unauthorised', { status: 401 });
    const run = begun(Object.assign(mute(), { certain: false }));
    expect(after(run, BEGIN, refused)).to.deep.equal(goesOn({ kind: 'open' }, 0, null));
    expect(seen(run).guessRefused).to.equal(refused);
    failure(after(run, BEGIN, refused), 'unauthorised');
    failure(after(begun(Object.assign(mute(), { certain: false })), { kind: 'write' }, refused), 'unauthorised');
    failure(after(begun(mute()), BEGIN, refused), 'unauthorised');
  });

  it('finds it out once more where the first chunk of a guess goes nowhere, and not later', () => {
    const gone = new UpdateError('no-route', { status: 404 });
    const guessed = (): Run => new Bench(Object.assign(mute(), { certain: false })).begunRun();
    const first = guessed();
    expect(after(first, { kind: 'write' }, gone)).to.deep.equal(goesOn({ kind: 'open' }, 0, null));
    expect(seen(first).misbegun, 'what it began is to be thrown away').to.equal(seen(first).session?.id);
    const later = guessed();
    later.acknowledge(4096);
    failure(after(later, { kind: 'write' }, gone), 'no-route');
    failure(after(new Bench(mute()).begunRun(), { kind: 'write' }, gone), 'no-route');
    failure(after(guessed(), BEGIN, gone), 'no-route');
    failure(after(guessed(), { kind: 'finalize' }, gone), 'no-route');
  });

  for (const code of ['unauthorised', 'no-route', 'bad-request', 'other-session'] as const) {
    it(`ends the update after ${code}, with nothing tried again`, () => {
      const error = new UpdateError(code);
      const run = writing();
      expect(failure(after(run, { kind: 'write' }, error), code)).to.equal(error);
      expect(run.progress().retries).to.equal(0);
    });
  }

  it('ends the update after many tries without a byte, and says what the last one was', () => {
    const run = writing();
    for (let attempt = 1; attempt < TRIES_ONCE_BEGUN; attempt++) {
      expect(after(run, { kind: 'write' }, later)).to.include({ kind: 'go-on' });
    }
    const busy = new UpdateError('busy', { status: 503, said: 'busy' });
    expect(failure(after(run, { kind: 'write' }, busy), 'no-progress')).to.include({
      status: 503,
      said: 'busy',
      cause: busy,
    });
  });

  it('counts anew with each byte', () => {
    const run = writing();
    for (let time = 0; time < 3 * TRIES_ONCE_BEGUN; time++) {
      expect(after(run, { kind: 'write' }, dropped)).to.include({ kind: 'go-on', delayMs: FIRST_DELAY });
      run.acknowledge(run.meter.acknowledged + 1);
    }
  });

  it('does not count anew with an answer that tells of no byte more', () => {
    const run = writing();
    after(run, { kind: 'write' }, dropped);
    run.acknowledge(run.meter.acknowledged);
    after(run, { kind: 'write' }, dropped);
    expect(seen(run).attempt).to.equal(2);
  });
});
