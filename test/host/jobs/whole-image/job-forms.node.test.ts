/** A job for a device with an upload page: over real sockets, with what only a host can send. */
import { expect } from 'chai';
import type { Dialect } from '../../../../src/model/device/dialect.ts';
import type { Login } from '../../../../src/model/device/secrets/login.ts';
import type { Outcome } from '../../../../src/model/update/update-state.ts';
import { formImage, type FormOptions } from '../../../../src/simulator/forms/options.ts';
import { SimulatedForm } from '../../../../src/simulator/forms/simulated-form.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { hashOf } from '../job-host.ts';
import { SocketClock } from '../socket-clock.ts';
import { carriesNoPage, playedJob } from './whole-job.ts';

const FIRMWARE = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 200_000 });
const LOGIN: Login = { user: 'admin', password: 'secret' };

interface Played {
  readonly end: Outcome;
  readonly device: SimulatedForm;
  /** All that was told of it. */
  readonly told: string;
}

/** One job from its beginning to its end, in the time of the device. */
async function played(
  options: Partial<FormOptions>,
  dialect: Dialect | null,
  login: Login | null = null,
  file = FIRMWARE,
): Promise<Played> {
  const clock = new SocketClock();
  const device = new SimulatedForm({ clock, ...options });
  return { ...(await playedJob(device, clock, { dialect, login, file })), device };
}

describe('a job for a device with an upload page', () => {
  it('comes from the device’s own page, where it takes it from no other', async () => {
    const { end, device } = await played({ wantsOrigin: true }, 'form');
    expect(end).to.include({ outcome: 'accepted', why: 'was-away', dialect: 'form' });
    expect(hashOf(device.runningImage)).to.equal(hashOf(FIRMWARE));
  });

  it('finds out by itself what answers there', async () => {
    expect((await played({ wantsOrigin: true }, null)).end).to.include({ outcome: 'accepted', dialect: 'form' });
    expect((await played({ kind: 'elegant-3' }, null)).end).to.include({ outcome: 'accepted', dialect: 'elegant-ota' });
  });

  it('is signed in to, and costs no image where it cannot be', async () => {
    const { end, device, told } = await played({ login: LOGIN, wantsOrigin: true }, 'form', LOGIN);
    expect(end).to.include({ outcome: 'accepted', why: 'was-away' });
    expect(told + JSON.stringify(device.requests)).to.not.include(LOGIN.password);
    const refused = await played({ login: LOGIN }, 'form', { ...LOGIN, password: 'other' });
    expect(refused.end).to.include({ outcome: 'failed', code: 'unauthorised', oldFirmware: 'runs' });
    expect(refused.device.requests.every(({ method }) => method === 'GET')).to.equal(true);
  });

  it('begins with ElegantOTA, whose page comes packed', async () => {
    const { end, device } = await played({ kind: 'elegant-3' }, 'elegant-ota');
    expect(end).to.include({ outcome: 'accepted', why: 'was-away', dialect: 'elegant-ota' });
    expect(hashOf(device.runningImage)).to.equal(hashOf(FIRMWARE));
    const asked = device.requests.map(({ method, path }) => `${method} ${path.replace(/hash=.*/, 'hash')}`);
    expect(asked.filter((each) => each.includes('/ota/'))).to.deep.equal([
      'GET /ota/start?mode=fr&hash',
      'POST /ota/upload',
    ]);
  });

  it('says of ESPEasy what it reports, which no file of another kind predicts', async () => {
    const firmware = formImage(2_000, 'ESP_Easy_mega_20241019_normal_ESP32_4M316k');
    const { end } = await played({ kind: 'espeasy', firmware }, 'form');
    expect(end).to.include({ outcome: 'accepted', why: 'nothing-predicted', by: 'identity' });
  });

  it('proves what ESPEasy runs by what its file says', async () => {
    const name = (day: string): string => `ESP_Easy_mega_${day}_normal_ESP32_4M316k`;
    const firmware = formImage(2_000, name('20241019'));
    const file = buildApp({ python: false, strings: [name('20250701')], sizeBytes: 96 * 1024 });
    const { end } = await played({ kind: 'espeasy', firmware }, 'form', null, file);
    expect(end).to.include({ outcome: 'updated', by: 'identity' });
  });

  it('carries no page where it goes itself', async () => {
    await carriesNoPage(new SimulatedForm({ kind: 'elegant-3' }), [
      ['/', 'GET'],
      ['/json', 'GET'],
      ['/update', 'GET'],
      ['/update', 'POST'],
      [`/ota/start?mode=fr&hash=${'0'.repeat(32)}`, 'GET'],
      ['/ota/upload', 'POST'],
    ]);
  });
});
