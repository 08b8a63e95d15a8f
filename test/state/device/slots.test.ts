import { expect } from 'chai';
import { slotsToWrite } from '../../../src/state/device/slots.ts';
import type { DeviceLink } from '../../../src/model/device/link.ts';
import { deadLink, givenState, savedDevice } from '../given.ts';

describe('Where the next update goes to', () => {
  it('is what devices have told, with equal slots as one', async () => {
    const next = { label: 'ota_1', address: null, size: 1_572_864 };
    const idle = { supported: true, session: null, running: null, boot: null, next, lastTaken: null };
    const link: DeviceLink = { ...deadLink, status: async () => idle };
    const { devices, checks } = givenState({ linkTo: () => async () => link });
    const kitchen = await savedDevice(devices, { name: 'Kitchen', address: '192.168.1.1' });
    const hall = await savedDevice(devices, { name: 'Hall', address: '192.168.1.2' });
    await savedDevice(devices, { name: 'Never asked', address: '192.168.1.3' });
    expect(slotsToWrite(devices, checks)).to.deep.equal([]);
    await checks.check(kitchen.id);
    await checks.check(hall.id);
    expect(slotsToWrite(devices, checks)).to.deep.equal([
      { label: 'ota_1', size: 1_572_864, devices: ['Kitchen', 'Hall'] },
    ]);
  });
});
