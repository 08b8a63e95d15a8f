import { expect } from 'chai';
import type { JournalEntry } from '../../src/model/update/journal.ts';
import type { DeviceStatus, SessionReport } from '../../src/model/device/link.ts';
import { notReady, readiness, type Looked } from '../../src/rollout/readiness.ts';
import type { Readiness } from '../../src/model/rollout/rollout-state.ts';
import { describe as describeUpdate } from '../../src/words/update/describe.ts';
import { skipReasonInWords } from '../../src/words/rollout/rollout-progress.ts';
import type { UpdateErrorCode } from '../../src/model/update/error-codes.ts';
import { acceptedApp } from '../update/scripted/images.ts';

const app = acceptedApp(40_000);
const plan = { bytes: app.bytes, sha256: app.sha256, inspection: app.inspection, chipId: null };
const NOW = Date.UTC(2026, 0, 2);

const idle: DeviceStatus = {
  supported: true,
  session: null,
  running: { label: 'ota_0', address: null, size: 128 * 1024 },
  boot: { label: 'ota_0', address: null, size: 128 * 1024 },
  next: { label: 'ota_1', address: null, size: 128 * 1024 },
  lastTaken: null,
};
const session: SessionReport = {
  id: '7',
  writtenBytes: 4096,
  expectedSize: app.bytes.length,
  expectedSha256: app.sha256,
  slot: idle.next,
  capacityBytes: 128 * 1024,
  blockSize: 4096,
};
const left: JournalEntry = {
  ...{ deviceId: 'hall', sha256: app.sha256, size: app.bytes.length, dialect: 'shipped', sessionId: '7' },
  ...{ slot: 'ota_1', previousSlot: 'ota_0', acknowledged: 4096, sentTo: 4096, phase: 'writing', at: NOW },
};

const looked = (of: Partial<Looked> = {}): Looked => ({
  dialect: 'shipped',
  status: idle,
  journal: null,
  date: NOW,
  ...of,
});

const inWords = (found: Readiness): string =>
  found.kind === 'ready' ? '' : skipReasonInWords(found.why, { device: 'Hall', version: null }, describeUpdate);

describe('Whether a device can take an image now', () => {
  it('yes, where it is idle and the image fits', () => {
    expect(readiness(plan, looked())).to.deep.equal({ kind: 'ready' });
  });

  it('yes, and says so where it may be the only one over the air', () => {
    const factory = { label: 'factory', address: null, size: 128 * 1024, subtype: 0 };
    const next = { label: 'ota_0', address: null, size: 128 * 1024, subtype: 16 };
    const first = { ...idle, running: factory, boot: factory, next };
    expect(readiness(plan, looked({ status: first }))).to.deep.equal({ kind: 'ready', mayBeOnlyUpdate: true });
    // What was begun already was agreed to already.
    const status = { ...first, session: { ...session, slot: next } };
    const journal = { ...left, slot: 'ota_0', previousSlot: 'factory' };
    expect(readiness(plan, looked({ status, journal }))).to.deep.equal({ kind: 'ready' });
  });

  it('yes, where a documented device tells nothing: the engine asks again before it erases', () => {
    expect(readiness(plan, looked({ dialect: 'documented', status: null }))).to.deep.equal({ kind: 'ready' });
  });

  it('yes, where the open session is the one that an earlier visit left', () => {
    const status = { ...idle, session };
    expect(readiness(plan, looked({ status, journal: left }))).to.deep.equal({ kind: 'ready' });
  });

  it('yes, where an earlier visit began and the answer was lost', () => {
    const journal: JournalEntry = { ...left, phase: 'beginning', sessionId: null };
    expect(readiness(plan, looked({ status: { ...idle, session }, journal }))).to.deep.equal({ kind: 'ready' });
  });

  it('no, where the open session is another client’s, for another image, or not ours to resume', () => {
    const other = { ...left, sha256: 'ff'.repeat(32) };
    for (const journal of [null, other, { ...left, sessionId: '6' }]) {
      const found = readiness(plan, looked({ status: { ...idle, session }, journal }));
      expect(found.kind === 'ready' ? null : found.why).to.deep.include({ because: 'busy' });
      expect(inWords(found)).to.contain('Another update is in progress on Hall');
    }
  });

  it('no, where the image does not fit its slot, is for another chip, or there is no slot', () => {
    const chip = (app.inspection.chip?.id ?? 0) + 1;
    const small = { ...idle, next: { label: 'ota_1', address: null, size: 4096 } };
    for (const found of [
      readiness(plan, looked({ status: small })),
      readiness({ ...plan, chipId: chip }, looked()),
      readiness(plan, looked({ status: { ...idle, next: null } })),
    ]) {
      expect(found.kind === 'ready' ? null : found.why).to.include({ because: 'image' });
      expect(inWords(found)).to.match(/\.$/);
    }
  });

  it('no, where the device says that it cannot update', () => {
    const found = readiness(plan, looked({ status: { ...idle, supported: false } }));
    expect(found.kind === 'ready' ? null : found.why).to.include({ because: 'refused' });
  });

  for (const [code, because] of [
    ['unreachable', 'off'],
    ['silent', 'off'],
    ['host-gone', 'off'],
    ['busy', 'busy'],
    ['unauthorised', 'refused'],
    ['no-route', 'refused'],
    ['garbled', 'refused'],
  ] as const satisfies readonly (readonly [UpdateErrorCode, string])[]) {
    it(`no, “${because}”, where asking ended with ${code}, in whole sentences that name it`, () => {
      const found = notReady(null, { code, said: null });
      expect(found.why).to.include({ because });
      expect(inWords(found)).to.contain('Hall still runs its old firmware.');
    });
  }
});
