/** What Tasmota and ESPHome builds say of themselves. The texts are laid out as in files that others built. */
import { expect } from 'chai';
import { parseAnswer } from '../../../src/device/answer.ts';
import { readInfo as readObk } from '../../../src/device/openbeken/answers.ts';
import { readInfo } from '../../../src/device/pretty-ota/answers.ts';
import type { DeviceIdentity } from '../../../src/model/device/identity.ts';
import { doubtOf } from '../../../src/model/firmware/fit.ts';
import { readEspeasy } from '../../../src/device/form/espeasy.ts';
import { inspect } from '../../../src/firmware/inspect.ts';
import { readTells } from '../../../src/firmware/image/tells.ts';
import { tellsPredicted } from '../../../src/update/whole-image/predicted.ts';
import { statedName } from '../../../src/firmware/image/stated-name.ts';
import { judge, inspect as told } from '../told.ts';
import { buildApp, concat, text, view, type AppRecipe, type Bytes } from '../image-builder.ts';
import { buildEsp8266 } from '../other-files-builder.ts';

const SERVER = 'Tasmota/%s (%s)';
const SETTINGS = 'FRC: Some settings have been reset (%d)';
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
/** Of the Wi-Fi library, with the hash of its sources. */
const FOREIGN = ['14:30:06\0\0\0', 'Oct 28 2025', 'a3a4459', '%d,%s,%s,%s'];

function app(strings: readonly string[], recipe: AppRecipe = {}): Bytes {
  return buildApp({ strings, python: false, sizeBytes: 8192, version: '', project: '', ...recipe });
}

/** A device's answer, with this and what every one has. */
function told200(more: object) {
  const info = { hardwareID: 'ESP32_DEV', rollbackPossible: false, firmwareVersion: '1', ...more };
  return parseAnswer(200, JSON.stringify(info), false, 'application/json');
}

async function tellsOf(file: Bytes) {
  return (await inspect(file)).tells;
}

describe('an ESPEasy build', () => {
  const NAME = 'ESP_Easy_mega_20241019_normal_ESP32_4M316k';

  it('says the name of its own file, as the device will tell it', async () => {
    const tells = { product: 'ESPEasy', version: NAME.slice(9), release: null, build: null, installsFrom: null };
    expect(await tellsOf(app(['ESP_Easy', NAME, 'Oct 19 2024']))).to.deep.equal(tells);
    expect(await tellsOf(buildEsp8266(1, { strings: [NAME] }))).to.deep.equal(tells);
    const device = readEspeasy({ System: { 'Git Build': 'x', 'Unit Number': 7, 'Binary Filename': NAME } });
    expect(device).to.include({ product: 'ESPEasy', version: tells.version });
  });

  it('is not seen where only its words are there', async () => {
    for (const words of ['ESP_Easy', 'ESP_Easy_mega_', 'ESP_Easy_mega_today', `${NAME} is what it is called`])
      expect(await tellsOf(app([words])), words).to.equal(undefined);
  });
});

describe('a Tasmota build', () => {
  it('says when it was built, as the device will tell it', async () => {
    for (const strings of [
      [SERVER, '19:38:07', MONTHS, 'Jul 24 2026', ...FOREIGN],
      [SERVER, 'Jul 24 2026', MONTHS, '19:38:07', ...FOREIGN],
      [SERVER, 'Jul 24 2026', 'NEOI', 'SDK ver: %s compiled @ Jul  3 2019 15:53:05\n', '19:38:07'],
    ]) {
      expect(await tellsOf(app(strings)), strings.join()).to.deep.equal({
        ...{ product: 'Tasmota', version: null, release: null, build: '2026-07-24T19:38:07', installsFrom: null },
      });
    }
    expect((await tellsOf(app([SERVER, 'Mar  3 2026', '06:04:09'])))?.build).to.equal('2026-03-03T06:04:09');
    expect((await inspect(app([SERVER, 'Mar  3 2026', '06:04:09']))).date).to.equal('2026-03-03 06:04:09');
  });

  it('says nothing of that where there are several candidates, or none', async () => {
    for (const strings of [
      [SERVER],
      [SERVER, 'Jul 24 2026'],
      [SERVER, '19:38:07', '19:38:08', 'Jul 24 2026'],
      [SERVER, '19:38:07', 'Jul 24 2026', 'Jul 25 2026'],
      [SERVER, ...FOREIGN],
      [SERVER, 'Jul 24 2026', ...Array.from({ length: 40 }, (_, at) => `10:00:${String(at + 10)}`)],
    ]) {
      expect((await tellsOf(app(strings)))?.build, strings.join()).to.equal(null);
    }
  });

  it('says which variant it is, on either side of the words beside it', async () => {
    for (const [strings, variant] of [
      [[SETTINGS, '%s.%d', 'tasmota32', 'INI: SO47'], 'tasmota32'],
      [['tasmota', 'minimal', '%d.%d.%d', SETTINGS, 'HDW'], 'minimal'],
      [[SETTINGS, 'safeboot', '(release-%s)'], 'safeboot'],
      [['<h3>MINIMAL firmware<br>please upgrade</h3>'], 'minimal'],
      [[SETTINGS, '%d', 'tasmota'], null],
      [['minimal'.padEnd(200, ' '), SETTINGS], null],
    ] as const) {
      expect((await tellsOf(app([SERVER, ...strings])))?.release, strings.join()).to.equal(variant);
    }
  });

  it('has its version where it is old enough', async () => {
    const marked = (version: number): Bytes => {
      const marker = new Uint8Array(12);
      [0x5aa55aa5, version, 0xa55aa55a].forEach((word, index) => view(marker).setUint32(index * 4, word, true));
      return concat(text('https://bit.ly/tasmota Tasmota %s by\0'), marker);
    };
    const version = async (number: number) =>
      (
        await readTells(marked(number), { chip: 'esp8266', stated: { project: null, version: null } }, () =>
          Promise.resolve(),
        )
      )?.version;
    expect(await version(0x08050000)).to.equal('8.5.0');
    expect(await version(0x09020002)).to.equal('9.2.0.2');
    expect(await version(0xffffffff)).to.equal(null);
  });

  it('is called by its product, and by its variant where that is all that it is', async () => {
    expect(statedName(await inspect(app([SERVER])))).to.deep.equal({ project: 'Tasmota', version: null });
    const minimal = await inspect(app([SERVER, 'minimal', SETTINGS]));
    expect(statedName(minimal)).to.deep.equal({ project: 'Tasmota minimal', version: null });
  });

  it('is warned of where it can do little but take the next update', async () => {
    const seen = await told(app([SERVER, SETTINGS, 'safeboot']));
    expect(seen).to.include({ verdict: 'warn', reason: 'stopgap' });
    expect(seen.message).to.match(/^The file is Tasmota’s safeboot/);
    const minimal = await told(buildEsp8266(1, { strings: [SERVER, 'minimal', SETTINGS] }));
    expect(minimal.warnings.map(({ reason }) => reason)).to.deep.equal(['stopgap', 'esp8266']);
    expect(minimal.message).to.match(/^The file is Tasmota’s minimal build/);
  });
});

describe('an ESPHome build', () => {
  const LINE = 'ESPHome version 2026.2.2 compiled on %s';

  it('says its version in the first line of its log', async () => {
    expect(await tellsOf(app([LINE]))).to.deep.equal({
      ...{ product: 'ESPHome', version: '2026.2.2', release: null, build: null, installsFrom: null, node: null },
    });
    expect((await tellsOf(app(['ESPHome version 2026.3.0b2 compiled on %s'])))?.version).to.equal('2026.3.0b2');
  });

  it('says when it was compiled, as its API tells it, where there is only one candidate', async () => {
    const build = async (...strings: readonly string[]) => (await tellsOf(app([LINE, ...strings])))?.build;
    expect(await build('2026-03-15 18:46:25 +0100', ...FOREIGN)).to.equal('2026-03-15 18:46:25 +0100');
    expect(await build('Mar  5 2024, 18:46:25')).to.equal('Mar  5 2024, 18:46:25');
    expect(await build('2026-03-15 18:46:25 +0100', '2026-03-15 18:46:26 +0100')).to.equal(null);
    expect(await build('18:46:25')).to.equal(null);
  });

  it('says the maker’s project, where it has one', async () => {
    const tells = await tellsOf(app([LINE, 'Project acme.plug version 1.92']));
    expect(tells?.release).to.equal('acme.plug 1.92');
  });

  it('says the one device that it is for, where ESP-IDF builds it', async () => {
    const seen = await inspect(app([LINE], { project: 'kitchen', version: '2026.2.2' }));
    expect(seen.tells?.node).to.equal('kitchen');
    expect(statedName(seen)).to.deep.equal({ project: 'kitchen', version: '2026.2.2' });
    const arduino = await inspect(app([LINE], { project: 'arduino-lib-builder', version: 'esp-idf: v4.4.7' }));
    expect(arduino.tells?.node).to.equal(null);
    expect(statedName(arduino)).to.deep.equal({ project: 'ESPHome', version: '2026.2.2' });
  });

  it('is known without its log, by the service that it announces and its descriptor', async () => {
    const silent = app(['_esphomelib'], { project: 'kitchen', version: '2026.2.2' });
    expect(await tellsOf(silent)).to.include({ product: 'ESPHome', version: '2026.2.2', node: 'kitchen' });
    expect(await tellsOf(app(['_esphomelib'], { project: 'mine', version: '1.0.0' }))).to.equal(undefined);
    expect(await tellsOf(app([], { project: 'mine', version: '2026.2.2' }))).to.equal(undefined);
  });

  it('is not warned of for want of MicroPython', async () => {
    expect(await told(app([LINE]))).to.include({ verdict: 'accept', reason: 'ok' });
  });
});

describe('an OpenBeken build', () => {
  const BUILT = 'Built on Jul  4 2026 19:38:07 version 1.18.233_4M';

  it('says when it was built and its version, in one text that its device tells, too', async () => {
    const file = app(['Built on %s', BUILT], { project: 'OpenBeken', version: '1' });
    const { tells } = await inspect(file);
    expect(tells).to.deep.equal({
      ...{ product: 'OpenBeken', version: '1.18.233_4M', release: null, build: 'Jul 4 2026 19:38:07' },
      ...{ installsFrom: null, node: null },
    });
    const text = `{"uptime_s":7,"build":"${BUILT}","chipset":"ESP32",`;
    const device = readObk(parseAnswer(200, text, false, 'application/json'));
    expect(device !== null && tells !== undefined && tellsPredicted(tells, device)).to.equal(true);
    expect(statedName(await inspect(file))).to.deep.equal({ project: 'OpenBeken', version: '1.18.233_4M' });
  });

  it('is none where another project has such a text, or its own has none', async () => {
    expect(await tellsOf(app([BUILT], { project: 'gate' }))).to.equal(undefined);
    for (const other of ['Built on Jul  4 2026', 'Built on Jul  4 2026 19:38:07 version ', 'built on x'])
      expect(await tellsOf(app([other], { project: 'OpenBeken' })), other).to.equal(undefined);
  });

  it('is asked for by a device that runs it', async () => {
    const asked = async (file: Bytes) => doubtOf(await inspect(file), { dialect: 'openbeken' }, []);
    expect(await asked(app([BUILT], { project: 'OpenBeken' }))).to.equal(null);
    expect(await asked(app([SERVER]))).to.include({ reason: 'other-firmware', named: 'Tasmota' });
  });
});

describe('a build with PrettyOTA in it', () => {
  const ROUTE = '/prettyota/queryInfo';
  const CORE = { version: 'v5.1.4-dirty', project: 'arduino-lib-builder' };

  it('says all moments that it has, one of which the device will tell, in one space', async () => {
    const file = app([ROUTE, 'Jul  4 2026', '9:38', '19:38:07', 'Built on'], CORE);
    const { tells } = await inspect(file);
    expect(tells).to.deep.equal({
      ...{ product: 'PrettyOTA', version: null, release: null, build: null, installsFrom: null, node: null },
      // Each day with each time: those of its descriptor are texts like any other.
      builds: ['Jun 2 2024 12:34:56', 'Jun 2 2024 19:38:07', 'Jul 4 2026 12:34:56', 'Jul 4 2026 19:38:07'],
    });
    const device = readInfo(told200({ buildDate: 'Jul  4 2026', buildTime: '19:38:07' }));
    expect(device !== null && tells !== undefined && tellsPredicted(tells, device)).to.equal(true);
  });

  it('is not what a device runs that tells another moment, and may be what tells none in a compiler’s form', async () => {
    const { tells } = await inspect(app([ROUTE, 'Jul  4 2026', '19:38:07'], CORE));
    const shown = (buildDate: string, buildTime: string) => {
      const device = readInfo(told200({ buildDate, buildTime }));
      return device === null || tells === undefined ? undefined : tellsPredicted(tells, device);
    };
    expect(shown('Jul  5 2026', '19:38:07')).to.equal(false);
    expect(shown('night', 'ly')).to.equal(null);
    expect(shown('', '')).to.equal(null);
  });

  it('says nothing of that where there are too many', async () => {
    const times = Array.from({ length: 9 }, (_, at) => `10:00:0${at}`);
    const days = ['Jul  4 2026', 'Jul  5 2026'];
    expect((await tellsOf(app([ROUTE, ...days, ...times], CORE)))?.builds).to.deep.equal([]);
    const more = Array.from({ length: 40 }, (_, at) => `10:00:${at + 10}`);
    expect((await tellsOf(app([ROUTE, ...days, ...more], CORE)))?.builds, 'not all are gone through').to.deep.equal([]);
  });

  it('keeps the name and version that its own project has', async () => {
    const own = await inspect(app([ROUTE], { project: 'gate', version: '1.4.0' }));
    expect(statedName(own)).to.deep.equal({ project: 'gate', version: '1.4.0' });
    expect(statedName(await inspect(app([ROUTE], CORE)))).to.deep.equal({ project: 'PrettyOTA', version: null });
  });

  it('is asked for by a device that has it, since any other file would be its last one', async () => {
    const asked = async (file: Bytes) => doubtOf(await inspect(file), { dialect: 'pretty-ota' }, []);
    expect(await asked(app([ROUTE], CORE))).to.equal(null);
    expect(await asked(app(['/prettyota/query'], CORE))).to.include({ reason: 'other-firmware', file: 'unnamed' });
    expect(await asked(app([SERVER]))).to.include({ reason: 'other-firmware', named: 'Tasmota' });
  });
});

const LAMP: DeviceIdentity = {
  ...{ product: 'WLED', name: 'Hall', version: '16.0.0', release: 'ESP32', build: '2412100', chipId: 0 },
  ...{ chip: 'esp32', flashBytes: 4 * 1024 * 1024, uptimeMs: 1000, takesUpdates: true, keepsHalf: false },
};

describe('a file of another product', () => {
  it('is asked about by its name', async () => {
    const seen = await inspect(app([SERVER]));
    expect(doubtOf(seen, { dialect: 'wled', identity: LAMP }, [])).to.deep.equal({
      ...{ reason: 'other-firmware', product: 'WLED', file: 'named', named: 'Tasmota' },
    });
    expect(doubtOf(seen, { dialect: 'wled', identity: LAMP }, ['other-firmware'])).to.equal(null);
  });

  it('is a file without MicroPython for a device that runs it', async () => {
    const seen = await inspect(app([SERVER]));
    expect(doubtOf(seen, { dialect: 'shipped' }, [])).to.deep.equal({ reason: 'no-micropython' });
    expect(judge(seen, { chipId: 0, capacityBytes: null, updateSlot: 'free' })).to.include({ verdict: 'accept' });
  });
});
