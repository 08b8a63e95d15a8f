import { expect } from 'chai';
import type { RanFirmware } from '../../../src/model/device/device.ts';
import type { DeviceStatus, Slot } from '../../../src/model/device/link.ts';
import { type DeviceOfPair, fitOf } from '../../../src/model/firmware/fit.ts';
import type { FileTells, Inspection } from '../../../src/model/firmware/inspection.ts';
import { anInspection } from '../../firmware/an-inspection.ts';

const SHA = 'ab'.repeat(32);
const OTA_0: Slot = { label: 'ota_0', address: 0x10000, size: 64 };
const OTA_1: Slot = { label: 'ota_1', address: 0x110000, size: 64 };

const STATUS: DeviceStatus = {
  ...{ supported: true, session: null, running: OTA_0, boot: OTA_0, next: OTA_1, lastTaken: null },
};
const RUNS: RanFirmware = { sha256: SHA, version: null, project: null, slot: 'ota_0', at: 0, proven: true };

function fit(inspection: Partial<Inspection> = {}, device: Partial<DeviceOfPair> = {}) {
  return fitOf(
    { sha256: SHA, inspection: anInspection(inspection) },
    { chipId: 9, runs: null, status: null, ...device },
  );
}

describe('A file and a device', () => {
  it('fit where nothing that is known speaks against it', () => {
    expect(fit()).to.deep.equal({ misfit: null, has: null, unknownChip: null, otherProduct: null });
    expect(fit({}, { status: STATUS })).to.deep.equal({
      misfit: null,
      has: null,
      unknownChip: null,
      otherProduct: null,
    });
  });

  const misfits: readonly [string, Partial<Inspection>, Partial<DeviceOfPair>, string, boolean, 'file' | 'pair'][] = [
    ['the chip is another one', {}, { chipId: 0 }, 'wrong-chip', true, 'pair'],
    ['the slot is too small', { slotBytes: 65 }, { status: STATUS }, 'too-large', false, 'pair'],
    ['the only slot runs', {}, { status: { ...STATUS, next: OTA_0 } }, 'only-slot-runs', false, 'pair'],
    ['there is no slot', {}, { status: { ...STATUS, next: null } }, 'no-update-slot', false, 'pair'],
    [
      'it takes no updates',
      {},
      { status: { ...STATUS, supported: false, running: null, next: null } },
      'no-update-slot',
      false,
      'pair',
    ],
    ['it may lack MicroPython', { warnings: [{ reason: 'no-micropython' }] }, {}, 'no-micropython', true, 'pair'],
    [
      'it is no app',
      { kind: 'bootloader', verdict: 'refuse', finding: { reason: 'bootloader', at: 0 } },
      {},
      'bootloader',
      false,
      'file',
    ],
    [
      'bytes follow it',
      { verdict: 'refuse', finding: { reason: 'trailing-bytes', bytes: 4 } },
      {},
      'trailing-bytes',
      true,
      'file',
    ],
  ];
  for (const [why, inspection, device, reason, canOverrule, of] of misfits) {
    it(`do not fit where ${why}`, () => {
      const { misfit } = fit(inspection, device);
      expect(misfit).to.deep.include({ canOverrule, of });
      expect(misfit?.finding.reason).to.equal(reason);
    });
  }

  it('give the next reason once one is overruled, and one that cannot be overruled before any other', () => {
    const file = { sha256: SHA, inspection: anInspection({ warnings: [{ reason: 'no-micropython' }] }) };
    const device = { chipId: 0, runs: null, status: null };
    const reason = (...overruled: ('wrong-chip' | 'no-micropython')[]) =>
      fitOf(file, device, overruled).misfit?.finding.reason;
    expect([reason(), reason('wrong-chip'), reason('wrong-chip', 'no-micropython')]).to.deep.equal([
      'wrong-chip',
      'no-micropython',
      undefined,
    ]);
    const full = { ...device, status: { ...STATUS, next: OTA_0 } };
    expect(fitOf(file, full).misfit?.finding.reason).to.equal('only-slot-runs');
  });

  it('leave the chip to be asked for only where the file names one and the device’s is not known', () => {
    expect(fit({}, { chipId: null }).unknownChip).to.include({ id: 9 });
    expect(fit({ chip: null }, { chipId: null }).unknownChip).to.equal(null);
    const finding = { reason: 'bootloader', at: 0 } as const;
    expect(fit({ verdict: 'refuse', finding }, { chipId: null }).unknownChip).to.equal(null);
  });

  describe('belong together already', () => {
    const has = (runs: Partial<RanFirmware> | null, status: DeviceStatus | null = null) =>
      fit({}, { runs: runs === null ? null : { ...RUNS, ...runs }, status }).has;

    it('where an update was seen to run from its slot, and the device has not said otherwise', () => {
      expect(has({})).to.equal('runs');
      expect(has({}, STATUS)).to.equal('runs');
    });

    it('but are not proven to where the image was only taken, or its slot was never told', () => {
      expect(has({ proven: false }, STATUS)).to.equal('took');
      expect(has({ slot: null }, STATUS)).to.equal('took');
    });

    it('and no longer where the device runs from another slot, or does not tell', () => {
      expect(has({}, { ...STATUS, running: OTA_1 })).to.equal('left');
      expect(has({ proven: false }, { ...STATUS, running: OTA_1 })).to.equal('left');
      expect(has({}, { ...STATUS, running: null })).to.equal('took');
    });

    it('where the device tells the version that the file says it is, and is not proven to run another file', () => {
      const tells = { product: 'WLED', version: '16.0.1', release: 'ESP32', installsFrom: null };
      const identity = {
        ...{ product: 'WLED', name: null, version: '16.0.1', release: 'ESP32', build: null, chipId: 9, chip: null },
        ...{ flashBytes: null, uptimeMs: null, takesUpdates: true, keepsHalf: false },
      };
      const lamp = (of: Partial<DeviceOfPair>, file: Partial<FileTells> = {}) =>
        fit({ tells: { ...tells, ...file } }, { dialect: 'wled', identity, ...of }).has;
      expect(lamp({})).to.equal('tells');
      expect(lamp({ identity: { ...identity, version: '16.0.0' } })).to.equal(null);
      expect(lamp({}, { release: 'ESP32_Ethernet' })).to.equal(null);
      expect(lamp({ runs: { ...RUNS, tells, sha256: 'cd'.repeat(32) } })).to.equal(null);
      const plug = { ...identity, product: 'ESPHome', build: '2026-07-24 19:38:07' };
      const esphome = (build: string | null) =>
        lamp({ dialect: 'esphome', identity: plug }, { product: 'ESPHome', build });
      expect(esphome(plug.build)).to.equal('tells');
      expect(esphome(null), 'the version of the tools alone').to.equal(null);
      expect(lamp({ runs: { ...RUNS, tells: { ...tells, version: '16.0.2' } } }), 'as it tells now').to.equal('tells');
    });

    it('and not where an image with that hash waits for a restart, or another file runs', () => {
      expect(has(null, { ...STATUS, lastTaken: { sha256: SHA, slot: 'ota_1' } })).to.equal(null);
      expect(has({ sha256: 'cd'.repeat(32) }, STATUS)).to.equal(null);
    });
  });
});
