import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateRollout } from '../../../src/model/jobs/rollout-requests.ts';
import type { HostRollout } from '../../../src/model/jobs/host-rollout.ts';
import { onNth } from '../../../src/simulator/faults.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { ChildHosts } from '../jobs/killed/child-hosts.ts';
import { hashOf, refusalIn, startDevice, TOKEN, type ServedSimulated } from '../jobs/job-host.ts';
import { beginsOf, isOver, linesOf, memberOf, rolloutFor, rolloutIn, RolloutPage, untilSo } from './rollout-host.ts';
import { useClosing } from '../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 65_536 });
const SECRETS = { token: TOKEN, login: null };
const TWO_AT_ONCE = { firstWave: 1, width: 2, stopAt: { failures: null, share: null } };

describe('a rollout on a host that ends in the middle', () => {
  const closing = useClosing();
  let hosts: ChildHosts;
  beforeEach(() => (hosts = new ChildHosts()));
  afterEach(() => hosts.close());

  async function boards(count: number): Promise<ServedSimulated[]> {
    const costs = { eraseMsPerBlock: 15, programMsPerBlock: 8, roundTripMs: 5 };
    const all = await Promise.all(Array.from({ length: count }, () => startDevice({ costs, rollback: true })));
    for (const board of all) closing.push(() => board.close());
    return all;
  }

  /** Ends the host once two updates have ended, and the two that run are held; starts it again. */
  async function endedInTheMiddle(
    all: readonly ServedSimulated[],
    asked: CreateRollout,
    signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL',
  ): Promise<RolloutPage> {
    const held = all.slice(2, 4);
    for (const { device } of held) device.fault = onNth('chunk', 3, { kind: 'hang', when: 'before' });
    const first = await hosts.start();
    const page = new RolloutPage(first.port);
    await page.begin(FIRMWARE, asked);
    await page.untilRollout(asked, isHalfDone);
    await untilSo(() => held.every(({ device }) => device.session !== null));
    // The engine waits for no disk: killed before its note is there, a session would look like somebody else's.
    const notes = held.map(({ origin }) => `${hashOf(Buffer.from(`${origin}/ota`))}.json`);
    await untilSo(() => notes.every((name) => existsSync(join(hosts.dataDir, 'jobs', 'journal', name))));
    await first.end(signal);
    return new RolloutPage((await hosts.start()).port);
  }

  const isHalfDone = (rollout: HostRollout): boolean => {
    const lines = linesOf(rollout);
    return (
      lines.slice(0, 2).every((line) => line === 'updated') && lines.slice(2, 4).every((line) => line === 'running')
    );
  };

  const allRun = (all: readonly ServedSimulated[]): boolean =>
    all.every(({ device }) => hashOf(device.runningImage) === hashOf(FIRMWARE));

  it('waits for the tokens, and then starts nothing twice and forgets nothing', async () => {
    const all = await boards(6);
    const asked = rolloutFor(all, FIRMWARE, { options: TWO_AT_ONCE });
    const page = await endedInTheMiddle(all, asked);
    const begun = all.map(beginsOf);
    const waiting = await page.rollout(asked);
    expect(waiting.standing).to.equal('waiting-for-token');
    const left = ['waiting', 'waiting', 'waiting', 'waiting'];
    expect(linesOf(waiting)).to.deep.equal(['updated', 'updated', ...left]);
    const bare = await page.tell(asked, { kind: 'go-on', secrets: [] });
    expect(refusalIn(bare)).to.deep.equal({ kind: 'rollout-not-now', standing: 'waiting-for-token' });
    expect(all.map(beginsOf), 'nothing has started by itself').to.deep.equal(begun);

    const secrets = asked.devices.map(({ job }) => ({ job, secrets: SECRETS }));
    expect(rolloutIn(await page.tell(asked, { kind: 'go-on', secrets })).standing).to.equal('running');
    const end = await page.untilRollout(asked, isOver);
    expect(linesOf(end)).to.deep.equal(all.map(() => 'updated'));
    expect(allRun(all)).to.equal(true);
    // One session each: also those in the middle were gone on with where they were.
    expect(all.map(beginsOf)).to.deep.equal(all.map(() => 1));
    expect(all.map(({ device }) => device.restarts)).to.deep.equal(all.map(() => 1));
    expect(all.map(({ device }) => device.bytesProgrammedTwice)).to.deep.equal(all.map(() => 0));
  });

  it('offers to go on where the tokens are kept, and drops them at its end', async () => {
    const all = await boards(4);
    const asked = rolloutFor(all, FIRMWARE, { options: TWO_AT_ONCE, keepSecrets: true });
    const page = await endedInTheMiddle(all, asked, 'SIGTERM');
    expect((await page.rollout(asked)).standing).to.equal('offers-to-go-on');
    await page.tell(asked, { kind: 'go-on', secrets: [] });
    const end = await page.untilRollout(asked, isOver);
    expect([allRun(all), ...all.map(beginsOf)]).to.deep.equal([true, 1, 1, 1, 1]);
    expect(linesOf(end)).to.deep.equal(all.map(() => 'updated'));
    const job = await page.job(memberOf(asked, 0));
    expect(job.keepsSecrets).to.equal(false);
  });

  it('goes on by itself where the person wanted that', async () => {
    const all = await boards(4);
    const asked = rolloutFor(all, FIRMWARE, { options: TWO_AT_ONCE, keepSecrets: true, goOnByItself: true });
    const page = await endedInTheMiddle(all, asked);
    await page.untilRollout(asked, isOver);
    expect([allRun(all), ...all.map(beginsOf)]).to.deep.equal([true, 1, 1, 1, 1]);
  });

  it('knows one that has ended, with how each update did', async () => {
    const all = await boards(2);
    const asked = rolloutFor(all, FIRMWARE);
    const first = await hosts.start();
    const page = new RolloutPage(first.port);
    await page.begin(FIRMWARE, asked);
    const before = await page.untilRollout(asked, isOver);
    await first.end('SIGTERM');
    const after = await new RolloutPage((await hosts.start()).port).rollout(asked);
    expect(after).to.deep.equal(before);
  });
});
