/** What a WLED build says of itself. The struct is written by the simulator, which implements it independently. */
import { expect } from 'chai';
import { judge } from '../../../src/model/firmware/judge.ts';
import { doubtOf } from '../../../src/model/firmware/fit.ts';
import type { DeviceIdentity } from '../../../src/model/device/identity.ts';
import { inspect } from '../../../src/firmware/inspect.ts';
import { statedName } from '../../../src/firmware/image/stated-name.ts';
import { lacksMicroPython } from '../../../src/model/firmware/inspection.ts';
import { withBuild } from '../../../src/simulator/wled/metadata.ts';
import { buildApp, CHIPS, resealed } from '../image-builder.ts';

const BUILD = { version: '16.0.1', release: 'ESP32_Ethernet' };
/** The struct is within the first segment, behind ESP-IDF's own descriptor. */
const ROOM = { strings: ['.'.repeat(300)], sizeBytes: 8192 };
const app = buildApp({ python: false, ...ROOM });
const wled = resealed(withBuild(app, BUILD));

const LAMP: DeviceIdentity = {
  ...{ product: 'WLED', name: 'Hall', version: '16.0.0', release: 'ESP32_Ethernet', build: '2412100' },
  ...{ chipId: CHIPS.ESP32.id, chip: 'esp32', flashBytes: 4 * 1024 * 1024, uptimeMs: 1000 },
  ...{ takesUpdates: true, keepsHalf: false },
};

describe('the metadata of a WLED build', () => {
  it('is read into the inspection: product, version, release', async () => {
    const seen = await inspect(wled);
    expect(seen.kind).to.equal('app');
    expect(seen.tells).to.deep.equal({ product: 'WLED', ...BUILD, installsFrom: null });
    expect(statedName(seen)).to.deep.equal({ project: 'WLED', version: '16.0.1' });
  });

  it('tells from which version it can be installed, in its second form alone', async () => {
    const second = await inspect(resealed(withBuild(app, BUILD, { installsFrom: [0, 15, 3] })));
    expect(second.tells?.installsFrom).to.deep.equal([0, 15, 3]);
  });

  it('is not read where its checksum is wrong, its release was changed, or it lies elsewhere', async () => {
    const changed = new Uint8Array(wled);
    changed.set(new TextEncoder().encode('ESP8266'), 288 + 56);
    expect((await inspect(resealed(changed))).tells).to.equal(undefined);
    expect((await inspect(app)).tells).to.equal(undefined);
    const elsewhere = withBuild(app, BUILD, { arch: 'esp8266' });
    expect((await inspect(resealed(elsewhere))).tells).to.equal(undefined);
  });

  it('spares the warning for want of MicroPython, and still keeps the file from devices that run MicroPython', async () => {
    const seen = await inspect(wled);
    expect(seen.warnings.map(({ reason }) => reason)).to.not.include('no-micropython');
    expect(lacksMicroPython(seen)).to.equal(true);
    expect(doubtOf(seen, { dialect: 'shipped' }, [])).to.deep.equal({ reason: 'no-micropython' });
    expect(doubtOf(seen, { dialect: 'wled', identity: LAMP }, [])).to.equal(null);
  });
});

describe('a file for a WLED lamp', () => {
  it('asks first where it is MicroPython, or does not say what it is', async () => {
    const [micropython, unnamed] = [await inspect(buildApp()), await inspect(app)];
    expect(doubtOf(micropython, { dialect: 'wled', identity: LAMP }, [])).to.deep.equal({
      ...{ reason: 'other-firmware', product: 'WLED', file: 'micropython' },
    });
    expect(doubtOf(unnamed, { dialect: 'wled', identity: null }, [])).to.deep.equal({
      ...{ reason: 'other-firmware', product: 'WLED', file: 'unnamed' },
    });
    expect(doubtOf(unnamed, { dialect: 'wled' }, ['other-firmware'])).to.equal(null);
  });

  it('asks first where its release is another one, unless only the core it is built with differs', async () => {
    const seen = await inspect(wled);
    const of = (release: string | null) => doubtOf(seen, { dialect: 'wled', identity: { ...LAMP, release } }, []);
    expect(of('ESP32')).to.deep.equal({ reason: 'other-release', device: 'ESP32', file: 'ESP32_Ethernet' });
    expect([of('ESP32_Ethernet_V4'), of(null)]).to.deep.equal([null, null]);
  });

  it('is refused where the lamp says that it has another chip, whatever the person knows', async () => {
    const { verdict, finding, canOverrule } = judge(
      await inspect(wled),
      { chipId: CHIPS['ESP32-S3'].id, tellsChip: true, capacityBytes: null, updateSlot: null },
      ['wrong-chip'],
    );
    expect({ verdict, reason: finding.reason, canOverrule }).to.deep.equal({
      ...{ verdict: 'refuse', reason: 'wrong-chip', canOverrule: false },
    });
  });
});
