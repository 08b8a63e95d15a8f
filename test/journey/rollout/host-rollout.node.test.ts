/** A rollout that the host runs: begun on one page, which is closed, and seen to its end on another one. */
import { expect } from 'chai';
import { buildApp } from '../../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney, type ServedDevice } from '../journey.ts';
import { saveFleet } from '../saved-devices.ts';
import { standing } from './standing.ts';

const IMAGE = buildApp({ sizeBytes: 64 * 1024, version: '1.4.2' });
const COUNT = 4;
const DOES_IT = 'The host is doing this. You can close the page.';

describe('A rollout on the host', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  /** A rollout to so many devices, begun on a page. `eraseMs`: what the device in this place takes to erase 4 KiB. */
  async function begun(count: number, eraseMs: (at: number) => number) {
    const fleet: ServedDevice[] = [];
    for (let at = 0; at < count; at += 1) {
      const costs = { eraseMsPerBlock: eraseMs(at), programMsPerBlock: 40, roundTripMs: 20 };
      fleet.push(await journey().device({ costs }));
    }
    const app = await journey().open(await journey().profile(0.05, 'host'));
    await saveFleet(app.page, fleet);
    await app.choose(await journey().file('evening.bin', IMAGE));
    await app.page.getByRole('link', { name: 'Update many' }).click();
    await app.page.getByLabel(`All devices (${count})`).check();
    await app.button(`Update ${count} devices`).click();
    return { fleet, app };
  }

  it('goes on without the page, and is seen to its end by another one that its link opened', async () => {
    // Slow enough for the page to be closed in the middle.
    const { fleet, app } = await begun(COUNT, () => 40);
    const { page } = app;
    await page.getByText(DOES_IT).waitFor();
    await standing(page, /^The first wave is running/);
    await page.getByText('Follow this rollout on another phone').click();
    const link = await page
      .locator('rollout-follow copy-button')
      .evaluate((button: HTMLElement & { readonly text?: string }) => button.text ?? '');
    expect(new URL(link).hash).to.match(/^#rollout=[0-9a-f]{32}\.[\w-]{22}$/);
    const direct = app.urls.filter((url) => fleet.some(({ origin }) => url.startsWith(origin)));
    expect(direct, 'what the page asks the devices').to.deep.equal([]);
    await page.close();

    const other = await journey().open(await journey().profile(0.05, 'host'), link);
    await other.page.getByRole('alertdialog', { name: /^Follow the rollout of / }).waitFor();
    await other.page.getByRole('button', { name: 'Follow' }).click();
    await other.page.getByRole('heading', { name: 'Rollout of 1.4.2' }).waitFor();
    expect(other.page.url(), 'the key has left the address').to.match(/#\/rollout$/);
    await other.page.getByText(DOES_IT).waitFor();
    await standing(other.page, /^Finished\. All 4 succeeded/);
    for (const { device } of fleet) {
      expect(device.runningImage).to.deep.equal(IMAGE);
      expect(device.requests.filter(({ path }) => path.endsWith('/begin')).length, 'updates begun').to.equal(1);
    }
    expect(other.errors).to.deep.equal([]);

    // The page remembers it until it is put away; each end is one line of the history.
    await other.page.reload();
    await standing(other.page, /^Finished\. All 4 succeeded/);
    await other.page.goto(`${journey().host.url}/#/history`);
    const lines = other.page.locator('history-row');
    await lines.nth(COUNT - 1).waitFor();
    expect(await lines.count(), 'lines in the history').to.equal(COUNT);
  });

  it('is paused and resumed from a page that was reloaded', async () => {
    // The second one is slow enough to be paused in the middle.
    const { fleet, app } = await begun(2, (at) => (at === 0 ? 40 : 300));
    const { page } = app;
    await page.getByText(DOES_IT).waitFor();
    // On a phone what it says takes one line or two; its buttons stay under the finger.
    await page.setViewportSize({ width: 390, height: 780 });
    await standing(page, /^Rolling out/);
    const before = await app.button('Pause').boundingBox();
    const beside = await app.button('Stop after the running ones').boundingBox();
    await app.button('Pause').click();
    await standing(page, /^Paused/);
    expect(await app.button('Resume').boundingBox()).to.deep.equal(before);
    expect(await app.button('Stop after the running ones').boundingBox()).to.deep.equal(beside);
    await page.reload();
    await standing(page, /^Paused/);
    await app.button('Resume').click();
    await standing(page, /^Finished\. Both succeeded/);
    expect(fleet.every(({ device }) => Buffer.compare(device.runningImage, IMAGE) === 0)).to.equal(true);
    expect(app.errors).to.deep.equal([]);
  });
});
