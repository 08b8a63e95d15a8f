/** Devices that take a file whole: how near a job of the host comes to curl, and how many copies of the file the host holds. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pushToHost } from '../src/host/cli/push/push-to-host.ts';
import type { WholeImageDialect } from '../src/model/device/dialect.ts';
import { realisticCosts } from '../src/simulator/clock.ts';
import { SimulatedForm } from '../src/simulator/forms/simulated-form.ts';
import { serveWhole, type WholeDevice } from '../src/simulator/node/whole-server.ts';
import { withTasmota } from '../src/simulator/tasmota/build.ts';
import { SimulatedTasmota } from '../src/simulator/tasmota/simulated-tasmota.ts';
import { withBuild } from '../src/simulator/wled/metadata.ts';
import { SimulatedWled } from '../src/simulator/wled/simulated-wled.ts';
import { UpdateControls } from '../src/update/controls.ts';
import { buildApp, resealed } from '../test/firmware/image-builder.ts';
import { curlForm, curlVersion } from './measure/curl.ts';
import { exactClock } from './measure/exact-clock.ts';
import { median, rounded, type Bench, type Measured, type Row } from './measure/found.ts';
import { HostProcess } from './measure/host-process.ts';
import { check } from './measure/ways.ts';

/** What such firmware weighs. */
const IMAGE_BYTES = 1_200_000;
/** Large beside all else that a host holds, and still within the flash of a device. */
const LARGE_BYTES = 8 * 1024 * 1024;
/** The median of this many runs counts: the machine itself varies by more than what is measured. */
const RUNS = 5;
const JOB_TO_CURL = 1.03;
/** One, and what is on its way in a connection. */
const COPIES = 1.1;

interface Simulated extends WholeDevice {
  readonly runningImage: Uint8Array;
}

interface Kind {
  readonly name: string;
  readonly protocol: WholeImageDialect;
  /** Where, and in which field, people send a file to it with curl. */
  readonly form: (bytes: number) => { readonly path: string; readonly field: string };
  /** What has to be asked before, as its own page does. */
  readonly before?: string;
  readonly device: (slotBytes: number) => Simulated;
  readonly image: (sizeBytes: number) => Uint8Array<ArrayBuffer>;
}

/** Away long enough that even a device that tells nothing else is seen to have restarted. */
const SHARED = { costs: realisticCosts, clock: exactClock, awayMs: 2_500 };
const app = (sizeBytes: number): Uint8Array<ArrayBuffer> =>
  buildApp({ python: false, strings: ['.'.repeat(600)], sizeBytes, date: '', time: '' });

const KINDS: readonly Kind[] = [
  {
    ...{ name: 'WLED', protocol: 'wled', form: () => ({ path: '/update', field: 'update' }) },
    device: (slotBytes) => new SimulatedWled({ ...SHARED, slotBytes }),
    image: (sizeBytes) => resealed(withBuild(app(sizeBytes), { version: '16.0.1', release: 'ESP32' })),
  },
  {
    ...{ name: 'Tasmota', protocol: 'tasmota', before: '/up' },
    form: (bytes) => ({ path: `/u2?fsz=${bytes}`, field: 'u2' }),
    device: (slotBytes) => new SimulatedTasmota({ ...SHARED, slotBytes, flashKilobytes: 16_384 }),
    image: (sizeBytes) =>
      resealed(
        withTasmota(app(sizeBytes), { version: '15.2.0', variant: 'tasmota32', builtAt: '2026-07-24T19:38:07' }),
      ),
  },
  {
    ...{ name: 'upload page', protocol: 'form', form: () => ({ path: '/update', field: 'firmware' }) },
    device: (slotBytes) => new SimulatedForm({ ...SHARED, slotBytes }),
    image: app,
  },
];

export const wholeImage: Bench = {
  name: 'whole-image',
  async run(): Promise<Measured> {
    const version = await curlVersion();
    if (version === null) console.error('There is no curl on this machine: nothing is compared with it.');
    const folder = await mkdtemp(join(tmpdir(), 'moult-bench-'));
    try {
      const rows: Row[] = [];
      rows.push(await copies(folder));
      for (const kind of KINDS) rows.push(...(await held(kind, folder, version !== null)));
      return { with: version === null ? null : `curl ${version}`, rows };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function held(kind: Kind, folder: string, hasCurl: boolean): Promise<readonly Row[]> {
  const image = kind.image(IMAGE_BYTES);
  const path = join(folder, 'firmware.bin');
  await writeFile(path, image);
  const host = await HostProcess.start(join(folder, 'host'));
  const byCurl: number[] = [];
  const byJob: number[] = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      // In turn, so that what else the machine does meets both.
      if (hasCurl) byCurl.push(await uploadMs(kind, image, (origin) => curl(kind, origin, path)));
      byJob.push(await uploadMs(kind, image, (origin) => job(kind, origin, host, image)));
    }
  } finally {
    await host.stop();
  }
  const named = (what: string): string => `${kind.name}, 1.2 MB: ${what}`;
  const ms = median(byJob);
  const upload = { what: named('upload by a job of the host'), value: rounded(ms / 1000, 2), unit: 's' };
  if (byCurl.length === 0) return [upload];
  const value = rounded(ms / median(byCurl), 3);
  return [{ what: named('a job of the host ÷ curl'), value, unit: '', mark: JOB_TO_CURL }, upload];
}

/** Milliseconds from the arrival of the upload to the device's answer: what comes before and after does not depend on the file. */
async function uploadMs(kind: Kind, image: Uint8Array, work: (origin: string) => Promise<void>): Promise<number> {
  const device = kind.device(2 * 1024 * 1024);
  const handle = device.handle.bind(device);
  const took: number[] = [];
  device.handle = async (request) => {
    const since = performance.now();
    const response = await handle(request);
    if (request.method === 'POST') took.push(performance.now() - since);
    return response;
  };
  const restarted = new Promise<void>((resolve) => device.onRestart(resolve));
  const served = await serveWhole(device, { port: 0 });
  try {
    await work(served.origin);
    await restarted;
    check(device.runningImage, image);
    const [ms] = took;
    if (ms === undefined || took.length > 1) throw new Error(`there were ${took.length} uploads`);
    return ms;
  } finally {
    await served.close();
  }
}

async function curl({ before, form }: Kind, origin: string, path: string): Promise<void> {
  if (before !== undefined) await (await fetch(`${origin}${before}`)).text();
  const to = form(IMAGE_BYTES);
  await curlForm(`${origin}${to.path}`, to.field, path);
}

async function job(
  { protocol }: Pick<Kind, 'protocol'>,
  origin: string,
  host: HostProcess,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { outcome } = await pushToHost({
    ...{ bytes, host: host.url, name: 'Bench', fileName: 'firmware.bin', restart: true },
    ...{ controls: new UpdateControls(), onState: () => undefined },
    // Some do not tell which chip they have.
    overruled: ['chip-untold'],
    target: { origin, prefix: '/ota', protocol, dialect: null, tokenHeader: 'X-OTA-Token', token: '' },
  });
  if (outcome.outcome !== 'updated' && outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
}

/** How many copies of a file the host holds at most, from when it is handed over to the end of its job. */
async function copies(folder: string): Promise<Row> {
  // It does not tell how large its flash is, so that no file is too large for it.
  const kind = KINDS.find(({ protocol }) => protocol === 'form');
  if (kind === undefined) throw new Error('there is no such kind');
  const image = kind.image(LARGE_BYTES);
  const device = kind.device(2 * LARGE_BYTES);
  const served = await serveWhole(device, { port: 0 });
  const host = await HostProcess.start(join(folder, 'watched'), true);
  try {
    const before = await host.buffers();
    host.mostBuffers = 0;
    await job(kind, served.origin, host, image);
    check(device.runningImage, image);
    return {
      what: `${kind.name}, 8 MiB: buffers of the host at most, in copies of the firmware`,
      value: rounded((host.mostBuffers - before) / LARGE_BYTES, 2),
      unit: '',
      mark: COPIES,
    };
  } finally {
    await host.stop();
    await served.close();
  }
}
