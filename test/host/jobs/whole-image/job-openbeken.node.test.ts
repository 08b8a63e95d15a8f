/** A job for an OpenBeken device: over real sockets, where its answers begin with a line that ends as no other one does. */
import { expect } from 'chai';
import type { Login } from '../../../../src/model/device/secrets/login.ts';
import { serveWhole } from '../../../../src/simulator/node/whole-server.ts';
import type { OpenbekenOptions } from '../../../../src/simulator/openbeken/options.ts';
import { SimulatedOpenbeken } from '../../../../src/simulator/openbeken/simulated-openbeken.ts';
import { describeAny } from '../../../../src/words/update/describe-any.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { sameBytes } from '../../../update/scripted/same-bytes.ts';
import { testHost } from '../../test-host.ts';
import { hashOf, JobPage } from '../job-host.ts';
import { SocketClock } from '../socket-clock.ts';
import { playedJob } from './whole-job.ts';

const LOGIN: Login = { user: 'admin', password: 'open-sesame' };
const FILE = buildApp({
  ...{ python: false, sizeBytes: 1_200_000, version: '5-g1', project: 'OpenBeken' },
  strings: ['Built on Jul 24 2026 19:38:07 version 1.18.233_4M'],
});

async function played(options: Partial<OpenbekenOptions>, known: 'known' | 'found', login: Login | null) {
  const clock = new SocketClock();
  const isWhole = (image: Uint8Array): boolean => sameBytes(image, FILE);
  const device = new SimulatedOpenbeken({ clock, isWhole, ...options });
  const dialect = known === 'known' ? ('openbeken' as const) : null;
  return { ...(await playedJob(device, clock, { dialect, login, file: FILE })), device };
}

describe('a job for an OpenBeken device', () => {
  it('is found, sent the file as it is, asked to restart, and proven by what the file says', async () => {
    for (const known of ['known', 'found'] as const) {
      const { end, device } = await played({}, known, null);
      expect(end, known).to.include({ outcome: 'updated', dialect: 'openbeken', by: 'identity' });
      const { detail } = describeAny(end, { device: 'Plug', version: null });
      expect(detail).to.equal('Plug restarted and runs OpenBeken 1.18.233_4M now, as the file said.');
      expect(hashOf(device.runningImage)).to.equal(hashOf(FILE));
      const posts = device.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
      expect(posts).to.deep.equal(['/api/ota', '/api/reboot']);
    }
  });

  it('signs in to one that asks for a password, and costs no image where that is wrong', async () => {
    const { end, told, device } = await played({ password: LOGIN.password }, 'found', LOGIN);
    expect(end).to.include({ outcome: 'updated', dialect: 'openbeken' });
    expect(told + JSON.stringify(device.requests)).to.not.contain('open-sesame');
    const wrong = await played({ password: LOGIN.password }, 'known', { ...LOGIN, password: 'other' });
    expect(wrong.end).to.include({ outcome: 'failed', code: 'unauthorised', oldFirmware: 'runs' });
    expect(wrong.device.requests.filter(({ method }) => method === 'POST')).to.deep.equal([]);
  });

  it('sends a file again that was cut off, and one that is refused no more than three times', async () => {
    const clock = new SocketClock();
    const device = new SimulatedOpenbeken({ clock, isWhole: (image) => sameBytes(image, FILE) });
    device.fault = ({ route, nth }) =>
      route === 'ota' && nth === 1 ? { kind: 'drop', when: { bytes: 600_000 } } : null;
    const { end } = await playedJob(device, clock, { dialect: 'openbeken', login: null, file: FILE });
    expect(end).to.include({ outcome: 'updated' });
    const refused = await played({ slotBytes: 500_000 }, 'known', null);
    expect(refused.end).to.include({ outcome: 'failed', code: 'unreachable', oldFirmware: 'runs' });
    expect(refused.device.requests.filter(({ path }) => path === '/api/ota')).to.have.length(3);
    expect(refused.device.restarts).to.equal(0);
  });

  it('sends nothing to a chip of another maker', async () => {
    const { end, device } = await played({ chipset: 'BK7231N', judgesImage: false }, 'found', null);
    expect(end).to.include({ outcome: 'failed', code: 'unsupported', oldFirmware: 'runs' });
    expect(device.requests.filter(({ method }) => method === 'POST')).to.deep.equal([]);
  });

  it('goes to paths where it carries no page', async () => {
    const host = await testHost();
    const device = new SimulatedOpenbeken();
    const served = await serveWhole(device, { port: 0 });
    try {
      const page = new JobPage(host.port);
      const { port } = new URL(served.origin);
      for (const [method, path] of [
        ['GET', '/api/info'],
        ['POST', '/api/ota'],
        ['POST', '/api/reboot'],
        ['POST', '/api/cmnd'],
        ['GET', '/index?restart=1'],
      ] as const) {
        const body = method === 'POST' ? { body: '{}' } : {};
        const answer = await page.ask(`/device/http/127.0.0.1:${port}${path}`, {
          ...{ method, headers: { 'x-moult': '1' }, ...body },
        });
        expect(answer.status, `${method} ${path}`).to.be.oneOf([404, 405]);
      }
      expect(device.requests).to.have.length(0);
    } finally {
      await served.close();
      await host.stop();
    }
  });
});
