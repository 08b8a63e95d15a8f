import { expect } from 'chai';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HostOptions } from '../../../src/host/serve/serve.ts';
import { ROLLOUT_LIMITS } from '../../../src/host/rollouts/rollout-making.ts';
import type { RolloutOptions } from '../../../src/model/rollout/rollout-record.ts';
import { ONE_SLOT, ONE_SLOT_BYTES } from '../../../src/simulator/bootloader.ts';
import { onEvery, onNth } from '../../../src/simulator/faults.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { hashOf, outcomeOf, refusalIn, startDevice, TOKEN, type ServedSimulated } from '../jobs/job-host.ts';
import { type TestHost } from '../test-host.ts';
import { beginsOf, isOver, linesOf, memberOf, rolloutFor, rolloutIn, RolloutPage } from './rollout-host.ts';
import { hostOf, useClosing } from '../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 32_768, version: '2.1.0' });
const SECRETS = { token: TOKEN, login: null };

const options = (more: Partial<RolloutOptions> = {}): RolloutOptions => ({
  ...{ firstWave: 0, width: 2, stopAt: { failures: null, share: null } },
  ...more,
});

describe('a rollout on the host', () => {
  const closing = useClosing();

  async function hostWith(more: Partial<HostOptions> = {}): Promise<{ host: TestHost; page: RolloutPage }> {
    const host = await hostOf(closing, more);
    return { host, page: new RolloutPage(host.port) };
  }

  async function boards(count: number, of: Parameters<typeof startDevice>[0] = {}): Promise<ServedSimulated[]> {
    const all = await Promise.all(Array.from({ length: count }, () => startDevice(of)));
    for (const board of all) closing.push(() => board.close());
    return all;
  }

  const running = (all: readonly ServedSimulated[]): readonly boolean[] =>
    all.map(({ device }) => hashOf(device.runningImage) === hashOf(FIRMWARE));

  it('updates every device once, the first wave before the rest, with no page there', async () => {
    const { page, host } = await hostWith();
    const all = await boards(4);
    const asked = rolloutFor(all, FIRMWARE, { options: options({ firstWave: 1 }) });
    const made = await page.begin(FIRMWARE, asked);
    expect(made).to.deep.include({ standing: 'running', finishing: false });
    expect(made.firmware).to.deep.include({ size: FIRMWARE.length, name: 'bench.bin', version: '2.1.0' });
    expect(JSON.stringify(made)).not.to.include(TOKEN).and.not.to.include(asked.key);

    const phases = new Set<string>();
    const end = await page.untilRollout(asked, (rollout) => {
      phases.add(rollout.phase);
      return isOver(rollout);
    });
    expect(linesOf(end)).to.deep.equal(['updated', 'updated', 'updated', 'updated']);
    expect([...phases]).to.include.members(['first-wave', 'ended']);
    expect(running(all)).to.deep.equal([true, true, true, true]);
    expect(all.map(beginsOf)).to.deep.equal([1, 1, 1, 1]);
    // Each update is a job, with a key of its own made of the rollout's.
    const job = await page.job(memberOf(asked, 2));
    expect([job.device.name, outcomeOf(job)]).to.deep.equal(['Bench 2', 'updated']);
    expect(host.log.join('')).not.to.include(TOKEN).and.not.to.include(asked.key);
  });

  it('is the same one where it is asked for again, and starts nothing twice', async () => {
    const { page } = await hostWith();
    const all = await boards(2);
    const asked = rolloutFor(all, FIRMWARE);
    await page.put(FIRMWARE);
    const answers = await Promise.all([page.post('/rollouts', asked), page.post('/rollouts', asked)]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 201]);
    await page.untilRollout(asked, isOver);
    expect((await page.post('/rollouts', asked)).status).to.equal(200);
    expect(all.map(beginsOf)).to.deep.equal([1, 1]);
  });

  it('shows itself and its jobs to nobody without their keys', async () => {
    const { page } = await hostWith();
    const all = await boards(1);
    const asked = rolloutFor(all, FIRMWARE);
    await page.begin(FIRMWARE, asked);
    const { key: foreign } = rolloutFor(all, FIRMWARE);
    const member = memberOf(asked, 0);
    const headers = { 'moult-job-key': foreign };
    expect(refusalIn(await page.ask(`/rollouts/${asked.id}`, { headers }))).to.deep.equal({ kind: 'no-such-rollout' });
    const cancel = await page.tell({ id: asked.id, key: foreign }, { kind: 'cancel' });
    expect(refusalIn(cancel)).to.deep.equal({ kind: 'no-such-rollout' });
    expect(refusalIn(await page.post('/rollouts', { ...asked, key: foreign })).kind).to.equal('no-such-rollout');
    // The rollout's key is none of the job's, and the job's none of the rollout's.
    for (const [path, key] of [
      [`/jobs/${member.id}`, asked.key],
      [`/rollouts/${asked.id}`, member.key],
    ] as const) {
      expect((await page.ask(path, { headers: { 'moult-job-key': key } })).status).to.equal(404);
    }
    const stream = await page.followAll({ jobs: [], rollouts: [{ id: asked.id, key: foreign, after: null }] });
    expect((await stream.next()).event).to.deep.include({ kind: 'gone', id: asked.id });
    stream.close();
    await page.untilRollout(asked, isOver);
  });

  it('is made, seen and told by pages of this host only', async () => {
    const { page } = await hostWith();
    const all = await boards(1);
    const asked = rolloutFor(all, FIRMWARE);
    await page.put(FIRMWARE);
    const foreign = new RolloutPage(page.port, '127.0.0.1', { origin: 'http://elsewhere.test' });
    expect(refusalIn(await foreign.post('/rollouts', asked)).kind).to.equal('not-our-page');
    await page.begin(FIRMWARE, asked);
    expect(refusalIn(await foreign.tell(asked, { kind: 'cancel' })).kind).to.equal('not-our-page');
    const headers = { 'moult-job-key': asked.key };
    expect((await foreign.ask(`/rollouts/${asked.id}`, { headers })).status).to.equal(403);
    expect((await page.ask('/rollouts/..%2frecords', { headers })).status).to.equal(404);
    const end = await page.untilRollout(asked, isOver);
    expect(linesOf(end)).to.deep.equal(['updated']);
  });

  it('asks after a first wave that fails, and does as either page says', async () => {
    const { page } = await hostWith();
    const all = await boards(3);
    const [first] = all;
    if (first !== undefined) first.device.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
    const asked = rolloutFor(all, FIRMWARE, { options: options({ firstWave: 1 }) });
    await page.begin(FIRMWARE, asked);
    const other = new RolloutPage(page.port);
    const asking = await other.untilRollout(asked, ({ phase }) => phase === 'asking');
    expect(linesOf(asking)).to.deep.equal(['failed', 'waiting', 'waiting']);
    expect(rolloutIn(await other.tell(asked, { kind: 'answer', answer: 'go-on' })).standing).to.equal('running');
    // The second one to answer comes too late.
    await page.untilRollout(asked, ({ phase }) => phase !== 'asking');
    const late = await page.tell(asked, { kind: 'answer', answer: 'stop' });
    expect(refusalIn(late).kind).to.equal('rollout-not-now');
    expect(linesOf(await page.untilRollout(asked, isOver))).to.deep.equal(['failed', 'updated', 'updated']);
  });

  it('with nobody there to ask, ends after a first wave that fails', async () => {
    const { page } = await hostWith();
    const all = await boards(3);
    const [first] = all;
    if (first !== undefined) first.device.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
    const asked = rolloutFor(all, FIRMWARE, { options: options({ firstWave: 1 }), unattended: true });
    await page.begin(FIRMWARE, asked);
    const end = await page.untilRollout(asked, isOver);
    expect(end.stopped).to.equal('first-wave');
    expect(linesOf(end)).to.deep.equal(['failed', 'not-started', 'not-started']);
    expect(all.map(beginsOf)).to.deep.equal([1, 0, 0]);
  });

  it('stops at its mark, and tries those that failed again where it is told to', async () => {
    const { page } = await hostWith();
    const all = await boards(4);
    for (const { device } of all.slice(0, 2)) {
      device.fault = onNth('begin', 1, { kind: 'status', when: 'before', status: 400 });
    }
    const stopAt = { failures: 2, share: null };
    const asked = rolloutFor(all, FIRMWARE, { options: options({ width: 1, stopAt }) });
    await page.begin(FIRMWARE, asked);
    const stopped = await page.untilRollout(asked, isOver);
    expect(stopped.stopped).to.equal('stop-mark');
    expect(linesOf(stopped)).to.deep.equal(['failed', 'failed', 'not-started', 'not-started']);

    const again = rolloutIn(await page.tell(asked, { kind: 'again', which: 'failed', secrets: [] }));
    expect(again.devices.map(({ device }) => device.name)).to.deep.equal(['Bench 0', 'Bench 1']);
    expect(linesOf(await page.untilRollout(asked, isOver))).to.deep.equal(['updated', 'updated']);
    expect(running(all)).to.deep.equal([true, true, false, false]);
  });

  it('goes on with the rest, for which the host has kept their tokens in memory', async () => {
    const { page } = await hostWith();
    const all = await boards(3);
    const asked = rolloutFor(all, FIRMWARE, { options: options({ width: 1 }) });
    const [first] = all;
    if (first !== undefined) first.device.fault = onNth('chunk', 2, { kind: 'delay', when: 'before', ms: 200 });
    await page.begin(FIRMWARE, asked);
    await page.untilRollout(asked, (rollout) => linesOf(rollout)[0] === 'running');
    expect(rolloutIn(await page.tell(asked, { kind: 'finish' })).finishing).to.equal(true);
    const stopped = await page.untilRollout(asked, isOver);
    expect([stopped.stopped, ...linesOf(stopped)]).to.deep.equal(['person', 'updated', 'not-started', 'not-started']);
    await page.tell(asked, { kind: 'again', which: 'rest', secrets: [] });
    expect(linesOf(await page.untilRollout(asked, isOver))).to.deep.equal(['updated', 'updated']);
    expect(all.map(beginsOf)).to.deep.equal([1, 1, 1]);
    const none = await page.tell(asked, { kind: 'again', which: 'failed', secrets: [] });
    expect(refusalIn(none)).to.deep.equal({ kind: 'rollout-not-now', standing: 'ended' });
  });

  it('pauses with its updates, resumes, and cancels them all', async () => {
    const { page } = await hostWith();
    const all = await boards(3, { costs: { eraseMsPerBlock: 20, programMsPerBlock: 20, roundTripMs: 5 } });
    const asked = rolloutFor(all, FIRMWARE, { options: options() });
    await page.begin(FIRMWARE, asked);
    const writes = (_: unknown, jobs: ReadonlyMap<string, { readonly update: { readonly phase: string } | null }>) =>
      [...jobs.values()].filter(({ update }) => update?.phase === 'writing').length === 2;
    await page.untilRollout(asked, writes);
    expect(rolloutIn(await page.tell(asked, { kind: 'pause' })).standing).to.equal('paused');
    await page.untilRollout(
      asked,
      ({ phase }, jobs) =>
        phase === 'paused' && [...jobs.values()].filter(({ standing }) => standing.kind === 'paused').length === 2,
    );
    expect(rolloutIn(await page.tell(asked, { kind: 'resume' })).standing).to.equal('running');
    await page.untilRollout(asked, writes);
    await page.tell(asked, { kind: 'cancel' });
    const end = await page.untilRollout(asked, isOver);
    expect(linesOf(end)).to.deep.equal(['cancelled', 'cancelled', 'not-started']);
    expect(all.map(({ device }) => device.restarts)).to.deep.equal([0, 0, 0]);
  });

  it('skips a device that is off, saved twice, without its token, or being updated by another rollout', async () => {
    const { page } = await hostWith();
    const [busy, free, silent] = await boards(3);
    if (busy === undefined || free === undefined || silent === undefined) throw new Error('no boards');
    await silent.close();
    busy.device.fault = onNth('chunk', 1, { kind: 'hang', when: 'before' });
    const own = rolloutFor([busy], FIRMWARE);
    await page.begin(FIRMWARE, own);
    await page.untilRollout(own, (rollout) => linesOf(rollout)[0] === 'running');
    const asked = rolloutFor([busy, free, silent, free, { origin: 'http://127.0.0.9:1' }], FIRMWARE);
    const last = asked.devices.at(-1);
    const devices = asked.devices.map((device) => (device === last ? { ...device, secrets: null } : device));
    // Port 1 is one that browsers do not ask: that is refused at once, though the token is missing, too.
    const refused = refusalIn(await page.post('/rollouts', { ...asked, devices }));
    expect(refused).to.deep.equal({ kind: 'not-reached', why: 'bad-port', device: 'Bench 4' });

    const fit = devices.map((device) =>
      device.job === last?.job ? { ...device, device: { ...device.device, origin: 'http://127.0.0.9:8080' } } : device,
    );
    await page.begin(FIRMWARE, { ...asked, devices: fit });
    const end = await page.untilRollout(asked, isOver);
    const because = new Map(end.lines.map(([job, line]) => [job, line.kind === 'skipped' ? line.why.because : '']));
    expect(fit.map(({ job }) => because.get(job))).to.deep.equal(['host-busy', '', 'off', 'same', 'no-token']);
    expect(hashOf(free.device.runningImage)).to.equal(hashOf(FIRMWARE));
    await page.tell(own, { kind: 'cancel' });
    await page.untilRollout(own, isOver);
    // With its token, which a page brings, the last one can be tried again.
    const job = fit.at(-1)?.job ?? '';
    const again = await page.tell(asked, { kind: 'again', which: 'rest', secrets: [{ job, secrets: SECRETS }] });
    expect(rolloutIn(again).devices.map(({ device }) => device.name)).to.deep.equal(['Bench 0', 'Bench 2', 'Bench 4']);
    await page.untilRollout(asked, isOver);
  });

  it('asks once before an update that may be the only one over the air', async () => {
    const { page } = await hostWith();
    const all = await boards(1, { slots: ONE_SLOT, slotBytes: ONE_SLOT_BYTES });
    const asked = rolloutFor(all, FIRMWARE);
    await page.begin(FIRMWARE, asked);
    const asking = await page.untilRollout(asked, ({ asks }) => asks.length > 0);
    expect(asking.asks).to.deep.equal([asked.devices[0]?.job]);
    await page.tell(asked, { kind: 'agree', yes: false });
    const end = await page.untilRollout(asked, isOver);
    expect([end.stopped, end.asks, linesOf(end)]).to.deep.equal(['person', [], ['not-started']]);
    expect(all.map(beginsOf)).to.deep.equal([0]);
  });

  it('takes only what is within its bounds, and says what is too much', async () => {
    const limits = { rollouts: { rollouts: 3, ofOne: 2, devices: 4 } };
    const { page, host } = await hostWith({ jobs: { limits } });
    const all = await boards(1);
    const [board] = all;
    if (board === undefined) throw new Error('no board');
    const none = refusalIn(await page.post('/rollouts', rolloutFor(all, FIRMWARE)));
    expect(none).to.deep.equal({ kind: 'no-such-firmware' });
    await page.put(FIRMWARE);
    const many = rolloutFor([board, board, board, board, board], FIRMWARE);
    expect(refusalIn(await page.post('/rollouts', many))).to.deep.equal({ kind: 'too-many-devices', most: 4 });
    for (const bad of [
      { ...many, devices: [] },
      { ...many, devices: [many.devices[0], many.devices[0]] },
      { ...many, options: { ...many.options, firstWave: -1 } },
      { ...many, options: { ...many.options, width: 33 } },
      { ...many, more: true },
    ]) {
      expect(refusalIn(await page.post('/rollouts', bad)).kind).to.equal('bad-request');
    }
    const endless = { ...many, devices: many.devices.map((device) => ({ ...device, more: 'x'.repeat(500_000) })) };
    expect((await page.post('/rollouts', endless)).status).to.equal(413);
    const foreign = buildApp({ sizeBytes: 16_384, python: false });
    await page.put(foreign);
    const unasked = rolloutFor(all, foreign, { withoutMicroPython: false });
    expect(refusalIn(await page.post('/rollouts', unasked))).to.deep.equal({ kind: 'no-micropython' });

    board.device.fault = onEvery('chunk', { kind: 'hang', when: 'before' });
    const kept = [rolloutFor(all, FIRMWARE), rolloutFor(all, FIRMWARE, { options: options({ firstWave: 1 }) })];
    const statuses = [];
    for (const one of kept) statuses.push((await page.post('/rollouts', one)).status);
    expect(statuses).to.deep.equal([201, 201]);
    const [first] = kept;
    if (first === undefined) throw new Error('no rollout');
    await page.untilRollout(first, (rollout) => linesOf(rollout)[0] === 'running');
    const third = await page.post('/rollouts', rolloutFor(all, FIRMWARE));
    // The second one has ended: its only device was busy.
    expect(third.status).to.equal(201);
    const folder = join(host.dataDir, 'jobs', 'rollouts');
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777).to.equal(0o600);
      expect(readFileSync(join(folder, name), 'utf8'))
        .not.to.include(TOKEN)
        .and.not.to.include(first.key);
    }
    expect(ROLLOUT_LIMITS.devices).to.equal(1_024);
  });

  it('is counted in the metrics, by its standing', async () => {
    const { page } = await hostWith();
    const all = await boards(1);
    const asked = rolloutFor(all, FIRMWARE);
    await page.begin(FIRMWARE, asked);
    await page.untilRollout(asked, isOver);
    const { text } = await page.ask('/metrics');
    expect(text)
      .to.include('moult_rollouts{standing="ended"} 1\n')
      .and.to.include('moult_rollouts{standing="running"} 0');
    expect((await page.tell(asked, { kind: 'forget' })).status).to.equal(204);
    expect((await page.ask('/metrics')).text).to.include('moult_rollouts{standing="ended"} 0\n');
    expect((await page.job(memberOf(asked, 0))).standing.kind).to.equal('ended');
  });
});
