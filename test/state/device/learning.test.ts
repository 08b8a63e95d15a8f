import { expect } from 'chai';
import { learnedFrom } from '../../../src/state/device/learning.ts';
import { sentFirmware } from '../../../src/state/update/sent-firmware.ts';
import { noProgress } from '../../../src/state/update/update-view.ts';
import type { Device, RanFirmware } from '../../../src/model/device/device.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { ended, failed, file, givenState, NOW, savedDevice } from '../given.ts';

const OLD: RanFirmware = { sha256: 'aa', version: '1.3.0', project: null, slot: 'ota_0', at: 0, proven: true };

async function learned(outcome: Outcome, of: Partial<Device> = {}) {
  const { devices, firmware } = givenState();
  const device = { ...(await savedDevice(devices)), ...of };
  await firmware.choose([file('kitchen.bin')]);
  const chosen = firmware.firmware;
  if (chosen === null) throw new Error('no firmware is chosen');
  return { ...learnedFrom(device, sentFirmware(chosen), outcome, NOW), sent: chosen.sha256 };
}

describe('What an update teaches about its device', () => {
  const nothingYet = { dialect: 'documented', progress: noProgress(8) } as const;

  it('is no dialect that the device was only assumed to speak', async () => {
    expect(await learned(failed({ ...nothingYet, code: 'no-progress' }))).not.to.have.property('dialect');
    const cancelled = ended({
      ...nothingYet,
      outcome: 'cancelled',
      deviceIdle: null,
      oldFirmware: 'runs',
      begun: true,
    });
    expect(await learned(cancelled)).not.to.have.property('dialect');
  });

  it('is the dialect in which it took an image, or told its slots: any server may say yes to bytes', async () => {
    const progress = { ...noProgress(8), acknowledged: 4 };
    expect(await learned(failed({ dialect: 'documented', progress }))).not.to.have.property('dialect');
    const accepted = ended({ outcome: 'accepted', hashNamed: true, dialect: 'documented' });
    expect((await learned(accepted)).dialect).to.equal('documented');
    expect((await learned(failed({ dialect: 'shipped', progress: noProgress(8) }))).dialect).to.equal('shipped');
  });

  it('is the size of a chunk only where it took one: bytes of an earlier run say nothing of it', async () => {
    const progress = { ...noProgress(8), acknowledged: 4 };
    expect(await learned(failed({ progress }))).not.to.have.property('chunkBytes');
    expect(await learned(failed({ progress: { ...progress, chunkBytes: 4 } }))).to.deep.include({
      chunkBytes: { direct: 4 },
    });
  });

  it('is the size of a chunk by the way it went, and takes nothing from what the other way took', async () => {
    const progress = { ...noProgress(8), acknowledged: 4, chunkBytes: 3392 };
    const before = { direct: 3072, gateway: 3840 };
    expect(await learned(failed({ progress }), { route: 'direct', chunkBytes: before })).to.deep.include({
      chunkBytes: { direct: 3392, gateway: 3840 },
    });
    expect(await learned(failed({ progress }), { route: 'gateway', chunkBytes: before })).to.deep.include({
      chunkBytes: { direct: 3072, gateway: 3392 },
    });
  });

  it('is that it took the new image, where only marking it valid failed', async () => {
    const { runs, ranBefore, sent } = await learned(failed({ code: 'not-marked-valid', oldFirmware: 'replaced' }), {
      runs: OLD,
    });
    expect(runs).to.deep.include({ sha256: sent, version: '1.4.2', proven: false, at: NOW });
    expect(ranBefore).to.equal(OLD);
  });

  for (const [name, outcome] of [
    ['it was not seen again', ended({ outcome: 'not-seen-again' })],
    ['the end cannot be told', failed({ code: 'unconfirmed', oldFirmware: 'unknown' })],
    ['it was cancelled at the end', ended({ outcome: 'cancelled', deviceIdle: null, oldFirmware: 'unknown' })],
  ] as const) {
    it(`is that nobody knows what it runs, where ${name}`, async () => {
      expect(await learned(outcome, { runs: OLD })).to.deep.include({ runs: null, ranBefore: OLD });
    });
  }

  it('is nothing new in a doubt between two equal images', async () => {
    const { sent } = await learned(ended());
    const same = { ...OLD, sha256: sent };
    expect(await learned(ended({ outcome: 'not-seen-again' }), { runs: same })).not.to.have.any.keys(
      'runs',
      'ranBefore',
    );
  });

  it('is what ran before, where the doubt ends with the old slot', async () => {
    const back = ended({ outcome: 'rolled-back', slot: 'ota_0', isPrevious: true, fellBack: false });
    expect(await learned(back, { runs: null, ranBefore: OLD })).to.deep.include({ runs: OLD, ranBefore: null });
    const elsewhere = { ...OLD, slot: 'ota_1' };
    expect(
      await learned(back, { runs: null, ranBefore: elsewhere }),
      'it stood in the other slot',
    ).not.to.have.any.keys('runs', 'ranBefore');
    expect(await learned(back, { runs: OLD })).not.to.have.any.keys('runs', 'ranBefore');
  });

  it('is nothing about what runs, where it failed while the old firmware ran', async () => {
    expect(await learned(failed({}), { runs: OLD })).not.to.have.any.keys('runs', 'ranBefore');
  });
});
