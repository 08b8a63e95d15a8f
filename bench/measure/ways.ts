/** The ways in which a firmware gets to a device, each for as many updates of one device as there are images. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnJobs } from '../../src/host/jobs/own-jobs.ts';
import { push } from '../../src/host/cli/push/push.ts';
import { pushToHost } from '../../src/host/cli/push/push-to-host.ts';
import type { SimulatedDialect } from '../../src/simulator/options.ts';
import type { Mount } from '../../src/simulator/server/static-files.ts';
import { UpdateControls } from '../../src/update/controls.ts';
import { tokenTitle } from '../../src/words/device/dialog/token-dialog.ts';
import { OUTCOME_WORDS } from '../../src/words/update/outcome-words.ts';
import { AppPage } from '../../test/journey/app-page.ts';
import type { Journey, ServedDevice } from '../../test/journey/journey.ts';
import { pageAt, pressLater, UnwatchedBrowser, until } from './unwatched-browser.ts';

/** The slowest is 1.5 MB in small chunks: some 20 s. */
const PATIENCE_MS = 120_000;
const NAME = 'Bench';

/** By the page at `url`, which nobody looks into meanwhile (unwatched-browser.ts). */
export async function byPage(
  journey: Journey,
  url: string,
  served: ServedDevice,
  images: readonly Uint8Array[],
): Promise<void> {
  await inBrowser(journey, url, served, images, NAME, (app) => app.addDevice(NAME, served));
}

/** By the page that the device serves itself. */
export async function byOwnPage(journey: Journey, served: ServedDevice, images: readonly Uint8Array[]): Promise<void> {
  const name = 'This device';
  await inBrowser(journey, `${served.origin}/moult/`, served, images, name, async ({ page }) => {
    const dialog = page.getByRole('dialog', { name: tokenTitle(name) });
    await dialog.getByLabel('Token', { exact: true }).fill(served.token);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  });
}

/** What such a device has to serve: the page that `npm run build:device` makes. */
export async function ownPage(): Promise<Mount> {
  const body = new Uint8Array(await readFile(new URL('../../dist/device/index.html', import.meta.url)));
  return { path: '/moult', files: new Map([['index.html', { type: 'text/html; charset=utf-8', body }]]) };
}

/** By `moult push`, each time as a new process would: what it remembers is in its folder. */
export async function byPush(
  { origin, token, device }: ServedDevice,
  images: readonly Uint8Array<ArrayBuffer>[],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'moult-bench-'));
  try {
    for (const bytes of images) {
      const { outcome } = await push({
        bytes,
        name: NAME,
        target: { origin, prefix: '/ota', protocol: 'automatic', dialect: null, tokenHeader: 'X-OTA-Token', token },
        restart: true,
        controls: new UpdateControls(),
        ...{ fileName: 'bench.bin', jobs: OwnJobs.open(folder, (sentence) => console.error(sentence)) },
        onState: () => undefined,
      });
      if (outcome.outcome !== said(device.options.dialect).outcome) throw new Error(`it ended as ${outcome.outcome}`);
      check(device.runningImage, bytes);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** By the host at `host`, as a job: from the command that hands it over to the end that it tells of. */
export async function byJob(
  host: string,
  { origin, token, device }: ServedDevice,
  images: readonly Uint8Array<ArrayBuffer>[],
): Promise<void> {
  for (const bytes of images) {
    const { outcome } = await pushToHost({
      ...{ bytes, host, name: NAME, fileName: 'bench.bin', restart: true, controls: new UpdateControls() },
      target: { origin, prefix: '/ota', protocol: 'automatic', dialect: null, tokenHeader: 'X-OTA-Token', token },
      onState: () => undefined,
    });
    if (outcome.outcome !== said(device.options.dialect).outcome) throw new Error(`it ended as ${outcome.outcome}`);
    check(device.runningImage, bytes);
  }
}

async function inBrowser(
  journey: Journey,
  url: string,
  { device }: ServedDevice,
  images: readonly Uint8Array[],
  name: string,
  prepare: (app: AppPage) => Promise<void>,
): Promise<void> {
  const browser = await UnwatchedBrowser.launch();
  try {
    await browser.drive(async (profile) => prepare(await AppPage.open(await profile.newPage(), url)));
    for (const image of images) {
      const { restarts } = device;
      await browser.drive(async (profile) => {
        const app = AppPage.of(pageAt(profile, url));
        const update = app.card(name).getByRole('button', { name: 'Update', exact: true });
        await update.waitFor();
        await app.drop(await journey.file('bench.bin', image));
        await app.judged();
        await pressLater(update);
      });
      await until(() => device.restarts > restarts, PATIENCE_MS);
      await browser.drive(async (profile) => {
        await AppPage.of(pageAt(profile, url)).says(said(device.options.dialect).words, name, PATIENCE_MS);
      });
      check(device.runningImage, image);
    }
  } finally {
    await browser.end();
  }
}

/** The best that a device of each dialect can come to. */
function said(dialect: SimulatedDialect) {
  return dialect === 'shipped'
    ? ({ outcome: 'updated', words: OUTCOME_WORDS.updated } as const)
    : ({ outcome: 'accepted', words: OUTCOME_WORDS.accepted } as const);
}

/** A run that did something else says nothing. */
export function check(running: Uint8Array, image: Uint8Array): void {
  if (Buffer.compare(running, image) !== 0) throw new Error('the slot does not hold the file');
}
