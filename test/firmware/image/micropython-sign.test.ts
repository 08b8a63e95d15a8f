/** An app that is no MicroPython: once a device runs it, nothing answers there any more. */
import { expect } from 'chai';
import { inspect, judge } from '../told.ts';
import { lacksMicroPython } from '../../../src/model/firmware/inspection.ts';
import { buildApp, buildBootloader, CHIPS, concat, noise, patched, resealed } from '../image-builder.ts';

const DEVICE = { chipId: CHIPS.ESP32.id, capacityBytes: 0x180000, updateSlot: 'free' } as const;
const other = buildApp({ python: false });

describe('an app without any sign of MicroPython', () => {
  it('is warned of and not refused, with what it means and what to do', async () => {
    const seen = await inspect(other);
    expect(seen).to.deep.include({ kind: 'app', verdict: 'warn', reason: 'no-micropython', micropython: null });
    expect(seen.message).to.match(
      /no sign of MicroPython\. .* no longer runs ViperHTTP and needs a cable\. Send it only if/,
    );
    expect(lacksMicroPython(seen)).to.equal(true);
  });

  it('is told by its text, whatever the letters: the interpreter, its module, or what serves the page', async () => {
    for (const sign of ['MicroPython v1.27.0 on 2026-01-07', 'MicroPython', 'micropython', 'a ViperHTTP build']) {
      const seen = await inspect(buildApp({ python: false, strings: [sign] }));
      expect(seen, sign).to.include({ verdict: 'accept', reason: 'ok' });
      expect(lacksMicroPython(seen), sign).to.equal(false);
    }
    for (const sign of ['Python', 'micro python', 'viper http']) {
      expect((await inspect(buildApp({ python: false, strings: [sign] }))).reason, sign).to.equal('no-micropython');
    }
  });

  it('is told wherever its text stands', async () => {
    for (let shift = 0; shift < 12; shift += 1) {
      const app = buildApp({ python: false, strings: ['.'.repeat(shift), 'ViperHTTP'] });
      expect((await inspect(app)).verdict, `${shift} bytes on`).to.equal('accept');
    }
  });

  it('is not told by text that follows the image', async () => {
    const seen = await inspect(concat(other, new TextEncoder().encode('micropython')));
    expect(seen.warnings.map(({ reason }) => reason)).to.deep.equal(['trailing-bytes', 'no-micropython']);
  });

  it('names its graver reasons first, and is not forgotten behind them', async () => {
    const grave = await inspect(resealed(patched(buildApp({ python: false, hash: false }), { 14: 3 })));
    expect(grave.warnings.map(({ reason }) => reason)).to.deep.equal(['no-hash', 'chip-revision', 'no-micropython']);
    expect(grave.reason).to.equal('no-hash');
    expect(grave.message).to.match(/has no hash.*v3\.0 or newer.*no sign of MicroPython/);
  });

  it('is still asked about where what is known of the device settles the rest', async () => {
    const unknown = await inspect(buildApp({ python: false, chipId: 77 }));
    expect(judge(unknown, { ...DEVICE, chipId: 77 })).to.include({ verdict: 'warn', reason: 'no-micropython' });
    const newer = await inspect(buildApp({ python: false, minRevision: 300 }));
    expect(judge(newer, { ...DEVICE, chipRevision: 301 })).to.include({ verdict: 'warn', reason: 'no-micropython' });
  });

  it('is told after the question for the chip, in one text', async () => {
    const told = judge(await inspect(other), { ...DEVICE, chipId: null });
    expect(told.reason).to.equal('chip-not-known');
    expect(told.message).to.match(/Check that it is an ESP32\. The firmware shows no sign of MicroPython/);
  });

  it('is still warned of when the person overruled that a second image follows', async () => {
    const two = await inspect(concat(other, buildApp({ seed: 5 })));
    expect(judge(two, DEVICE)).to.include({ verdict: 'refuse', reason: 'trailing-image' });
    expect(judge(two, DEVICE, ['trailing-image'])).to.include({ verdict: 'warn', reason: 'no-micropython' });
  });

  it('is refused where it is damaged, and never where it is a bootloader for want of the sign', async () => {
    expect(await inspect(patched(other, { 0x800: 1, 0x801: 99 }))).to.include({ verdict: 'refuse' });
    expect(await inspect(buildBootloader())).to.deep.include({ reason: 'bootloader', warnings: [] });
    expect(lacksMicroPython(await inspect(buildBootloader()))).to.equal(false);
    expect(lacksMicroPython(await inspect(noise(4096)))).to.equal(false);
  });
});
