/** A file and a device that takes it whole: by what both say of themselves. */
import { expect } from 'chai';
import type { DeviceIdentity } from '../../../src/model/device/identity.ts';
import { DIALECTS } from '../../../src/model/device/dialect.ts';
import { type DeviceOfPair, fitOf, MAY_OVERRULE } from '../../../src/model/firmware/fit.ts';
import { ESP8266_ID, type FileTells, type Inspection } from '../../../src/model/firmware/inspection.ts';
import { anInspection } from '../../firmware/an-inspection.ts';

const SHA = 'ab'.repeat(32);
const MB = 1024 * 1024;
const LAMP: DeviceIdentity = {
  ...{ product: 'WLED', name: 'Hall', version: '16.0.0', release: 'ESP32', build: null, chipId: 0, chip: 'esp32' },
  ...{ flashBytes: 4 * MB, uptimeMs: 1000, takesUpdates: true, keepsHalf: false },
};
const ESP8266: DeviceIdentity = { ...LAMP, chipId: ESP8266_ID, chip: 'esp8266' };
const TELLS: FileTells = { product: 'WLED', version: '16.0.1', release: 'ESP32', installsFrom: null };

const APP: Partial<Inspection> = { chip: { id: 0, name: 'ESP32', known: true }, tells: TELLS };
const FOR_ESP8266: Partial<Inspection> = {
  ...{ kind: 'esp8266', chip: { id: ESP8266_ID, name: 'ESP8266', known: true }, verdict: 'warn' },
  finding: { reason: 'esp8266', deviceChipId: null },
  warnings: [{ reason: 'esp8266', deviceChipId: null }],
  tells: TELLS,
};

function misfit(inspection: Partial<Inspection>, device: Partial<DeviceOfPair>) {
  const file = { sha256: SHA, inspection: anInspection(inspection) };
  return fitOf(file, { chipId: null, runs: null, status: null, dialect: 'wled', ...device }).misfit;
}

describe('A file and a device that takes it whole', () => {
  it('fit where both say the same product and release', () => {
    expect(misfit(APP, { identity: LAMP })).to.equal(null);
  });

  it('do not fit where the device has no room: what it says, else half of the flash', () => {
    const large = { ...APP, slotBytes: 3 * MB };
    expect(misfit(large, { identity: LAMP })).to.deep.include({ canOverrule: false, of: 'pair' });
    expect(misfit(large, { identity: LAMP })?.finding).to.include({ reason: 'too-large', capacity: 2 * MB });
    expect(misfit(large, { identity: { ...LAMP, roomBytes: 3 * MB } })).to.equal(null);
    expect(misfit({ ...APP, slotBytes: MB }, { identity: { ...LAMP, roomBytes: MB - 1 } })?.finding).to.include({
      ...{ reason: 'too-large', needed: MB, capacity: MB - 1 },
    });
  });

  describe('where an ESP8266 is one of them', () => {
    it('fit where the device says that it is one', () => {
      expect(misfit(FOR_ESP8266, { identity: ESP8266 })).to.equal(null);
      expect(misfit({ ...FOR_ESP8266, kind: 'gzip' }, { identity: ESP8266 })).to.equal(null);
    });

    it('are not judged before the device was asked, since it says when it is one', () => {
      expect(misfit(FOR_ESP8266, { identity: null })).to.equal(null);
    });

    it('do not fit elsewhere, which cannot be overruled', () => {
      for (const device of [{ identity: LAMP }, { identity: { ...ESP8266, chipId: null } }, { dialect: null }]) {
        expect(misfit(FOR_ESP8266, device)?.finding.reason).to.equal('esp8266');
        expect(misfit(FOR_ESP8266, device)?.canOverrule).to.equal(false);
      }
      expect(misfit(APP, { identity: ESP8266 })).to.deep.include({
        ...{ finding: { reason: 'wrong-chip', chipId: 0, deviceChipId: ESP8266_ID }, canOverrule: false },
      });
    });

    it('are not judged by half of the flash, which an ESP8266 does not divide', () => {
      const device = { identity: { ...ESP8266, flashBytes: MB } };
      expect(misfit({ ...FOR_ESP8266, slotBytes: 700_000 }, device)).to.equal(null);
      expect(misfit({ ...FOR_ESP8266, slotBytes: MB + 1 }, device)?.finding.reason).to.equal('too-large');
    });

    it('may be overruled where the file is for more flash than the device reports', () => {
      const device = { identity: { ...ESP8266, flashBytes: MB } };
      expect(misfit({ ...FOR_ESP8266, flashBytes: 4 * MB }, device)).to.deep.include({
        ...{ finding: { reason: 'flash-size', file: 4 * MB, device: MB }, canOverrule: true },
      });
    });
  });

  it('are asked about where the file is another product', () => {
    const tells: FileTells = { product: 'Tasmota', version: null, release: null, installsFrom: null };
    expect(misfit({ ...APP, tells }, { identity: LAMP })).to.deep.include({
      ...{ finding: { reason: 'other-firmware', product: 'WLED', file: 'named', named: 'Tasmota' }, canOverrule: true },
    });
  });

  // By the ways to devices that there are.
  const tasmota = DIALECTS.find((dialect) => (dialect as string) === 'tasmota');
  const esphome = DIALECTS.find((dialect) => (dialect as string) === 'esphome');

  if (tasmota !== undefined) {
    it('are asked about where a build could do little but take the next update', () => {
      const of = (release: string, flashBytes: number | null) => {
        const tells: FileTells = { product: 'Tasmota', version: null, release, installsFrom: null };
        const identity = { ...LAMP, product: 'Tasmota', release: 'tasmota32', flashBytes };
        return misfit({ ...APP, tells }, { dialect: tasmota, identity })?.finding ?? null;
      };
      const stopgap = { reason: 'stopgap', product: 'Tasmota' } as const;
      expect(of('minimal', 4 * MB)).to.deep.equal({ ...stopgap, build: 'minimal', flashBytes: 4 * MB });
      expect(of('minimal', MB)).to.equal(null);
      expect(of('minimal', null), 'warned of, with the file').to.equal(null);
      expect(of('safeboot', null)).to.deep.equal({ ...stopgap, build: 'safeboot', flashBytes: null });
      // Variants say what is built in.
      expect(of('tasmota32-bluetooth', 4 * MB)).to.equal(null);
    });
  }

  if (esphome !== undefined) {
    it('are asked about where each build is for one device, and this one is for another', () => {
      const of = (node: string | null) => {
        const tells: FileTells = { product: 'ESPHome', version: '2026.2.2', release: null, installsFrom: null, node };
        const identity = { ...LAMP, product: 'ESPHome', release: null, node: 'kitchen' };
        return misfit({ ...APP, tells }, { dialect: esphome, identity })?.finding ?? null;
      };
      expect(of('attic')).to.deep.equal({ reason: 'other-node', device: 'kitchen', file: 'attic' });
      expect([of('kitchen'), of(null)]).to.deep.equal([null, null]);
    });
  }

  it('give each reason that a person may overrule, once', () => {
    expect(new Set(MAY_OVERRULE).size).to.equal(MAY_OVERRULE.length);
    expect(MAY_OVERRULE).to.include.members(['wrong-chip', 'other-release', 'no-micropython', 'flash-size', 'stopgap']);
    for (const never of ['esp8266', 'too-large', 'damaged', 'hash-mismatch'] as const) {
      expect(MAY_OVERRULE).to.not.include(never);
    }
  });
});
