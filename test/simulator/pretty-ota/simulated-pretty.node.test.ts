/** The simulated device with PrettyOTA does what the real source does, with all pitfalls. */
import { expect } from 'chai';
import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { ConnectionDropped } from '../../../src/simulator/power.ts';
import { prettyImage } from '../../../src/simulator/pretty-ota/build.ts';
import type { PrettyOptions } from '../../../src/simulator/pretty-ota/options.ts';
import { SimulatedPretty } from '../../../src/simulator/pretty-ota/simulated-pretty.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { sameBytes } from '../../update/scripted/same-bytes.ts';

const IMAGE = prettyImage({ version: '2.0', date: 'Jul 24 2026', time: '19:38:07' }, 9_000, 13);
const AT = 'http://192.168.1.70';
const LOGIN = { user: 'admin', password: 'secret' };

function made(options: Partial<PrettyOptions> = {}) {
  const clock = new FakeClock();
  return { clock, device: new SimulatedPretty({ clock, ...options }) };
}

function upload(bytes: Uint8Array<ArrayBuffer> = IMAGE, headers: HeadersInit = {}): Request {
  const body = new FormData();
  body.append('file', new Blob([bytes]), 'firmware.bin');
  return new Request(`${AT}/prettyota/upload`, { method: 'POST', body, headers });
}

function get(path: string, headers: HeadersInit = {}): Request {
  return new Request(`${AT}${path}`, { headers });
}

function start(image = IMAGE, reboot = true): Request {
  return get(`/prettyota/start?mode=fw&reboot=${reboot}&hash=${bytesToHex(md5(image)).toUpperCase()}`);
}

function logIn(user: string, password: string): Request {
  const body = JSON.stringify({ userId: user, password: bytesToHex(md5(new TextEncoder().encode(password))) });
  return new Request(`${AT}/login`, { method: 'POST', body });
}

async function said(device: SimulatedPretty, request: Request): Promise<string> {
  const answer = await device.handle(request);
  return `${answer.status} ${await answer.text()}`.trim();
}

/** Half of an upload, whose client then goes away. */
async function broken(device: SimulatedPretty): Promise<void> {
  await device.handle(start());
  device.fault = ({ route }) => (route === 'upload' ? { kind: 'drop', when: { bytes: 5_000 } } : null);
  const error: unknown = await device.handle(upload()).catch((thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(ConnectionDropped);
  device.fault = null;
}

describe('a simulated device with PrettyOTA', () => {
  it('takes an image after a begin, says yes with an empty body, and runs it after its restart', async () => {
    const { device, clock } = made();
    expect(await said(device, start())).to.equal('200');
    expect(await said(device, upload())).to.equal('200');
    await clock.pass(2_500);
    expect(device.away, 'so soon').to.equal(false);
    await clock.pass(1_000);
    expect(sameBytes(device.runningImage, IMAGE)).to.equal(true);
    await clock.pass(10_000);
    const info: unknown = await (await device.handle(get('/prettyota/queryInfo'))).json();
    expect(info).to.include({ firmwareVersion: '2.0', buildDate: 'Jul 24 2026', buildTime: '19:38:07' });
  });

  it('keeps running where it is told not to restart', async () => {
    const { device, clock } = made();
    await device.handle(start(IMAGE, false));
    expect(await said(device, upload())).to.equal('200');
    await clock.pass(30_000);
    expect(device.restarts).to.equal(0);
  });

  it('tells anybody that it has PrettyOTA, and all else only after a sign-in', async () => {
    const { device } = made({ login: LOGIN, loginUrl: '/login' });
    const about: unknown = await (await device.handle(get('/prettyota/queryPrettyOTAInfo'))).json();
    expect(about).to.include({ prettyotaVersion: '1.1.3', loginURL: '/login', authenticationEnabled: true });
    for (const request of [get('/prettyota/queryInfo'), start(), upload()])
      expect(await said(device, request)).to.equal('401 Not authenticated');
    expect(device.manager.takenBytes, 'of what came').to.equal(0);
  });

  it('gives a cookie for the MD5 of the password, and compares the whole header with it', async () => {
    const { device } = made({ login: LOGIN });
    expect(await said(device, logIn('admin', 'other'))).to.equal('401 Wrong username or password');
    const cookie = (await device.handle(logIn('admin', 'secret'))).headers.get('set-cookie') ?? '';
    expect(cookie).to.match(/^sessionID=[\da-f-]{36}$/);
    const asked = (headers: HeadersInit) => said(device, get('/prettyota/queryInfo', headers));
    expect(await asked({ cookie })).to.match(/^200/);
    expect(await asked({ cookie: `a=b; ${cookie}` })).to.match(/^401/);
    device.restart(0);
    expect(await asked({ cookie }), 'after a restart').to.match(/^200/);
    for (let more = 0; more < 5; more += 1) await device.handle(logIn('admin', 'secret'));
    expect(await asked({ cookie }), 'after five others').to.match(/^401/);
  });

  it('wants three fields to begin, and a hash of 32 digits', async () => {
    const { device } = made();
    const begun = (query: string) => said(device, get(`/prettyota/start?${query}`));
    expect(await begun('reboot=true&hash=1')).to.equal('400 Missing parameter in URL: mode');
    expect(await begun('mode=fw&reboot=true')).to.equal('400 Missing parameter in URL: hash');
    expect(await begun('mode=fw&reboot=true&hash=1')).to.equal('400 ERROR_INVALID_HASH: Invalid MD5 hash');
    expect(device.isUpdating).to.equal(false);
  });

  it('checks the image against its hash, its first byte, its room and its own checksum', async () => {
    const refused = async (image: Uint8Array<ArrayBuffer>, options: Partial<PrettyOptions> = {}, sent = image) => {
      const { device } = made(options);
      await device.handle(start(image));
      const answer = await said(device, upload(sent));
      expect(device.isUpdating, answer).to.equal(false);
      return answer;
    };
    expect(await refused(IMAGE, {}, IMAGE.slice(1))).to.match(/^400 ERROR_MAGIC_BYTE/);
    expect(await refused(IMAGE, {}, IMAGE.slice(0, -1))).to.match(/^400 ERROR_HASH_MISMATCH/);
    expect(await refused(IMAGE, { slotBytes: 8_000 })).to.match(/^400 ERROR_NO_SPACE/);
    expect(await refused(IMAGE, { isWhole: () => false })).to.match(/^400 ERROR_ACTIVATE/);
  });

  it('refuses to begin after a half upload, and to restart, until another upload ends that', async () => {
    const { device, clock } = made();
    await broken(device);
    expect(await said(device, start())).to.equal('400 An update is already running');
    const restart = () => new Request(`${AT}/prettyota/doManualReboot`, { method: 'POST' });
    expect(await said(device, restart())).to.equal('400 Reboot is not possible while an update is running');
    await clock.pass(600_000);
    expect(await said(device, start()), 'it does not run out').to.match(/^400/);
    expect(await said(device, upload(new Uint8Array(64)))).to.match(/^400 ERROR_HASH_MISMATCH/);
    expect(await said(device, start())).to.equal('200');
    expect(await said(device, upload())).to.equal('200');
  });

  it('appends to a half upload where no begin comes before, which gives the same file', async () => {
    const { device } = made();
    await broken(device);
    expect(await said(device, upload(IMAGE.slice(5_000)))).to.equal('200');
    expect(sameBytes(device.manager.bootable ?? new Uint8Array(), IMAGE)).to.equal(true);
  });

  it('says yes to an upload without a begin, and restarts into the old firmware', async () => {
    const { device, clock } = made();
    const before = device.runningImage;
    expect(await said(device, upload())).to.equal('200');
    await clock.pass(4_000);
    expect(device.restarts).to.equal(1);
    expect(sameBytes(device.runningImage, before)).to.equal(true);
  });

  it('stays in the middle of an update where an older web server answers before the whole image has come', async () => {
    const { device } = made({ slotBytes: 2_000, answersEarly: true });
    await device.handle(start());
    expect(await said(device, upload())).to.match(/^400 ERROR_NO_SPACE/);
    expect(await said(device, start())).to.equal('400 An update is already running');
  });
});
