/** What a WLED lamp answers, and what that means. */
import { expect } from 'chai';
import { openAnyLink } from '../../../src/device/open-link.ts';
import { readInfo } from '../../../src/device/wled/info.ts';
import { errorOfPage, readUpload } from '../../../src/device/wled/pages.ts';
import { parseAnswer } from '../../../src/device/answer.ts';
import { isWholeImage } from '../../../src/model/device/whole-image-link.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { fetchFrom } from '../../../src/simulator/device-fetch.ts';
import { page } from '../../../src/simulator/wled/pages.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import { answering, errorOf, limits, ORIGIN, target, TOKEN } from '../given.ts';
import { ManualClock } from '../manual-clock.ts';

async function answerOf(status: number, head: string, words: string) {
  return parseAnswer(status, await page(status, head, words).text(), false, 'text/html');
}

const INFO = {
  brand: 'WLED',
  ver: '16.0.1',
  vid: 2600817,
  release: 'ESP32',
  arch: 'esp32',
  flash: 4,
  uptime: 12,
  opt: 79,
};

describe('what a lamp tells of itself', () => {
  it('is its version, release, build, chip, flash and uptime', () => {
    expect(readInfo({ ...INFO, name: 'Hall' })).to.deep.equal({
      ...{ product: 'WLED', name: 'Hall', version: '16.0.1', release: 'ESP32', build: '2600817' },
      ...{ chipId: 0, chip: 'esp32', flashBytes: 4 * 1024 * 1024, uptimeMs: 12_000 },
      ...{ takesUpdates: true, keepsHalf: false },
    });
  });

  it('is nothing where it is no lamp, and null for each field that it leaves out', () => {
    for (const other of [null, 'WLED', {}, { ...INFO, brand: 'other' }, []]) expect(readInfo(other)).to.equal(null);
    expect(readInfo({ brand: 'WLED' })).to.include({ version: null, chipId: null, uptimeMs: null, takesUpdates: null });
  });

  it('names chips as their makers do', () => {
    const chipOf = (arch: string) => readInfo({ ...INFO, arch })?.chipId;
    expect(
      ['esp32', 'ESP32-S3', 'ESP32-S2', 'ESP32-C3', 'ESP32-D0WDQ6', 'esp8266', 'ESP32-S31', 'RP2040'].map(chipOf),
    ).to.deep.equal([...[0, 9, 2, 5, 0, -1, 32, null]]);
  });

  it('shows whether it keeps a half upload, which is assumed where it is not known', () => {
    const keeps = (ver: string) => readInfo({ ...INFO, ver })?.keepsHalf;
    expect(['0.14.4', '0.15.0', '0.15.1', '0.16.0-alpha', 'dev'].map(keeps)).to.deep.equal(Array(5).fill(true));
    expect(['0.15.2', '0.15.2-beta1', '0.15.3', '16.0.0', '16.0.0-beta', '17.1.0'].map(keeps)).to.deep.equal(
      Array(6).fill(false),
    );
  });
});

describe('what a lamp answers to an upload', () => {
  const NO_SECRETS: readonly string[] = [];

  it('is a yes, which proves nothing', async () => {
    expect(readUpload(await answerOf(200, 'Update successful!', 'Rebooting now...'), NO_SECRETS)).to.include({
      kind: 'taken',
    });
  });

  for (const why of [
    "Firmware release name mismatch: current='ESP32', uploaded='ESP32_Ethernet'.",
    'This firmware file is missing compatibility metadata.',
    "Cannot update from this version: requires at least 0.15.3, current='0.15.0'.",
    'Wrong Magic Byte',
    'Could Not Activate The Firmware',
    'Please check your file and retry!',
  ]) {
    it(`is a judgement of the image: ${why}`, async () => {
      expect(readUpload(await answerOf(500, 'Update failed!', why), NO_SECRETS)).to.deep.equal({
        ...{ kind: 'refused', said: why },
      });
    });
  }

  for (const [status, head, words, code] of [
    [500, 'Update failed!', 'Not Enough Space', 'too-large'],
    [500, 'Update failed!', 'Flash Write Failed', 'device-fault'],
    [401, 'Access Denied', 'Client is not on local subnet.', 'other-subnet'],
    [401, 'Access Denied', 'Please unlock OTA in security settings!', 'locked'],
    [401, 'Access Denied', 'Please unlock settings using PIN code!', 'unauthorised'],
    [501, 'Not implemented', 'This build does not support OTA update.', 'unsupported'],
    [503, '', '', 'busy'],
    [404, '404', 'Not found', 'no-route'],
    [200, 'Log in', '', 'web-page'],
  ] as const) {
    it(`is ${code}: ${status} ${words}`, async () => {
      const answer = await answerOf(status, head, words);
      expect(errorOfPage(answer, NO_SECRETS).code).to.equal(code);
      expect(() => readUpload(answer, NO_SECRETS)).to.throw(UpdateError, code);
    });
  }

  it('never shows the PIN', async () => {
    const error = errorOfPage(await answerOf(500, 'Update failed!', 'PIN 1234 was used'), ['1234']);
    expect(error.said).to.equal('PIN ••• was used');
  });
});

describe('the kind of device that answers', () => {
  const deps = (device: SimulatedWled | SimulatedDevice) => {
    const fetch = fetchFrom(new Map([[ORIGIN, device]]));
    return {
      clock: new ManualClock(),
      fetch: (url: string, { method, headers, body, signal }: Parameters<typeof fetch>[1] & object) =>
        fetch(url, {
          method: method ?? 'GET',
          ...(headers && { headers }),
          ...(body && { body }),
          ...(signal && { signal }),
        }),
    };
  };
  const open = async (device: SimulatedWled | SimulatedDevice, changes = {}) => {
    const { fetch, clock } = deps(device);
    return openAnyLink(target(changes), { clock, fetch: (url, init) => fetch(url, init) })(limits());
  };

  it('is found to be a lamp, with no more questions than needed', async () => {
    const lamp = new SimulatedWled();
    const link = await open(lamp);
    expect(isWholeImage(link)).to.equal(true);
    expect(link.dialect).to.equal('wled');
    expect(lamp.requests.map(({ path }) => path)).to.deep.equal(['/ota/status', '/json/info']);
  });

  it('is asked only as a lamp where it is remembered as one', async () => {
    const lamp = new SimulatedWled();
    await open(lamp, { dialect: 'wled' });
    expect(lamp.requests.map(({ path }) => path)).to.deep.equal(['/json/info']);
  });

  it('is found anew where another device has the address of a lamp', async () => {
    const device = new SimulatedDevice({ token: TOKEN });
    expect((await open(device, { dialect: 'wled' })).dialect).to.equal('shipped');
    const byHand = open(device, { protocol: 'wled', dialect: 'wled' });
    expect((await errorOf(byHand)).code).to.equal('garbled');
  });

  it('costs no extra question where a device takes chunks', async () => {
    const device = new SimulatedDevice({ token: TOKEN });
    expect((await open(device)).dialect).to.equal('shipped');
    expect(device.requests.map(({ path }) => path)).to.deep.equal(['/ota/status']);
  });

  it('gets no token with the question whether it is a lamp', async () => {
    const { fetch, seen } = answering(
      new Response('<!doctype html>', { status: 404, headers: { 'content-type': 'text/html' } }),
      Response.json(INFO),
    );
    await openAnyLink(target(), { fetch, clock: new ManualClock() })(limits());
    const [, info] = seen;
    expect(info?.url).to.equal(`${ORIGIN}/json/info`);
    expect([...(info?.init.headers ?? [])]).to.deep.equal([]);
  });
});
