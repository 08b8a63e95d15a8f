/** A job for a device with PrettyOTA: over real sockets, signed in to by a cookie, which no page and no other device gets. */
import { expect } from 'chai';
import type { Login } from '../../../../src/model/device/secrets/login.ts';
import type { PrettyOptions } from '../../../../src/simulator/pretty-ota/options.ts';
import { SimulatedPretty } from '../../../../src/simulator/pretty-ota/simulated-pretty.ts';
import { describeAny } from '../../../../src/words/update/describe-any.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { hashOf } from '../job-host.ts';
import { SocketClock } from '../socket-clock.ts';
import { carriesNoPage, playedJob } from './whole-job.ts';

const LOGIN: Login = { user: 'admin', password: 'open-sesame' };
/** As a sketch built by Arduino's core has them, whose app hands over when it was built. */
const FILE = buildApp({
  ...{ python: false, sizeBytes: 1_200_000, version: 'v5.1.4-dirty', project: 'arduino-lib-builder' },
  strings: ['/prettyota/start', '/prettyota/queryInfo', 'SetAppBuildDate Jul 24 2026', 'SetAppBuildTime 19:38:07'],
});

async function played(options: Partial<PrettyOptions>, known: 'known' | 'found', login: Login | null) {
  const clock = new SocketClock();
  const device = new SimulatedPretty({ clock, ...options });
  const dialect = known === 'known' ? ('pretty-ota' as const) : null;
  return { ...(await playedJob(device, clock, { dialect, login, file: FILE })), device };
}

describe('a job for a device with PrettyOTA', () => {
  it('is found, signed in to where its author put that, and proven by what the file says', async () => {
    for (const known of ['known', 'found'] as const) {
      const { end, device, told } = await played({ login: LOGIN, loginUrl: '/my/sign-in' }, known, LOGIN);
      expect(end, known).to.include({ outcome: 'updated', dialect: 'pretty-ota', by: 'identity' });
      const { detail } = describeAny(end, { device: 'Gate', version: null });
      expect(detail).to.equal('Gate restarted and runs the build of Jul 24 2026 19:38:07 now, as the file said.');
      expect(hashOf(device.runningImage)).to.equal(hashOf(FILE));
      expect(device.sessions.begun).to.equal(1);
      expect(told + JSON.stringify(device.requests)).to.not.match(/open-sesame|sessionID/);
      const posts = device.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
      expect(posts).to.deep.equal(['/my/sign-in', '/prettyota/upload']);
    }
  });

  it('costs no image where its password is wrong', async () => {
    const { end, device } = await played({ login: LOGIN }, 'known', { ...LOGIN, password: 'other' });
    expect(end).to.include({ outcome: 'failed', code: 'unauthorised', oldFirmware: 'runs' });
    expect(device.requests.filter(({ path }) => /start|upload/.test(path))).to.deep.equal([]);
  });

  it('takes a half away that broke off, and sends the file again', async () => {
    const clock = new SocketClock();
    const device = new SimulatedPretty({ clock });
    device.fault = ({ route, nth }) =>
      route === 'upload' && nth === 1 ? { kind: 'drop', when: { bytes: 600_000 } } : null;
    const { end } = await playedJob(device, clock, { dialect: 'pretty-ota', login: null, file: FILE });
    expect(end).to.include({ outcome: 'updated' });
    const begun = device.requests.filter(({ path }) => path.startsWith('/prettyota/start'));
    expect(begun.map(({ path }) => path.replace(/hash=(0*)\w*$/, 'hash=$1'))).to.deep.equal([
      '/prettyota/start?mode=fw&reboot=true&hash=',
      `/prettyota/start?mode=fw&reboot=false&hash=${'0'.repeat(32)}`,
      '/prettyota/start?mode=fw&reboot=true&hash=',
    ]);
  });

  it('goes to paths where it carries no page, nor a cookie of one', async () => {
    await carriesNoPage(
      new SimulatedPretty(),
      [
        ['/prettyota/queryPrettyOTAInfo', 'GET'],
        ['/prettyota/queryInfo', 'GET'],
        [`/prettyota/start?mode=fw&reboot=true&hash=${'0'.repeat(32)}`, 'GET'],
        ['/prettyota/upload', 'POST'],
        ['/prettyota/doRollback', 'POST'],
        ['/login', 'POST'],
      ],
      { cookie: 'sessionID=x' },
    );
  });
});
