import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { HostOptions } from '../../../../src/host/serve/serve.ts';
import { JobList } from '../../../../src/host/jobs/job-list.ts';
import { keyHash } from '../../../../src/host/data/key-hash.ts';
import type { JobRecord } from '../../../../src/host/jobs/kept/job-records.ts';
import type { CreateJob } from '../../../../src/model/jobs/job-requests.ts';
import { RolloutList } from '../../../../src/host/rollouts/rollout-list.ts';
import { JobStreams, STREAM_LIMITS, type StreamLimits } from '../../../../src/host/jobs/routes/job-streams.ts';
import { realisticCosts } from '../../../../src/simulator/clock.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { hasEnded, jobFor, JobPage, startDevice, type ServedSimulated, type Stream } from '../job-host.ts';
import { hostOf, useClosing } from '../../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 65_536 });

describe('the stream of jobs', () => {
  const closing = useClosing();

  async function hostWith(streams: Partial<StreamLimits> = {}, more: Partial<HostOptions> = {}): Promise<JobPage> {
    const host = await hostOf(closing, { jobs: { limits: { streams: { ...STREAM_LIMITS, ...streams } } }, ...more });
    return new JobPage(host.port);
  }

  async function device(options: Parameters<typeof startDevice>[0] = {}): Promise<ServedSimulated> {
    const started = await startDevice(options);
    closing.push(() => started.close());
    return started;
  }

  async function following(page: JobPage, ...asked: Parameters<JobPage['follow']>): Promise<Stream> {
    const stream = await page.follow(...asked);
    closing.push(() => stream.close());
    return stream;
  }

  /** Two jobs that have ended. `all`: how a page follows both from their beginning. */
  async function twoEnded(page: JobPage) {
    const boards = [await device(), await device()];
    const asked = boards.map(({ origin }) => jobFor(origin, FIRMWARE));
    for (const job of asked) await page.create(FIRMWARE, job);
    for (const job of asked) await page.until(job, hasEnded);
    return { asked, all: asked.map(({ id, key }) => ({ id, key, after: null })) };
  }

  it('tells each change with a growing number, and the end last', async () => {
    const page = await hostWith({ every: 1 });
    const { origin } = await device({ costs: realisticCosts });
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    const stream = await following(
      page,
      [{ ...asked, after: null }].map(({ id, key, after }) => ({ id, key, after })),
    );
    expect(stream.response.headers['content-type']).to.equal('text/event-stream; charset=utf-8');
    expect(stream.response.headers['content-security-policy']).to.be.a('string');
    const sequences: number[] = [];
    const phases = new Set<string>();
    for (;;) {
      const { id, event } = await stream.next();
      expect(id).to.equal(`${event.host}-${event.sequence}`);
      sequences.push(event.sequence);
      if (event.kind !== 'job') throw new Error('gone');
      if (event.job.update !== null) phases.add(event.job.update.phase);
      if (hasEnded(event.job)) break;
    }
    expect([...sequences].sort((a, b) => a - b)).to.deep.equal(sequences);
    expect(new Set(sequences).size).to.equal(sequences.length);
    expect([...phases]).to.include.members(['writing', 'ended']);
  });

  it('goes on from what was seen, for one job by its number and for all by Last-Event-ID', async () => {
    const page = await hostWith();
    const { asked, all } = await twoEnded(page);
    const first = await following(page, all);
    const seen = [await first.next(), await first.next()];
    const last = seen.at(-1)?.id ?? '';
    first.close();

    // Of what was seen nothing comes again: the next word is that the other one was forgotten.
    const [one, other] = asked;
    if (one === undefined || other === undefined) throw new Error('no jobs');
    const byHeader = await following(page, all, { 'last-event-id': last });
    const byNumber = await following(page, [{ id: one.id, key: one.key, after: last }]);
    await page.order(one, { kind: 'forget' });
    for (const stream of [byHeader, byNumber]) {
      expect((await stream.next()).event).to.deep.include({ kind: 'gone', id: one.id });
    }
    // What another start of the host has told is worth nothing.
    const stale = await following(page, [{ id: other.id, key: other.key, after: 'ffffffff-999999' }]);
    expect((await stale.next()).event.kind).to.equal('job');
  });

  it('tells the older change first, whichever job was asked for first: its last number stands for all before it', async () => {
    const page = await hostWith();
    const { all } = await twoEnded(page);
    for (const order of [all, [...all].reverse()]) {
      const stream = await following(page, order);
      const sequences = [await stream.next(), await stream.next()].map(({ event }) => event.sequence);
      expect(sequences).to.deep.equal([...sequences].sort((one, next) => one - next));
      expect(new Set(sequences).size).to.equal(2);
    }
  });

  it('tells two pages the same, and what one of them does', async () => {
    const page = await hostWith();
    const { origin } = await device({ costs: realisticCosts });
    const asked = jobFor(origin, buildApp({ sizeBytes: 262_144 }));
    await page.create(buildApp({ sizeBytes: 262_144 }), asked);
    const here = page.until(asked, ({ standing }) => standing.kind === 'paused');
    const there = page.until(asked, ({ standing }) => standing.kind === 'paused');
    await page.until(asked, ({ update }) => update?.phase === 'writing');
    await page.order(asked, { kind: 'pause' });
    expect((await here).id).to.equal((await there).id);
    await page.order(asked, { kind: 'cancel' });
    await page.until(asked, hasEnded);
  });

  it('sends a heartbeat where nothing happens', async () => {
    const page = await hostWith({ beat: 20, every: 10 });
    const { origin } = await device();
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    await page.until(asked, hasEnded);
    const stream = await following(page, [{ id: asked.id, key: asked.key, after: null }]);
    await stream.nextBeat();
    expect(stream.hasEnded).to.equal(false);
  });

  it('is limited in number for one client, and follows from 1 to 256 jobs', async () => {
    const page = await hostWith({ ofOne: 2 });
    const { origin } = await device();
    const { id, key } = jobFor(origin, FIRMWARE);
    const jobs = [{ id, key, after: null }];
    const streams = [await following(page, jobs), await following(page, jobs)];
    expect((await following(page, jobs)).status).to.equal(503);
    const [first] = streams;
    if (first === undefined) throw new Error('no stream');
    first.close();
    await once(first.response, 'close');
    // The host hears of it in its own time.
    let again = await following(page, jobs);
    while (again.status === 503) again = await following(page, jobs);
    expect(again.status).to.equal(200);
    expect((await page.post('/jobs/events', { jobs: [] })).status).to.equal(400);
    const many = Array.from({ length: 257 }, () => jobs[0]);
    expect((await page.post('/jobs/events', { jobs: many })).status).to.equal(400);
  });

  it('cuts off a client that never reads, and keeps no more than one event for it', async () => {
    const records = { write: () => Promise.resolve(), remove: () => Promise.resolve() };
    const list = new JobList(records, () => undefined);
    const asked = jobFor('http://127.0.0.1:1', FIRMWARE);
    const entry = list.add(recordOf(asked), null);
    const noRollouts = { writePlan: records.write, writeStanding: records.write, remove: records.remove };
    const rollouts = new RolloutList(noRollouts, list, () => undefined);
    const streams = new JobStreams(list, rollouts, { ...STREAM_LIMITS, every: 1, stall: 100 });
    const { promise, resolve } = defer<ServerResponse>();
    const server = createServer((_request, response) => {
      streams.follow(response, 'client', { jobs: [{ id: asked.id, key: asked.key, after: null }] }, null, () => true);
      resolve(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const deaf = await deafReader(port);
    closing.push(() => deaf.destroy());
    const response = await promise;
    const gone = once(response, 'close');
    let most = 0;
    while (!response.destroyed) {
      list.change(entry, {});
      most = Math.max(most, response.writableLength);
      await new Promise((next) => setImmediate(next));
    }
    await gone;
    expect(streams.size).to.equal(0);
    expect(streams.hasRoomFor('client')).to.equal(true);
    // Of 200,000 bytes each.
    expect(most).to.be.below(2 * LONG);
  });
});

const LONG = 200_000;

/** A record whose event is so long that it soon fills the buffers at both ends of a connection where nobody reads. */
function recordOf({ id, key, device, plan, firmware }: CreateJob): JobRecord {
  return {
    job: {
      ...{ id, device, plan, firmware: { ...firmware, size: 1, version: null, project: 'x'.repeat(LONG) } },
      ...{ standing: { kind: 'queued' }, update: null, goesOnByItself: false, keepsSecrets: false, by: 'this machine' },
      ...{ createdAt: 0, startedAt: null, endedAt: null },
    },
    ...{ keySha256: keyHash(key), network: 'here', owner: 'here', sealed: null, needsSecrets: true, rollout: null },
  };
}

function defer<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (settle = resolve));
  return { promise, resolve: (value) => settle(value) };
}

/** Asks, and reads nothing of the answer. */
async function deafReader(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  return socket;
}
