/** A hundred devices and no page: the host runs the rollout, in a process of its own, while fifty pages follow it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, handOver, newId, newRef, type NewRef } from '../src/host/cli/push/host-client.ts';
import type { HostRollout } from '../src/model/jobs/host-rollout.ts';
import { JOB_KEY_HEADER, type FollowJobs } from '../src/model/jobs/job-requests.ts';
import type { CreateRollout } from '../src/model/jobs/rollout-requests.ts';
import { wentWell } from '../src/model/rollout/rollout-state.ts';
import { realisticCosts } from '../src/simulator/clock.ts';
import { startFleet, type FleetMember } from '../src/simulator/node/fleet.ts';
import { buildApp } from '../test/firmware/image-builder.ts';
import { rounded, type Bench, type Measured } from './measure/found.ts';
import { HostProcess } from './measure/host-process.ts';
import { spanOf, timesOf, wavesOf } from './measure/waves.ts';

const MB = 1024 * 1024;
/** A MicroPython firmware. */
const IMAGE = buildApp({ sizeBytes: 1_500_000, version: '1.4.2' });
/** `MOULT_BENCH_DEVICES=12` makes a small run, to see that it works; its numbers are not for keeping. */
const DEVICES = Number(process.env['MOULT_BENCH_DEVICES'] ?? 100);
/** As in the bench of a page's rollout. */
const AT_ONCE = 8;
const FIRST_WAVE = 1;
const TOTAL_TO_WAVES = 1.1;
const FOLLOWERS = 50;
/** A client may open eight streams; each loopback address counts as one client. */
const FOLLOWERS_OF_ONE = 8;
const LOOK_EVERY_MS = 500;

interface Run {
  readonly ratio: number;
  readonly totalMs: number;
  readonly slowestMs: number;
  /** How much more memory the host had at most than before it was given the file, in bytes. */
  readonly grewBy: number;
  /** Of the host, for the whole rollout, in seconds of one core. */
  readonly processor: number;
  /** Events of the stream that heard the most. */
  readonly events: number;
}

export const hostRollout: Bench = {
  name: 'host-rollout',
  async run(): Promise<Measured> {
    const alone = await timed(0);
    const followed = await timed(FOLLOWERS);
    const named = (what: string): string => `${DEVICES} devices by the host, 1.5 MB, ${AT_ONCE} at once: ${what}`;
    const rows = ([alone, followed] as const).flatMap((run, at) => {
      const who = at === 0 ? 'no page' : `${FOLLOWERS} pages follow, half of them gone in the middle`;
      const ratio = rounded(run.ratio, 3);
      return [
        { what: named(`${who}, total ÷ (slowest device × waves)`), value: ratio, unit: '', mark: TOTAL_TO_WAVES },
        { what: named(`${who}, total`), value: rounded(run.totalMs / 1000, 1), unit: 's' },
        { what: named(`${who}, slowest device`), value: rounded(run.slowestMs / 1000, 1), unit: 's' },
        { what: named(`${who}, memory of the host grew by`), value: rounded(run.grewBy / MB, 0), unit: 'MB' },
        { what: named(`${who}, processor time of the host`), value: rounded(run.processor, 1), unit: 's' },
      ];
    });
    const heard = { what: named('events that one page was told'), value: followed.events, unit: '' };
    return { with: null, rows: [...rows, heard] };
  },
};

async function timed(followers: number): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'moult-bench-'));
  const fleet = await startFleet({
    ...{ count: DEVICES, basePort: 0 },
    device: { costs: realisticCosts, slotBytes: 2 * MB, dialect: 'shipped' },
  });
  const host = await HostProcess.start(folder);
  const leave = new AbortController();
  try {
    const spans = fleet.map(({ device }) => spanOf(device));
    const before = await host.memory();
    const rollout = await begin(host.url, fleet);
    const streams = Array.from({ length: followers }, (_, at) => new Follower(host.url, rollout, at, leave.signal));
    let most = before;
    let ended: HostRollout | null = null;
    while (ended === null) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      most = Math.max(most, await host.memory());
      const now = await look(host.url, rollout);
      if (now.standing === 'ended') ended = now;
      const restarted = fleet.filter(({ device }) => device.restarts > 0).length;
      if (restarted >= DEVICES / 2) for (const each of streams.slice(0, followers / 2)) each.leave();
    }
    for (const [, line] of ended.lines) {
      if (line.kind !== 'ended' || !wentWell(line.outcome)) throw new Error(JSON.stringify(line));
    }
    for (const { device } of fleet) {
      if (Buffer.compare(device.runningImage, IMAGE) !== 0) throw new Error('a slot does not hold the file');
    }
    const { totalMs, slowestMs } = timesOf(spans);
    const waves = wavesOf({ devices: DEVICES, firstWave: FIRST_WAVE, atOnce: AT_ONCE });
    const events = Math.max(0, ...streams.map((each) => each.events));
    const ratio = totalMs / (slowestMs * waves);
    return { ratio, totalMs, slowestMs, grewBy: most - before, processor: await host.processor(), events };
  } finally {
    leave.abort();
    await host.stop();
    await Promise.all(fleet.map((member) => member.close()));
    await rm(folder, { recursive: true });
  }
}

async function begin(host: string, fleet: readonly FleetMember[]): Promise<NewRef> {
  const ref = newRef();
  const rollout: CreateRollout = {
    ...ref,
    firmware: { sha256: await handOver(host, IMAGE), name: 'bench.bin' },
    devices: fleet.map(({ name, origin, token }) => ({
      job: newId(),
      device: {
        ...{ name, origin, prefix: '/ota', protocol: 'automatic', dialect: null, tokenHeader: 'X-OTA-Token' },
        chipId: null,
      },
      secrets: { token, login: null },
    })),
    options: { firstWave: FIRST_WAVE, width: AT_ONCE, stopAt: { failures: 1, share: null } },
    ...{ restart: true, withoutMicroPython: true, unattended: true, goOnByItself: false, keepSecrets: false },
  };
  await ask(host, '/rollouts', { method: 'POST', body: JSON.stringify(rollout) });
  return ref;
}

async function look(host: string, { id, key }: NewRef): Promise<HostRollout> {
  const answer = await fetch(`${host}/rollouts/${id}`, { headers: { Origin: host, [JOB_KEY_HEADER]: key } });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { rollout: HostRollout }).rollout;
}

/** One page's stream, from a client of its own. */
class Follower {
  events = 0;
  readonly #leave = new AbortController();

  constructor(host: string, { id, key }: NewRef, at: number, signal: AbortSignal) {
    const body = JSON.stringify({ jobs: [], rollouts: [{ id, key, after: null }] } satisfies FollowJobs);
    const headers = { Origin: host, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const asked = request(`${host}/jobs/events`, {
      ...{ method: 'POST', headers, localAddress: `127.0.0.${2 + Math.floor(at / FOLLOWERS_OF_ONE)}` },
      signal: AbortSignal.any([signal, this.#leave.signal]),
    });
    asked.on('response', (answer) => {
      if (answer.statusCode !== 200) throw new Error(`a stream was answered ${answer.statusCode}`);
      answer.on('data', (part: Buffer) => (this.events += part.toString().split('\ndata: ').length - 1));
      // It was left.
      answer.on('error', () => undefined);
    });
    asked.on('error', (error) => {
      if (!signal.aborted && !this.#leave.signal.aborted) throw error;
    });
    asked.end(body);
  }

  leave(): void {
    this.#leave.abort();
  }
}
