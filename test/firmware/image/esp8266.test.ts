/** ESP8266 images are checked whole, since nothing on the device checks them before they start. */
import { expect } from 'chai';
import { ESP8266_ID } from '../../../src/model/firmware/inspection.ts';
import type { DeviceFacts } from '../../../src/model/firmware/judge.ts';
import { concat, filled, noise, patched, view } from '../image-builder.ts';
import { bySlowClock } from '../slow-clock.ts';
import { inspect, judge } from '../told.ts';
import { buildEsp8266, buildGzip } from '../other-files-builder.ts';

const MB = 1024 * 1024;
const DEVICE: DeviceFacts = {
  ...{ chipId: ESP8266_ID, tellsChip: true, capacityBytes: null, updateSlot: null, flashBytes: 4 * MB },
};
const file = buildEsp8266();

describe('a file for the ESP8266', () => {
  it('is read with chip, segments, checksum and the flash that it is built for', async () => {
    const seen = await inspect(file);
    expect(seen).to.deep.include({ kind: 'esp8266', verdict: 'warn', reason: 'esp8266', checksumValid: true });
    expect(seen).to.deep.include({ flashBytes: 4 * MB, trailingBytes: 0, slotBytes: file.length });
    expect(seen.chip).to.include({ name: 'ESP8266' });
    expect(seen.segments.map(({ place }) => place)).to.deep.equal(['flash', 'ram', 'ram']);
    expect((await inspect(buildEsp8266(1, { flash: 0x20 }))).flashBytes).to.equal(MB);
    expect(await inspect(buildEsp8266(1, { flash: 0x70 }))).to.not.have.property('flashBytes');
  });

  it('may have no boot part', async () => {
    expect(await inspect(buildEsp8266(1, { boot: false }))).to.include({ verdict: 'warn', reason: 'esp8266' });
  });

  it('is refused where a byte of boot part or app was changed', async () => {
    for (const at of [0x40, 0x1040, 0x1300, file.length - 100]) {
      const seen = await inspect(patched(file, { [at]: (file[at] ?? 0) ^ 0x10 }));
      expect(seen, `byte ${at}`).to.include({ verdict: 'refuse', reason: 'damaged', checksumValid: false });
    }
  });

  it('is refused where a segment says that it is longer than two gigabytes, and costs no more for that', async () => {
    let turns = 0;
    const rest = async (): Promise<void> => void (turns += 1);
    // The last byte of the first segment's length.
    const longer = patched(file, { 15: (file[15] ?? 0) ^ 0x80 });
    const seen = await bySlowClock(() => inspect(longer, { yieldToPage: rest }));
    expect(seen.verdict).to.equal('refuse');
    expect(turns).to.be.below(200);
  });

  it('is checked against the CRC of the whole file, where it has one', async () => {
    const summed = buildEsp8266(1, { crc: true });
    expect(await inspect(summed)).to.include({ verdict: 'warn', reason: 'esp8266', checksumValid: true });
    // Two changes that leave the checksum of the bytes as it was.
    const seen = await inspect(
      patched(summed, { 0x1300: (summed[0x1300] ?? 0) ^ 1, 0x1301: (summed[0x1301] ?? 0) ^ 1 }),
    );
    expect(seen).to.include({ verdict: 'refuse', reason: 'damaged' });
  });

  it('may be padded or signed behind its end; other bytes there are warned of', async () => {
    const length = new Uint8Array(4);
    view(length).setUint32(0, 256, true);
    for (const behind of [filled(512, 0xff), filled(512, 0), concat(noise(256, 9), length)]) {
      expect((await inspect(concat(file, behind))).reason).to.equal('esp8266');
    }
    const seen = await inspect(concat(file, noise(99, 9)));
    expect(seen.warnings.map(({ reason }) => reason)).to.deep.equal(['trailing-bytes', 'esp8266']);
  });

  it('goes where the device says that it is one, and nowhere else', async () => {
    const seen = await inspect(file);
    expect(judge(seen, DEVICE)).to.include({ verdict: 'accept' });
    for (const device of [
      { ...DEVICE, chipId: null, tellsChip: false },
      // The chip was set by a person: a mistake would show only when the device no longer starts.
      { ...DEVICE, tellsChip: false },
      { ...DEVICE, chipId: 0 },
    ]) {
      expect(judge(seen, device, ['esp8266'])).to.include({ verdict: 'refuse', reason: 'esp8266', canOverrule: false });
    }
  });

  it('is refused where it is damaged, also on such a device', async () => {
    const seen = await inspect(patched(file, { 0x1300: (file[0x1300] ?? 0) ^ 1 }));
    expect(judge(seen, DEVICE)).to.include({ verdict: 'refuse', reason: 'damaged', canOverrule: false });
  });

  it('is asked about where it is built for more flash than the device reports', async () => {
    const seen = await inspect(file);
    const small = { ...DEVICE, flashBytes: MB };
    expect(judge(seen, small)).to.include({ verdict: 'refuse', reason: 'flash-size', canOverrule: true });
    expect(judge(seen, small).message).to.equal(
      'Built for 4.0 MB of flash; this device reports 1.0 MB. Choose the build for its flash.',
    );
    expect(judge(seen, small, ['flash-size'])).to.include({ verdict: 'accept' });
    expect(judge(await inspect(buildEsp8266(1, { flash: 0x20 })), DEVICE)).to.include({ verdict: 'accept' });
  });

  it('is the same packed by gzip, in the packed file’s own size, and is sent as it is', async () => {
    const packed = await buildGzip(buildEsp8266(1, { strings: ['Tasmota/%s (%s)', '\0Jul 24 2026\0' + '19:38:07'] }));
    const seen = await inspect(packed);
    expect(seen).to.deep.include({ kind: 'gzip', verdict: 'warn', reason: 'esp8266', size: packed.length, inside: [] });
    expect(seen).to.include({ slotBytes: packed.length, flashBytes: 4 * MB, checksumValid: true });
    expect(seen.tells?.product).to.equal('Tasmota');
    expect(judge(seen, DEVICE)).to.include({ verdict: 'accept' });
    expect(judge(seen, { ...DEVICE, chipId: 0 })).to.include({ verdict: 'refuse', reason: 'esp8266' });
    const damaged = await inspect(await buildGzip(patched(file, { 0x1300: (file[0x1300] ?? 0) ^ 1 })));
    expect(judge(damaged, DEVICE)).to.include({ verdict: 'refuse', reason: 'damaged' });
  });

  it('in the form of the maker’s SDK goes nowhere', async () => {
    const seen = await inspect(buildEsp8266(2));
    expect(judge(seen, DEVICE)).to.include({ verdict: 'refuse', reason: 'esp8266-sdk', canOverrule: false });
  });
});
