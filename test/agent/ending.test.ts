import { expect } from 'chai';
import { endOf } from '../../src/agent/ending.ts';
import { ACCEPTED_COUNTS_AS } from '../../src/model/agent/agent-settings.ts';
import type { DeviceIdentity } from '../../src/model/device/identity.ts';
import type { Outcome } from '../../src/model/update/update-state.ts';
import * as is from './moments.ts';

const IDENTITY: DeviceIdentity = {
  ...{ product: 'WLED', name: null, version: '16.0.0', release: 'ESP32', build: null, chipId: null, chip: null },
  ...{ flashBytes: null, uptimeMs: null, takesUpdates: null, keepsHalf: false },
};
const SUCCESS = { acceptedCountsAs: 'success' } as const;

function accepted(dialect: Outcome['dialect']): Outcome {
  const { durationMs, progress } = is.UPDATED;
  return { phase: 'ended', outcome: 'accepted', dialect, durationMs, progress, hashNamed: true };
}

function acceptedWhy(why: 'same' | 'nothing-predicted' | 'other' | 'no-restart-seen'): Outcome {
  const { durationMs, progress } = is.UPDATED;
  return {
    ...{ phase: 'ended', outcome: 'accepted', dialect: 'wled', durationMs, progress, why },
    ...{ by: 'identity', before: IDENTITY, now: IDENTITY },
  };
}

describe('what the end of an update means for the server’s action', () => {
  it('is success where the device proved it', () => {
    for (const acceptedCountsAs of ACCEPTED_COUNTS_AS)
      expect(endOf(is.UPDATED, { acceptedCountsAs })).to.deep.equal({ kind: 'success' });
  });

  it('is the person’s choice for a device that can never prove it', () => {
    for (const outcome of [accepted('documented'), acceptedWhy('same'), acceptedWhy('nothing-predicted')]) {
      expect(endOf(outcome, SUCCESS).kind).to.equal('success');
      expect(endOf(outcome, { acceptedCountsAs: 'open' }).kind).to.equal('taken');
      expect(endOf(outcome, { acceptedCountsAs: 'failure' }).kind).to.equal('failure');
    }
  });

  it('is failure for one that could have proven it, whatever was chosen', () => {
    for (const outcome of [accepted('shipped'), acceptedWhy('other'), acceptedWhy('no-restart-seen')])
      expect(endOf(outcome, SUCCESS)).to.deep.equal({ kind: 'failure', code: 'not-proven' });
  });

  it('is open where the device was only not to be had', () => {
    for (const code of ['unreachable', 'silent', 'busy', 'other-session', 'no-progress', 'held-elsewhere'] as const)
      expect(endOf(is.failedWith(code), SUCCESS).kind, code).to.equal('again');
  });

  it('is failure with its code where another try would not help', () => {
    for (const code of ['unauthorised', 'wrong-image', 'too-large', 'session-lost', 'locked', 'unconfirmed'] as const)
      expect(endOf(is.failedWith(code), SUCCESS)).to.deep.equal({ kind: 'failure', code });
  });

  it('is no success, and no failure yet, for a device that was not seen again', () => {
    expect(endOf(is.NOT_SEEN, SUCCESS).kind).to.equal('looked-for');
  });
});
