/** A sketch with ArduinoOTA over real sockets: as a job of the host, which it connects to, and as a command. */
import { expect } from 'chai';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { Job } from '../../../../src/model/jobs/job.ts';
import type { Identified } from '../../../../src/model/jobs/job-requests.ts';
import { inviteWays } from '../../../../src/host/reach/invite-ways.ts';
import { serveEspota } from '../../../../src/simulator/node/espota-server.ts';
import type { EspotaOptions } from '../../../../src/simulator/espota/options.ts';
import { SimulatedEspota } from '../../../../src/simulator/espota/simulated-espota.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { type TestHost } from '../../test-host.ts';
import { hasEnded, hashOf, jobFor, JobPage, outcomeOf } from '../job-host.ts';
import { hostOf, useClosing } from '../../closing.ts';

const FIRMWARE = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 200_000 });
const PASSWORD = 'pass word';

describe('a sketch with ArduinoOTA over real sockets', () => {
  const closing = useClosing();
  let host: TestHost;
  beforeEach(async () => {
    host = await hostOf(closing);
  });

  async function served(options: Partial<EspotaOptions> = {}) {
    const device = new SimulatedEspota({ ...options });
    const { origin, close } = await serveEspota(device, { port: 0 });
    closing.push(close);
    return { device, origin };
  }

  async function job(origin: string, token: string | null): Promise<Job> {
    const page = new JobPage(host.port);
    const { device, ...asked } = jobFor(origin, FIRMWARE, { secrets: { token, login: null } });
    const plan = { ...asked.plan, overruled: ['chip-untold'] } as const;
    const whole = { ...asked, plan, device: { ...device, protocol: 'espota', dialect: 'espota' } } as const;
    await page.create(FIRMWARE, whole);
    return page.until(whole, hasEnded);
  }

  it('fetches the file from the host that invited it, with the password that it asks for', async () => {
    const { device, origin } = await served({ password: PASSWORD });
    const ended = await job(origin, PASSWORD);
    expect(outcomeOf(ended)).to.equal('accepted');
    expect(ended.update).to.include({ dialect: 'espota', why: 'was-away' });
    expect(hashOf(device.runningImage)).to.equal(hashOf(FIRMWARE));
    expect(device.updates).to.deep.equal([{ written: FIRMWARE.length, isTaken: true }]);
    expect(JSON.stringify(ended) + host.log.join('')).to.not.include(PASSWORD);
  });

  it('does not fetch the file with a wrong password', async () => {
    const { device, origin } = await served({ password: PASSWORD, auth: 'md5' });
    const ended = await job(origin, 'another');
    expect(ended.update).to.include({
      outcome: 'failed',
      code: 'unauthorised',
      dialect: 'espota',
      oldFirmware: 'runs',
    });
    expect(device.updates).to.deep.equal([]);
  });

  it('is there for a page that has it set by hand, and is not invited for that', async () => {
    const { device, origin } = await served();
    const page = new JobPage(host.port);
    const { device: there, secrets } = jobFor(origin, FIRMWARE);
    const asked = { device: { ...there, protocol: 'espota' }, secrets };
    const { status, text } = await page.post('/jobs/identify', asked);
    expect(status).to.equal(200);
    const found = JSON.parse(text) as Identified;
    expect(found).to.have.nested.include({ 'device.dialect': 'espota', 'device.identity.product': 'Arduino' });
    expect(device.updates).to.deep.equal([]);
  });

  it('is waited for at a port where nobody else is let in', async () => {
    const ways = inviteWays(() => Promise.resolve('127.0.0.1'));
    const over = new AbortController();
    const waiting = await ways.listen('http://127.0.0.1', 3232, over.signal);
    const stranger = connect({ port: waiting.port, host: '127.0.0.1', localAddress: '127.0.0.9' });
    stranger.on('error', () => undefined);
    await once(stranger, 'close');
    const own = connect({ port: waiting.port, host: '127.0.0.1' });
    const connection = await waiting.connected;
    own.write('x');
    expect([...(await connection.read(1))]).to.deep.equal([0x78]);
    const second = connect({ port: waiting.port, host: '127.0.0.1' });
    second.on('error', () => undefined);
    await once(second, 'close');
    over.abort();
    await once(own, 'close');
  });
});
