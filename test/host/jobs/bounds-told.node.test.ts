import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { JOB_LIMITS } from '../../../src/host/jobs/job-making.ts';
import { FORGOTTEN_MS } from '../../../src/host/jobs/job-list.ts';
import { SHELF_LIMITS } from '../../../src/host/jobs/kept/firmware-shelf.ts';
import { RATE } from '../../../src/host/jobs/routes/job-door.ts';
import { IDENTIFY_RATE, STREAM_RATE, UPLOAD_RATE } from '../../../src/host/jobs/routes/job-routes.ts';
import { STREAM_LIMITS } from '../../../src/host/jobs/routes/job-streams.ts';
import { ROLLOUT_LIMITS } from '../../../src/host/rollouts/rollout-making.ts';
import { MAKE_RATE } from '../../../src/host/rollouts/rollout-routes.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const counted = (count: number): string => count.toLocaleString('en-US');

describe('the bounds of jobs, as the documentation states them', () => {
  const { fileBytes, bytes, files, arriving, silence, late, leastRate } = SHELF_LIMITS;
  const days = FORGOTTEN_MS / DAY;

  it('are those of the host itself', () => {
    const page = readFileSync('docs/host-jobs.md', 'utf8');
    const table = page.slice(page.indexOf('\n## Bounds'), page.indexOf('\n## In the data folder'));
    const rows = [...table.matchAll(/^\| ([^|]+) \| ([^|]+) \|/gm)].map(([, what, most]) => [what, most]);
    const ended = `the oldest ended goes, and within a day what ended ${days} days ago`;
    expect(rows.slice(2)).to.deep.equal([
      [
        'one firmware',
        `${fileBytes / MIB} MiB; ${silence / SECOND} s without a byte; ${late / SECOND} s behind ${leastRate / KIB} KiB a second`,
      ],
      ['uploads at a time', `${arriving}, of one client ${SHELF_LIMITS.ofOne}`],
      ['firmware on disk', `${files} files, ${bytes / MIB} MiB; least recently used and not needed goes`],
      ['firmware in memory', `one copy each, ${JOB_LIMITS.loadedBytes / MIB} MiB together`],
      [
        'jobs',
        `${counted(JOB_LIMITS.jobs)}, of one client ${JOB_LIMITS.ofOne} that have not ended, besides those of rollouts; ${ended}`,
      ],
      ['rollouts', `${ROLLOUT_LIMITS.rollouts}, of one client ${ROLLOUT_LIMITS.ofOne} that have not ended; ${ended}`],
      ['devices of a rollout', counted(ROLLOUT_LIMITS.devices)],
      ['updates at a time', counted(JOB_LIMITS.running)],
      ['streams', `${STREAM_LIMITS.streams}, of one address ${STREAM_LIMITS.ofOne}`],
      [
        'requests of one client',
        `${RATE.max} a second; ${UPLOAD_RATE.max} uploads, ${MAKE_RATE.max} rollouts, ${STREAM_RATE.max} streams and ${IDENTIFY_RATE.max} identifications a minute`,
      ],
    ]);
    expect(RATE.timeWindow).to.equal(SECOND);
    for (const { timeWindow } of [UPLOAD_RATE, MAKE_RATE, STREAM_RATE, IDENTIFY_RATE])
      expect(timeWindow).to.equal(MINUTE);
  });

  it('are those that the decision about them reckons with', () => {
    const decision = readFileSync('docs/decisions/host-jobs.md', 'utf8');
    const cost = `up to ${bytes / MIB} MiB of firmware, ${counted(JOB_LIMITS.jobs)} jobs, and ${JOB_LIMITS.loadedBytes / MIB} MiB of firmware in memory`;
    expect(decision).to.include(cost);
  });
});
