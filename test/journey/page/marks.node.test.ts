import { expect } from 'chai';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { fleetName } from '../../../src/simulator/node/fleet.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import type { AppPage } from '../app-page.ts';
import { JOURNEY_MS, useJourney, type ServedDevice } from '../journey.ts';
import { standing } from '../rollout/standing.ts';

/** What a person has to do, once everything that is typed is typed: presses, picks in the system's own window, drops, scrolls. */
const MOST = { eachBuild: 1, prepared: 4, byLink: 4, fortySetUp: 9, fortyUpdated: 3 } as const;

const FORTY = 40;
/** By position. */
const OFF = 25;
const WRONG_TOKENS = [4, 17];

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

const build = (version: string): Uint8Array => buildApp({ sizeBytes: 64 * 1024, project: 'kitchen-sensor', version });

/** Counts what a person does. What has to be scrolled to counts twice. */
class Gestures {
  count = 0;
  readonly #page: Page;

  constructor({ page }: AppPage) {
    this.#page = page;
  }

  async press(what: Locator): Promise<void> {
    await what.waitFor();
    if (!(await what.evaluate(isInSight))) this.count += 1;
    this.count += 1;
    await what.click();
  }

  async pick(what: Locator, path: string): Promise<void> {
    const chooser = this.#page.waitForEvent('filechooser');
    await this.press(what);
    this.count += 1;
    await (await chooser).setFiles(path);
  }
}

/** Whether the middle of it is in the window, and nothing lies over it. */
function isInSight(element: Element): boolean {
  const { x, y, width, height } = element.getBoundingClientRect();
  const middle = [x + width / 2, y + height / 2] as const;
  let found = document.elementFromPoint(...middle);
  while (found !== null && found !== element) {
    const within: Element | null = found.shadowRoot?.elementFromPoint(...middle) ?? null;
    if (within === null || within === found) return element.contains(found);
    found = within;
  }
  return found === element;
}

describe('What takes few gestures', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('is each build after the first, on the bench: one', async () => {
    const served = await journey().device();
    const context = await journey().profile();
    // The system's own window, which nothing can operate: the file it returns is one that the browser itself keeps.
    // As text: the tests' compiler marks functions by a helper that no page has.
    await context.addInitScript({
      content: `window.showOpenFilePicker = async () => [
        await (await navigator.storage.getDirectory()).getFileHandle('firmware.bin', { create: true }),
      ];`,
    });
    const app = await journey().open(context);
    const { page } = app;
    const write = (version: string): Promise<void> =>
      page.evaluate(
        async (bytes) => {
          const folder = await navigator.storage.getDirectory();
          const file = await (await folder.getFileHandle('firmware.bin', { create: true })).createWritable();
          await file.write(Uint8Array.from(bytes));
          await file.close();
        },
        [...build(version)],
      );
    await write('1.0.0');
    await app.addDevice('Kitchen sensor', served);
    await app.button('Watch a file').click();
    await app.judged();
    await app.press('Update', 'Kitchen sensor');
    await app.says('Updated', 'Kitchen sensor');

    for (const version of ['1.0.1', '1.0.2']) {
      await write(version);
      await page.getByRole('region', { name: 'What to send' }).getByText(version, { exact: true }).waitFor();
      const gestures = new Gestures(app);
      await gestures.press(app.card('Kitchen sensor').getByRole('button', { name: 'Update', exact: true }));
      expect(await app.says(`Updated. Kitchen sensor runs ${version}`, 'Kitchen sensor')).to.contain('from slot');
      expect(gestures.count).to.be.at.most(MOST.eachBuild);
    }
    app.expectAllWell();
  });

  it('is an update in the field from a phone that has device and file', async () => {
    const served = await journey().device();
    const context = await journey().profile(undefined, 'page', PHONE);
    const atHome = await journey().open(context);
    await atHome.addDevice('Kitchen sensor', served);
    await atHome.choose(await journey().file('kitchen.bin', build('1.4.2')));
    await atHome.page.close();

    const app = await journey().open(context);
    app.knows(served);
    const gestures = new Gestures(app);
    await gestures.press(app.button(/^kitchen\.bin/));
    await app.judged();
    await gestures.press(app.card('Kitchen sensor').getByRole('button', { name: 'Update', exact: true }));
    await app.says('Updated. Kitchen sensor runs 1.4.2', 'Kitchen sensor');
    expect(gestures.count).to.be.at.most(MOST.prepared);
    expect(await app.button('Watch a file').count(), 'nobody builds firmware on a phone').to.equal(0);
    app.expectAllWell();
  });

  it('is an update in the field from a phone that has nothing but the code of the device', async () => {
    const served = await journey().device();
    const link = `#/add?name=Kitchen+sensor&address=${encodeURIComponent(served.origin)}`;
    const app = await journey().open(await journey().profile(undefined, 'page', PHONE), journey().host.url + link);
    app.knows(served);
    const { page } = app;
    const gestures = new Gestures(app);
    const dialog = page.getByRole('dialog', { name: 'Device' });
    const token = await dialog.getByLabel('Token', { exact: true }).elementHandle();
    // Nothing is tapped before the token is typed.
    await page.waitForFunction((field) => (field.getRootNode() as ShadowRoot).activeElement === field, token);
    await page.keyboard.insertText(served.token);
    await gestures.press(dialog.getByRole('button', { name: 'Save' }));
    await app.card('Kitchen sensor').waitFor();
    const file = await journey().file('kitchen.bin', build('1.4.2'));
    await gestures.pick(page.getByLabel('Firmware file'), file);
    await app.judged();
    await gestures.press(app.card('Kitchen sensor').getByRole('button', { name: 'Update', exact: true }));
    await app.says('Updated. Kitchen sensor runs 1.4.2', 'Kitchen sensor');
    expect(gestures.count).to.be.at.most(MOST.byLink);
    app.expectAllWell();
  });

  it('are forty devices from a list, and their update, which names the three that it did not reach', async () => {
    const fleet: ServedDevice[] = [];
    for (let at = 0; at < FORTY; at += 1) fleet.push(await journey().device());
    await fleet[OFF]?.close();
    const lines = fleet.map(({ origin, token }, at) =>
      [fleetName(at), origin, WRONG_TOKENS.includes(at) ? 'f'.repeat(token.length) : token].join(),
    );
    const list = await journey().file(
      'devices.csv',
      new TextEncoder().encode(`name,address,token\n${lines.join('\n')}`),
    );
    const app = await journey().open();
    for (const each of fleet) app.knows(each);
    const { page } = app;

    const settingUp = new Gestures(app);
    await settingUp.press(page.getByRole('link', { name: /^Import a list/ }));
    await settingUp.pick(page.getByLabel('Import a file'), list);
    await settingUp.press(app.button('Import'));
    await settingUp.press(page.getByRole('link', { name: 'Go to the devices' }));
    await page
      .locator('device-row')
      .nth(FORTY - 1)
      .waitFor({ state: 'attached' });
    expect(settingUp.count).to.be.at.most(MOST.fortySetUp);

    const updating = new Gestures(app);
    await app.drop(
      await journey().file('sensor.bin', build('2.0.0')),
      page.getByRole('region', { name: 'What to send' }),
    );
    updating.count += 1;
    await app.judged();
    await updating.press(page.getByRole('link', { name: 'Update many' }));
    await updating.press(app.button(`Update ${FORTY} devices`));
    await standing(page, /^Finished\. 37 of 40 succeeded, 3 skipped/);
    expect(updating.count).to.be.at.most(MOST.fortyUpdated);
    const attention = page.getByRole('region', { name: 'Needs attention' });
    for (const at of [...WRONG_TOKENS, OFF])
      await attention.getByRole('button', { name: `Edit ${fleetName(at)}` }).waitFor();
    expect(await attention.getByText('The device refused the token').count()).to.equal(WRONG_TOKENS.length);
    expect(await attention.getByText('No answer came').count()).to.equal(1);
    await app.button('Retry the 3 skipped devices').waitFor();
  });
});
