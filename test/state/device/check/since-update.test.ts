import { expect } from 'chai';
import type { DeviceStatus, Slot } from '../../../../src/model/device/link.ts';
import { slotsSince } from '../../../../src/state/device/check/since-update.ts';

const slot = (label: string): Slot => ({ label, address: null, size: 0x18_0000 });
const [ONE, TWO, FACTORY] = [slot('ota_0'), slot('ota_1'), slot('factory')];

const status = (running: Slot | null, next: Slot | null): DeviceStatus => ({
  ...{ supported: true, session: null, running, boot: running, next },
  lastTaken: { sha256: null, slot: null },
});

describe('The slots of a device after an update that the page has not seen', () => {
  it('have changed places where the update has proven which one runs', () => {
    const now = slotsSince(status(ONE, TWO), 'ota_1');
    expect(now).to.deep.include({ running: TWO, boot: TWO, next: ONE, lastTaken: null });
  });

  it('are as they were where the device had told of the update already', () => {
    const told = status(TWO, ONE);
    expect(slotsSince(told, 'ota_1')).to.equal(told);
  });

  it('are not known where nothing is proven, nor where the next one may be the only one', () => {
    expect(slotsSince(status(ONE, TWO), null)).to.equal(null);
    expect(slotsSince(status(FACTORY, ONE), 'ota_0')).to.equal(null);
    expect(slotsSince(status(ONE, null), 'ota_1')).to.equal(null);
    expect(slotsSince(status(null, null), 'ota_1')).to.equal(null);
  });
});
