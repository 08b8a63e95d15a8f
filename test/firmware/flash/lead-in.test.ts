/** Files out of flash that do not begin with what is in them. */
import { expect } from 'chai';
import { inspect } from '../told.ts';
import { takeOut } from '../../../src/firmware/container/inside.ts';
import { buildFlash, buildMerged, buildPartitionTable } from '../flash-builder.ts';
import { buildApp, buildBootloader, buildSigned, concat, filled, noise, patched } from '../image-builder.ts';
import type { Bytes } from '../image-builder.ts';
import { buildGzip, buildZip } from '../other-files-builder.ts';

const app = buildApp({ sizeBytes: 8192 });

/** What Secure Boot V1 keeps at the start of flash: 128 random bytes and a digest of 64. */
const DIGEST = noise(192, 55);

async function appIn(file: Bytes): Promise<Bytes> {
  const [inner] = (await inspect(file)).inside;
  if (inner === undefined) throw new Error('nothing is offered');
  const taken = await takeOut(file, inner);
  if (taken.kind !== 'taken') throw new Error(taken.kind);
  return taken.bytes;
}

describe('a file out of flash', () => {
  it('is a full-flash file also where zeros fill its gaps', async () => {
    const pieces = [
      [0x1000, buildBootloader()],
      [0x8000, buildPartitionTable()],
      [0x10000, app],
    ] as const;
    for (const filling of [0, 0xff]) {
      const file = buildFlash(pieces, filling);
      expect(await inspect(file)).to.include({ kind: 'merged', verdict: 'refuse', reason: 'merged' });
      expect(await appIn(file)).to.deep.equal(app);
    }
  });

  it('is offered its app behind any stretch of erased flash or zeros, with its signature', async () => {
    const signed = buildSigned(app);
    for (const at of [0x1000, 0x10000, 0x20000, 0xe0000]) {
      for (const filling of [0, 0xff]) {
        const file = concat(filled(at, filling), signed);
        const seen = await inspect(file);
        expect(seen).to.include({ kind: 'merged', verdict: 'refuse', reason: 'trailing-image' });
        expect(seen.message).to.contain(`starts ${at.toLocaleString('en-US')} bytes into this file`);
        expect(await appIn(file)).to.deep.equal(signed);
      }
    }
  });

  it('is no lead-in where anything stands in it, or the image starts in the middle of a sector', async () => {
    const lead = filled(0x10000, 0xff);
    for (const file of [concat(patched(lead, { 0x1800: 7 }), app), concat(lead, filled(16, 0xff), app)]) {
      expect(await inspect(file)).to.deep.include({ kind: 'unknown', reason: 'malformed', inside: [] });
    }
  });

  it('says that an app behind a lead-in is cut off', async () => {
    const seen = await inspect(concat(filled(0x10000, 0xff), app.subarray(0, -1)));
    expect(seen).to.deep.include({ verdict: 'refuse', reason: 'truncated', inside: [] });
    expect(seen.message).to.match(/^Incomplete: the firmware starts 65,536 bytes into this file, and is cut off/);
  });

  it('is a bootloader where there is only that behind the lead-in', async () => {
    const seen = await inspect(concat(filled(0x1000, 0xff), buildBootloader()));
    expect(seen).to.deep.include({ kind: 'bootloader', verdict: 'refuse', reason: 'bootloader', checksumValid: true });
    expect(seen.message).to.match(/bootloader, which starts 4,096 bytes into the file/);
  });

  it('may begin with the digest of Secure Boot V1, before a bootloader or all of the flash', async () => {
    const start = concat(DIGEST, filled(0x1000 - DIGEST.length, 0xff));
    expect(await inspect(concat(start, buildBootloader()))).to.include({ kind: 'bootloader', verdict: 'refuse' });
    const flash = concat(start, buildMerged({ app }));
    expect(await inspect(flash)).to.include({ kind: 'merged', reason: 'merged' });
    expect(await appIn(flash)).to.deep.equal(app);
    // Only the ESP32 has it, and nothing but erased flash follows it.
    const other = concat(start, buildBootloader({ chip: 'ESP32-S3' }));
    expect((await inspect(other)).kind).to.equal('unknown');
    expect((await inspect(patched(concat(start, buildBootloader()), { 0x800: 0 }))).kind).to.equal('unknown');
  });

  it('is offered its app also without the bootloader: from the partition table on, or erased up to it', async () => {
    const flash = buildFlash([
      [0x8000, buildPartitionTable()],
      [0x10000, app],
    ]);
    for (const file of [flash, flash.slice(0x8000)]) {
      const seen = await inspect(file);
      expect(seen).to.deep.include({ kind: 'merged', reason: 'merged', segments: [], checksumValid: null });
      expect(seen.message).to.match(/part of a flash, from its partition table on/);
      expect(await appIn(file)).to.deep.equal(app);
    }
    expect((await inspect(buildPartitionTable())).kind).to.equal('partition-table');
  });

  it('is found in an archive, too', async () => {
    const zeros = buildFlash(
      [
        [0x1000, buildBootloader()],
        [0x8000, buildPartitionTable()],
        [0x10000, app],
      ],
      0,
    );
    const digest = concat(DIGEST, filled(0x1000 - DIGEST.length, 0xff), buildMerged({ app }));
    for (const file of [zeros, digest]) {
      expect((await inspect(await buildGzip(file))).message).to.match(/holds a full-flash file/);
    }
    const late = await buildZip([{ name: 'a.bin', bytes: concat(filled(0x10000, 0xff), app) }]);
    expect((await inspect(late)).message).to.match(/holds firmware that does not start at its first byte/);
    const boot = await buildZip([{ name: 'a.bin', bytes: concat(filled(0x1000, 0xff), buildBootloader()) }]);
    expect((await inspect(boot)).message).to.match(/nothing to send: it holds a bootloader and no app/);
  });
});
