/** A hundred devices and one page: how near a rollout comes to its slowest device, wave after wave. */
import type { Page } from 'playwright-core';
import { noCosts, realisticCosts, type Costs } from '../src/simulator/clock.ts';
import { fleetName } from '../src/simulator/node/fleet.ts';
import { AppPage } from '../test/journey/app-page.ts';
import { Journey, type ServedDevice } from '../test/journey/journey.ts';
import { longestTaskMs } from '../test/journey/long-tasks.ts';
import { saveDevices } from '../test/journey/saved-devices.ts';
import { UPDATE_MANY } from '../src/words/device/devices-view.ts';
import { AT_ONCE as AT_ONCE_LABEL } from '../src/words/rollout/rollout-options.ts';
import { allOf } from '../src/words/kit/locale.ts';
import { NEEDS_ATTENTION } from '../src/words/rollout/rollout-progress.ts';
import { buildApp } from '../test/firmware/image-builder.ts';
import { rounded, type Bench, type Measured } from './measure/found.ts';
import { HeapWatch } from './measure/heap-watch.ts';
import { spanOf, timesOf, wavesOf, type Times } from './measure/waves.ts';
import { pageAt, pressLater, UnwatchedBrowser, until } from './measure/unwatched-browser.ts';

const MB = 1024 * 1024;
/** A MicroPython firmware. */
const IMAGE = buildApp({ sizeBytes: 1_500_000, version: '1.4.2' });
/** `MOULT_BENCH_DEVICES=12` makes a small run, to see that it works; its numbers are not for keeping. */
const DEVICES = Number(process.env['MOULT_BENCH_DEVICES'] ?? 100);
/** What a page and two processor cores carry with room to spare: all devices live in the one process that measures. */
const AT_ONCE = 8;
const FIRST_WAVE = 1;
/** The rollout may take this share of what its waves must take. */
const TOTAL_TO_WAVES = 1.15;
const LONG_TASK_MS = 50;
/** One, and the chunks that are on their way (8 × 64 KiB, a third of a copy): far from a second one. */
const COPIES = 1.5;
/** Often enough to see a copy that an update makes for its ten seconds. */
const SAMPLE_MS = 5_000;
/** Milliseconds: fourteen waves of some 18 s, twice over. */
const PATIENCE_MS = 900_000;
const BUTTON = `Update ${DEVICES} devices`;

export const rollout: Bench = {
  name: 'rollout',
  async run(): Promise<Measured> {
    const journey = await Journey.begin();
    try {
      const { times, bufferBytes } = await timed(journey);
      const longest = await traced(journey);
      const waves = wavesOf({ devices: DEVICES, firstWave: FIRST_WAVE, atOnce: AT_ONCE });
      const ratio = times.totalMs / (times.slowestMs * waves);
      const named = (what: string): string => `${DEVICES} devices, 1.5 MB, ${AT_ONCE} at once: ${what}`;
      return {
        with: `Chromium ${journey.browser.version()}`,
        rows: [
          { what: named('total ÷ (slowest device × waves)'), value: rounded(ratio, 3), unit: '', mark: TOTAL_TO_WAVES },
          { what: named('total'), value: rounded(times.totalMs / 1000, 1), unit: 's' },
          { what: named('slowest device'), value: rounded(times.slowestMs / 1000, 1), unit: 's' },
          { what: named('first device, alone'), value: rounded(times.firstMs / 1000, 1), unit: 's' },
          { what: named('waves, the first of one device'), value: waves, unit: '' },
          {
            what: named('buffers of the page at most, in copies of the firmware'),
            value: rounded(bufferBytes / IMAGE.length, 2),
            unit: '',
            mark: COPIES,
          },
          {
            what: named('infinitely fast devices, longest task of the main thread'),
            value: rounded(longest, 0),
            unit: 'ms',
            mark: LONG_TASK_MS,
          },
        ],
      };
    } finally {
      await journey.end();
    }
  },
};

/** Nobody looks into the page but for its memory, and that seldom: see unwatched-browser.ts. */
async function timed(journey: Journey): Promise<{ readonly times: Times; readonly bufferBytes: number }> {
  const fleet = await fleetOf(journey, realisticCosts);
  const spans = fleet.map(({ device }) => spanOf(device));
  const { url } = journey.host;
  const browser = await UnwatchedBrowser.launch();
  let bufferBytes = 0;
  try {
    const watch = await browser.drive(async (profile) => {
      // What is measured is the page by itself.
      await profile.addInitScript(() => localStorage.setItem('moult-updates-run', 'page'));
      const app = await AppPage.open(await profile.newPage(), url);
      await saveAll(app, fleet);
      await app.drop(await journey.file('bench.bin', IMAGE));
      await app.judged();
      await choose(app);
      const watching = await HeapWatch.start(browser.endpoint, url, SAMPLE_MS, true, ({ buffers }) => {
        bufferBytes = Math.max(bufferBytes, buffers);
      });
      await pressLater(app.button(BUTTON));
      return watching;
    });
    await until(() => fleet.every(({ device }) => device.restarts > 0), PATIENCE_MS);
    await browser.drive((profile) => saysAllWell(pageAt(profile, url)));
    await watch.stop();
    check(fleet);
    return { times: timesOf(spans), bufferBytes };
  } finally {
    await browser.end();
    await journey.endTest();
  }
}

/** A run of its own: the trace takes time and memory too. Devices that cost nothing give the page the most to do. */
async function traced(journey: Journey): Promise<number> {
  const fleet = await fleetOf(journey, noCosts);
  const app = await journey.open();
  await saveAll(app, fleet);
  await app.choose(await journey.file('bench.bin', IMAGE));
  await choose(app);
  const longest = await longestTaskMs(journey.browser, app.page, async () => {
    await app.button(BUTTON).click();
    await saysAllWell(app.page);
  });
  check(fleet);
  await journey.endTest();
  return longest;
}

async function fleetOf(journey: Journey, costs: Costs): Promise<readonly ServedDevice[]> {
  const fleet: ServedDevice[] = [];
  for (let at = 0; at < DEVICES; at += 1) {
    const dialect = at % 2 === 0 ? 'shipped' : 'documented';
    fleet.push(await journey.device({ dialect, costs, slotBytes: 2 * MB }));
  }
  return fleet;
}

function saveAll({ page }: AppPage, fleet: readonly ServedDevice[]): Promise<void> {
  return saveDevices(
    page,
    fleet.map(({ origin, token }, at) => ({ name: fleetName(at), origin, token })),
  );
}

async function choose({ page }: AppPage): Promise<void> {
  await page.getByRole('link', { name: UPDATE_MANY }).click();
  await page.getByLabel(`All devices (${DEVICES})`).check();
  const atOnce = page.getByLabel(AT_ONCE_LABEL);
  // On a narrow page the options are folded.
  if (!(await atOnce.isVisible())) await page.locator('summary', { hasText: 'Options:' }).click();
  await atOnce.selectOption(`${AT_ONCE}`);
}

/** Waits for the end of the rollout; throws with what the page says where it is not a good one. */
async function saysAllWell(page: Page): Promise<void> {
  const status = page.getByRole('status').filter({ hasText: /^(Finished|Stopped|The first wave did not)/ });
  await status.waitFor({ state: 'attached', timeout: PATIENCE_MS });
  const said = (await status.textContent()) ?? '';
  if (said.includes(`${allOf(DEVICES)} succeeded`)) return;
  throw new Error(`${said} ${await page.getByRole('region', { name: NEEDS_ATTENTION }).innerText()}`);
}

function check(fleet: readonly ServedDevice[]): void {
  for (const { device } of fleet) {
    if (Buffer.compare(device.runningImage, IMAGE) !== 0) throw new Error('a slot does not hold the file');
  }
}
