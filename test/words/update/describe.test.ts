import { expect } from 'chai';
import { MAY_BE_ONLY_UPDATE } from '../../../src/words/device/slots.ts';
import { describe as inWords } from '../../../src/words/update/describe.ts';
import { describeAny } from '../../../src/words/update/describe-any.ts';
import { OUTCOME_WORDS } from '../../../src/words/update/outcome-words.ts';
import type { UpdateState } from '../../../src/model/update/update-state.ts';
import type { UpdateErrorCode } from '../../../src/model/update/error-codes.ts';
import {
  ACTIVE,
  cancelled,
  CODES,
  detail,
  DEVICE,
  ended,
  failed,
  NAMES,
  OTHERS,
  progress,
  running,
  VERSION,
} from './states.ts';

describe('what an update says of itself', () => {
  const all: readonly UpdateState[] = [
    ...ACTIVE,
    ...OTHERS,
    ...CODES.map((code) => failed(code)),
    ...CODES.map((code) => failed(code, { said: 'no', oldFirmware: 'unknown', resumable: true })),
  ];

  it('is plain text in whole sentences, without the words that say nothing', () => {
    for (const state of all) {
      const words = inWords(state, NAMES);
      const text = words.detail === '' ? words.title : `${words.title}. ${words.detail}`;
      expect(text).not.to.match(/please|oops|success|something went wrong|sorry|!/i);
      expect(text).not.to.match(/[<>&]|undefined|null|NaN|\[object/);
      expect(text).not.to.match(/ {2}|\s$|^\s/);
      expect(words.title).to.match(/^[A-Z]/);
      expect(words.title).not.to.match(/\.$/);
      if (words.detail !== '') expect(words.detail).to.match(/^\S.*[.]$/);
    }
  });

  it('has a title of its own for every phase', () => {
    const phases = ACTIVE.filter(
      (state) => state.phase !== 'waiting' && state.phase !== 'retrying' && state.startedOver === null,
    );
    expect(new Set(phases.map((state) => inWords(state, NAMES).title)).size).to.equal(phases.length);
  });

  it('never shows a bare code', () => {
    for (const state of all) {
      const text = detail(state);
      for (const code of CODES) if (code.includes('-')) expect(text).not.to.include(code);
    }
  });
});

describe('a running update in words', () => {
  it('says that it asks how far the device is, once anything was written', () => {
    const begun = { ...progress, acknowledged: 1 };
    expect(inWords({ ...running, phase: 'checking' }, NAMES).title).to.equal('Checking before anything is erased');
    expect(inWords({ ...running, phase: 'checking', progress: begun }, NAMES).title).to.equal(
      'Checking how much is written',
    );
  });

  it('says what it means, where the title alone does not', () => {
    const quiet = ACTIVE.filter((state) => detail(state) === '').map(({ phase }) => phase);
    expect(quiet).to.deep.equal(['detecting', 'checking', 'writing', 'finalizing']);
  });

  it('says why nothing is sent', () => {
    const titles = (['paused', 'offline', 'device-session'] as const).map(
      (why) => inWords({ ...running, phase: 'waiting', why, startedOver: null }, NAMES).title,
    );
    expect(titles).to.deep.equal(['Paused', 'Waiting for the network', 'Waiting for the device']);
  });

  it('says that an upload starts from the beginning, and why', () => {
    const again = { ...running, phase: 'retrying', after: 'silent', attempt: 1, delayMs: 0 } as const;
    const plain = inWords({ ...again, startedOver: null }, NAMES);
    const over = inWords({ ...again, startedOver: 'silent' }, NAMES);
    expect(plain.title).to.equal('Trying again');
    expect(plain.detail).not.to.include('from the beginning');
    expect(over.title).to.equal('Starting over');
    expect(over.detail).to.include(plain.detail).and.include('from the beginning');
    for (const phase of ['beginning', 'writing'] as const) {
      expect(inWords({ ...running, phase, startedOver: 'silent' }, NAMES).detail).to.equal(over.detail);
    }
    for (const why of ['paused', 'offline', 'device-session'] as const) {
      const waits = inWords({ ...running, phase: 'waiting', why, startedOver: 'silent' }, NAMES).detail;
      expect(waits, why).to.include(over.detail).and.not.include('continues from what');
    }
  });

  it('does not call it starting over any more once bytes arrive again: then it only says why there are fewer', () => {
    const begun = { ...running, progress: { ...progress, acknowledged: 1 }, startedOver: 'silent' } as const;
    expect(inWords({ ...begun, phase: 'retrying', after: 'busy', attempt: 1, delayMs: 0 }, NAMES)).to.include({
      title: 'Trying again',
      detail: 'The device is busy.',
    });
    expect(detail({ ...begun, phase: 'waiting', why: 'offline' })).to.include('continues from what');
    expect(detail({ ...begun, phase: 'waiting', why: 'paused' })).to.equal('Nothing is sent until you resume.');
    expect(detail({ ...begun, phase: 'writing' })).to.include('from the beginning');
  });

  it('says of a device that took bytes, and answers no more, nothing of ways that are closed', () => {
    const gone = {
      ...running,
      phase: 'retrying',
      after: 'unreachable',
      attempt: 1,
      delayMs: 0,
      startedOver: null,
    } as const;
    expect(detail({ ...gone, progress: { ...progress, acknowledged: 0 } })).to.include('can’t be reached from here');
    const begun = detail({ ...gone, progress: { ...progress, acknowledged: 1 } });
    expect(begun).to.equal('No answer: it is off, restarting or out of range.');
  });

  it('says of a pause after the last byte that the device may restart all the same', () => {
    const whole = { ...progress, acknowledged: progress.total };
    expect(detail({ ...running, phase: 'waiting', why: 'paused', progress: whole }))
      .to.include('may restart')
      .and.not.include('Nothing is sent');
  });

  it('says that a device does not count only of one that does not', () => {
    const over = (startedOver: UpdateErrorCode) =>
      inWords({ ...running, phase: 'waiting', why: 'paused', startedOver }, NAMES).detail;
    expect(over('silent')).to.include('doesn’t report how much it has');
    expect(over('session-spoilt')).to.include('has other bytes than were sent').and.not.include('doesn’t report');
    expect(over('session-lost')).to.include('most likely restarted. So the upload').and.not.include('doesn’t report');
    const documented = { ...running, dialect: 'documented', phase: 'writing', startedOver: 'session-lost' } as const;
    expect(detail(documented)).to.include('it restarted, or the update timed out. So the upload');
    expect(over('not-counted').match(/doesn’t report/g)).to.have.length(1);
  });

  it('says before and while it writes that it may be the only update over the air', () => {
    for (const phase of ['beginning', 'writing'] as const) {
      expect(detail({ ...running, phase, mayBeOnlyUpdate: true })).to.equal(MAY_BE_ONLY_UPDATE);
      expect(detail({ ...running, phase })).not.to.include('over the air');
    }
  });

  it('says that a web page answers in the place of the device', () => {
    expect(detail({ ...running, phase: 'waiting', why: 'web-page' })).to.match(/web page .* sign-in/);
  });

  it('says how long it looks for a device that restarts, in seconds', () => {
    expect(detail({ ...running, phase: 'restarting', elapsedMs: 0, patienceMs: 90_000 })).to.include('90 s');
  });
});

describe('an outcome in words', () => {
  it('begins with the words of the table', () => {
    for (const outcome of [...OTHERS, failed('silent')]) {
      expect(inWords(outcome, NAMES).title).to.match(new RegExp(`^${OUTCOME_WORDS[outcome.outcome]}`));
    }
    expect(OUTCOME_WORDS).to.deep.equal({
      updated: 'Updated',
      accepted: 'Accepted by the device',
      staged: 'Ready, starts at next restart',
      'rolled-back': 'Rolled back',
      rejected: 'Rejected by the device',
      'not-seen-again': 'Not seen again',
      failed: 'Failed',
      cancelled: 'Cancelled',
    });
  });

  it('names the device, and says which firmware it runs or that nobody knows', () => {
    for (const outcome of OTHERS) {
      const text = detail(outcome);
      expect(text, outcome.outcome).to.include(DEVICE);
      expect(text, outcome.outcome).to.match(
        /old firmware|runs 1\.4\.2 now|is unknown|can’t report|may restart into it/,
      );
    }
  });

  it('says what to do where there is something to do', () => {
    const todo = {
      accepted: /check the device/i,
      staged: /restart it/i,
      'rolled-back': /send it again/i,
      rejected: /send the file again/i,
      'not-seen-again': /press update/i,
    };
    for (const outcome of OTHERS) {
      const expected = outcome.outcome in todo ? todo[outcome.outcome as keyof typeof todo] : null;
      if (expected) expect(detail(outcome), outcome.outcome).to.match(expected);
    }
  });

  it('names the version that runs now, or the new firmware where the file states none', () => {
    for (const outcome of ['updated', 'accepted', 'staged'] as const) {
      const state = OTHERS.find((one) => one.outcome === outcome);
      if (!state) throw new Error(outcome);
      expect(detail(state), outcome).to.include(VERSION);
      const unnamed = detail(state, { device: DEVICE, version: null });
      expect(unnamed, outcome).to.match(/the new firmware/i);
      expect(unnamed, 'sentences begin with a capital').to.match(/^(It|Kitchen|The new firmware)\b/);
    }
  });

  it('leaves a version as it is written, also where a sentence begins with it', () => {
    const staged = { ...ended, outcome: 'staged', slot: null } as const;
    expect(detail(staged, { device: DEVICE, version: 'v2-beta' })).to.match(/^v2-beta /);
  });

  it('claims a checked hash only where the device named it', () => {
    expect(detail({ ...ended, outcome: 'accepted', hashNamed: true })).to.include('checked the hash');
    expect(detail({ ...ended, outcome: 'accepted', hashNamed: false }))
      .to.match(/said that it took/)
      .and.not.match(/hash/);
  });

  it('calls only the previous slot that, and says whether the bootloader went back by itself', () => {
    const back = { ...ended, outcome: 'rolled-back', slot: 'ota_0' } as const;
    expect(detail({ ...back, isPrevious: true, fellBack: false })).to.match(/previous slot.*lost power/);
    expect(detail({ ...back, isPrevious: true, fellBack: true })).to.match(/bootloader .* went back/);
    expect(detail({ ...back, slot: 'factory', isPrevious: false, fellBack: false }))
      .to.match(/factory, which is neither/)
      .and.not.match(/previous slot|still runs/);
  });

  it('says for how long a busy device asks to wait, and what that means for its update', () => {
    const hour = {
      retryAfterMs: 3_600_000,
      dialect: 'documented',
      progress: { ...progress, acknowledged: 1 },
    } as const;
    expect(detail(failed('busy', hour))).to.match(/asks to wait for 60 minutes.*times out before that/);
    expect(detail(failed('busy', { retryAfterMs: 20_000 })))
      .to.include('for 20 s')
      .and.not.include('times out');
    expect(detail(failed('busy'))).not.to.include('asks to wait');
    expect(detail(failed('unreachable', hour))).not.to.include('asks to wait');
  });

  it('names slots and patience', () => {
    expect(detail({ ...ended, outcome: 'updated', slot: 'ota_1', markedValid: true })).to.include('ota_1');
    expect(detail({ ...ended, outcome: 'rolled-back', slot: 'ota_0', isPrevious: true, fellBack: false })).to.include(
      'ota_0',
    );
    expect(detail({ ...ended, outcome: 'not-seen-again', patienceMs: 30_000 })).to.include('30 s');
  });

  it('repeats what the device said when it refused the image, and nothing where it said nothing', () => {
    expect(detail({ ...ended, outcome: 'rejected', said: 'sha256 mismatch', oldFirmware: 'runs' })).to.include(
      '"sha256 mismatch"',
    );
    expect(detail({ ...ended, outcome: 'rejected', said: null, oldFirmware: 'runs' })).to.match(
      /^\S.* at the end\. It still /,
    );
  });
});

describe('a cancelled update in words', () => {
  const old = 'runs its old firmware';

  it('says whether the device is idle again', () => {
    expect(detail(cancelled())).to.include('idle again').and.include(old);
    expect(detail(cancelled({ deviceIdle: false })))
      .to.include('Someone else’s update')
      .and.include(old);
    expect(detail(cancelled({ deviceIdle: null })))
      .to.include('may still be open')
      .and.include(old);
    expect(detail(cancelled({ deviceIdle: false, dialect: 'documented' })))
      .to.match(/still open on .* and ends by itself/)
      .and.include(old);
    expect(detail(cancelled({ deviceIdle: null, dialect: 'documented' })))
      .to.include('ends by itself')
      .and.include(old);
  });

  it('says that nothing was written where nothing was begun', () => {
    expect(detail(cancelled({ deviceIdle: null, begun: false })))
      .to.include('Nothing was written')
      .and.include(old);
  });

  it('does not claim that the old firmware runs where the device already had the image', () => {
    expect(detail(cancelled({ oldFirmware: 'unknown', deviceIdle: null }))).not.to.include(old);
  });

  it('says of a device that takes an image whole that it restarts only where it has said yes', () => {
    const looking = { ...running, dialect: 'wled', phase: 'restarting', elapsedMs: 0, patienceMs: 90_000 } as const;
    const at = (acknowledged: number): string => {
      const words = describeAny({ ...looking, progress: { ...progress, acknowledged } }, NAMES);
      return `${words.title}. ${words.detail}`;
    };
    expect(at(progress.total)).to.match(/^Restarting\. .*90 s/);
    expect(at(progress.total - 1)).to.match(/^Looking for the device\. .*90 s: it may be restarting\.$/);
  });
});
