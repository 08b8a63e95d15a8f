import { expect } from 'chai';
import { DIALECTS } from '../../../src/model/device/dialect.ts';
import { ERROR_FACTS } from '../../../src/model/update/error-codes.ts';
import { failedBefore } from '../../../src/model/update/nothing-sent.ts';
import { describeAny } from '../../../src/words/update/describe-any.ts';
import { CODES, detail, DEVICE, failed, progress } from './states.ts';
import { session } from '../../update/scripted/scripted.ts';

/** Part of it is on the device, which can be asked for how much. */
const CAN_GO_ON = { resumable: true, progress: { ...progress, acknowledged: 4096 } } as const;

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
    const happened = CODES.map((code) => detail(failed(code)).split(` ${DEVICE} still runs `)[0]);
    expect(new Set(happened).size).to.equal(CODES.length);
  });

  it('says whether the old firmware still runs: yes, not known, no longer', () => {
    expect(detail(failed('silent'))).to.include(`${DEVICE} still runs its old firmware.`);
    expect(detail(failed('silent', { oldFirmware: 'unknown' }))).to.include(
      `Whether ${DEVICE} still runs its old firmware is unknown.`,
    );
    expect(detail(failed('not-marked-valid', { oldFirmware: 'replaced' }))).to.include(
      `${DEVICE} runs the new firmware.`,
    );
  });

  it('says nothing of the old firmware where the device was only checked', () => {
    const checked = { device: DEVICE, version: null, onlyChecked: true };
    for (const dialect of ['shipped', 'tasmota'] as const) {
      const { detail: text } = describeAny(failedBefore(dialect, 0, { code: 'unauthorised' }), checked);
      expect(text, dialect)
        .to.match(/under Edit/)
        .and.not.include('old firmware')
        .and.not.include('  ');
    }
  });

  it('does not name “Update” after a check alone', () => {
    const checked = { device: DEVICE, version: null, onlyChecked: true };
    for (const code of CODES) {
      for (const dialect of ['shipped', 'tasmota'] as const) {
        const { detail: text } = describeAny(failedBefore(dialect, 0, { code }), checked);
        expect(text, code).not.to.match(/press Update/i);
      }
    }
    const { detail: busy } = describeAny(failedBefore('shipped', 0, { code: 'busy' }), checked);
    expect(busy).to.match(/Wait a moment, then press “Check”\.$/);
  });

  it('leaves no mark in a sentence, and none of the device’s own words out', () => {
    for (const dialect of DIALECTS) {
      for (const code of CODES) expect(detail(failed(code, { dialect })), `${dialect}, ${code}`).not.to.match(/[{}]/);
    }
    expect(detail(failed('bad-request', { said: 'no {again}' }))).to.include('It said: "no {again}".');
  });

  it('repeats the device’s own words', () => {
    expect(detail(failed('bad-request', { said: 'bad size' }))).to.include('It said: "bad size".');
    expect(detail(failed('bad-request'))).not.to.include('It said');
  });

  it('offers to resume where that is possible', () => {
    const lost = detail(failed('no-progress', CAN_GO_ON));
    expect(lost).to.match(/Check its power and its network\. Press Resume to continue from there\.$/);
    expect(detail(failed('no-progress', { ...CAN_GO_ON, said: 'write failed' }))).not.to.include('Check its power');
    expect(detail(failed('no-progress'))).to.match(/Press Update when the device is in range\.$/);
    expect(detail(failed('unauthorised', { resumable: true })), 'another reason comes first').not.to.include('Resume');
  });

  it('names the button that is there: “Resume” where a part is written and can go on, else “Update”', () => {
    for (const code of CODES) {
      // With our session gone there is nothing to go on with.
      if (!ERROR_FACTS[code].session.gone) {
        expect(detail(failed(code, CAN_GO_ON)), code).not.to.match(/press Update/i);
      }
      expect(detail(failed(code, { resumable: true })), code).not.to.include('Resume');
      expect(detail(failed(code, { progress: CAN_GO_ON.progress })), code).not.to.include('Resume');
    }
    const wake = 'Wake it or start Moult on it, then press';
    expect(detail(failed('host-gone', CAN_GO_ON))).to.include(`${wake} Resume.`);
    expect(detail(failed('host-gone'))).to.include(`${wake} Update.`);
    expect(detail(failed('busy', CAN_GO_ON))).to.match(/Wait a moment, then press Resume\.$/);
    expect(detail(failed('aborted', CAN_GO_ON))).to.match(/Press Resume for another try\.$/);
  });

  const judgement = {
    finding: { reason: 'wrong-chip', chipId: 9, deviceChipId: 5 },
    canOverrule: true,
  } as const;

  it('gives the inspector’s reason where the image is why, and leaves out what the device said', () => {
    const text = detail(failed('wrong-image', { judgement, said: 'whatever' }));
    expect(text)
      .to.match(/^Built for ESP32-S3; this device is an ESP32-C3\. /)
      .and.not.include('whatever');
    expect(text).to.match(/Choose another file\.$/);
  });

  it('does not send for another file where no file helps', () => {
    const noSlot = { finding: { reason: 'no-update-slot' }, canOverrule: false } as const;
    expect(detail(failed('wrong-image', { judgement: noSlot }))).to.match(
      /^This device has no update slot: .* old firmware\.$/,
    );
  });

  describe('for somebody else’s session', () => {
    it('tells what is known of it', () => {
      const otherSession = session({ writtenBytes: 4096, expectedSize: 1_500_000, expectedSha256: 'abcdef0123456789' });
      expect(detail(failed('other-session', { otherSession }))).to.match(
        new RegExp(
          `^Another update is in progress on ${DEVICE}\\. It has written 4,096 of 1,500,000 bytes of the firmware abcdef01…\\. `,
        ),
      );
    });

    it('leaves out what is not known', () => {
      const known = session({ writtenBytes: 4096, expectedSize: null, expectedSha256: null });
      expect(detail(failed('other-session', { otherSession: known }))).to.include('It has written 4,096 bytes. ');
      const unknown = session({ writtenBytes: null });
      expect(detail(failed('other-session', { otherSession: unknown }))).to.match(
        new RegExp(`^Another update is in progress on ${DEVICE}\\. ${DEVICE} still runs`),
      );
      expect(detail(failed('other-session'))).to.match(/^Another update is in progress on this device\. /);
    });

    it('says of a documented device that its session may have run out', () => {
      const ranOut = 'The device dropped the update: it restarted, or the update timed out.';
      for (const state of [failed('session-lost'), failed('other-session', { restarted: true })]) {
        expect(detail({ ...state, dialect: 'documented' }).startsWith(ranOut)).to.equal(true);
        expect(detail(state)).not.to.include('timed out');
      }
    });

    it('says first that the device has most likely restarted, where ours was open before', () => {
      const lost = 'The device dropped the update, so it has most likely restarted.';
      for (const [otherSession, open] of [
        [session({ writtenBytes: null }), `Another update is in progress on ${DEVICE} now.`],
        [null, 'Another update is in progress on this device.'],
      ] as const) {
        const words = detail(failed('other-session', { otherSession, restarted: true }));
        expect(words.startsWith(`${lost} ${open} `), words).to.equal(true);
      }
    });
  });
});
