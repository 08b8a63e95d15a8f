import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobList } from '../../../src/host/jobs/job-list.ts';
import { RolloutList, wholeIn, wholeOf } from '../../../src/host/rollouts/rollout-list.ts';
import { RolloutRecords, type RolloutRecord } from '../../../src/host/rollouts/rollout-records.ts';
import type { RolloutLine } from '../../../src/model/rollout/rollout-state.ts';
import { hashOf } from '../jobs/job-host.ts';
import { rolloutFor } from './rollout-host.ts';

const IMAGE = new Uint8Array([1]);
const nothing = (): Promise<void> => Promise.resolve();

/** As a rollout of two devices is kept on the disk; the first one was skipped, the second one updated. */
function recordOf(endedAt: number | null): RolloutRecord {
  const { id, devices, options, restart, firmware } = rolloutFor(
    [{ origin: 'http://127.0.0.1:1' }, { origin: 'http://127.0.0.1:2' }],
    IMAGE,
  );
  const hash = hashOf(IMAGE);
  const lines: RolloutLine[] = [
    { kind: 'skipped', why: { because: 'no-token' } },
    { kind: 'ended', outcome: 'updated', whole: null },
  ];
  return {
    plan: {
      ...{ id, keySha256: hash, network: 'here', owner: 'here', by: 'this machine', createdAt: 1, options, restart },
      firmware: { ...firmware, size: 1, version: null, project: null },
      ...{ unattended: false, goesOnByItself: false, keepsSecrets: true },
      members: devices.map(({ job, device }) => ({
        job,
        device,
        keySha256: hash,
        needsSecrets: true,
        sealed: 'sealed',
      })),
    },
    now: {
      ...{ standing: endedAt === null ? 'running' : 'ended', finishing: false, phase: 'rolling', width: 4 },
      ...{ stopped: null, startedAt: 2, endedAt, forgiven: [] },
    },
    lines: new Map(devices.map(({ job }, at) => [job, lines[at] ?? { kind: 'waiting' }])),
  };
}

describe('rollouts in files', () => {
  let folder = '';
  const troubles: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-rollouts-'));
    troubles.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const trouble = (sentence: string): unknown => troubles.push(sentence);
  const open = () => new RolloutRecords(folder, trouble);
  const listOf = (records: Pick<RolloutRecords, 'writePlan' | 'writeStanding' | 'remove'>): RolloutList =>
    new RolloutList(records, new JobList({ write: nothing, remove: nothing }, trouble), trouble);

  it('come back as they were, in both files', async () => {
    const record = recordOf(null);
    const records = open();
    const entry = listOf(records).add(record, new Map());
    await records.load();
    await listOf(records).keep(entry);
    const [back] = await open().load();
    expect(back).to.deep.equal(record);
    expect(wholeIn(record)).to.deep.equal(wholeOf(entry));
    expect(JSON.stringify(wholeOf(entry)), 'what is told')
      .not.to.include('sealed')
      .and.not.to.include('keySha256');
  });

  it('come back as they were from a version that called a skipped device left out', async () => {
    const record = recordOf(null);
    const records = open();
    await records.load();
    await listOf(records).keep(listOf(records).add(record, new Map()));
    const file = join(folder, `${record.plan.id}.now`);
    const kept = readFileSync(file, 'utf8');
    expect(kept).to.include('"skipped"');
    writeFileSync(file, kept.replace('"skipped"', '"left-out"'));
    expect((await open().load())[0]).to.deep.equal(record);
  });

  it('are set aside where they cannot be read, and what was half written goes', async () => {
    const record = recordOf(null);
    const records = open();
    await records.load();
    await listOf(records).keep(listOf(records).add(record, new Map()));
    const { id } = record.plan;
    writeFileSync(join(folder, `${id}.json`), '{"version":1');
    writeFileSync(join(folder, `${'0'.repeat(32)}.now`), '{}');
    writeFileSync(join(folder, 'a.json.new'), '{}');
    expect(await open().load()).to.deep.equal([]);
    expect(troubles.length).to.equal(1);
    expect(readdirSync(folder).sort()).to.deep.equal([`${id}.json.damaged`, `${id}.now`]);
  });

  it('go with their files once they ended long ago', async () => {
    const records = open();
    await records.load();
    const list = listOf(records);
    const kept = [recordOf(5), recordOf(10), recordOf(null)];
    for (const record of kept) await list.keep(list.add(record, new Map()));
    await list.removeEndedBefore(10);
    const left = kept.slice(1).map(({ plan }) => plan.id);
    expect([...list.entries].map(({ plan }) => plan.id)).to.deep.equal(left);
    expect((await open().load()).map(({ plan }) => plan.id)).to.have.members(left);
    expect(readdirSync(folder).length).to.equal(2 * left.length);
  });

  it('are about fewer devices before anything says that these are still to come', async () => {
    const written: string[] = [];
    const list = listOf({
      writePlan: async ({ members }) => void written.push(`plan of ${members.length}`),
      writeStanding: async (_id, _now, lines) => void written.push(`lines of ${lines.size}`),
      remove: nothing,
    });
    const entry = list.add(recordOf(5), new Map());
    const [first = ''] = entry.lines.keys();
    list.narrow(entry, new Set([first]));
    await list.saved();
    expect(written).to.deep.equal(['plan of 1', 'lines of 1']);
  });
});
