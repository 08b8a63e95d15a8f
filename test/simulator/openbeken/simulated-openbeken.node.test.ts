/** The simulated OpenBeken device does what the real source does, with all pitfalls. */
import { expect } from 'chai';
import { connect } from 'node:net';
import { once } from 'node:events';
import { serveWhole } from '../../../src/simulator/node/whole-server.ts';
import { openbekenImage } from '../../../src/simulator/openbeken/build.ts';
import type { OpenbekenOptions } from '../../../src/simulator/openbeken/options.ts';
import { SimulatedOpenbeken } from '../../../src/simulator/openbeken/simulated-openbeken.ts';
import { ConnectionDropped } from '../../../src/simulator/power.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { sameBytes } from '../../update/scripted/same-bytes.ts';

const IMAGE = openbekenImage({ date: 'Jul 24 2026', time: '19:38:07', version: '1.18.233_4M' }, 9_000, 13);
const AT = 'http://192.168.1.70';

function made(options: Partial<OpenbekenOptions> = {}) {
  const clock = new FakeClock();
  const isWhole = (image: Uint8Array): boolean => sameBytes(image, IMAGE);
  return { clock, device: new SimulatedOpenbeken({ clock, isWhole, ...options }) };
}

function post(path: string, body: Uint8Array<ArrayBuffer> | null = null, headers: HeadersInit = {}): Request {
  return new Request(`${AT}${path}`, { method: 'POST', body, headers });
}

const upload = (image = IMAGE): Request => post('/api/ota', image, { 'content-length': String(image.length) });

/** "none": the connection ends without an answer. */
async function said(device: SimulatedOpenbeken, request: Request): Promise<string> {
  try {
    const answer = await device.handle(request);
    return `${answer.status} ${await answer.text()}`.trim();
  } catch (error) {
    if (!(error instanceof ConnectionDropped)) throw error;
    return 'none';
  }
}

async function told(device: SimulatedOpenbeken): Promise<string> {
  return said(device, new Request(`${AT}/api/info`));
}

describe('a simulated OpenBeken device', () => {
  it('says how much it took, keeps running, and starts the image once it was asked to restart', async () => {
    const { device, clock } = made();
    await clock.pass(50_000);
    expect(await said(device, upload())).to.equal('200 {"size":9000}');
    await clock.pass(600_000);
    expect(device.restarts, 'by itself').to.equal(0);
    expect(await told(device)).to.contain('"uptime_s":650,"build":"Built on Mar  3 2026 09:12:40 version 1.18.201_4M"');
    expect(await said(device, post('/api/reboot'))).to.equal('200 {"reboot":3}');
    await clock.pass(2_500);
    expect(device.away, 'so soon').to.equal(false);
    await clock.pass(4_500);
    expect(sameBytes(device.runningImage, IMAGE)).to.equal(true);
    expect(await told(device)).to.contain('"uptime_s":1,"build":"Built on Jul 24 2026 19:38:07 version 1.18.233_4M"');
  });

  it('begins the countdown anew with each request to restart', async () => {
    const { device, clock } = made();
    await device.handle(post('/api/reboot'));
    await clock.pass(2_000);
    await device.handle(post('/api/reboot'));
    await clock.pass(2_000);
    expect(device.restarts).to.equal(0);
    await clock.pass(2_000);
    expect(device.restarts).to.equal(1);
  });

  it('gives no answer to an image that it does not take, whatever the reason', async () => {
    const refused = async (image: Uint8Array<ArrayBuffer>, options: Partial<OpenbekenOptions> = {}) => {
      const { device } = made(options);
      const answer = await said(device, upload(image));
      expect(device.slot.bootable, answer).to.equal(null);
      return answer;
    };
    expect(await refused(IMAGE.slice(1)), 'its first byte').to.equal('none');
    expect(await refused(IMAGE.slice(0, -1)), 'its own check').to.equal('none');
    expect(await refused(IMAGE, { slotBytes: 8_000 }), 'its room').to.equal('none');
    expect(await refused(IMAGE, { slotBytes: null }), 'no other slot').to.equal('none');
    expect(await refused(IMAGE.slice(0, 288)), 'shorter than its headers').to.equal('none');
  });

  it('keeps nothing of a half upload, which the next one overwrites', async () => {
    const { device } = made();
    device.fault = ({ nth, route }) => (route === 'ota' && nth === 1 ? { kind: 'drop', when: { bytes: 5_000 } } : null);
    expect(await said(device, upload())).to.equal('none');
    expect(await said(device, upload())).to.equal('200 {"size":9000}');
    expect(sameBytes(device.slot.bootable ?? new Uint8Array(), IMAGE)).to.equal(true);
  });

  it('has taken the image where the connection ends after its last byte', async () => {
    const { device } = made();
    device.fault = ({ route }) => (route === 'ota' ? { kind: 'drop', when: { bytes: IMAGE.length } } : null);
    expect(await said(device, upload())).to.equal('none');
    expect(device.slot.bootable).to.have.length(IMAGE.length);
  });

  it('runs the old firmware where a half upload overwrote what it had taken', async () => {
    const { device } = made();
    await device.handle(upload());
    expect(await said(device, upload(IMAGE.slice(0, 6_000)))).to.equal('none');
    const before = device.runningImage;
    device.restart(0);
    expect(sameBytes(device.runningImage, before)).to.equal(true);
  });

  it('begins no second upload beside one that is under way, where its ESP-IDF is a newer one', async () => {
    for (const refusesBeside of [true, false]) {
      const { device } = made({ refusesBeside });
      const gone = new AbortController();
      device.fault = ({ nth }) => (nth === 1 ? { kind: 'hang', when: { bytes: 4_000 } } : null);
      const first = device.handle(new Request(upload(), { signal: gone.signal }));
      const ended = first.catch(() => 'gone');
      await new Promise((resolve) => setImmediate(resolve));
      expect(await said(device, upload())).to.equal(refusesBeside ? 'none' : '200 {"size":9000}');
      gone.abort();
      await ended;
      await new Promise((resolve) => setImmediate(resolve));
      expect(await said(device, upload()), 'once it is over').to.equal('200 {"size":9000}');
    }
  });

  it('asks for its password without CORS headers, and reads no image without it', async () => {
    const { device } = made({ password: 'secret' });
    const answer = await device.handle(upload());
    expect(answer.status).to.equal(401);
    expect(answer.headers.get('www-authenticate')).to.equal('Basic realm="OpenBeken HTTP Server"');
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
    expect(device.slot.bootable).to.equal(null);
    const authorization = `Basic ${btoa('admin:secret')}`;
    expect((await device.handle(post('/api/reboot', null, { authorization }))).status).to.equal(200);
    const preflight = await device.handle(new Request(`${AT}/api/ota`, { method: 'OPTIONS' }));
    expect(preflight.headers.get('access-control-allow-headers')).to.not.match(/authorization/i);
  });

  it('answers 200 to every path, and says what it is at Tasmota’s path', async () => {
    const { device } = made();
    for (const path of ['/json/info', '/api/info?x', '/api/nothing', '/openapi.json', '/update'])
      expect(await said(device, new Request(`${AT}${path}`)), path).to.match(/^200 <!DOCTYPE html>/);
    const asked = await said(device, new Request(`${AT}/cm?cmnd=Status%200`));
    expect(asked).to.contain('"Version":"OpenESP32_1.18.201_4M"').and.to.contain('"SDK":"obk"');
  });

  it('breaks its own JSON with a backslash, or with a name that has a quote in it', async () => {
    for (const options of [{ startCommand: 'echo \\d' }, { name: 'the "lamp"' }]) {
      const { device } = made(options);
      const text = await told(device);
      expect(() => JSON.parse(text.slice(4)) as unknown, text).to.throw(SyntaxError);
    }
  });

  it('ends its status line with a bare line feed, which is sent as it is', async () => {
    const { origin, close } = await serveWhole(made().device, { port: 0 });
    try {
      const socket = connect(Number(new URL(origin).port), '127.0.0.1');
      socket.write('GET /api/info HTTP/1.1\r\nHost: x\r\n\r\n');
      let text = '';
      socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
      await once(socket, 'close');
      expect(text).to.match(/^HTTP\/1\.1 200 OK\n(?:[\w-]+: [^\r\n]+\r\n)+\r\n\{/);
      expect(text)
        .to.match(/\r\ncontent-type: application\/json\r\n/)
        .and.to.contain('\r\nConnection: close\r\n');
    } finally {
      await close();
    }
  });
});
