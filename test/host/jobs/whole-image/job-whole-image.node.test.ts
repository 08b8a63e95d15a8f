/** A job for a device that takes the image whole: the host sends it, and no page is carried where it goes. */
import { expect } from 'chai';
import type { CreateJob } from '../../../../src/model/jobs/job-requests.ts';
import { noCosts } from '../../../../src/simulator/clock.ts';
import { serveLamp } from '../../../../src/simulator/node/wled-server.ts';
import { withBuild } from '../../../../src/simulator/wled/metadata.ts';
import type { WledOptions } from '../../../../src/simulator/wled/options.ts';
import { SimulatedWled } from '../../../../src/simulator/wled/simulated-wled.ts';
import { buildApp, resealed } from '../../../firmware/image-builder.ts';
import { hasEnded, hashOf, jobFor, JobPage, outcomeOf, refusalIn } from '../job-host.ts';
import { hostOf, useClosing } from '../../closing.ts';

const APP = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 400_000 });
const FIRMWARE = resealed(withBuild(APP, { version: '16.0.1', release: 'ESP32' }));

describe('a job for a device that takes the image whole', () => {
  const closing = useClosing();

  async function started(options: Partial<WledOptions> = {}) {
    const host = await hostOf(closing);
    const lamp = new SimulatedWled({ awayMs: 50, ...options });
    const served = await serveLamp(lamp, { port: 0 });
    closing.push(() => served.close());
    return { page: new JobPage(host.port), lamp, origin: served.origin };
  }

  const jobOf = (origin: string, token: string | null, more: Partial<CreateJob> = {}): CreateJob =>
    jobFor(origin, FIRMWARE, { secrets: { token, login: null }, ...more });

  it('runs to its proven end, with the PIN that the lamp asks for', async () => {
    const { page, lamp, origin } = await started({ pin: '1234' });
    const asked = jobOf(origin, '1234');
    await page.create(FIRMWARE, asked);
    const job = await page.until(asked, hasEnded);
    expect(outcomeOf(job)).to.equal('updated');
    expect(job.update).to.include({ by: 'identity', dialect: 'wled' });
    expect(hashOf(lamp.runningImage)).to.equal(asked.firmware.sha256);
    expect(JSON.stringify(job)).to.not.include('1234"');
  });

  it('refuses to pause while the image goes', async () => {
    const { page, origin } = await started({ costs: { ...noCosts, programMsPerBlock: 20 } });
    const asked = jobOf(origin, null);
    await page.create(FIRMWARE, asked);
    await page.until(asked, ({ update }) => update !== null && 'pause' in update);
    expect(refusalIn(await page.order(asked, { kind: 'pause' }))).to.include({ kind: 'not-now' });
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
  });

  it('goes where no page is carried: a page hears what the lamp is, and no more', async () => {
    const { page, lamp, origin } = await started();
    const { port } = new URL(origin);
    const carried = (path: string, method: 'GET' | 'POST') =>
      page.ask(`/device/http/127.0.0.1:${port}${path}`, {
        method,
        headers: { 'x-moult': '1' },
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
    expect((await carried('/json/info', 'GET')).status).to.equal(200);
    for (const [path, method] of [
      ['/json/info', 'POST'],
      ['/json/state', 'POST'],
      ['/update', 'GET'],
      ['/update', 'POST'],
      ['/reset', 'GET'],
      ['/json/cfg', 'GET'],
    ] as const) {
      expect((await carried(path, method)).status, `${method} ${path}`).to.be.oneOf([404, 405]);
    }
    expect(lamp.requests.map(({ path }) => path)).to.deep.equal(['/json/info']);
  });
});
