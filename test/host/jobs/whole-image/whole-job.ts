/** One job for a simulated device that takes its image whole: over real sockets, in the time of the device. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RELAY_LIMITS } from '../../../../src/host/gateway/relay.ts';
import { JobService } from '../../../../src/host/jobs/job-service.ts';
import { CertificatePins } from '../../../../src/host/reach/certificate-pins.ts';
import { deviceAgents, systemConnect } from '../../../../src/host/reach/device-agents.ts';
import type { Dialect } from '../../../../src/model/device/dialect.ts';
import type { Login } from '../../../../src/model/device/secrets/login.ts';
import type { Outcome } from '../../../../src/model/update/update-state.ts';
import { serveWhole, type WholeDevice } from '../../../../src/simulator/node/whole-server.ts';
import { testHost } from '../../test-host.ts';
import { jobFor, JobPage } from '../job-host.ts';
import type { SocketClock } from '../socket-clock.ts';

export interface WholeJob {
  /** Null: nobody has found out. */
  readonly dialect: Dialect | null;
  readonly login: Login | null;
  readonly file: Uint8Array<ArrayBuffer>;
}

/** From its beginning to its end. `told`: all that the host tells of it. */
export async function playedJob(
  device: WholeDevice,
  clock: SocketClock,
  { dialect, login, file }: WholeJob,
): Promise<{ readonly end: Outcome; readonly told: string }> {
  const served = await serveWhole(device, { port: 0 });
  const dataDir = mkdtempSync(join(tmpdir(), 'moult-whole-'));
  const surprises: unknown[] = [];
  const agents = deviceAgents(systemConnect, new CertificatePins(null, (error) => surprises.push(error)));
  const service = await JobService.open({
    ...{ dataDir, clock, ended: () => undefined },
    reach: { resolve: () => Promise.resolve([]), ownAddresses: () => [], agents, limits: RELAY_LIMITS },
    trouble: (sentence) => surprises.push(sentence),
    surprise: (error) => surprises.push(error),
  });
  if (service === null) throw new Error('no jobs');
  try {
    const asked = jobFor(served.origin, file, { secrets: { token: null, login } });
    const job = { ...asked, device: { ...asked.device, dialect, chipId: 0 } };
    const bytes = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(file);
    };
    await clock.still(service.shelf.receive(asked.firmware.sha256, file.length, bytes(), 'here'));
    const over = new Promise<Outcome>((resolve) => {
      service.list.watch(() => {
        const standing = service.list.find(job.id, job.key)?.record.job.standing;
        if (standing?.kind === 'ended') resolve(standing.outcome);
      });
    });
    const made = await clock.still(service.create(job, { network: 'here', owner: 'here', by: 'this machine' }));
    if ('refusal' in made) throw new Error(made.refusal.kind);
    const end = await clock.settle(over);
    expect(surprises, 'defects').to.deep.equal([]);
    return { end, told: JSON.stringify(service.list.find(job.id, job.key)?.record.job) };
  } finally {
    const closing = service.close();
    agents.http.destroy();
    agents.https.destroy();
    await closing;
    await served.close();
    rmSync(dataDir, { recursive: true });
  }
}

type Asked = readonly [path: string, method: 'GET' | 'POST'];

/** A page that asks the gateway for any of these is answered with a refusal, and the device hears of none. */
export async function carriesNoPage(
  device: WholeDevice & { readonly requests: readonly unknown[] },
  asked: readonly Asked[],
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const host = await testHost();
  const served = await serveWhole(device, { port: 0 });
  try {
    const page = new JobPage(host.port);
    const { port } = new URL(served.origin);
    for (const [path, method] of asked) {
      const body = method === 'POST' ? { body: '{}' } : {};
      const request = { method, headers: { 'x-moult': '1', ...headers }, ...body };
      const answer = await page.ask(`/device/http/127.0.0.1:${port}${path}`, request);
      expect(answer.status, `${method} ${path}`).to.be.oneOf([404, 405]);
    }
    expect(device.requests).to.have.length(0);
  } finally {
    await served.close();
    await host.stop();
  }
}
