import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownHolder } from '../../../src/host/data/lock-file.ts';
import { ChunkSizes } from '../../../src/host/reach/chunk-sizes.ts';
import type { HostOptions } from '../../../src/host/serve/serve.ts';
import { JOB_LIMITS } from '../../../src/host/jobs/job-making.ts';
import { jobsIn, type JobService } from '../../../src/host/jobs/job-service.ts';
import { realisticCosts } from '../../../src/simulator/clock.ts';
import { onNth } from '../../../src/simulator/faults.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { type TestHost } from '../test-host.ts';
import {
  hasEnded,
  hashOf,
  jobFor,
  jobIn,
  JobPage,
  outcomeOf,
  refusalIn,
  startDevice,
  TOKEN,
  type ServedSimulated,
} from './job-host.ts';
import { hostOf, useClosing } from '../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 65_536, version: '2.1.0' });

/** Asks for `many` jobs over kept connections; returns how often each status came. */
async function flood({ port, headers }: JobPage, many: number, body: () => string): Promise<Map<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const statuses = new Map<number, number>();
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const all = { ...headers, 'content-type': 'application/json' };
      const options = { host: '127.0.0.1', port, path: '/jobs', method: 'POST', agent, headers: all };
      const outgoing = request(options, (response) => {
        const { statusCode = 0 } = response;
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
        response.resume().on('end', resolve);
      });
      outgoing.on('error', reject);
      outgoing.end(body());
    });
  for (let left = many; left > 0; left -= 100) await Promise.all(Array.from({ length: 100 }, one));
  agent.destroy();
  return statuses;
}

describe('jobs on the host', () => {
  const closing = useClosing();

  async function hostWith(options: Partial<HostOptions> = {}): Promise<{ host: TestHost; page: JobPage }> {
    const host = await hostOf(closing, options);
    return { host, page: new JobPage(host.port) };
  }

  async function device(options: Parameters<typeof startDevice>[0] = {}): Promise<ServedSimulated> {
    const started = await startDevice(options);
    closing.push(() => started.close());
    return started;
  }

  it('runs an update to its proven end with no page there', async () => {
    const { page, host } = await hostWith();
    const { origin, device: board } = await device();
    const asked = jobFor(origin, FIRMWARE);

    const made = await page.create(FIRMWARE, asked);
    expect(made.firmware).to.deep.include({ size: FIRMWARE.length, name: 'bench.bin', version: '2.1.0' });
    expect(JSON.stringify(made)).not.to.include(TOKEN).and.not.to.include(asked.key);

    const job = await page.until(asked, hasEnded);
    expect(outcomeOf(job)).to.equal('updated');
    expect(job.endedAt).to.be.at.least(job.startedAt ?? Infinity);
    expect(hashOf(board.runningImage)).to.equal(asked.firmware.sha256);
    // The host has dropped the token: whoever starts the job again has to send it.
    expect(refusalIn(await page.order(asked, { kind: 'go-on', secrets: null, beginAgain: false }))).to.deep.equal({
      kind: 'not-now',
      standing: 'waiting-for-token',
    });
    await host.logged(`"job":"${asked.id}"`);
    expect(host.log.join('')).not.to.include(TOKEN).and.not.to.include(asked.key);
    // For programs: a line is an object, and one says how it ended.
    const lines = host.log.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const ends = lines.filter(({ job: id }) => id === asked.id);
    expect(ends).to.have.length(1);
    expect(ends[0]).to.include({ outcome: 'updated', code: null }).and.have.property('ms').that.is.a('number');
  });

  it('answers the same job to a request that is sent again, and starts nothing twice', async () => {
    const { page } = await hostWith();
    const { origin, device: board } = await device();
    const asked = jobFor(origin, FIRMWARE);
    await page.put(FIRMWARE);
    const answers = await Promise.all([page.post('/jobs', asked), page.post('/jobs', asked)]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 201]);
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
    expect((await page.post('/jobs', asked)).status).to.equal(200);
    expect(board.restarts).to.equal(1);
  });

  it('pauses, resumes and cancels for whoever has the key', async () => {
    const { page } = await hostWith();
    const { origin, device: board } = await device({ costs: realisticCosts });
    const asked = jobFor(origin, buildApp({ sizeBytes: 262_144 }));
    await page.create(buildApp({ sizeBytes: 262_144 }), asked);
    await page.until(asked, ({ update }) => update?.phase === 'writing');

    const another = new JobPage(page.port);
    expect(jobIn(await another.order(asked, { kind: 'pause' })).standing.kind).to.equal('paused');
    await another.until(asked, ({ update }) => update?.phase === 'waiting');
    expect(refusalIn(await page.order(asked, { kind: 'pause' }))).to.deep.equal({
      kind: 'not-now',
      standing: 'paused',
    });
    expect(refusalIn(await page.order(asked, { kind: 'forget' }))).to.deep.equal({
      kind: 'not-now',
      standing: 'paused',
    });

    expect(jobIn(await page.order(asked, { kind: 'resume' })).standing.kind).to.equal('running');
    await page.until(asked, ({ update }) => update?.phase === 'writing');
    await page.order(asked, { kind: 'cancel' });
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('cancelled');
    expect(board.restarts).to.equal(0);

    expect((await page.order(asked, { kind: 'forget' })).status).to.equal(204);
    expect(refusalIn(await page.order(asked, { kind: 'forget' })).kind).to.equal('no-such-job');
  });

  it('is written down, and has let go of the device, by the time that its end is told', async () => {
    const services: JobService[] = [];
    const { page, host } = await hostWith({ jobs: { opened: (opened) => services.push(opened) } });
    const [service] = services;
    if (service === undefined) throw new Error('a host without jobs');
    const { origin, device: board } = await device();
    board.fault = onNth('chunk', 3, { kind: 'restart', when: 'before' });
    const asked = jobFor(origin, FIRMWARE);
    const standing = (): string => service.list.get(asked.id)?.record.job.standing.kind ?? 'none';
    // Whoever is told can ask for something in the next turn of the event loop, and no earlier.
    const told = new Promise((resolve) => {
      const unwatch = service.list.watch(() => {
        if (standing() !== 'ended') return;
        unwatch();
        setImmediate(resolve);
      });
    });
    await page.create(FIRMWARE, asked);
    await told;
    const another = service.at(asked.device);
    const [written] = await jobsIn(host.dataDir, (sentence) => {
      throw new Error(sentence);
    });
    expect(another).to.equal(null);
    expect(written?.standing.kind).to.equal('ended');
    // As "Try again" does.
    expect((await page.order(asked, { kind: 'go-on', secrets: null, beginAgain: true })).status).to.equal(200);
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
  });

  it('tells its end at once, whoever else writes in the data folder, and learns from it when that is done', async () => {
    const { page, host } = await hostWith();
    const { origin } = await device();
    const lock = join(host.dataDir, 'lock');
    writeFileSync(lock, JSON.stringify({ ...ownHolder(), machine: 'another' }));
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
    rmSync(lock);
    await host.host.stop();
    expect(await new ChunkSizes(host.dataDir).of(origin)).to.have.property('direct');
    const [written] = await jobsIn(host.dataDir, () => undefined);
    expect(written?.standing.kind).to.equal('ended');
  });

  it('lets go of its device where whoever is told of its end fails', async () => {
    const services: JobService[] = [];
    const { page, host } = await hostWith({ jobs: { opened: (opened) => services.push(opened) } });
    const [service] = services;
    if (service === undefined) throw new Error('a host without jobs');
    const { origin } = await device();
    const asked = jobFor(origin, FIRMWARE);
    const failed = new Promise<void>((resolve) => {
      const unwatch = service.list.watch(() => {
        if (service.list.get(asked.id)?.record.job.standing.kind !== 'ended') return;
        unwatch();
        setImmediate(resolve);
        throw new Error('a page of a test');
      });
    });
    await page.create(FIRMWARE, asked);
    await failed;
    expect(service.at(asked.device)).to.equal(null);
    await host.logged('a page of a test');
    // The next one has its turn.
    const next = jobFor(origin, buildApp({ sizeBytes: 65_536, version: '2.1.1' }));
    expect((await page.post('/jobs', { ...next, firmware: asked.firmware })).status).to.equal(201);
  });

  it('starts again where the person says so, and sends what they overruled', async () => {
    const { page } = await hostWith();
    const { origin } = await device();
    const asked = jobFor(origin, FIRMWARE);
    // An ESP32's file for an ESP32-C3.
    const wrong = { ...asked, device: { ...asked.device, chipId: 5 } };
    await page.create(FIRMWARE, wrong);
    const failed = await page.until(asked, hasEnded);
    expect(failed.standing).to.deep.nested.include({ 'outcome.outcome': 'failed', 'outcome.code': 'wrong-image' });

    await page.order(asked, { kind: 'overrule', secrets: null, reason: 'wrong-chip' });
    const done = await page.until(asked, hasEnded);
    expect(outcomeOf(done)).to.equal('updated');
    expect(done.plan.overruled).to.deep.equal(['wrong-chip']);
  });

  it('takes over the session that the device holds for somebody else', async () => {
    const { page } = await hostWith();
    const { origin } = await device();
    await fetch(`${origin}/ota/begin`, {
      method: 'POST',
      headers: { 'X-OTA-Token': TOKEN, 'Content-Type': 'application/json' },
      body: JSON.stringify({ expected_size: 5_000, expected_sha256: 'd'.repeat(64) }),
    });
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    const { standing } = await page.until(asked, hasEnded);
    if (standing.kind !== 'ended' || standing.outcome.outcome !== 'failed') throw new Error(standing.kind);
    expect(standing.outcome.code).to.equal('other-session');
    const session = standing.outcome.otherSession?.id ?? '';
    await page.order(asked, { kind: 'take-over', secrets: null, session });
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
  });

  it('allows one job per device, and says whose it is', async () => {
    const { page } = await hostWith();
    const { origin } = await device({ costs: realisticCosts });
    const first = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, first);
    const port = new URL(origin).port;
    const [answer, other] = await Promise.all([
      page.post('/jobs', jobFor(origin, FIRMWARE)),
      // The same device under another way to write its address.
      page.post('/jobs', jobFor(`http://[::ffff:127.0.0.1]:${port}`, FIRMWARE)),
    ]);
    expect(answer.status).to.equal(409);
    expect(refusalIn(answer)).to.deep.include({ kind: 'device-busy', by: 'this machine' });
    expect(other.status).to.be.oneOf([400, 409]);
    await page.order(first, { kind: 'cancel' });
    await page.until(first, hasEnded);
    expect((await page.post('/jobs', jobFor(origin, FIRMWARE))).status).to.equal(201);
  });

  it('runs a limited number at a time, the others in their turn, with one copy of a firmware in memory', async () => {
    const { page } = await hostWith({ jobs: { limits: { jobs: { ...JOB_LIMITS, running: 2 } } } });
    const boards = await Promise.all(Array.from({ length: 5 }, () => device({ costs: realisticCosts })));
    const asked = boards.map(({ origin }) => jobFor(origin, FIRMWARE));
    await page.put(FIRMWARE);
    for (const job of asked) await page.post('/jobs', job);
    const standings = (await Promise.all(asked.map((job) => page.job(job)))).map(({ standing }) => standing.kind);
    expect(standings.filter((kind) => kind === 'running').length).to.be.at.most(2);
    expect(standings).to.include('queued');
    const last = asked.at(-1);
    if (last === undefined) throw new Error('no jobs');
    await page.order(last, { kind: 'cancel' });
    const ends = await Promise.all(asked.map((job) => page.until(job, hasEnded)));
    expect(ends.map(outcomeOf)).to.deep.equal(['updated', 'updated', 'updated', 'updated', 'cancelled']);
  });

  it('drops the secrets of a job that is cancelled before its turn, also on the disk', async () => {
    const { page, host } = await hostWith({ jobs: { limits: { jobs: { ...JOB_LIMITS, running: 1 } } } });
    const boards = [await device({ costs: realisticCosts }), await device()] as const;
    const first = jobFor(boards[0].origin, FIRMWARE);
    const second = jobFor(boards[1].origin, FIRMWARE, { keepSecrets: true });
    await page.create(FIRMWARE, first);
    expect(await page.create(FIRMWARE, second)).to.deep.include({ standing: { kind: 'queued' }, keepsSecrets: true });
    const sealed = (): unknown => {
      const text = readFileSync(join(host.dataDir, 'jobs', 'records', `${second.id}.json`), 'utf8');
      return (JSON.parse(text) as { readonly sealed: unknown }).sealed;
    };
    expect(sealed()).to.be.a('string');

    const cancelled = jobIn(await page.order(second, { kind: 'cancel' }));
    expect([outcomeOf(cancelled), cancelled.keepsSecrets]).to.deep.equal(['cancelled', false]);
    expect(refusalIn(await page.order(second, { kind: 'go-on', secrets: null, beginAgain: false }))).to.deep.equal({
      kind: 'not-now',
      standing: 'waiting-for-token',
    });
    // The end is on the disk a moment after it is told.
    while (sealed() !== null) await page.job(second);
    await page.order(first, { kind: 'cancel' });
    await page.until(first, hasEnded);
  });

  it('takes no more than it keeps, however many are asked for', async () => {
    const limits = { jobs: { ...JOB_LIMITS, jobs: 8, ofOne: 6, running: 1 } };
    const { page, host } = await hostWith({ jobs: { limits } });
    const boards = await Promise.all(Array.from({ length: 8 }, () => device({ costs: realisticCosts })));
    await page.put(FIRMWARE);
    const kinds: string[] = [];
    const made = boards.map(({ origin }) => jobFor(origin, FIRMWARE));
    for (const job of made) {
      const answer = await page.post('/jobs', job);
      kinds.push(answer.status === 201 ? 'made' : refusalIn(answer).kind);
    }
    expect(kinds).to.deep.equal([...Array.from({ length: 6 }, () => 'made'), 'too-many-jobs', 'too-many-jobs']);
    // One that is paused has not ended, and holds up nobody: so each of them comes to a rest.
    for (const job of made.slice(0, 6)) {
      await page.until(job, ({ standing, update }) => standing.kind === 'running' && update !== null);
      expect(jobIn(await page.order(job, { kind: 'pause' })).standing.kind).to.equal('paused');
    }
    const flooded = await flood(page, 10_000, () => JSON.stringify(jobFor(boards[7]?.origin ?? '', FIRMWARE)));
    // Too many, or too fast.
    expect([...flooded.keys()].sort()).to.deep.equal([429, 503]);
    expect(readdirSync(join(host.dataDir, 'jobs', 'records')).length).to.equal(6);
  });

  it('shows neither a job nor its existence to a client with another key', async () => {
    const { page } = await hostWith();
    const { origin } = await device();
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    const guess = { ...asked, key: randomBytes(16).toString('base64url') };
    const none = { ...guess, id: randomBytes(16).toString('hex') };
    for (const order of [{ kind: 'cancel' }, { kind: 'forget' }] as const) {
      const [guessed, missing] = await Promise.all([page.order(guess, order), page.order(none, order)]);
      expect([guessed.status, guessed.text]).to.deep.equal([missing.status, missing.text]);
      expect(refusalIn(guessed)).to.deep.equal({ kind: 'no-such-job' });
    }
    expect(refusalIn(await page.post('/jobs', guess)).kind).to.equal('no-such-job');
    const stream = await page.follow([{ id: asked.id, key: guess.key, after: null }]);
    expect((await stream.next()).event).to.deep.include({ kind: 'gone', id: asked.id });
    stream.close();
  });

  it('writes down neither key nor token, and nothing that others may read', async () => {
    const { page, host } = await hostWith();
    const { origin } = await device({ costs: realisticCosts });
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    await page.until(asked, ({ update }) => update?.phase === 'writing');
    const files = readdirSync(join(host.dataDir, 'jobs'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    expect(files.filter((file) => file.endsWith('.json')).length).to.be.at.least(2);
    for (const file of files) {
      // They are rewritten all the time: one that is gone by now is skipped.
      if (!existsSync(file)) continue;
      expect(statSync(file).mode & 0o077, file).to.equal(0);
      const text = readFileSync(file, 'latin1');
      expect(text, file).not.to.include(TOKEN);
      expect(text, file).not.to.include(asked.key);
    }
    await page.order(asked, { kind: 'cancel' });
    await page.until(asked, hasEnded);
  });

  it('posts a notice of an end where that was asked for', async () => {
    const got: string[] = [];
    let told: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => (told = resolve));
    const { page } = await hostWith({
      jobs: {
        notify: 'http://127.0.0.1:1/hook',
        post: (url, { body }) => {
          got.push(`${url} ${body}`);
          told();
          return Promise.resolve({ ok: true, status: 204 });
        },
      },
    });
    const { origin } = await device();
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    await promise;
    expect(got.length).to.equal(1);
    expect(got[0]).to.include('"outcome":"updated"').and.not.to.include(asked.key).and.not.to.include(TOKEN);
  });

  it('tells this machine how much it does', async () => {
    const { page } = await hostWith();
    const { origin } = await device();
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    await page.until(asked, hasEnded);
    const metrics = await page.ask('/metrics');
    expect(metrics.text).to.include('moult_jobs{standing="ended"} 1\n').and.not.to.include(origin);
    expect(metrics.text).to.include(`moult_firmware_bytes ${FIRMWARE.length}\n`);
    expect(metrics.text).to.match(/^# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total \d/m);
    expect(JSON.parse((await page.ask('/healthz')).text)).to.deep.equal({ ok: true, jobs: true });
  });
});
