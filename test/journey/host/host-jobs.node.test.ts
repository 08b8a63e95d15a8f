/** An update that the host runs: from the press to its end, with pages that come and go meanwhile. */
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { buildApp } from '../../firmware/image-builder.ts';
import { ChildHosts } from '../../host/jobs/killed/child-hosts.ts';
import { appBytes } from '../../update/scripted/images.ts';
import { holdSlots } from '../../update/world/slot-bytes.ts';
import type { AppPage } from '../app-page.ts';
import { APP, JOURNEY_MS, useJourney, type ServedDevice } from '../journey.ts';

const IMAGE = buildApp({ sizeBytes: 96 * 1024, version: '1.4.2' });
/** What a device ran before. */
const BEFORE = appBytes(1_000);
/** Slow enough for something to be done in the middle. */
const SLOW = { eraseMsPerBlock: 40, programMsPerBlock: 40, roundTripMs: 20 };
const NAME = 'Kitchen sensor';
const DOES_IT = 'The host is doing this. You can close the page.';

describe('An update on the host', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('goes on without the page, and is seen to its end by another one that its link opened', async () => {
    // Slow enough for the page to be closed in the middle, and held there until the other one looks.
    const served = await journey().device({ costs: SLOW });
    const app = await journey().open(await journey().profile(0.05, 'host'));
    const { page } = app;
    await app.addDevice(NAME, served);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', NAME);
    await app.card(NAME).getByText(DOES_IT).waitFor();
    expect(
      app.urls.filter((url) => url.startsWith(served.origin)),
      'what the page asks the device',
    ).to.deep.equal([]);

    await app.press('History and sharing', NAME);
    const sheet = page.getByRole('dialog', { name: 'More about this device' });
    await sheet.getByRole('heading', { name: 'Follow this update on another phone' }).waitFor();
    const link = await sheet
      .locator('copy-button')
      .first()
      .evaluate((button: HTMLElement & { readonly text?: string }) => button.text ?? '');
    expect(new URL(link).hash).to.match(/^#job=[0-9a-f]{32}\.[\w-]{22}$/);
    await page.close();

    const other = await journey().open(await journey().profile(0.05, 'host'), link);
    await other.page.getByRole('alertdialog', { name: `Follow the update of ${NAME}?` }).waitFor();
    expect(await other.card(NAME).count(), 'nothing is saved before the answer').to.equal(0);
    await other.page.getByRole('button', { name: 'Follow' }).click();
    await other.card(NAME).waitFor();
    expect(other.page.url(), 'the key has left the address').not.to.contain('job');
    await other.says('Updated', NAME);
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    expect(other.errors).to.deep.equal([]);
    await other.page.reload();
    await other.page.goto(`${journey().host.url}/#/history`);
    const lines = other.page.locator('history-row');
    await lines.first().waitFor();
    expect(await lines.count(), 'lines in the history').to.equal(1);
  });

  it('stands on the card at once after a reload, and is told there to pause and to go on', async () => {
    const served = await journey().device({ costs: SLOW });
    const app = await journey().open(await journey().profile(0.05, 'host'));
    await app.addDevice(NAME, served);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', NAME);
    await app.card(NAME).getByText(DOES_IT).waitFor();
    await app.press('Pause', NAME);
    await app.says('Paused', NAME);
    await app.page.reload();
    await app.says('Paused', NAME);
    await app.press('Resume', NAME);
    await app.says('Updated', NAME);
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    expect(app.errors).to.deep.equal([]);
  });

  /** Another browser, with the device saved and the file chosen. */
  async function ready(served: ServedDevice, url?: string): Promise<AppPage> {
    const app = await journey().open(await journey().profile(0.05, 'host'), url);
    await app.addDevice(NAME, served);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    return app;
  }

  /** Both slots, every byte of them, and one update in all. */
  function holdOneUpdate({ device }: ServedDevice): void {
    expect(device.runningImage).to.deep.equal(IMAGE);
    holdSlots({ device, image: IMAGE, firmware: BEFORE });
    expect(device.requests.filter(({ path }) => path === '/ota/begin').length, 'sessions').to.equal(1);
    expect([device.restarts, device.bytesProgrammedTwice]).to.deep.equal([1, 0]);
  }

  it('begins once where two pages press at the same time, and the second is told who was first', async () => {
    const served = await journey().device({ costs: SLOW, firmware: BEFORE, rollback: true });
    const pages = [await ready(served), await ready(served)] as const;
    await Promise.all(pages.map((app) => app.press('Update', NAME)));
    const told = await Promise.any(
      pages.map(async (app) => {
        await app.page.getByText('is already being updated, for ').first().waitFor();
        return app;
      }),
    );
    const first = pages.find((app) => app !== told);
    if (first === undefined) throw new Error('both were told');
    await first.card(NAME).getByText(DOES_IT).waitFor();
    expect(await told.card(NAME).getByText(DOES_IT).count()).to.equal(0);
    await first.says('Updated', NAME);
    holdOneUpdate(served);
    for (const app of pages) expect(app.errors).to.deep.equal([]);
  });

  /**
   * Freezes the page as a phone does that sleeps; returns a function that wakes it. The small headless Chromium freezes
   * no page, so its scripts are made to stand still, too.
   */
  async function sleeping(page: Page): Promise<() => Promise<void>> {
    const session = await page.context().newCDPSession(page);
    const paused = new Promise((resolve) => session.once('Debugger.paused', resolve));
    await session.send('Debugger.enable');
    await session.send('Debugger.pause');
    await paused;
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    return async () => {
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await session.send('Debugger.resume');
      await session.send('Debugger.disable');
    };
  }

  it('goes on while the phone sleeps, and the page that wakes up shows its end', async () => {
    const served = await journey().device({ costs: SLOW, firmware: BEFORE, rollback: true });
    const { device } = served;
    const marked = new Promise<void>((resolve) => {
      device.fault = ({ route }) => {
        if (route === 'mark-valid') resolve();
        return null;
      };
    });
    const app = await ready(served);
    const { page } = app;
    await app.press('Update', NAME);
    await app.card(NAME).getByText(DOES_IT).waitFor();
    const wake = await sleeping(page);
    // Nobody wakes it, and the device is updated all the same.
    await marked;
    await wake();
    await app.says('Updated', NAME);
    holdOneUpdate(served);
    expect(app.errors).to.deep.equal([]);
  });

  it('waits where the host was killed, and goes on when the page says so, which has the token', async () => {
    const hosts = new ChildHosts(APP);
    try {
      const served = await journey().device({ costs: SLOW, firmware: BEFORE, rollback: true });
      const written = new Promise<void>((resolve) => {
        served.device.fault = ({ route, nth }) => {
          if (route === 'chunk' && nth === 6) resolve();
          return null;
        };
      });
      const host = await hosts.start();
      const { port } = host.page;
      const app = await ready(served, `http://localhost:${port}`);
      await app.press('Update', NAME);
      await app.card(NAME).getByText(DOES_IT).waitFor();
      // Begun, and something of it is there: then it is resumed, not begun anew.
      await written;
      await host.end('SIGKILL');
      await hosts.start({ port });
      // As much as the device had acknowledged, though the record of the job was behind.
      await app
        .card(NAME)
        .getByRole('button', { name: /^Resume from [1-9]\d* %$/ })
        .click();
      await app.says('Updated', NAME);
      holdOneUpdate(served);
    } finally {
      hosts.close();
    }
  });
});
