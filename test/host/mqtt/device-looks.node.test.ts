import { expect } from 'chai';
import type { Entry } from '../../../src/host/jobs/job-list.ts';
import { DeviceLooks } from '../../../src/host/mqtt/device-looks.ts';
import type { JobDevice } from '../../../src/model/jobs/job.ts';
import type { Told } from '../../../src/host/reach/look-at.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';

const THERE: Told = { dialect: 'shipped', status: null, identity: null };

/** Of a job no more than a look needs. */
function entryOf(at: number): Entry {
  const job = {
    device: { origin: `http://192.168.1.${at}`, prefix: '/ota' },
    standing: { kind: 'ended' },
    endedAt: null,
  };
  return { record: { job } } as unknown as Entry;
}

function hasEndedAt(entry: Entry, endedAt: number): Entry {
  return { record: { job: { ...entry.record.job, endedAt } } } as unknown as Entry;
}

describe('looks at the devices of the host’s jobs', () => {
  const place = 'http://192.168.1.1/ota';
  let clock: FakeClock;
  let entries: Entry[];
  let looked: string[];
  let told: Told | null;
  let busy: JobDevice | null;
  let looks: DeviceLooks;
  let duringLook: () => Promise<void>;
  let surprises: unknown[];
  const stopping = new AbortController();
  beforeEach(() => {
    clock = new FakeClock();
    [entries, looked, told, busy, surprises] = [[entryOf(1)], [], THERE, null, []];
    duringLook = () => Promise.resolve();
    const service = {
      list: {
        get entries() {
          return entries;
        },
      },
      at: (device: JobDevice) => (device === busy ? { by: 'somebody', since: 0 } : null),
      look: async ({ record }: Entry) => {
        looked.push(record.job.device.origin);
        await duringLook();
        return told;
      },
    };
    looks = new DeviceLooks(service, clock);
  });
  const round = (): Promise<void> => looks.round(stopping.signal, (error) => surprises.push(error));
  afterEach(() => expect(surprises).to.deep.equal([]));

  it('say of no device that it was seen before the first one', () => {
    expect(looks.of(place)).to.deep.equal({ told: null, at: -Infinity, lastSeen: null });
  });

  it('are two minutes apart, and remember when a device was there last', async () => {
    await round();
    await round();
    expect(looked).to.have.length(1);
    const seen = clock.date();
    expect(looks.of(place)).to.deep.equal({ told: THERE, at: seen, lastSeen: seen });
    await clock.pass(120_000);
    told = null;
    await round();
    expect(looked).to.have.length(2);
    expect(looks.of(place)).to.deep.equal({ told: null, at: clock.date(), lastSeen: seen });
  });

  it('come sooner after the end of an update: what the device told before it is old', async () => {
    await round();
    await clock.pass(1_000);
    entries = [hasEndedAt(entryOf(1), clock.date())];
    await clock.pass(1);
    await round();
    await round();
    expect(looked).to.have.length(2);
  });

  it('are of the moment that they began: what comes between them and their answer is newer', async () => {
    const began = clock.date();
    duringLook = async () => {
      duringLook = () => Promise.resolve();
      await clock.pass(5_000);
      entries = [hasEndedAt(entryOf(1), clock.date())];
    };
    await round();
    expect(looks.of(place)).to.deep.equal({ told: THERE, at: began, lastSeen: began });
    await clock.pass(1);
    await round();
    expect(looked).to.have.length(2);
  });

  it('leave alone a device that is being updated', async () => {
    busy = entries[0]?.record.job.device ?? null;
    await round();
    expect(looked).to.deep.equal([]);
    busy = null;
    await round();
    expect(looked).to.have.length(1);
  });

  it('look at each device once, however many jobs it had, and forget those that are gone', async () => {
    entries = [entryOf(1), entryOf(2), entryOf(1), ...Array.from({ length: 20 }, (_, at) => entryOf(at + 3))];
    await round();
    expect(looked).to.have.length(22).and.have.length(new Set(looked).size);
    entries = [entryOf(2)];
    await round();
    expect(looks.of(place).told).to.equal(null);
  });

  it('go on until they are ended', async () => {
    const ending = new AbortController();
    const running = looks.run(ending.signal, (error) => surprises.push(error));
    await clock.pass(3 * 120_000);
    expect(looked).to.have.length.at.least(3);
    ending.abort();
    await clock.settle(running);
  });
});
