/**
 * `npm run screenshots`: takes pictures of the built page with Chromium, in the middle of what it does. For the
 * manifest (public/screenshots) and for the README (docs/images, in both themes), with a film strip of one whole
 * update. Run `npm run build` before.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startHost } from '../src/host/serve/serve.ts';
import { startFleet, type FleetMember } from '../src/simulator/node/fleet.ts';
import { buildMerged } from '../test/firmware/flash-builder.ts';
import { buildApp } from '../test/firmware/image-builder.ts';
import { chromiumLaunchOptions } from './chromium.ts';
import { PAGE_ALONE } from './page-alone.ts';

const MANIFEST = 'public/screenshots';
const README = 'docs/images';
/** In the page's own pixels; src/offline/manifest.ts states twice as many. */
const SIZES = { phone: { width: 390, height: 780 }, wide: { width: 1280, height: 800 } } as const;
/** Device pixels for each of the page's: what a phone's screen has. */
const SCALE = 2;

type Size = keyof typeof SIZES;
type Theme = 'light' | 'dark';
const LIGHT: readonly Theme[] = ['light'];
const THEMES: readonly Theme[] = ['light', 'dark'];

interface Scene {
  readonly name: string;
  readonly sizes: readonly Size[];
  readonly inReadme: boolean;
  /** Brings the page into the state to be seen. */
  readonly prepare: (page: Page, world: World) => Promise<void>;
}

interface World {
  readonly fleet: readonly FleetMember[];
  readonly files: { readonly before: string; readonly app: string; readonly merged: string };
}

/** What the device runs before, so that the picture says which version becomes which. Small: it is over in seconds. */
const BEFORE = buildApp({ sizeBytes: 160 * 1024, project: 'kitchen-sensor', version: '1.4.1' });
const IMAGE = buildApp({ sizeBytes: 900 * 1024, project: 'kitchen-sensor', version: '1.4.2' });
/** Where the update in the picture stands still: past the half, with something in flight. */
const HOLD_AT = 0.6;
/** Where the pointer is parked: whatever lies under it would be drawn as hovered. */
const NOWHERE = [0, 0] as const;
/** Where the frames in the middle of the film strip are taken. */
const FRAMES_AT = [0.25, 0.75] as const;

const SCENES: readonly Scene[] = [
  {
    name: 'devices',
    sizes: ['phone', 'wide'],
    inReadme: true,
    prepare: async (page, { fleet, files }) => {
      for (const member of fleet) await addDevice(page, member);
      const [first] = fleet;
      if (first === undefined) throw new Error('there is no device to show');
      await page.getByLabel('Firmware file').setInputFiles(files.before);
      // On a phone a line opens the question.
      const yes = page.getByRole('button', { name: 'Yes, both', exact: true });
      const line = page.getByRole('button', { name: /^The chip of 2 devices/ });
      await yes.or(line).filter({ visible: true }).waitFor();
      if (!(await yes.isVisible())) await line.click();
      await yes.click();
      await runsBefore(page, first, files);
      await page.route(`${first.origin}/ota/**`, async (route) => {
        const offset = Number(new URL(route.request().url()).searchParams.get('offset') ?? 0);
        if (offset < IMAGE.length * HOLD_AT) await route.continue();
      });
      await update(page, first.name);
      await reached(page, first.name, HOLD_AT * 100);
      // Headless, the screen is never kept on. People who look at the picture have another browser.
      const notices = page.getByRole('button', { name: /^\d+ notices?$/ });
      if (await notices.isVisible()) {
        await notices.click();
        await page.getByRole('button', { name: 'Close', exact: true }).click();
      }
      await page.evaluate(() => window.scrollTo(0, 0));
    },
  },
  {
    name: 'firmware',
    sizes: ['phone'],
    inReadme: false,
    prepare: async (page, { files }) => {
      await page.getByRole('link', { name: 'Firmware', exact: true }).filter({ visible: true }).click();
      await page.getByLabel('Firmware file').setInputFiles(files.merged);
      await page.getByText('SHA-256', { exact: true }).waitFor();
    },
  },
];

/** Waits until the device's progress is at `percent`. */
async function reached(page: Page, name: string, percent: number): Promise<void> {
  const bar = page.getByRole('article', { name, exact: true }).getByRole('progressbar');
  while (Number(await bar.getAttribute('aria-valuenow')) < percent) await page.evaluate(() => undefined);
}

async function addDevice(page: Page, { name, origin, token }: FleetMember): Promise<void> {
  await page.getByRole('button', { name: 'Add device' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Device' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Address', { exact: true }).fill(origin);
  await dialog.getByLabel('Token', { exact: true }).fill(token);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('article', { name, exact: true }).waitFor();
}

/** Has the device run the chosen firmware, which is the one before that in the picture, and chooses that one. */
async function runsBefore(page: Page, { name }: FleetMember, { app }: World['files']): Promise<void> {
  const card = page.getByRole('article', { name, exact: true });
  await update(page, name);
  await card
    .getByRole('status')
    .filter({ hasText: /^Updated/ })
    .waitFor();
  await page.getByLabel('Firmware file').setInputFiles(app);
  await card.getByRole('status').filter({ hasText: 'Online' }).waitFor();
}

async function update(page: Page, name: string): Promise<void> {
  await page.getByRole('article', { name, exact: true }).getByRole('button', { name: 'Update', exact: true }).click();
  await page.mouse.move(...NOWHERE);
}

/** Holds what is written to `member` from each share of the image on, until `letGo` is called. */
async function holdAt(page: Page, member: FleetMember, shares: readonly number[]): Promise<() => void> {
  let at = 0;
  let letGo = (): void => undefined;
  await page.route(`${member.origin}/ota/chunk*`, async (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get('offset'));
    const share = shares[at];
    if (share !== undefined && offset >= IMAGE.length * share) {
      await new Promise<void>((resolve) => {
        const before = letGo;
        letGo = () => {
          before();
          resolve();
        };
      });
    }
    await route.continue();
  });
  return () => {
    at += 1;
    const open = letGo;
    letGo = () => undefined;
    open();
  };
}

/** A real update of a simulated device in four frames beside each other: ready, twice on the way, updated. */
async function filmStrip(browser: Browser, theme: Theme, files: World['files']): Promise<void> {
  const host = await startHost(PAGE_ALONE);
  const fleet = await startFleet({ count: 1, basePort: 0 });
  try {
    const [member] = fleet;
    if (member === undefined) throw new Error('there is no device to show');
    const page = await browser.newPage({ viewport: { width: 390, height: 1100 }, colorScheme: theme });
    await page.goto(host.url);
    await addDevice(page, member);
    await page.getByLabel('Firmware file').setInputFiles(files.before);
    await runsBefore(page, member, files);
    const card = page.getByRole('article', { name: member.name, exact: true });
    const status = card.getByRole('status');
    const frames: Buffer[] = [await card.screenshot()];
    const letGo = await holdAt(page, member, FRAMES_AT);
    await update(page, member.name);
    for (const share of FRAMES_AT) {
      await reached(page, member.name, share * 100);
      frames.push(await card.screenshot());
      letGo();
    }
    await status.filter({ hasText: /^Updated/ }).waitFor();
    frames.push(await card.screenshot({ animations: 'disabled' }));
    await writeStrip(browser, frames, theme);
    await page.close();
  } finally {
    await host.stop();
    await Promise.all(fleet.map((each) => each.close()));
  }
}

/** Lays the frames side by side, on the page's own paper, and saves them as one picture. */
async function writeStrip(browser: Browser, frames: readonly Buffer[], theme: Theme): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 700 } });
  const pictures = frames.map((frame) => `<img src="data:image/png;base64,${frame.toString('base64')}">`).join('');
  const paper = theme === 'light' ? '#f6f4ef' : '#161513';
  await page.setContent(
    `<body style="margin:0"><div style="display:inline-flex;align-items:start;gap:12px;padding:12px;background:${paper}">${pictures}</div>`,
  );
  const path = join(README, `update${theme === 'dark' ? '-dark' : ''}.png`);
  const bytes = await page.locator('div').screenshot({ path });
  console.log(`${path}: ${(bytes.length / 1000).toFixed(0)} kB`);
  await page.close();
}

async function picture(browser: Browser, scene: Scene, size: Size, theme: Theme, files: World['files']): Promise<void> {
  const host = await startHost(PAGE_ALONE);
  const fleet = await startFleet({ count: 2, basePort: 0 });
  try {
    const page = await browser.newPage({ viewport: SIZES[size], deviceScaleFactor: SCALE, colorScheme: theme });
    await page.goto(host.url);
    await scene.prepare(page, { fleet, files });
    await page.mouse.move(...NOWHERE);
    const bytes = await page.screenshot({ animations: 'disabled' });
    const paths = [
      ...(theme === 'light' ? [join(MANIFEST, `${scene.name}-${size}.png`)] : []),
      ...(scene.inReadme ? [join(README, `moult-${size}${theme === 'dark' ? '-dark' : ''}.png`)] : []),
    ];
    for (const path of paths) {
      await writeFile(path, bytes);
      console.log(`${path}: ${(bytes.length / 1000).toFixed(0)} kB`);
    }
    await page.close();
  } finally {
    await host.stop();
    await Promise.all(fleet.map((member) => member.close()));
  }
}

const scratch = await mkdtemp(join(tmpdir(), 'moult-screenshots-'));
await Promise.all([MANIFEST, README].map((folder) => mkdir(folder, { recursive: true })));
const files = {
  before: join(scratch, 'kitchen-sensor-1.4.1.bin'),
  app: join(scratch, 'kitchen-sensor-1.4.2.bin'),
  merged: join(scratch, 'full-flash.bin'),
};
await writeFile(files.before, BEFORE);
await writeFile(files.app, IMAGE);
await writeFile(files.merged, buildMerged());
const browser = await chromium.launch(await chromiumLaunchOptions());
try {
  for (const scene of SCENES) {
    for (const size of scene.sizes) {
      for (const theme of scene.inReadme ? THEMES : LIGHT) await picture(browser, scene, size, theme, files);
    }
  }
  for (const theme of THEMES) await filmStrip(browser, theme, files);
} finally {
  await browser.close();
  await rm(scratch, { recursive: true });
}
