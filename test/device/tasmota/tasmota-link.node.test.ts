/** What a Tasmota device answers, and what that means. */
import { expect } from 'chai';
import { parseAnswer } from '../../../src/device/answer.ts';
import { LoginSignIn } from '../../../src/device/sign-in/sign-in.ts';
import { OF_HOST } from '../../../src/device/whole-image/of-host.ts';
import { readUpgradePage, readUpload } from '../../../src/device/tasmota/pages.ts';
import { readServer, readStatus } from '../../../src/device/tasmota/status.ts';
import { askTasmota, TasmotaLink } from '../../../src/device/tasmota/tasmota-link.ts';
import type { Upload } from '../../../src/model/device/upload.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { fetchFrom } from '../../../src/simulator/device-fetch.ts';
import { tasmotaImage } from '../../../src/simulator/tasmota/build.ts';
import type { TasmotaOptions } from '../../../src/simulator/tasmota/options.ts';
import * as pages from '../../../src/simulator/tasmota/pages.ts';
import { SimulatedTasmota } from '../../../src/simulator/tasmota/simulated-tasmota.ts';
import { answering, errorOf, limits, ORIGIN, target } from '../given.ts';
import { ManualClock } from '../manual-clock.ts';

const KB = 1024;

/** The answer of a plug, reduced to what is read. */
const STATUS = {
  Status: { DeviceName: 'Kitchen plug', FriendlyName: ['Tasmota'] },
  StatusPRM: { Uptime: '1T02:03:04', BootCount: 13 },
  StatusFWR: {
    Version: '15.2.0(release-tasmota32)-3_3_4',
    BuildDateTime: '2026-07-24T19:38:07',
    Hardware: 'ESP32-D0WD-V3 rev.3',
  },
  StatusMEM: { ProgramSize: 1900, Free: 1984, FlashSize: 4096 },
};

describe('what a Tasmota device tells of itself', () => {
  it('is its name, version, variant and build, its chip and flash, and how long it is up', () => {
    expect(readStatus(STATUS)).to.deep.equal({
      ...{
        product: 'Tasmota',
        name: 'Kitchen plug',
        version: '15.2.0',
        release: 'tasmota32',
        build: '2026-07-24T19:38:07',
      },
      ...{ chipId: 0, chip: 'ESP32-D0WD-V3 rev.3', flashBytes: 4096 * KB, roomBytes: 1984 * KB, overwrites: false },
      ...{ uptimeMs: 93_784_000, starts: 13, takesUpdates: null, keepsHalf: false },
    });
  });

  for (const [said, version, release] of [
    ['15.2.0(tasmota)', '15.2.0', 'tasmota'],
    ['14.3.0.1(a1b2c3d-tasmota32s3)', '14.3.0.1', 'tasmota32s3'],
    ['12.5.0(release-safeboot)', '12.5.0', 'safeboot'],
    ['8.5.1(minimal)', '8.5.1', 'minimal'],
    ['9.2.0', '9.2.0', null],
    ['6.7.1a(sonoff)', '6.7.1a', 'sonoff'],
  ] as const) {
    it(`is read from “${said}”`, () => {
      const told = readStatus({ StatusFWR: { ...STATUS.StatusFWR, Version: said } });
      expect(told).to.include({ version, release });
    });
  }

  for (const [hardware, chipId] of [
    ['ESP32-D0WD-V3 rev.3', 0],
    ['ESP32-PICO-D4 rev.1', 0],
    ['ESP32-SOLO-1', 0],
    ['ESP32-S2FNR2', 2],
    ['ESP32-C3 rev.4', 5],
    ['ESP32-S3 rev.0', 9],
    ['ESP32-C6FH4 rev.1', 13],
    ['ESP8266EX', -1],
    ['ESP8285N08', -1],
    ['ESP32-X9', null],
  ] as const) {
    it(`knows the chip “${hardware}”`, () => {
      expect(readStatus({ StatusFWR: { ...STATUS.StatusFWR, Hardware: hardware } })?.chipId).to.equal(chipId);
    });
  }

  it('knows an older ESP8266 by its boot version alone', () => {
    const { Version, BuildDateTime } = STATUS.StatusFWR;
    const told = readStatus({
      StatusFWR: { Version, BuildDateTime, Boot: 31 },
      StatusMEM: { ProgramSize: 600, Free: 400, FlashSize: 1024 },
    });
    expect(told).to.include({ chipId: -1, roomBytes: 396 * KB, overwrites: false });
  });

  it('shows that the next upload goes over what runs, where it has one partition', () => {
    const told = readStatus({ ...STATUS, StatusMEM: { ProgramSize: 1930, Free: 949, FlashSize: 4096 } });
    expect(told).to.include({ roomBytes: 2880 * KB, overwrites: true });
    const safeboot = { ...STATUS, StatusFWR: { ...STATUS.StatusFWR, Version: '15.2.0(safeboot)' } };
    expect(readStatus(safeboot)).to.include({ standsIn: true, overwrites: true, roomBytes: 4096 * KB });
  });

  it('shows a minimal build, or safeboot, where it does not know the command', () => {
    const unknown = { Command: 'Unknown', Input: 'STATUS' };
    expect(readStatus(unknown, 'Tasmota/14.3.0 (ESP8266EX)')).to.include({
      version: '14.3.0',
      release: 'minimal',
      build: null,
    });
    expect(readStatus(unknown, 'Tasmota/15.2.0 (ESP32-C3)')).to.include({ release: 'safeboot', standsIn: true });
    expect(readStatus(unknown, 'nginx')).to.equal(null);
    expect(readStatus(unknown)).to.equal(null);
  });

  it('is nothing where another device answers', () => {
    for (const other of [
      null,
      [],
      {},
      { StatusFWR: {} },
      { StatusFWR: { Version: 'x', BuildDateTime: 'y' } },
      { brand: 'WLED' },
    ])
      expect(readStatus(other)).to.equal(null);
  });

  it('is its version and chip where it wants a password first', () => {
    expect(readServer('Tasmota/15.2.0 (ESP32-C3)')).to.include({
      product: 'Tasmota',
      version: '15.2.0',
      chipId: 5,
      build: null,
    });
    expect(readServer('Tasmota/9.5.0 (ESP8266EX)')).to.include({ version: '9.5.0', chipId: -1 });
    for (const other of [undefined, '', 'nginx', 'Tasmota', 'x Tasmota/1 (y)'])
      expect(readServer(other)).to.equal(null);
  });
});

async function answerOf(response: Response) {
  return parseAnswer(response.status, await response.text(), false, response.headers.get('content-type'));
}

const look = (language: 'en' | 'de'): pages.Look => ({ language, server: 'Tasmota/15.2.0 (ESP32)' });

describe('what the pages of a Tasmota device mean', () => {
  for (const language of ['en', 'de'] as const) {
    it(`is a yes by how the page is built: ${language}`, async () => {
      expect(readUpload(await answerOf(pages.succeeded(look(language))), [], false)).to.deep.equal({
        kind: 'taken',
        said: null,
      });
    });

    it(`is no judgement at the first no that may be to another upload: ${language}`, async () => {
      const aborted = await answerOf(pages.failed(look(language), 7));
      expect(() => readUpload(aborted, [], false))
        .to.throw(UpdateError)
        .with.property('code', 'earlier-broke-off');
      expect(readUpload(aborted, [], true)).to.include({ kind: 'refused' });
    });
  }

  it('is a judgement in English where it speaks of the image', async () => {
    for (const error of [3, 4, 6])
      expect(readUpload(await answerOf(pages.failed(look('en'), error)), [], false).kind, String(error)).to.equal(
        'refused',
      );
    const full = await answerOf(pages.failed(look('en'), 2));
    expect(() => readUpload(full, [], false))
      .to.throw(UpdateError)
      .with.property('code', 'too-large');
  });

  it('keeps a secret out of its words', async () => {
    const answer = await answerOf(pages.failed(look('en'), 6));
    expect(readUpload(answer, ['Enable'], false).said).to.equal('Upload failed. ••• logging 3');
  });

  it('is an error where the page is not one of its own', async () => {
    const yes = await pages.succeeded(look('en')).text();
    const of = (text: string, status = 200) => parseAnswer(status, text, false, 'text/html');
    for (const [answer, code] of [
      [await answerOf(pages.somebodyElse()), 'web-page'],
      [of(yes.replace(/<script>.*<\/script>/, '')), 'garbled'],
      [of(yes, 500), 'device-fault'],
      [of('', 401), 'unauthorised'],
      [of('', 404), 'no-route'],
      [parseAnswer(200, 'OK', false, 'text/plain'), 'garbled'],
    ] as const) {
      expect(() => readUpload(answer, [], false), code)
        .to.throw(UpdateError)
        .with.property('code', code);
    }
  });

  it('shows whether it starts safeboot for an update', async () => {
    expect(readUpgradePage(await answerOf(pages.upgradePage(look('de'), true)))).to.deep.equal({ standsAside: true });
    expect(readUpgradePage(await answerOf(pages.upgradePage(look('en'), false)))).to.deep.equal({ standsAside: false });
    expect(readUpgradePage(await answerOf(pages.somebodyElse()))).to.equal(null);
  });
});

function linked(options: Partial<TasmotaOptions> = {}, token = '') {
  const clock = new ManualClock();
  const device = new SimulatedTasmota({
    ...options,
    clock: { now: () => clock.now(), sleep: () => new Promise(() => undefined) },
  });
  const fetch = fetchFrom(new Map([[ORIGIN, device]]));
  const upload: Upload = async ({ url, contentType, headers, parts, signal, onSent }) => {
    const body = new Blob([...parts]);
    const request = new Request(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': contentType },
      body,
      signal,
    });
    onSent(body.size);
    const answer = await fetch(request);
    return { status: answer.status, contentType: answer.headers.get('content-type'), text: await answer.text() };
  };
  const world = {
    fetch,
    clock,
    upload,
    onHost: OF_HOST,
    signIn: (login: ConstructorParameters<typeof LoginSignIn>[0]) => new LoginSignIn(login),
  } as const;
  const link = new TasmotaLink(target({ token, login: null }), world);
  const asked = () => device.requests.map(({ method, path }) => `${method} ${path}`);
  return { device, link, asked, world };
}

const IMAGE = tasmotaImage({ version: '15.2.0', variant: 'tasmota32', builtAt: '2026-07-24T19:38:07' }, 300 * KB);

describe('a link to a Tasmota device', () => {
  const uploading = (onSent = (_: number) => undefined as unknown) => ({ ...limits(), withoutCheck: false, onSent });

  it('asks with the password only once it was asked for it, and never in an address', async () => {
    const { link, asked } = linked({ password: 'pass word' }, 'pass word');
    expect(await link.identify(limits())).to.include({ product: 'Tasmota', version: '15.1.0' });
    await link.prepare(limits());
    await link.upload(IMAGE, uploading());
    expect(asked()).to.deep.equal([
      'GET /cm?cmnd=Status%200',
      'GET /cm?cmnd=Status%200',
      'GET /up',
      `POST /u2?fsz=${300 * KB}`,
    ]);
  });

  it('says that the password is wrong before a byte of the image is sent', async () => {
    const { link, asked } = linked({ password: 'secret' }, 'other');
    expect(await errorOf(link.identify(limits()))).to.include({ code: 'unauthorised' });
    expect(await errorOf(link.prepare(limits()))).to.include({ code: 'unauthorised' });
    expect(asked().filter((one) => one.startsWith('POST'))).to.deep.equal([]);
  });

  it('clears the error of an upload of its own, where that had surely begun', async () => {
    const { link, device, asked } = linked();
    await link.prepare(limits());
    device.fault = ({ route, nth }) =>
      route === 'upload' && nth === 1 ? { kind: 'drop', when: { bytes: 290 * KB } } : null;
    expect(await errorOf(link.upload(IMAGE, uploading()))).to.include({ code: 'unreachable' });
    expect(device.keptError).to.equal(7);
    await link.prepare(limits());
    expect(device.keptError).to.equal(0);
    expect(asked().slice(-2)).to.deep.equal(['GET /u3', 'GET /up']);
    expect(await link.upload(IMAGE, uploading())).to.include({ kind: 'taken' });
    // Where no error is kept, the same request would restart it.
    await link.prepare(limits());
    expect(asked().filter((one) => one === 'GET /u3')).to.have.length(1);
  });

  it('clears nothing where the device may not have seen a byte', async () => {
    const { link, device, asked } = linked();
    const small = tasmotaImage({ version: '15.2.0', variant: 'tasmota32', builtAt: '2026-07-24T19:38:07' }, 60_000);
    device.fault = ({ route }) => (route === 'upload' ? { kind: 'drop', when: 'before' } : null);
    expect(await errorOf(link.upload(small, uploading()))).to.include({ code: 'unreachable' });
    await link.prepare(limits());
    expect(asked()).to.not.include('GET /u3');
    expect(device.restarts).to.equal(0);
  });

  it('has safeboot started where there is one partition, and only there', async () => {
    const two = linked();
    await two.link.prepare(limits());
    expect(await two.link.standAside(limits())).to.equal('ready');
    expect(two.asked()).to.deep.equal(['GET /up']);
    const one = linked({ layout: 'safeboot' });
    await one.link.prepare(limits());
    expect(await one.link.standAside(limits())).to.equal('restarting');
    one.device.restart(0);
    expect(one.device.runsSafeboot).to.equal(true);
    await one.link.prepare(limits());
    expect(await one.link.standAside(limits())).to.equal('ready');
    await one.link.takeBack(limits());
    one.device.restart(0);
    expect(one.device.runsSafeboot).to.equal(false);
  });

  it('is found without a password, by what it tells anybody', async () => {
    const open = linked();
    expect(await askTasmota(target(), limits(), open.world)).to.include({
      version: '15.1.0',
      build: '2025-10-11T09:00:01',
    });
    const locked = linked({ password: 'secret' });
    expect(await askTasmota(target(), limits(), locked.world)).to.include({
      version: '15.1.0',
      build: null,
      chipId: 0,
    });
    const shy = linked({ wantsReferer: true });
    expect(await askTasmota(target(), limits(), shy.world), 'asked by its own page').to.include({ version: '15.1.0' });
    const { fetch } = answering(new Response('{}', { status: 401 }));
    expect(await askTasmota(target(), limits(), { fetch, clock: new ManualClock() })).to.equal(null);
  });
});
