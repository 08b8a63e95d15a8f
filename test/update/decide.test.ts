import { expect } from 'chai';
import {
  mayBeAnswerToResend,
  OFFLINE_LOOK_MS,
  OFFLINE_WAITS_AT_MOST,
  SESSION_WAIT_MS,
  SESSION_WAITS_AT_MOST,
} from '../../src/update/decide.ts';
import { TRIES_BEFORE_BEGIN, TRIES_ONCE_BEGUN } from '../../src/update/backoff.ts';
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
  MARK,
  mute,
  offline,
  shipped,
  silent,
  writing,
  startsOver,
} from './scripted/deciding.ts';
import { withHandedOver } from '../../src/update/known.ts';
import { type ScriptedLink, put, seen, Bench, left, LUCK } from './scripted/scripted.ts';

describe('what becomes of an update whose hash does not match', () => {
  it('is rejected, with the device’s words, in whatever step', () => {
    const error = new UpdateError('hash-mismatch', { said: 'sha256 mismatch' });
    for (const step of [{ kind: 'finalize' }, { kind: 'look' }] as const) {
      expect(after(begun(), step, error)).to.deep.equal({ kind: 'rejected', said: 'sha256 mismatch' });
    }
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
    expect(run.progress().retries).to.equal(1);
  });

  it('does not explain why a device that answered did not do what was asked', () => {
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

describe('a network that is lost while the device is asked to finalize', () => {
  const failuresAfter = (link: ScriptedLink, step: Ask): number => {
    const run = offline(begun(link));
    after(run, step, dropped);
    return seen(run).finalizeFailures;
  };

  it('may have carried the finalize, which counts where the device is not looked for afterwards', () => {
    expect(failuresAfter(mute(), { kind: 'finalize' })).to.equal(1);
    expect(failuresAfter(shipped(), { kind: 'finalize' }), 'its restart is looked for').to.equal(0);
    expect(failuresAfter(mute(), { kind: 'ask' }), 'a question').to.equal(0);
  });
});

describe('a question that went wrong', () => {
  const refused = new UpdateError('unauthorised', { status: 401 });
  const ask: Ask = { kind: 'ask' };

  it('is asked again while the image is on its way, as often as a chunk is sent', () => {
    expect(after(begun(counting()), ask, dropped)).to.deep.equal(goesOn(ask, FIRST_DELAY, 'retrying'));
  });

  it('is no sign of a restart where the device clearly refused it', () => {
    const run = begun(counting());
    put(run, { saidYes: true });
    expect(failure(after(run, ask, refused), 'unauthorised')).to.equal(refused);
  });
});

describe('what goes wrong before a session is open', () => {
  it('is tried again a few times, and then reported as it is', () => {
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
    const byOthers = [
      new UpdateError('garbled', { byOtherServer: true }),
      new UpdateError('unauthorised', { status: 401, byOtherServer: true }),
      new UpdateError('forbidden', { status: 403, byOtherServer: true }),
      new UpdateError('no-route', { status: 404, byOtherServer: true }),
      new UpdateError('device-fault', { status: 511, byOtherServer: true }),
    ];

    it('is waited for in the same way, while the image is on its way', () => {
      for (const error of byOthers) {
        const wait = goesOn({ kind: 'ask' }, OFFLINE_LOOK_MS, 'web-page');
        expect(after(writing(), { kind: 'write' }, error), error.message).to.deep.equal(wait);
        expect(after(begun(), { kind: 'ask' }, error), error.message).to.deep.equal(wait);
      }
    });

    it('is reported as a web page where it is waited for in vain', () => {
      const [redirect = dropped] = byOthers;
      const run = writing();
      for (let time = 0; time < OFFLINE_WAITS_AT_MOST; time++) after(run, { kind: 'ask' }, redirect);
      expect(failure(after(run, { kind: 'ask' }, redirect), 'web-page').cause).to.equal(redirect);
    });

    it('may be the device’s own answer before it took a begin, and from the finalize on', () => {
      for (const error of byOthers.slice(1, 4)) {
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

  it('is settled by a question in documented, too, where it can be asked and no session is taken over', () => {
    const run = new Bench(counting()).run();
    expect(after(run, BEGIN, conflict)).to.deep.equal(goesOn({ kind: 'check' }, FIRST_DELAY, 'retrying'));
  });

  it('waits until the session runs out where the device cannot be asked whose it is, and says at the end that it may be another client’s', () => {
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

  it('was perhaps ours where an earlier run left one that ends by its time limit, and another client’s where it left none', () => {
    for (const [dialect, code] of [
      ['documented', 'no-progress'],
      ['shipped', 'other-session'],
    ] as const) {
      const run = new Bench(mute()).run();
      put(run, { left: left({ dialect }), sessionWaits: SESSION_WAITS_AT_MOST });
      failure(after(run, BEGIN, conflict), code);
    }
    const takesOver = new Bench(mute()).run({ takeOver: '3' });
    put(takesOver, { sessionWaits: SESSION_WAITS_AT_MOST });
    failure(after(takesOver, BEGIN, conflict), 'no-progress');
  });

  it('may answer a begin that the browser sent twice, where the device can be asked whose it is', () => {
    const mayBe = (run: Run, error = conflict): boolean => mayBeAnswerToResend(run.view(LUCK), error);
    const inDoubt = new Bench(counting()).run();
    put(inDoubt, { beginInDoubt: true });
    expect([new Bench(counting()).run(), inDoubt, begun(shipped())].map((run) => mayBe(run))).to.deep.equal([
      true,
      true,
      true,
    ]);
    // Ours from before, or the one that is taken over: neither ends before its time limit.
    expect(mayBe(begun(counting()))).to.equal(false);
    expect(mayBe(new Bench(counting()).run({ takeOver: '3' }))).to.equal(false);
    expect(mayBe(new Bench(mute()).run())).to.equal(false);
    expect(mayBe(new Bench(counting()).run(), new UpdateError('busy', { status: 409 }))).to.equal(false);
  });

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

describe('a session of ours that cannot succeed any more', () => {
  for (const code of ['session-spoilt', 'not-counted'] as const) {
    it(`is started over in documented (${code}), also where an earlier run left it`, () => {
      const error = new UpdateError(code);
      for (const step of [{ kind: 'ask' }, { kind: 'check' }] as const) {
        startsOver(begun(counting()), step, error);
      }
    });
  }
});
