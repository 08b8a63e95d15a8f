import { expect } from 'chai';
import { buildApp } from '../../firmware/image-builder.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { keptOffline } from './offline-host.ts';

const IMAGE = buildApp({ sizeBytes: 128 * 1024, version: '1.4.2' });

describe('A file shared from another app', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('is shown, is kept when the person says so, and updates a device', async () => {
    const served = await journey().device();
    const app = await journey().open();
    await app.addDevice('Kitchen sensor', served);
    await keptOffline(app);
    const { page } = app;
    // What the system does for a share target: a form with the file, posted to the manifest's address.
    const target = await page.evaluate(async () => {
      const { href } = document.querySelector<HTMLLinkElement>('link[rel=manifest]') ?? { href: '' };
      const manifest = (await (await fetch(href)).json()) as {
        share_target: { action: string; method: string; enctype: string; params: { files: { name: string }[] } };
      };
      const { action, method, enctype, params } = manifest.share_target;
      const form = document.createElement('form');
      Object.assign(form, { action: new URL(action, href).href, method, enctype });
      const field = document.createElement('input');
      Object.assign(field, { type: 'file', name: params.files[0]?.name, id: 'shared' });
      form.append(field);
      document.body.append(form);
      return form.action;
    });
    await page.locator('#shared').setInputFiles(await journey().file('shared kitchen.bin', IMAGE));
    await Promise.all([page.waitForURL(/#\/firmware$/), page.evaluate(() => document.querySelector('form')?.submit())]);
    await app.judged();
    await page.getByText('Another app or a web page shared shared kitchen.bin.').waitFor();
    expect(page.url()).not.to.contain('?');
    expect(page.url()).not.to.equal(target);
    const inLibrary = page.getByRole('button', { name: /^shared kitchen\.bin/ }).first();
    expect(await inLibrary.count()).to.equal(0);

    // Told once, and kept: a reload shows it in the library and says nothing more.
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Keep it' }).waitFor({ state: 'detached' });
    await page.reload();
    await inLibrary.click();
    await app.judged();
    expect(await page.getByText('Another app or a web page').count()).to.equal(0);
    await page.getByRole('link', { name: 'Devices', exact: true }).filter({ visible: true }).click();
    await app.press('Update', 'Kitchen sensor');
    await app.says('Updated', 'Kitchen sensor');
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    app.expectAllWell();
  });

  it('of any web page costs the library nothing', async () => {
    const app = await journey().open();
    await keptOffline(app);
    const { page } = app;
    await app.choose(await journey().file('mine.bin', IMAGE));
    await app.judged();
    const moult = page.url().replace(/#.*$/, '');
    // 17 MB in one file, then two files.
    for (const files of [[17], [1, 1]]) {
      await page.goto(moult);
      await Promise.all([
        page.waitForURL(/#\/firmware$/),
        page.evaluate((sizes) => {
          const transfer = new DataTransfer();
          for (const mb of sizes) transfer.items.add(new File([new Uint8Array(mb * 1024 * 1024)], `${mb}.bin`));
          const form = document.createElement('form');
          Object.assign(form, { action: '/share', method: 'post', enctype: 'multipart/form-data' });
          const field = document.createElement('input');
          Object.assign(field, { type: 'file', name: 'firmware', multiple: true, files: transfer.files });
          form.append(field);
          document.body.append(form);
          form.submit();
        }, files),
      ]);
      await page.getByText(/shared, and n.* accepted\. Choose the file under “Firmware”\.$/).waitFor();
      const kept = await page.evaluate(async () => {
        const names = (await caches.keys()).filter((name) => name === 'moult-shared');
        return Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
      });
      expect(kept.join('')).to.match(/^0?$/);
    }
    await page
      .getByRole('button', { name: /^mine\.bin|^kitchen/ })
      .first()
      .waitFor();
    app.expectAllWell();
  });

  it('that could not be kept is asked for once more, and is no mistake of the page', async () => {
    const app = await journey().open();
    await keptOffline(app);
    const { page } = app;
    // Where the worker leads a share that found no room.
    await page.goto(new URL('/?shared=lost#/firmware', page.url()).href);
    await page.getByText(/^No shared file arrived; .* Choose the file under “Firmware”\.$/).waitFor();
    expect(await page.getByText('Moult ran into an error').count()).to.equal(0);
    expect(page.url()).not.to.contain('?');
    app.expectAllWell();
  });
});
