/**
 * One agent with many targets: what it costs while nothing is to be done, and whether it misses a poll while it updates
 * fifty. `npx tsx bench/agent-scale.ts [targets] [seconds]`. Server and devices are simulated, in a process of their own.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent } from '../src/host/agent/agent.ts';
import { AGENT_POLICY } from '../src/model/agent/agent-settings.ts';
import { isActive } from '../src/simulator/hawkbit/actions.ts';
import { SimulatedHawkbit } from '../src/simulator/hawkbit/simulated-hawkbit.ts';
import { serveHawkbit } from '../src/simulator/node/hawkbit-server.ts';
import { serveDevice } from '../src/simulator/node/node-server.ts';
import { sampleFirmware } from '../src/simulator/sample-firmware.ts';
import { SimulatedDevice } from '../src/simulator/simulated-device.ts';

/** hawkBit's default. */
const POLL_SECONDS = 300;
const UPDATES = 50;
const AT_ONCE = 8;
const SLOT_BYTES = 1024 * 1024;
const TOKEN = 'c'.repeat(64);

type Asked = { readonly kind: 'start'; readonly targets: number } | { readonly kind: 'assign' | 'result' };
interface World {
  readonly kind: 'world';
  readonly server: string;
  readonly devices: readonly string[];
}
interface Result {
  readonly kind: 'result';
  readonly ended: number;
  readonly good: number;
  /** Seconds between two polls of one target, at most. */
  readonly longestGap: number;
}

const idOf = (at: number): string => `moult-${at}`;

/** The other process: a rollout server, and devices. */
async function serveWorld(): Promise<void> {
  const hawkbit = new SimulatedHawkbit({ pollSeconds: POLL_SECONDS });
  const image = sampleFirmware();
  const modules = [{ name: 'sample', version: '1', part: 'os', artifacts: [{ filename: 'sample.bin', bytes: image }] }];
  const tell = (message: World | Result): void => void process.send?.(message);
  const answer = async (asked: Asked): Promise<void> => {
    switch (asked.kind) {
      case 'start': {
        const { origin } = await serveHawkbit(hawkbit);
        const devices: string[] = [];
        for (let at = 0; at < asked.targets; at++) {
          // Flash of their own for the few that are updated.
          const slotBytes = at < UPDATES ? SLOT_BYTES : 4_096;
          const device = new SimulatedDevice({ dialect: 'shipped', token: TOKEN, awayMs: 2_000, slotBytes });
          devices.push((await serveDevice(device, { port: 0 })).origin);
        }
        tell({ kind: 'world', server: origin, devices });
        return;
      }
      case 'assign':
        for (let at = 0; at < UPDATES; at++) hawkbit.assign(idOf(at), { name: 'sample', version: '1', modules });
        return;
      case 'result': {
        const gaps = [...hawkbit.targets.values()].flatMap(({ polledAt }) =>
          polledAt.slice(1).map((time, at) => time - (polledAt[at] ?? time)),
        );
        const over = hawkbit.actions.filter((action) => !isActive(action));
        tell({
          ...{ kind: 'result', ended: over.length, good: over.filter(({ status }) => status === 'finished').length },
          longestGap: Math.round(Math.max(...gaps) / 1000),
        });
        return;
      }
    }
  };
  process.on('message', (asked: Asked) => void answer(asked));
  await new Promise(() => undefined);
}

const wait = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

async function measure(targets: number, seconds: number): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['--world'], { execArgv: ['--import=tsx'] });
  const asked = <T>(message: Asked): Promise<T> =>
    new Promise((resolve) => {
      child.once('message', (answer) => resolve(answer as T));
      child.send(message);
    });
  const folder = mkdtempSync(join(tmpdir(), 'moult-agent-scale-'));
  const { server, devices } = await asked<World>({ kind: 'start', targets });
  const listed = devices.map((origin, at) => {
    const place = { origin, prefix: '/ota', protocol: 'automatic', dialect: null, tokenHeader: 'X-OTA-Token' } as const;
    return {
      ...{ id: `${at}`, name: idOf(at), chipId: 0, target: { ...place, token: TOKEN } },
      ...{ controllerId: idOf(at), targetToken: null },
    };
  });
  const agent = await Agent.open(
    {
      server,
      tenant: 'DEFAULT',
      devices: listed,
      gatewayToken: 'gateway-secret',
      policy: AGENT_POLICY,
      atOnce: AT_ONCE,
    },
    { dataDir: folder, agentVersion: 'bench', say: () => undefined, surprise: (error) => console.error(error) },
  );
  if (agent === null) throw new Error('no agent');
  void agent.run();
  // The first round, in which each target registers and tells what it is, is not what an agent costs.
  await wait(targets * 0.1 + 30);
  const [before, began] = [process.cpuUsage(), performance.now()];
  await wait(seconds);
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1_000 / (performance.now() - began);
  const { rss } = process.memoryUsage();
  console.log(
    `${targets} targets, idle: ${(share * 100).toFixed(1)} % of a core, ${Math.round(rss / 1024 / 1024)} MB resident`,
  );
  child.send({ kind: 'assign' });
  let result = await asked<Result>({ kind: 'result' });
  for (let waited = 0; result.ended < UPDATES && waited < 1_800; waited += 10) {
    await wait(10);
    result = await asked<Result>({ kind: 'result' });
  }
  console.log(
    `${result.good} of ${UPDATES} updated, ${AT_ONCE} at a time; longest time between two polls of a target ${result.longestGap} s (interval ${POLL_SECONDS} s)`,
  );
  await agent.stop();
  child.kill();
  rmSync(folder, { recursive: true });
}

if (process.argv.includes('--world')) await serveWorld();
else {
  const [targets = 1_000, seconds = 300] = process.argv.slice(2).map(Number);
  await measure(targets, seconds);
}
