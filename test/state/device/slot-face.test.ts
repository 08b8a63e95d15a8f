import { expect } from 'chai';
import type { Slot } from '../../../src/model/device/link.ts';
import type { CheckView } from '../../../src/state/device/check/check-view.ts';
import { deviceFace } from '../../../src/state/device/slot-face.ts';
import { faceText } from '../../../src/words/device/card/slot-face.ts';
import { aDevice, ran } from '../../storage/samples.ts';

const SHA = 'ab'.repeat(32);
const FILES = [{ sha256: SHA, size: 812 * 1024 }];
const slot = (label: string): Slot => ({ label, address: null, size: 0x18_0000 });

function answered(running: Slot | null, next: Slot | null, at = 0): CheckView {
  const status = { supported: true, session: null, running, boot: null, next, lastTaken: null };
  return { kind: 'answered', dialect: 'shipped', status, note: null, at };
}

describe('The slots of a device at rest', () => {
  it('are not known before anything was told', () => {
    const face = deviceFace(aDevice(), { kind: 'unasked' }, FILES);
    expect(face).to.deep.equal({ running: null, next: null });
    expect(faceText(face.running, face.next)).to.equal('Slots unknown');
  });

  it('are the ones that it told, the running one as full as the file that is proven to run', () => {
    const device = aDevice({ runs: { ...ran(SHA), slot: 'ota_0', at: 0 } });
    const face = deviceFace(device, answered(slot('ota_0'), slot('ota_1'), 1), FILES);
    expect(face.running).to.deep.equal({ label: 'ota_0', size: 0x18_0000, filled: 812 * 1024 });
    expect(face.next).to.deep.equal({ label: 'ota_1', size: 0x18_0000, filled: null });
    expect(faceText(face.running, face.next)).to.equal('ota_0 runs, 812 KB of 1.5 MB; ota_1 is next, 1.5 MB');
  });

  it('have changed places after an update that came later than the answer', () => {
    const device = aDevice({ runs: { ...ran(SHA), slot: 'ota_1', at: 2 } });
    const face = deviceFace(device, answered(slot('ota_0'), slot('ota_1'), 1), FILES);
    expect(face.running?.label).to.equal('ota_1');
    expect(face.running?.filled).to.equal(812 * 1024);
    expect(face.next?.label).to.equal('ota_0');
  });

  it('are as the device says where that came later, and then how full is not known', () => {
    const device = aDevice({ runs: { ...ran(SHA), slot: 'ota_1', at: 1 } });
    const face = deviceFace(device, answered(slot('ota_0'), slot('ota_1'), 2), FILES);
    expect(face.running).to.deep.equal({ label: 'ota_0', size: 0x18_0000, filled: null });
  });

  it('are one where the only slot runs', () => {
    expect(deviceFace(aDevice(), answered(slot('ota_0'), slot('ota_0')), FILES).next).to.equal(null);
  });

  it('are told by name alone where only an update has seen them', () => {
    const device = aDevice({ runs: { ...ran('cd'.repeat(32)), slot: 'ota_1' } });
    const face = deviceFace(device, { kind: 'unasked' }, FILES);
    expect(faceText(face.running, face.next)).to.equal('ota_1 runs');
    const taken = aDevice({ runs: { ...ran(SHA), proven: false } });
    expect(deviceFace(taken, { kind: 'unasked' }, FILES).running).to.equal(null);
  });
});
