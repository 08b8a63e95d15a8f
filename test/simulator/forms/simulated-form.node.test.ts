/** The simulated devices do what the real sources do, with all pitfalls. */
import { expect } from 'chai';
import { formImage, type FormOptions } from '../../../src/simulator/forms/options.ts';
import { SimulatedForm } from '../../../src/simulator/forms/simulated-form.ts';
import { ConnectionDropped } from '../../../src/simulator/power.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { sameBytes } from '../../update/scripted/same-bytes.ts';

const IMAGE = formImage(9_000, '', 13);
const AT = 'http://192.168.1.70';

function made(options: Partial<FormOptions> = {}) {
  const clock = new FakeClock();
  const device = new SimulatedForm({ clock, isWhole: (image) => sameBytes(image, IMAGE), ...options });
  return { clock, device };
}

function upload(
  bytes: Uint8Array<ArrayBuffer> = IMAGE,
  more: { field?: string; headers?: HeadersInit; path?: string } = {},
) {
  const { field = 'firmware', headers = {}, path = '/update' } = more;
  const body = new FormData();
  body.append(field, new Blob([bytes]), 'firmware.bin');
  return new Request(`${AT}${path}`, { method: 'POST', body, headers });
}

async function said(device: SimulatedForm, request: Request): Promise<string> {
  const answer = await device.handle(request);
  return `${answer.status} ${await answer.text()}`.trim();
}

/** Half of an upload, whose client then goes away. */
async function broken(device: SimulatedForm, path = '/update'): Promise<void> {
  device.fault = ({ route }) => (route === 'upload' ? { kind: 'drop', when: { bytes: 4_000 } } : null);
  const error: unknown = await device.handle(upload(IMAGE, { path })).catch((thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(ConnectionDropped);
  device.fault = null;
}

describe('a simulated device with an upload page', () => {
  it('takes an image, says so, and runs it after its restart', async () => {
    const { device, clock } = made();
    expect(await said(device, upload())).to.include('Update Success! Rebooting...');
    expect(sameBytes(device.runningImage, IMAGE), 'before its restart').to.equal(false);
    await clock.pass(200);
    expect(device.away).to.equal(true);
    expect(sameBytes(device.runningImage, IMAGE)).to.equal(true);
  });

  it('answers with 200 whatever the outcome, where the real one does so', async () => {
    const image = formImage(9_000).fill(0, 0, 1);
    expect(await said(made().device, upload(image))).to.equal('200 Update error: Wrong Magic Byte');
    expect(await said(made({ kind: 'sketch' }).device, upload(image))).to.equal('200 FAIL');
    expect(await said(made({ kind: 'elegant-2' }).device, upload(image)), 'without its hash').to.match(/^400 MD5/);
  });

  it('takes a file only from its own page, since the library checks the origin', async () => {
    const { device } = made({ wantsOrigin: true });
    expect(await said(device, upload())).to.equal('200 Update error: Wrong origin received!');
    expect(await said(device, upload(IMAGE, { headers: { origin: 'http://elsewhere' } }))).to.include('Wrong origin');
    expect(await said(device, upload(IMAGE, { headers: { origin: AT } }))).to.include('Success');
  });

  it('asks for its password after the whole body, and has written none of it', async () => {
    const { device } = made({ login: { user: 'admin', password: 'secret' } });
    expect(await said(device, upload())).to.equal('401');
    expect(device.updater.leftBytes).to.equal(0);
    const headers = { authorization: `Basic ${btoa('admin:secret')}` };
    expect(await said(device, upload(IMAGE, { headers }))).to.include('Success');
  });

  it('discards a half upload, or appends the next upload to it', async () => {
    const cleans = made();
    await broken(cleans.device);
    expect(await said(cleans.device, upload())).to.include('Success');
    const keeps = made({ kind: 'async' });
    await broken(keeps.device);
    expect(keeps.device.updater.leftBytes).to.equal(4_000);
    expect(await said(keeps.device, upload()), 'what lies there is no image').to.equal('200 FAIL');
    expect(keeps.device.appended).to.equal(1);
  });

  it('says on an ESP8266 that an update runs, and may say so until it is restarted', async () => {
    const once = made({ kind: 'async', chip: 'ESP8266' });
    await broken(once.device);
    expect(await said(once.device, upload())).to.equal('200 FAIL');
    expect(await said(once.device, upload())).to.equal('200 OK');
    const stays = made({ kind: 'async', chip: 'ESP8266', staysBusy: true });
    await broken(stays.device);
    for (let time = 0; time < 3; time += 1) expect(await said(stays.device, upload())).to.equal('200 FAIL');
    stays.device.restart();
    await stays.clock.pass(5_000);
    expect(await said(stays.device, upload())).to.equal('200 OK');
  });

  it('checks nothing of an image on an ESP8266, and is lost with one that does not start', async () => {
    const damaged = formImage(9_000, '', 17);
    const { device, clock } = made({ chip: 'ESP8266', boots: (image) => sameBytes(image, IMAGE) });
    expect(await said(device, upload(damaged))).to.include('Success');
    await clock.pass(3_600_000);
    expect(device.away).to.equal(true);
  });

  it('says yes to an upload that ElegantOTA was not asked to begin, and restarts into what it ran', async () => {
    const { device, clock } = made({ kind: 'elegant-3' });
    const before = device.runningImage;
    expect(await said(device, upload(IMAGE, { path: '/ota/upload' }))).to.equal('200 OK');
    await clock.pass(3_000);
    expect(device.restarts).to.equal(1);
    expect(device.runningImage).to.equal(before);
  });

  it('forgets the hash that ElegantOTA is given, except after an upload that broke off', async () => {
    const start = `${AT}/ota/start?mode=fr&hash=${'0'.repeat(32)}`;
    const { device } = made({ kind: 'elegant-3' });
    expect(await said(device, new Request(start))).to.equal('200 OK');
    expect(await said(device, upload(IMAGE, { path: '/ota/upload' })), 'of another file').to.equal('200 OK');
    const other = made({ kind: 'elegant-3' }).device;
    await other.handle(new Request(start));
    await broken(other, '/ota/upload');
    expect(await said(other, new Request(start)), 'though nothing is begun').to.equal('200 OK');
    expect(await said(other, upload(IMAGE, { path: '/ota/upload' }))).to.match(/^400 MD5 Check Failed/);
  });

  it('lets a page of any origin read the answer of an ESP8266 to an upload, and not its page', async () => {
    const allows = async (options: Partial<FormOptions>, request: Request) =>
      (await made(options).device.handle(request)).headers.get('access-control-allow-origin');
    const preflight = () => new Request(`${AT}/update`, { method: 'OPTIONS' });
    expect(await allows({ chip: 'ESP8266' }, upload())).to.equal('*');
    expect(await allows({ chip: 'ESP8266' }, preflight())).to.equal('*');
    expect(await allows({ chip: 'ESP8266' }, new Request(`${AT}/update`))).to.equal(null);
    expect(await allows({}, upload())).to.equal(null);
    expect(await allows({}, preflight())).to.equal(null);
  });
});
