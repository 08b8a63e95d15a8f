import { expect } from 'chai';
import { DevicesState } from '../../../src/state/device/devices.ts';
import { ownDevice, readOwnAddress } from '../../../src/state/device/own-device.ts';
import { MemoryDevices } from '../../../src/storage/memory.ts';
import { MemoryVault } from '../../../src/storage/vault/memory-vault.ts';

function given(store = new MemoryDevices()) {
  let made = 0;
  return new DevicesState({
    store,
    vault: new MemoryVault(),
    readAddress: readOwnAddress,
    readPrefix: (prefix) => ({ kind: 'prefix', prefix }),
    newId: () => `device-${(made += 1)}`,
    today: () => 0,
  });
}

describe('The device that served the page', () => {
  for (const origin of ['http://192.168.4.1', 'http://192.168.1.50:8080', 'https://esp32.local']) {
    it(`is a device at ${origin}, without a token yet`, async () => {
      const devices = given();
      const device = await ownDevice(devices, { origin });
      expect(device.origin).to.equal(origin);
      expect(device.prefix).to.equal('/ota');
      expect(devices.$keeping.get().has(device.id)).to.equal(false);
    });
  }

  it('is the same one when the page is opened again', async () => {
    const store = new MemoryDevices();
    const page = { origin: 'http://192.168.4.1' };
    const first = await ownDevice(given(store), page);
    const later = given(store);
    await later.load();
    expect(await ownDevice(later, page)).to.deep.equal(first);
    expect(later.$devices.get()).to.have.length(1);
  });
});
