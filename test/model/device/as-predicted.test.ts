import { expect } from 'chai';
import { isAsPredicted } from '../../../src/model/device/as-predicted.ts';
import type { DeviceIdentity, FirmwareTells } from '../../../src/model/device/identity.ts';

const LAMP: DeviceIdentity = {
  ...{ product: 'WLED', name: 'Shelf', version: '16.0.1', release: 'ESP32', build: '2506160' },
  ...{ chipId: 0, chip: 'ESP32', flashBytes: null, uptimeMs: 1000, takesUpdates: true, keepsHalf: false },
};
const FILE: FirmwareTells = { product: 'WLED', version: '16.0.1', release: 'ESP32' };
const BUILT = '2026-07-24T19:38:07';

describe('What a device is to tell, by the file that it is sent', () => {
  it('is told by the new firmware, or not', () => {
    expect(isAsPredicted(FILE, LAMP)).to.equal(true);
    expect(isAsPredicted({ ...FILE, version: '16.0.2' }, LAMP)).to.equal(false);
    expect(isAsPredicted({ ...FILE, release: 'ESP32_Ethernet' }, LAMP)).to.equal(false);
    expect(isAsPredicted({ ...FILE, product: 'Tasmota' }, LAMP)).to.equal(false);
  });

  it('needs no release that one of them leaves out', () => {
    expect(isAsPredicted({ ...FILE, release: null }, LAMP)).to.equal(true);
    expect(isAsPredicted(FILE, { ...LAMP, release: null })).to.equal(true);
  });

  it('is told by the build alone, where the file has no version', () => {
    const file: FirmwareTells = { product: 'WLED', version: null, release: null, build: BUILT };
    expect(isAsPredicted(file, { ...LAMP, build: BUILT })).to.equal(true);
    expect(isAsPredicted(file, LAMP)).to.equal(false);
  });

  it('is not told by a version whose build is another', () => {
    expect(isAsPredicted({ ...FILE, build: BUILT }, LAMP)).to.equal(false);
  });

  it('shows nothing where neither version nor build is told by both', () => {
    expect(isAsPredicted({ ...FILE, version: null }, LAMP)).to.equal(null);
    expect(isAsPredicted(FILE, { ...LAMP, version: null })).to.equal(null);
    expect(isAsPredicted({ ...FILE, version: null, build: BUILT }, { ...LAMP, build: null })).to.equal(null);
  });
});
