import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RELAY_LIMITS } from '../../../src/host/gateway/relay.ts';
import { JobList } from '../../../src/host/jobs/job-list.ts';
import { keyHash } from '../../../src/host/data/key-hash.ts';
import { JobRecords } from '../../../src/host/jobs/kept/job-records.ts';
import { JobService } from '../../../src/host/jobs/job-service.ts';
import { cancelledInQueue, tellEnd } from '../../../src/host/jobs/run/run-job.ts';
import { CertificatePins } from '../../../src/host/reach/certificate-pins.ts';
import { deviceAgents, systemConnect } from '../../../src/host/reach/device-agents.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { jobFor } from './job-host.ts';

const DAY_MS = 86_400_000;

describe('What has ended on the host', () => {
  let dataDir = '';
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'moult-forgotten-'))));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const fileOf = (id: string): string => join(dataDir, 'jobs', 'records', `${id}.json`);
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((next) => setImmediate(next));
  };

  /** Writes down jobs that ended at these dates, and returns their ids. */
  async function ended(dates: readonly number[]): Promise<readonly string[]> {
    const records = new JobRecords(join(dataDir, 'jobs', 'records'), () => undefined);
    await records.load();
    const list = new JobList(records, () => undefined);
    const ids = dates.map((endedAt) => {
      const { id, key, device, plan, firmware } = jobFor('http://127.0.0.1:8080', new Uint8Array(1));
      const entry = list.add(
        {
          job: {
            ...{ id, device, plan, firmware: { ...firmware, size: 1, version: null, project: null }, update: null },
            ...{ standing: { kind: 'queued' }, goesOnByItself: false, keepsSecrets: false, by: 'this machine' },
            ...{ createdAt: 0, startedAt: null, endedAt: null },
          },
          ...{
            keySha256: keyHash(key),
            network: 'here',
            owner: 'here',
            sealed: null,
            rollout: null,
            needsSecrets: true,
          },
        },
        null,
      );
      tellEnd(list, entry, cancelledInQueue(entry, endedAt));
      return id;
    });
    await list.saved();
    return ids;
  }

  it('is forgotten after thirty days, at a start of the host and while it runs', async () => {
    const clock = new FakeClock();
    const [old = '', young = ''] = await ended([31, 29].map((days) => clock.date() - days * DAY_MS));
    const service = await JobService.open({
      ...{ dataDir, clock, trouble: () => undefined, surprise: () => undefined, ended: () => undefined },
      reach: {
        resolve: () => Promise.resolve([]),
        ownAddresses: () => [],
        agents: deviceAgents(systemConnect, new CertificatePins(null, () => undefined)),
        limits: RELAY_LIMITS,
      },
    });
    // It looks again a day after it has forgotten what there was.
    const looksAgain = (): boolean => clock.pending === 1;
    await until(looksAgain);
    expect([old, young].map((id) => existsSync(fileOf(id)))).to.deep.equal([false, true]);
    await clock.pass(DAY_MS);
    await until(looksAgain);
    expect(existsSync(fileOf(young))).to.equal(true);
    await clock.pass(DAY_MS);
    await until(looksAgain);
    expect(existsSync(fileOf(young))).to.equal(false);
    expect([...(service?.list.entries ?? [])]).to.deep.equal([]);
    await service?.close();
    expect(clock.pending).to.equal(0);
  });
});
