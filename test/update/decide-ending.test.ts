import { expect } from 'chai';
import {
  FINALIZE_FAILURES_AT_MOST,
  LONGEST_LOOK_MS,
  MARK_FAILURES_AT_MOST,
} from '../../src/update/decide-finishing.ts';
import type { Run } from '../../src/update/run.ts';
import { TRIES_ONCE_BEGUN } from '../../src/update/backoff.ts';
import { RESTART_PATIENCE_MS } from '../../src/model/update/restart-patience.ts';
import { RESTART_ASK_EVERY_MS } from '../../src/update/time-limits.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import {
  after,
  begun,
  counting,
  dropped,
  failure,
  FIRST_DELAY,
  goesOn,
  later,
  MARK,
  mute,
  shipped,
  silent,
  startsOver,
} from './scripted/deciding.ts';
import { Bench, IMAGE, type ScriptedLink, put, seen } from './scripted/scripted.ts';

const open = new UpdateError('not-finalized');

describe('a documented device that said yes to the finalize', () => {
  const yes = (link: ScriptedLink): Run => {
    const run = begun(link);
    put(run, { saidYes: true });
    put(run, { sessionShown: true });
    return run;
  };
  const noSession = new UpdateError('session-lost', { status: 409, said: 'no session' });

  it('took the image where it has no session any more', () => {
    expect(after(yes(mute()), { kind: 'finalize' }, noSession)).to.deep.equal({ kind: 'accepted' });
  });

  it('proves nothing by that where its session was never seen: it may never have had one', () => {
    const run = yes(mute());
    put(run, { sessionShown: false });
    failure(after(run, { kind: 'finalize' }, noSession), 'unconfirmed');
  });

  it('is asked until patience ends while it restarts, and then was not seen again', () => {
    for (const [link, step] of [
      [mute(), { kind: 'finalize' }],
      [counting(), { kind: 'ask' }],
    ] as const) {
      const run = yes(link);
      const tries = RESTART_PATIENCE_MS / RESTART_ASK_EVERY_MS;
      for (let time = 1; time < tries; time++)
        expect(after(run, step, dropped)).to.deep.equal(goesOn(step, RESTART_ASK_EVERY_MS, null));
      expect(after(run, step, dropped)).to.deep.equal({ kind: 'not-seen-again' });
    }
  });

  it('leaves the end open where it refuses for another reason: that session is another client’s', () => {
    for (const code of ['conflict', 'session-spoilt', 'bad-request', 'no-route'] as const)
      failure(after(yes(mute()), { kind: 'finalize' }, new UpdateError(code, { status: 409 })), 'unconfirmed');
  });

  it('leaves the end open where it speaks of another image: that session is another client’s', () => {
    failure(after(yes(mute()), { kind: 'finalize' }, new UpdateError('hash-mismatch', { status: 409 })), 'unconfirmed');
  });
});

describe('a finalize that went wrong in shipped', () => {
  for (const error of [dropped, silent]) {
    it(`is most likely the restart (${error.code}), so the device is looked for at once, as often as it takes`, () => {
      const run = begun();
      for (let time = 0; time < 2 * FINALIZE_FAILURES_AT_MOST; time++) {
        expect(after(run, { kind: 'finalize' }, error)).to.deep.equal(goesOn({ kind: 'look' }, 0, null));
      }
    });
  }

  it('is in the journal as a restart', async () => {
    const bench = new Bench();
    const run = bench.begunRun(IMAGE.bytes.length);
    after(run, { kind: 'finalize' }, dropped);
    await run.journal.settled();
    expect(bench.journal.written.at(-1)).to.include({ phase: 'restarting' });
  });

  it('is looked at soon, or when the device asked for', () => {
    const fault = new UpdateError('device-fault', { status: 500 });
    expect(after(begun(), { kind: 'finalize' }, fault)).to.deep.equal(
      goesOn({ kind: 'look' }, RESTART_ASK_EVERY_MS, null),
    );
    expect(after(begun(), { kind: 'finalize' }, later)).to.include({ delayMs: later.retryAfterMs });
  });

  it('is a refusal where the device fails every time, and no progress where it is busy every time', () => {
    for (const [error, end] of [
      [new UpdateError('device-fault', { status: 500, said: 'flash' }), { kind: 'rejected', said: 'flash' }],
      [later, { kind: 'failed' }],
    ] as const) {
      const run = begun();
      for (let time = 0; time < FINALIZE_FAILURES_AT_MOST; time++) {
        expect(after(run, { kind: 'finalize' }, error)).to.deep.include({ kind: 'go-on', step: { kind: 'look' } });
        expect(after(run, { kind: 'look' }, open)).to.deep.include({ kind: 'go-on', step: { kind: 'finalize' } });
      }
      // The last one may have taken effect all the same: only a look proves that it has not.
      expect(after(run, { kind: 'finalize' }, error)).to.deep.include({ kind: 'go-on', step: { kind: 'look' } });
      const decision = after(run, { kind: 'look' }, open);
      expect(decision).to.include(end);
      if (end.kind === 'failed') failure(decision, 'no-progress');
    }
  });

  it('ends after a clear no', () => {
    failure(after(begun(), { kind: 'finalize' }, new UpdateError('unauthorised')), 'unauthorised');
  });
});

describe('a finalize that went wrong in documented', () => {
  const conflict = new UpdateError('conflict', { status: 409 });
  const spoilt = new UpdateError('session-spoilt', { status: 409 });

  it('is asked again: with the session still there the device answers', () => {
    for (const error of [dropped, silent, new UpdateError('device-fault')]) {
      expect(after(begun(mute()), { kind: 'finalize' }, error)).to.deep.equal(
        goesOn({ kind: 'finalize' }, RESTART_ASK_EVERY_MS, null),
      );
    }
  });

  it('is asked again also after several lost answers', () => {
    const run = begun(mute());
    for (const error of [dropped, silent, dropped]) {
      expect(after(run, { kind: 'finalize' }, error)).to.deep.include({ kind: 'go-on', step: { kind: 'finalize' } });
    }
  });

  it('leaves the end open where the session is gone after a lost answer', () => {
    for (const code of ['conflict', 'no-route', 'bad-request', 'session-spoilt'] as const) {
      const run = begun(mute());
      after(run, { kind: 'finalize' }, dropped);
      failure(after(run, { kind: 'finalize' }, new UpdateError(code)), 'unconfirmed');
    }
  });

  it('is no doubt where the device only asked to wait', () => {
    const run = begun(mute());
    expect(
      after(run, { kind: 'finalize' }, new UpdateError('busy', { status: 429, retryAfterMs: 5000 })),
    ).to.deep.equal(goesOn({ kind: 'finalize' }, 5000, null));
    startsOver(run, { kind: 'finalize' }, spoilt);
  });

  it('is settled by a question where it is a conflict at once', () => {
    expect(after(begun(counting()), { kind: 'finalize' }, conflict)).to.deep.equal(
      goesOn({ kind: 'ask' }, FIRST_DELAY, 'retrying'),
    );
  });

  it('is started over where the device says that it holds other bytes, and cannot be asked', () => {
    startsOver(begun(mute()), { kind: 'finalize' }, spoilt);
  });

  it('cannot be told apart from a finalize that the browser sent twice, the first of which was taken', () => {
    failure(after(begun(mute()), { kind: 'finalize' }, conflict), 'unconfirmed');
  });

  it('ends after a clear no', () => {
    for (const code of ['no-route', 'bad-request', 'unauthorised'] as const) {
      failure(after(begun(mute()), { kind: 'finalize' }, new UpdateError(code)), code);
    }
  });

  it('is not seen again once the patience has ended', () => {
    const run = begun(mute());
    put(run, { lookedForMs: RESTART_PATIENCE_MS });
    expect(after(run, { kind: 'finalize' }, dropped)).to.deep.equal({ kind: 'not-seen-again' });
  });
});

describe('looking for a device that restarts', () => {
  it('goes on every second without an error, until the patience ends', () => {
    const run = begun();
    const looks = RESTART_PATIENCE_MS / RESTART_ASK_EVERY_MS;
    for (let look = 1; look < looks; look++) {
      expect(after(run, { kind: 'look' }, dropped)).to.deep.equal(goesOn({ kind: 'look' }, RESTART_ASK_EVERY_MS, null));
      expect(seen(run).lookedForMs).to.equal(look * RESTART_ASK_EVERY_MS);
    }
    expect(after(run, { kind: 'look' }, dropped)).to.deep.equal({ kind: 'not-seen-again' });
  });

  it('has the patience that was set', () => {
    const run = begun(shipped(), { patienceMs: 2 * RESTART_ASK_EVERY_MS });
    expect(after(run, { kind: 'look' }, silent)).to.include({ kind: 'go-on' });
    expect(after(run, { kind: 'look' }, silent)).to.deep.equal({ kind: 'not-seen-again' });
  });

  it('counts the time it took to ask, and not the time that the page slept', () => {
    const run = begun();
    after(run, { kind: 'look' }, silent, 5000);
    expect(seen(run).lookedForMs).to.equal(5000 + RESTART_ASK_EVERY_MS);
    after(run, { kind: 'look' }, silent, 8 * 60 * 60 * 1000);
    expect(seen(run).lookedForMs).to.equal(5000 + LONGEST_LOOK_MS + 2 * RESTART_ASK_EVERY_MS);
  });

  it('waits as long as the device asked for, and counts that', () => {
    const run = begun();
    expect(after(run, { kind: 'look' }, later)).to.deep.equal(goesOn({ kind: 'look' }, 20_000, null));
    expect(seen(run).lookedForMs).to.equal(20_000);
  });

  it('is staged where the device took the image and never restarted', () => {
    const run = begun();
    put(run, { lookedForMs: RESTART_PATIENCE_MS });
    put(run, { taken: true });
    expect(after(run, { kind: 'look' }, new UpdateError('busy'))).to.deep.equal({ kind: 'staged' });
  });

  it('fails with the answer of a device that never shows what is needed', () => {
    const run = begun();
    put(run, { lookedForMs: RESTART_PATIENCE_MS });
    failure(after(run, { kind: 'look' }, new UpdateError('garbled')), 'garbled');
    put(run, { lookedForMs: RESTART_PATIENCE_MS });
    expect(after(run, { kind: 'look' }, silent)).to.include({ kind: 'not-seen-again' });
  });

  it('ends at once after a clear no', () => {
    const run = begun();
    failure(after(run, { kind: 'look' }, new UpdateError('unauthorised')), 'unauthorised');
    expect(seen(run).lookedForMs).to.equal(0);
  });
});

describe('a device that was asked to finalize and has not', () => {
  it('is asked again, later each time, and counts as a try without a byte', () => {
    const run = begun();
    expect(after(run, { kind: 'look' }, open)).to.deep.equal(goesOn({ kind: 'finalize' }, FIRST_DELAY, 'retrying'));
    expect(after(run, { kind: 'look' }, open)).to.deep.equal(goesOn({ kind: 'finalize' }, 2 * FIRST_DELAY, 'retrying'));
    expect(seen(run).attempt).to.equal(2);
  });

  it('is given up after as many tries as a chunk has', () => {
    const run = begun();
    for (let attempt = 1; attempt < TRIES_ONCE_BEGUN; attempt++) {
      expect(after(run, { kind: 'look' }, open)).to.include({ kind: 'go-on' });
    }
    expect(failure(after(run, { kind: 'look' }, open), 'no-progress').cause).to.equal(open);
  });
});

describe('a mark that went wrong', () => {
  it('is followed by a look: the device may have restarted', () => {
    expect(after(begun(), MARK, dropped)).to.deep.equal(goesOn({ kind: 'look' }, RESTART_ASK_EVERY_MS, null));
    expect(after(begun(), MARK, later)).to.include({ delayMs: later.retryAfterMs });
  });

  it('ends after a few, with what the device said', () => {
    const run = begun();
    const error = new UpdateError('device-fault', { status: 500, said: 'no' });
    for (let time = 1; time < MARK_FAILURES_AT_MOST; time++) {
      expect(after(run, MARK, error)).to.include({ kind: 'go-on' });
    }
    expect(failure(after(run, MARK, error), 'not-marked-valid')).to.include({ status: 500, said: 'no', cause: error });
  });

  it('ends at once after a clear no: the image runs, and that is said', () => {
    failure(after(begun(), MARK, new UpdateError('no-route')), 'not-marked-valid');
  });
});
