import { expect } from 'chai';
import { describe as inWords, type Names, OUTCOME_WORDS } from '../../src/update/describe.ts';
import type { UpdateErrorCode } from '../../src/update/update-error.ts';
import type { ActiveState, Outcome, UpdateState } from '../../src/update/update-state.ts';
import { ProgressMeter } from '../../src/update/progress-meter.ts';
import { IMAGE, session } from './scripted.ts';

const DEVICE = 'Kitchen sensor';
const VERSION = '1.4.2';
const NAMES: Names = { device: DEVICE, version: VERSION };

/** Every code, by a type that misses none. */
const CODES = Object.keys({
  aborted: 0,
  unreachable: 0,
  silent: 0,
  garbled: 0,
  busy: 0,
  'device-fault': 0,
  'body-too-large': 0,
  conflict: 0,
  'hash-mismatch': 0,
  'bad-request': 0,
  unauthorised: 0,
  forbidden: 0,
  'no-route': 0,
  'wrong-host': 0,
  unsupported: 0,
  'too-large': 0,
  'other-session': 0,
  'session-lost': 0,
  'no-progress': 0,
  'restarts-used-up': 0,
  unconfirmed: 0,
  'not-marked-valid': 0,
  'wrong-image': 0,
  'held-elsewhere': 0,
  'not-allowed': 0,
} satisfies Record<UpdateErrorCode, 0>) as UpdateErrorCode[];

const progress = new ProgressMeter(IMAGE.bytes.length).snapshot(4096);
const ended = { phase: 'ended', dialect: 'shipped', progress, durationMs: 1000 } as const;
type Failed = Extract<Outcome, { outcome: 'failed' }>;
type Cancelled = Extract<Outcome, { outcome: 'cancelled' }>;

function failed(code: UpdateErrorCode, changes: Partial<Failed> = {}): Failed {
  return {
    ...ended,
    outcome: 'failed',
    code,
    during: 'writing',
    status: null,
    said: null,
    oldFirmware: 'runs',
    resumable: false,
    otherSession: null,
    judgement: null,
    ...changes,
  };
}

function cancelled(changes: Partial<Cancelled> = {}): Cancelled {
  return { ...ended, outcome: 'cancelled', deviceIdle: true, oldFirmware: 'runs', begun: true, ...changes };
}

const OTHERS: readonly Outcome[] = [
  { ...ended, outcome: 'updated', slot: 'ota_1', markedValid: true },
  { ...ended, outcome: 'accepted' },
  { ...ended, outcome: 'staged', slot: 'ota_1' },
  { ...ended, outcome: 'rolled-back', slot: 'ota_0' },
  { ...ended, outcome: 'rejected', said: 'sha256 mismatch' },
  { ...ended, outcome: 'not-seen-again', patienceMs: 120_000 },
  cancelled(),
  cancelled({ deviceIdle: false }),
  cancelled({ deviceIdle: null }),
  cancelled({ deviceIdle: null, dialect: 'documented' }),
  cancelled({ deviceIdle: null, oldFirmware: 'unknown' }),
  cancelled({ deviceIdle: null, begun: false }),
];

const running = { dialect: 'shipped', progress } as const;
const ACTIVE: readonly ActiveState[] = [
  ...(['detecting', 'checking', 'beginning', 'writing', 'finalizing', 'confirming'] as const).map((phase) => ({
    ...running,
    phase,
  })),
  ...(['paused', 'offline', 'device-session'] as const).map((why) => ({ ...running, phase: 'waiting' as const, why })),
  ...CODES.map((after) => ({
    ...running,
    phase: 'retrying' as const,
    after,
    attempt: 1,
    delayMs: 250,
    startedOver: false,
  })),
  { ...running, phase: 'retrying', after: 'silent', attempt: 1, delayMs: 250, startedOver: true },
  { ...running, phase: 'restarting', elapsedMs: 0, patienceMs: 120_000 },
];

const detail = (state: UpdateState, names = NAMES): string => inWords(state, names).detail;

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
    const phases = ACTIVE.filter((state) => state.phase !== 'waiting' && state.phase !== 'retrying');
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
    expect(inWords({ ...running, phase: 'checking', progress: begun }, NAMES).title).to.equal('Asking how far it is');
  });

  it('says why nothing is sent', () => {
    const titles = (['paused', 'offline', 'device-session'] as const).map(
      (why) => inWords({ ...running, phase: 'waiting', why }, NAMES).title,
    );
    expect(titles).to.deep.equal(['Paused', 'Waiting for the network', 'Waiting for the device']);
  });

  it('says that an upload starts from the beginning, and why', () => {
    const again = { ...running, phase: 'retrying', after: 'silent', attempt: 1, delayMs: 0 } as const;
    const plain = inWords({ ...again, startedOver: false }, NAMES);
    const over = inWords({ ...again, startedOver: true }, NAMES);
    expect(plain.title).to.equal('Trying again');
    expect(plain.detail).not.to.include('from the beginning');
    expect(over.title).to.equal('Starting over');
    expect(over.detail).to.include(plain.detail).and.include('from the beginning');
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
      expect(text, outcome.outcome).to.match(/old firmware|runs 1\.4\.2 now|not known|cannot tell|may restart into it/);
    }
  });

  it('says what to do where there is something to do', () => {
    const todo = {
      accepted: /look at the device/i,
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
      expect(unnamed, 'sentences begin with a capital').to.match(/^[A-Z]/);
    }
  });

  it('leaves a version as it is written, also where a sentence begins with it', () => {
    const staged = { ...ended, outcome: 'staged', slot: null } as const;
    expect(detail(staged, { device: DEVICE, version: 'v2-beta' })).to.match(/^v2-beta /);
  });

  it('names slots and patience', () => {
    expect(detail({ ...ended, outcome: 'updated', slot: 'ota_1', markedValid: true })).to.include('ota_1');
    expect(detail({ ...ended, outcome: 'rolled-back', slot: 'ota_0' })).to.include('ota_0');
    expect(detail({ ...ended, outcome: 'not-seen-again', patienceMs: 30_000 })).to.include('30 s');
  });

  it('repeats what the device said when it refused the image, and nothing where it said nothing', () => {
    expect(detail({ ...ended, outcome: 'rejected', said: 'sha256 mismatch' })).to.include('"sha256 mismatch"');
    expect(detail({ ...ended, outcome: 'rejected', said: null })).not.to.include('"');
  });
});

describe('a cancelled update in words', () => {
  const old = 'runs its old firmware';

  it('says whether the device is idle again', () => {
    expect(detail(cancelled())).to.include('idle again').and.include(old);
    expect(detail(cancelled({ deviceIdle: false })))
      .to.include('someone else')
      .and.include(old);
    expect(detail(cancelled({ deviceIdle: null })))
      .to.include('may still be open')
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
});

describe('a failed update in words', () => {
  for (const code of CODES) {
    it(`says for ${code} what happened, that the old firmware still runs, and what to do`, () => {
      const text = detail(failed(code));
      const [happened, next, ...rest] = text.split(` ${DEVICE} still runs its old firmware. `);
      expect(rest).to.deep.equal([]);
      expect(happened, 'what happened').to.match(/^[A-Z].{10,}\.$/);
      expect(next, 'what to do').to.match(/^[A-Z].{10,}\.$/);
    });
  }

  it('says something of its own for every code', () => {
    expect(new Set(CODES.map((code) => detail(failed(code)))).size).to.equal(CODES.length);
  });

  it('says whether the old firmware still runs: yes, not known, no longer', () => {
    expect(detail(failed('silent'))).to.include(`${DEVICE} still runs its old firmware.`);
    expect(detail(failed('silent', { oldFirmware: 'unknown' }))).to.include(
      `Whether ${DEVICE} still runs its old firmware is not known.`,
    );
    expect(detail(failed('not-marked-valid', { oldFirmware: 'replaced' }))).to.include(
      `${DEVICE} runs the new firmware.`,
    );
  });

  it('repeats the device’s own words', () => {
    expect(detail(failed('bad-request', { said: 'bad size' }))).to.include('It said: "bad size".');
    expect(detail(failed('bad-request'))).not.to.include('It said');
  });

  it('offers to resume where that is possible', () => {
    expect(detail(failed('no-progress', { resumable: true }))).to.match(/Resume goes on from there\.$/);
    expect(detail(failed('no-progress'))).to.match(/Press Update when the device is in reach\.$/);
    expect(detail(failed('unauthorised', { resumable: true })), 'another reason comes first').to.include('token');
  });

  const judgement = { reason: 'wrong-chip', message: 'Built for ESP32-S3.', canOverrule: true } as const;

  it('gives the inspector’s reason where the image is why, and leaves out what the device said', () => {
    const text = detail(failed('wrong-image', { judgement, said: 'whatever' }));
    expect(text)
      .to.match(/^Built for ESP32-S3\. /)
      .and.not.include('whatever');
    expect(text).to.match(/Choose another file\.$/);
  });

  it('does not send for another file where no file helps', () => {
    const noSlot = { reason: 'no-update-slot', message: 'No update slot.', canOverrule: false } as const;
    expect(detail(failed('wrong-image', { judgement: noSlot }))).not.to.include('another file');
  });

  describe('for somebody else’s session', () => {
    it('tells what is known of it', () => {
      const otherSession = session({ writtenBytes: 4096, expectedSize: 1_500_000, expectedSha256: 'abcdef0123456789' });
      expect(detail(failed('other-session', { otherSession }))).to.match(
        new RegExp(
          `^Another update is open on ${DEVICE}\\. It has written 4,096 of 1,500,000 bytes of the image abcdef01…\\. `,
        ),
      );
    });

    it('leaves out what is not known', () => {
      const known = session({ writtenBytes: 4096, expectedSize: null, expectedSha256: null });
      expect(detail(failed('other-session', { otherSession: known }))).to.include('It has written 4,096 bytes. ');
      const unknown = session({ writtenBytes: null });
      expect(detail(failed('other-session', { otherSession: unknown }))).to.match(
        new RegExp(`^Another update is open on ${DEVICE}\\. ${DEVICE} still runs`),
      );
      expect(detail(failed('other-session'))).to.match(/^Another update is open on this device\. /);
    });
  });
});
