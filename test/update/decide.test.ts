import { expect } from 'chai';
import {
  OFFLINE_LOOK_MS,
  OFFLINE_WAITS_AT_MOST,
  SESSION_WAIT_MS,
  SESSION_WAITS_AT_MOST,
} from '../../src/update/decide.ts';
import { SESSION_RESTARTS_AT_MOST } from '../../src/update/decision.ts';
import {
  LEAST_AFTER_TOO_MANY_MS,
  LONGEST_ASKED_FOR_MS,
  TRIES_BEFORE_BEGIN,
  TRIES_ONCE_BEGUN,
  WIDEST_WINDOW_MS,
} from '../../src/update/backoff.ts';
import type { Run } from '../../src/update/run.ts';
import type { Ask } from '../../src/update/steps/step.ts';
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
  MARK,
  mute,
  offline,
  shipped,
  silent,
  writing,
  startsOver,
} from './scripted/deciding.ts';
import { withHandedOver } from '../../src/update/known.ts';
import { type ScriptedLink, put, seen } from './scripted/scripted.ts';
import { Bench, left, LUCK } from './scripted/scripted.ts';

describe('what becomes of an update whose hash does not match', () => {
  it('is rejected, with the device’s words, in whatever step', () => {
    const error = new UpdateError('hash-mismatch', { said: 'sha256 mismatch' });
    for (const step of [{ kind: 'finalize' }, { kind: 'look' }] as const) {
      expect(after(begun(), step, error)).to.deep.equal({ kind: 'rejected', said: 'sha256 mismatch' });
    }
  });
});

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

  it('is no trouble where it was larger than any before: the device is asked at once, and its size not tried again', () => {
    const run = writing();
    run.meter.send({ start: 8192, end: 16_384 });
    expect(after(run, { kind: 'write' }, dropped)).to.deep.equal(goesOn({ kind: 'ask' }, 0, null));
    expect(run.progress()).to.deep.include({ retries: 0, retried: [], inFlight: null });
    expect(seen(run).attempt).to.equal(0);
    for (let chunk = 0; chunk < 100; chunk++) run.pace.countGood(run.pace.size, 1);
    expect(run.pace.size).to.equal(4096);
  });

  it('is trouble where it was larger than any before, and another reason than its size is told', () => {
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

  it('starts the session over where nobody can say whether it was taken', () => {
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

describe('a network that is gone', () => {
  it('is waited for without counting a try', () => {
    const run = offline(writing());
    expect(after(run, { kind: 'write' }, dropped)).to.deep.equal(goesOn({ kind: 'ask' }, OFFLINE_LOOK_MS, 'offline'));
    expect(seen(run).attempt).to.equal(0);
    expect(run.progress().retries).to.equal(1);
  });

  it('costs a device that cannot be asked its session', () => {
    const run = offline(writing(mute()));
    startsOver(run, { kind: 'write' }, dropped, OFFLINE_LOOK_MS, 'offline');
  });

  it('is not why a device that answered did not do what was asked', () => {
    expect(after(offline(writing()), { kind: 'write' }, silent)).to.include({ show: 'retrying' });
  });

  it('is waited for for half an hour, and then the person decides', () => {
    const run = offline(writing());
    for (let time = 0; time < OFFLINE_WAITS_AT_MOST; time++) {
      expect(after(run, { kind: 'ask' }, dropped)).to.include({ show: 'offline' });
    }
    const error = failure(after(run, { kind: 'ask' }, dropped), 'no-progress');
    expect(error, 'no answer, no status').to.include({ message: 'no-progress', status: null, said: null });
    expect(OFFLINE_WAITS_AT_MOST * OFFLINE_LOOK_MS).to.equal(30 * 60 * 1000);
  });

  it('is waited for anew after each byte', () => {
    const run = offline(writing());
    for (let time = 0; time < 2 * OFFLINE_WAITS_AT_MOST; time++) {
      expect(after(run, { kind: 'ask' }, dropped)).to.include({ show: 'offline' });
      run.acknowledge(run.meter.acknowledged + 1);
    }
  });

  it('leads to the question that settles what is in doubt', () => {
    const next = (link: ScriptedLink, step: Ask) => {
      const decision = after(offline(begun(link)), step, dropped);
      return decision.kind === 'go-on' ? decision.step : decision;
    };
    expect(next(shipped(), BEGIN)).to.deep.equal({ kind: 'check' });
    expect(next(mute(), BEGIN)).to.deep.equal(BEGIN);
    expect(next(shipped(), { kind: 'finalize' })).to.deep.equal({ kind: 'look' });
    expect(next(shipped(), MARK)).to.deep.equal({ kind: 'look' });
    expect(next(mute(), { kind: 'finalize' })).to.deep.equal({ kind: 'finalize' });
    for (const step of [{ kind: 'open' }, { kind: 'check' }, { kind: 'ask' }, { kind: 'look' }] as const) {
      expect(next(shipped(), step)).to.deep.equal(step);
    }
  });
});

describe('what goes wrong before a session is open', () => {
  it('is tried again a few times, and then told as it is', () => {
    const run = new Bench().run();
    for (let attempt = 1; attempt < TRIES_BEFORE_BEGIN; attempt++) {
      expect(after(run, { kind: 'check' }, dropped)).to.include({ kind: 'go-on', show: 'retrying' });
    }
    expect(failure(after(run, { kind: 'check' }, dropped), 'unreachable')).to.equal(dropped);
  });

  it('leads from a begin in doubt to a question, where the device can be asked', () => {
    expect(after(begun(), BEGIN, dropped)).to.deep.include({ step: { kind: 'check' } });
    expect(after(begun(mute()), BEGIN, dropped)).to.deep.include({ step: BEGIN });
  });

  it('is tried as often as with a session where an earlier run handed the image over', () => {
    const run = new Bench().run();
    put(run, { left: left({ phase: 'restarting' }) });
    for (let attempt = 1; attempt < TRIES_ONCE_BEGUN; attempt++) {
      expect(after(run, { kind: 'check' }, dropped)).to.include({ kind: 'go-on' });
    }
    failure(after(run, { kind: 'check' }, dropped), 'unreachable');
  });
});

describe('a begin that has no answer', () => {
  const inDoubt = (link: ScriptedLink): Run => {
    const run = new Bench(link).run();
    put(run, { beginInDoubt: true });
    return run;
  };

  it('is tried only as often as any other question, where the device cannot be asked whether it took it', () => {
    const run = inDoubt(mute());
    for (let attempt = 1; attempt < TRIES_BEFORE_BEGIN; attempt++) {
      expect(after(run, BEGIN, dropped)).to.deep.include({ kind: 'go-on', step: BEGIN });
    }
    expect(failure(after(run, BEGIN, dropped), 'unreachable'), 'no word of a session').to.equal(dropped);
  });

  it('is tried as often as a chunk where a session was open before, or the device can be asked', () => {
    for (const run of [begun(mute()), inDoubt(counting()), inDoubt(shipped())]) {
      for (let attempt = 1; attempt < TRIES_ONCE_BEGUN; attempt++) {
        expect(after(run, BEGIN, dropped)).to.include({ kind: 'go-on' });
      }
      failure(after(run, BEGIN, dropped), 'no-progress');
    }
  });
});

describe('a web page where the device should answer', () => {
  const page = new UpdateError('web-page', { status: 200 });

  it('ends what has not begun, at once', () => {
    for (const step of [{ kind: 'open' }, { kind: 'check' }, BEGIN] as const)
      failure(after(new Bench().run(), step, page), 'web-page');
  });

  it('is waited for as a network is, with its own words, and the device is asked afterwards', () => {
    const wait = (step: Ask): object => goesOn(step, OFFLINE_LOOK_MS, 'web-page');
    expect(after(writing(), { kind: 'write' }, page)).to.deep.equal(wait({ kind: 'ask' }));
    expect(after(begun(), { kind: 'ask' }, page)).to.deep.equal(wait({ kind: 'ask' }));
    expect(after(begun(), { kind: 'finalize' }, page)).to.deep.equal(wait({ kind: 'look' }));
    expect(after(begun(), { kind: 'look' }, page)).to.deep.equal(wait({ kind: 'look' }));
    startsOver(writing(mute()), { kind: 'write' }, page, OFFLINE_LOOK_MS, 'web-page');
  });

  describe('and does not say 200', () => {
    const strangers = [
      new UpdateError('garbled', { byOtherServer: true }),
      new UpdateError('unauthorised', { status: 401, byOtherServer: true }),
      new UpdateError('forbidden', { status: 403, byOtherServer: true }),
      new UpdateError('no-route', { status: 404, byOtherServer: true }),
      new UpdateError('device-fault', { status: 511, byOtherServer: true }),
    ];

    it('is waited for just so, while the image is on its way', () => {
      for (const error of strangers) {
        const wait = goesOn({ kind: 'ask' }, OFFLINE_LOOK_MS, 'web-page');
        expect(after(writing(), { kind: 'write' }, error), error.message).to.deep.equal(wait);
        expect(after(begun(), { kind: 'ask' }, error), error.message).to.deep.equal(wait);
      }
    });

    it('is called a web page where it is waited for in vain', () => {
      const [redirect = dropped] = strangers;
      const run = writing();
      for (let time = 0; time < OFFLINE_WAITS_AT_MOST; time++) after(run, { kind: 'ask' }, redirect);
      expect(failure(after(run, { kind: 'ask' }, redirect), 'web-page').cause).to.equal(redirect);
    });

    it('may be the device’s own word before it took a begin, and from the finalize on', () => {
      for (const error of strangers.slice(1, 4)) {
        failure(after(new Bench().run(), { kind: 'check' }, error), error.code);
        const run = begun();
        run.become(withHandedOver(run.known));
        failure(after(run, { kind: 'look' }, error), error.code);
      }
    });

    it('may be how a device refuses a dialect that was guessed', () => {
      const link = Object.assign(mute(), { certain: false });
      const guessed = new Bench(link).begunRun(0);
      const refusal = new UpdateError('no-route', { status: 404, byOtherServer: true });
      expect(after(guessed, { kind: 'write' }, refusal)).to.deep.include({ step: { kind: 'open' } });
    });
  });

  it('is waited for only so long', () => {
    const run = writing();
    for (let time = 0; time < OFFLINE_WAITS_AT_MOST; time++) after(run, { kind: 'ask' }, page);
    expect(failure(after(run, { kind: 'ask' }, page), 'web-page')).to.equal(page);
  });
});

describe('a begin that the device refuses because a session is open', () => {
  const conflict = new UpdateError('conflict', { status: 409 });

  it('is settled by a question in shipped', () => {
    expect(after(begun(), BEGIN, conflict)).to.deep.equal(goesOn({ kind: 'check' }, FIRST_DELAY, 'retrying'));
  });

  it('is settled by a question in documented, too, where it can be asked and nobody is taken over', () => {
    const run = new Bench(counting()).run();
    expect(after(run, BEGIN, conflict)).to.deep.equal(goesOn({ kind: 'check' }, FIRST_DELAY, 'retrying'));
  });

  it('waits until it runs out where the device cannot be asked whose it is, and says at the end that it may be another’s', () => {
    const run = new Bench(mute()).run();
    const wait = goesOn(BEGIN, SESSION_WAIT_MS, 'device-session');
    for (let time = 0; time < SESSION_WAITS_AT_MOST; time++) expect(after(run, BEGIN, conflict)).to.deep.equal(wait);
    failure(after(run, BEGIN, conflict), 'other-session');
  });

  const ours: readonly (readonly [string, () => Run])[] = [
    ['this run opened', () => begun(mute())],
    [
      'an earlier run left',
      () => {
        const run = new Bench(mute()).run();
        put(run, { left: left({ dialect: 'documented' }) });
        return run;
      },
    ],
    ['the person chose to wait for', () => new Bench(mute()).run({ takeOver: '3' })],
  ];
  for (const [whose, make] of ours) {
    it(`is waited for where it is one that ${whose}: it has to run out`, () => {
      expect(after(make(), BEGIN, conflict)).to.deep.equal(goesOn(BEGIN, SESSION_WAIT_MS, 'device-session'));
    });
  }

  it('is waited for for ten minutes at most', () => {
    const run = begun(mute());
    for (let time = 0; time < SESSION_WAITS_AT_MOST; time++) {
      expect(after(run, BEGIN, conflict)).to.include({ show: 'device-session' });
    }
    failure(after(run, BEGIN, conflict), 'no-progress');
    expect(SESSION_WAITS_AT_MOST * SESSION_WAIT_MS).to.equal(10 * 60 * 1000);
  });
});

describe('a session that is not there any more', () => {
  const lost = new UpdateError('session-lost');

  for (const link of [shipped, counting]) {
    it(`ends in ${link().dialect}: the person decides`, () => {
      expect(failure(after(begun(link()), { kind: 'ask' }, lost), 'session-lost')).to.equal(lost);
    });
  }
});

describe('a session of ours that nothing good can come of', () => {
  for (const code of ['session-spoilt', 'not-counted'] as const) {
    it(`is started over in documented (${code}), also where an earlier run left it`, () => {
      const error = new UpdateError(code);
      for (const step of [{ kind: 'ask' }, { kind: 'check' }] as const) {
        startsOver(begun(counting()), step, error);
      }
    });
  }
});
