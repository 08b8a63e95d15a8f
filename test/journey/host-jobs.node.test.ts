/** An update that the host runs: from the press to its end, with pages that come and go meanwhile. */
import { expect } from 'chai';
import { buildApp } from '../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney } from './journey.ts';

const IMAGE = buildApp({ sizeBytes: 96 * 1024, version: '1.4.2' });
const NAME = 'Kitchen sensor';
const DOES_IT = 'The host is doing this. You can close the page.';

describe('An update on the host', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('goes on without the page, and ends before the eyes of another one, opened by its link', async () => {
    // Slow enough for the page to be closed in the middle, and held there until the other one looks.
    const served = await journey().device({ costs: { eraseMsPerBlock: 40, programMsPerBlock: 40, roundTripMs: 20 } });
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
    const served = await journey().device({ costs: { eraseMsPerBlock: 40, programMsPerBlock: 40, roundTripMs: 20 } });
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
});
