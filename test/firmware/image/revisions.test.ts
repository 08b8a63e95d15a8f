/** Which boards an app leaves out: chip revisions, and those of the chip's eFuse block. */
import { expect } from 'chai';
import { inspect, judge } from '../told.ts';
import type { ReasonCode } from '../../../src/model/firmware/finding.ts';
import { buildApp, CHIPS, patched, resealed, view } from '../image-builder.ts';
import type { AppRecipe, Bytes } from '../image-builder.ts';

/** An app as ESP-IDF built it before version 4.4.3: byte 14 alone says what it needs. */
function olderBuild(recipe: AppRecipe, revision: number): Bytes {
  return resealed(patched(buildApp(recipe), { 14: revision }));
}

function withEfuseBlock(app: Bytes, min: number, max: number): Bytes {
  const copy = app.slice();
  view(copy).setUint16(0xd0, min, true);
  view(copy).setUint16(0xd2, max, true);
  return resealed(copy);
}

async function warningsFor(file: Bytes): Promise<readonly ReasonCode[]> {
  const { warnings, verdict, message } = await inspect(file);
  expect(verdict, message).to.equal(warnings.length === 0 ? 'accept' : 'warn');
  return warnings.map(({ reason }) => reason);
}

describe('the largest chip revision of an app', () => {
  it('is no matter where every chip that there is fits', async () => {
    for (const [chip, maxRevision, minRevision] of [
      ['ESP32', 399, 0],
      ['ESP32-S2', 199, 0],
      ['ESP32-C3', 199, 3],
      ['ESP32-S3', 99, 0],
      ['ESP32-C2', 299, 100],
      ['ESP32-C6', 99, 0],
      ['ESP32-C5', 199, 100],
    ] as const) {
      expect(await warningsFor(buildApp({ chip, maxRevision, minRevision })), chip).to.deep.equal([]);
    }
  });

  it('is warned of where a chip that there is does not fit, with the newest one named', async () => {
    for (const [chip, maxRevision, minRevision, told] of [
      ['ESP32-C5', 99, 0, /ESP32-C5 up to revision v0\.99\. A board with a newer chip, such as v1\.2, may refuse/],
      ['ESP32-P4', 199, 1, /ESP32-P4 up to revision v1\.99\. A board with a newer chip, such as v3\.1/],
      ['ESP32-C3', 99, 3, /such as v1\.1/],
    ] as const) {
      const file = buildApp({ chip, maxRevision, minRevision });
      expect(await warningsFor(file), chip).to.deep.equal(['chip-revision']);
      expect((await inspect(file)).message).to.match(told);
    }
  });

  it('is warned of beside the smallest one, where neither old nor new boards are served', async () => {
    const file = buildApp({ chip: 'ESP32-P4', minRevision: 100, maxRevision: 199 });
    expect(await warningsFor(file)).to.deep.equal(['chip-revision', 'chip-revision']);
    expect((await inspect(file)).message).to.match(/v1\.0 or newer.*up to revision v1\.99/);
  });
});

describe('the revision in byte 14', () => {
  it('is a major number, and counts where the newer fields say nothing', async () => {
    for (const maxRevision of [0, 0xffff]) {
      const seen = await inspect(olderBuild({ maxRevision }, 3));
      expect(seen).to.deep.include({ verdict: 'warn', reason: 'chip-revision', revisions: { min: 300, max: null } });
      expect(seen.message).to.match(/ESP32 revision v3\.0 or newer/);
    }
  });

  it('is a minor number on the ESP32-C3 alone', async () => {
    expect((await inspect(olderBuild({ chip: 'ESP32-C3' }, 3))).revisions).to.deep.equal({ min: 3, max: null });
    expect(await warningsFor(olderBuild({ chip: 'ESP32-C3' }, 3))).to.deep.equal([]);
    expect((await inspect(olderBuild({ chip: 'ESP32-S2' }, 1))).revisions).to.deep.equal({ min: 100, max: null });
  });

  it('says nothing beside a newer field', async () => {
    expect((await inspect(olderBuild({ minRevision: 100 }, 3))).revisions?.min).to.equal(100);
    expect((await inspect(olderBuild({ maxRevision: 399 }, 3))).revisions?.min).to.equal(0);
  });
});

describe('the revision of the eFuse block', () => {
  const app = buildApp({ chip: 'ESP32-S3' });

  it('is no matter as ESP-IDF sets it, or where it is not set', async () => {
    for (const [min, max] of [
      [0, 0],
      [0, 99],
      [0, 199],
      [0xffff, 0xffff],
    ] as const) {
      expect(await warningsFor(withEfuseBlock(app, min, max)), `${min} to ${max}`).to.deep.equal([]);
    }
  });

  it('is warned of where few boards have it, or none', async () => {
    const file = withEfuseBlock(app, 25_185, 30_000);
    expect(await warningsFor(file)).to.deep.equal(['efuse-revision']);
    expect((await inspect(file)).message).to.match(
      /revision v251\.85 or newer of the chip’s eFuse block\. From ESP-IDF 5\.4/,
    );
    expect(await warningsFor(withEfuseBlock(app, 1, 199))).to.deep.equal(['efuse-revision']);
    expect(await warningsFor(withEfuseBlock(app, 0, 50))).to.deep.equal(['efuse-revision']);
  });

  it('is not asked for on the ESP32, and not read where there is no description', async () => {
    expect(await warningsFor(withEfuseBlock(buildApp(), 25_185, 30_000))).to.deep.equal([]);
    const bare = withEfuseBlock(buildApp({ chip: 'ESP32-S3', descriptor: false }), 25_185, 30_000);
    expect(await warningsFor(bare)).to.deep.equal(['no-descriptor']);
  });

  it('is no chip revision: a device that tells its own does not settle it', async () => {
    const device = { chipId: CHIPS['ESP32-S3'].id, chipRevision: 2, capacityBytes: null, updateSlot: 'free' } as const;
    const both = withEfuseBlock(buildApp({ chip: 'ESP32-S3', minRevision: 1 }), 1, 199);
    expect(judge(await inspect(both), device)).to.include({ verdict: 'warn', reason: 'efuse-revision' });
  });
});
