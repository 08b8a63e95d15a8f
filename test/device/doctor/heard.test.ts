/** What is heard in an answer, down to its last detail. */
import { expect } from 'chai';
import type { Cause } from '../../../src/model/device/diagnosis.ts';
import type { UpdateErrorCode } from '../../../src/model/update/error-codes.ts';
import { target } from '../given.ts';
import {
  OPAQUE,
  EMPTY,
  GONE,
  REFUSED_TOKEN,
  TOO_MANY,
  TIMED_OUT,
  NO_ANSWER,
  answer,
  self,
  probesFor,
  findsEach,
  type Scene,
} from './reach-scene.ts';
import { diagnose } from './told.ts';

const JSON_STATUS = answer(null, 200, 'json');

/** What an answer shows that came to this code. Most codes are none of an answer to a status: then it was the moment. */
const SHOWN: Readonly<Record<UpdateErrorCode, Cause['kind']>> = {
  garbled: 'not-a-device',
  'web-page': 'not-a-device',
  'no-route': 'wrong-prefix',
  unauthorised: 'wrong-token',
  forbidden: 'cors-missing',
  'wrong-host': 'untrusted-host',
  unsupported: 'unsupported',
  busy: 'busy',
  'device-fault': 'busy',
  aborted: 'busy',
  unreachable: 'busy',
  'host-gone': 'busy',
  silent: 'busy',
  'unknown-format': 'busy',
  unreadable: 'busy',
  'body-too-large': 'busy',
  conflict: 'busy',
  'not-finalized': 'busy',
  'not-counted': 'busy',
  'hash-mismatch': 'busy',
  'bad-request': 'busy',
  'too-large': 'busy',
  'other-session': 'busy',
  'session-lost': 'busy',
  'session-spoilt': 'busy',
  'no-progress': 'busy',
  'restarts-used-up': 'busy',
  unconfirmed: 'busy',
  'no-restart-seen': 'busy',
  'not-marked-valid': 'busy',
  'wrong-image': 'busy',
  locked: 'busy',
  'other-subnet': 'busy',
  'half-left': 'busy',
  'earlier-broke-off': 'busy',
  'not-set-aside': 'busy',
  'stand-in-runs': 'busy',
  'restarts-itself': 'busy',
  'needs-host': 'busy',
  'not-called-back': 'busy',
  'held-elsewhere': 'busy',
  'not-allowed': 'busy',
};

describe('the connection doctor', () => {
  it('finds a cause in an answer with any error', async () => {
    for (const code of Object.keys(SHOWN) as UpdateErrorCode[]) {
      const { probes } = probesFor({ asked: answer(code, 400) });
      expect((await diagnose(target({ dialect: 'shipped' }), probes)).kind, code).to.equal(SHOWN[code]);
    }
  });

  findsEach([
    [
      'no status here, where other paths are answered otherwise',
      { asked: GONE, control: EMPTY },
      'wrong-prefix',
      'edit-device',
    ],
    [
      'an answer that differs from other paths in its status alone',
      { asked: EMPTY, control: answer(null, 204, 'empty') },
      'answers',
      'try-again',
    ],
    [
      'an answer that differs from other paths in its kind alone',
      { asked: JSON_STATUS, control: answer(null, 200, 'text') },
      'answers',
      'try-again',
    ],
    [
      'a “no” in other words than other paths have, at a device that lists no updates',
      {
        ...{ asked: answer('no-route', 404, 'text', 'No update.'), control: answer('no-route', 404, 'text', 'No.') },
        told: self([]),
      },
      'wrong-prefix',
      'edit-device',
    ],
    [
      'a status of another shape at a documented device, after a check that it did not fit',
      { asked: JSON_STATUS, control: GONE, after: 'garbled', to: { dialect: 'documented' } },
      'answers',
      'try-again',
    ],
    [
      'no status at a shipped device that lists its updates here, and others',
      {
        ...{ asked: EMPTY, control: EMPTY },
        told: self([
          { prefix: '/fw', dialect: 'shipped' },
          { prefix: '/ota', dialect: 'shipped' },
        ]),
      },
      'wrong-prefix',
      'edit-device',
    ],
    [
      'a wrong token in the protocol that was set by hand, at a device that tells nothing of itself',
      { asked: REFUSED_TOKEN, to: { protocol: 'shipped' } },
      'wrong-token',
      'edit-device',
    ],
    [
      'a status that failed, where other paths are given up',
      { asked: answer('device-fault', 500), control: TIMED_OUT },
      'busy',
      'try-again',
    ],
  ]);

  it('asks without the token what it compares with an answer that came without it', async () => {
    for (const [scene, expected] of [
      [{ asked: TIMED_OUT, control: TIMED_OUT }, 'control none'],
      [{ probed: OPAQUE, withoutToken: TIMED_OUT, control: TIMED_OUT }, 'control none'],
      [{ probed: OPAQUE, withoutToken: EMPTY, control: EMPTY }, 'control none'],
      [{ asked: EMPTY, control: EMPTY }, 'control token-header'],
    ] as const satisfies readonly (readonly [Scene, string])[]) {
      const { probes, tried } = probesFor(scene);
      await diagnose(target({ dialect: 'shipped' }), probes);
      expect(tried.filter((each) => each.startsWith('control'))).to.deep.equal([expected]);
    }
  });

  it('asks no more of a device that has too many requests, where the token cannot be the reason', async () => {
    const { probes, tried } = probesFor({ asked: NO_ANSWER, probed: OPAQUE, withoutToken: TOO_MANY });
    await diagnose(target({ dialect: 'shipped' }), probes);
    expect(tried.at(-1)).to.equal('ask none');
    expect(tried).to.deep.equal([...new Set(tried)]);
  });
});
