import { readFile, rm } from 'node:fs/promises';
import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import { buildApp } from '../../firmware/image-builder.ts';
import { AppPage } from '../app-page.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { buildVersion, keptOffline, useOfflineHost } from './offline-host.ts';

const IMAGE = buildApp({ sizeBytes: 128 * 1024 });
const { version: OLD } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
const NEW = `${OLD}-next`;

/** The version that runs in the page, as "More" tells it. */
async function version({ page }: AppPage): Promise<string> {
  await page.getByRole('link', { name: 'More', exact: true }).filter({ visible: true }).click();
  const said = await page.getByText(/^Moult \d/).textContent();
  await page.getByRole('link', { name: 'Devices', exact: true }).filter({ visible: true }).click();
  return (said ?? '').replace('Moult ', '');
}

/** What the browser does by itself once a day, and at every visit. */
async function lookForNewVersion({ page }: AppPage): Promise<void> {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update();
  });
}

const notice = ({ page }: AppPage): Locator => page.getByRole('listitem').filter({ hasText: 'A new version of Moult' });
const reload = (app: AppPage): Locator => notice(app).getByRole('button', { name: 'Reload' });

describe('A new version of the page', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  const host = useOfflineHost();
  let newBuild: string;

  before(async () => {
    newBuild = await buildVersion(NEW);
  });
  after(() => rm(newBuild, { recursive: true }));

  /** Opens the old version in a tab, and marks the document: a reload would lose the mark. */
  async function openOld(context = journey().profile()) {
    const app = await AppPage.open(await (await context).newPage(), host().url);
    await keptOffline(app);
    await app.page.evaluate(() => (document.documentElement.dataset['mark'] = 'same'));
    return app;
  }
  const isSameDocument = ({ page }: AppPage): Promise<boolean> =>
    page.evaluate(() => document.documentElement.dataset['mark'] === 'same');

  it('waits, says so, and is there after a press on “Reload”', async () => {
    const app = await openOld();
    expect(await version(app)).to.equal(OLD);
    await host().serve(newBuild);
    await lookForNewVersion(app);
    await notice(app).waitFor();
    expect(await version(app)).to.equal(OLD);
    expect(await isSameDocument(app)).to.equal(true);
    await reload(app).click();
    await app.page.waitForFunction(() => document.documentElement.dataset['mark'] === undefined);
    expect(await version(app)).to.equal(NEW);
    expect(await notice(app).count()).to.equal(0);
    app.expectAllWell();
  });

  it('is still the old one after an ordinary reload, and says again that a new one waits', async () => {
    const app = await openOld();
    await host().serve(newBuild);
    await lookForNewVersion(app);
    await notice(app).waitFor();
    await app.page.reload();
    await notice(app).waitFor();
    expect(await version(app)).to.equal(OLD);
  });

  it('never reloads during an update: the button waits until that has ended', async () => {
    const served = await journey().device();
    // The third write is answered when the test has seen what it came for.
    let goOn = (): void => undefined;
    const seen = new Promise<void>((resolve) => (goOn = resolve));
    const app = await openOld();
    await app.page.route('**/ota/chunk?*', async (route) => {
      if (!route.request().url().includes('offset=0')) await seen;
      await route.continue();
    });
    await app.addDevice('Kitchen sensor', served);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', 'Kitchen sensor');
    await app.says('Writing', 'Kitchen sensor');
    await host().serve(newBuild);
    await lookForNewVersion(app);
    await notice(app).filter({ hasText: 'waits until the updates end' }).waitFor();
    expect(await reload(app).isDisabled()).to.equal(true);
    expect(await isSameDocument(app)).to.equal(true);
    goOn();
    await app.says('Updated', 'Kitchen sensor');
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    expect(await isSameDocument(app)).to.equal(true);
    await reload(app).click();
    await app.page.waitForFunction(() => document.documentElement.dataset['mark'] === undefined);
    expect(await version(app)).to.equal(NEW);
  });

  it('waits for an update in another tab, too', async () => {
    const served = await journey().device();
    let goOn = (): void => undefined;
    const seen = new Promise<void>((resolve) => (goOn = resolve));
    const context = await journey().profile();
    const updating = await openOld(Promise.resolve(context));
    await updating.page.route('**/ota/chunk?*', async (route) => {
      await seen;
      await route.continue();
    });
    await updating.addDevice('Kitchen sensor', served);
    await updating.choose(await journey().file('kitchen.bin', IMAGE));
    const idle = await openOld(Promise.resolve(context));
    await updating.press('Update', 'Kitchen sensor');
    await updating.says('Writing', 'Kitchen sensor');
    await host().serve(newBuild);
    await lookForNewVersion(idle);
    await reload(idle).click();
    await notice(idle).filter({ hasText: 'another tab is updating a device' }).waitFor();
    expect(await isSameDocument(idle)).to.equal(true);
    goOn();
    await updating.says('Updated', 'Kitchen sensor');
    await reload(idle).click();
    await idle.page.waitForFunction(() => document.documentElement.dataset['mark'] === undefined);
    expect(await version(idle)).to.equal(NEW);
    // The other tab is left as it is, until the person says so there.
    expect(await isSameDocument(updating)).to.equal(true);
    await reload(updating).click();
    await updating.page.waitForFunction(() => document.documentElement.dataset['mark'] === undefined);
    expect(await version(updating)).to.equal(NEW);
  });
});
