/** A rollout over a drawer: a board, a lamp, plugs and sketches, each spoken to in its own way, by the page and by its host. */
import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { formImage, type FormOptions } from '../../../src/simulator/forms/options.ts';
import { SimulatedForm } from '../../../src/simulator/forms/simulated-form.ts';
import { servePlug } from '../../../src/simulator/node/tasmota-server.ts';
import { serveWhole } from '../../../src/simulator/node/whole-server.ts';
import { serveLamp } from '../../../src/simulator/node/wled-server.ts';
import { withTasmota } from '../../../src/simulator/tasmota/build.ts';
import type { TasmotaOptions } from '../../../src/simulator/tasmota/options.ts';
import { SimulatedTasmota } from '../../../src/simulator/tasmota/simulated-tasmota.ts';
import { onNthOf } from '../../../src/simulator/whole/faults.ts';
import { withBuild } from '../../../src/simulator/wled/metadata.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import { buildApp, resealed } from '../../firmware/image-builder.ts';
import type { AppPage } from '../app-page.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { useClosing } from '../../host/closing.ts';

const APP = buildApp({ python: false, strings: ['.'.repeat(600)], sizeBytes: 400_000, date: '', time: '' });
const TASMOTA = resealed(withTasmota(APP, { version: '15.2.0', variant: 'tasmota32', builtAt: '2026-07-24T19:38:07' }));
const WLED = resealed(withBuild(APP, { version: '16.0.1', release: 'ESP32' }));
const LOGIN = { user: 'admin', password: 'open-sesame' };
const PIN = '1234';

interface Added {
  readonly name: string;
  readonly origin: string;
  /** What the dialog says of it. */
  readonly told?: string;
  readonly secret?: string;
  readonly login?: typeof LOGIN;
  readonly chip?: string;
  readonly protocol?: string;
}

describe('A rollout over a drawer', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  const closing = useClosing();

  async function served<T>(
    device: T,
    serve: (device: T, at: { port: number }) => Promise<{ origin: string; close: () => Promise<unknown> }>,
  ) {
    const { origin, close } = await serve(device, { port: 0 });
    closing.push(close);
    return { device, origin };
  }
  const plugOf = (options: Partial<TasmotaOptions> = {}) =>
    served(new SimulatedTasmota({ awayMs: 500, password: LOGIN.password, ...options }), servePlug);
  const sketchOf = (options: Partial<FormOptions> = {}) =>
    served(new SimulatedForm({ awayMs: 4_000, firmware: formImage(), ...options }), serveWhole);

  async function add(app: AppPage, { name, origin, told, secret, login, chip, protocol }: Added): Promise<void> {
    await app.button('Add device').first().click();
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByLabel('Address', { exact: true }).fill(origin);
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    if (told !== undefined) await dialog.getByText(told).waitFor();
    if (protocol !== undefined || chip !== undefined) await dialog.getByText('More settings').click();
    if (protocol !== undefined) await dialog.getByRole('radio', { name: protocol }).check();
    if (chip !== undefined) await dialog.getByLabel('Chip', { exact: true }).selectOption(chip);
    if (secret !== undefined) await dialog.getByLabel(/^(Token|PIN)$/).fill(secret);
    if (login !== undefined) {
      await dialog.getByLabel('User name', { exact: true }).fill(login.user);
      await dialog.getByLabel('Password', { exact: true }).fill(login.password);
    }
    await dialog.getByRole('button', { name: 'Save' }).click();
    await app.button(`More for ${name}`).waitFor();
  }

  /** What is said of each device of the rollout on the screen, by its name. */
  async function lines(page: Page): Promise<Readonly<Record<string, string>>> {
    const each = await page
      .locator('rollout-line')
      .evaluateAll((all) =>
        all.map(({ shadowRoot }) =>
          ['.name', '.title'].map((part) => shadowRoot?.querySelector(part)?.textContent.trim() ?? ''),
        ),
      );
    return Object.fromEntries(each.map(([name, title]) => [name ?? '', title ?? '']));
  }

  const ended = (page: Page): Promise<void> =>
    page
      .getByRole('status')
      .filter({ hasText: /^Finished/ })
      .waitFor({ state: 'attached' });

  for (const where of ['host', 'page'] as const) {
    it(`is sent what is for each of them, where updates run in the ${where}`, async () => {
      const board = await journey().device();
      const lamp = await served(new SimulatedWled({ awayMs: 500, pin: PIN }), serveLamp);
      const [plug, crashing] = [await plugOf(), await plugOf()];
      crashing.device.fault = onNthOf('upload', 1, { kind: 'restart', when: { bytes: 1000 } });
      const [sketch, untold] = [await sketchOf({ login: LOGIN, wantsOrigin: true }), await sketchOf()];
      const app = await journey().open(await journey().profile(0.05, where));
      const { page } = app;
      app.knows(board);
      await add(app, { name: 'Board', origin: board.origin, secret: board.token });
      await add(app, { name: 'Lamp', origin: lamp.origin, told: 'This is WLED 16.0.0', secret: PIN });
      await add(app, { name: 'Plug', origin: plug.origin, told: 'This is Tasmota 15.1.0', login: LOGIN });
      await add(app, { name: 'Crashing', origin: crashing.origin, told: 'This is Tasmota 15.1.0', login: LOGIN });
      // Without its password it says nothing, and its chip it tells nobody.
      const byHand = { protocol: 'Upload page (Arduino, ESPEasy)', chip: 'ESP32' };
      await add(app, { name: 'Sketch', origin: sketch.origin, login: LOGIN, ...byHand });
      await add(app, { name: 'Some sketch', origin: untold.origin, told: 'It takes whole files' });

      await app.choose(await journey().file('tasmota32.bin', TASMOTA));
      await page.getByRole('link', { name: 'Update many' }).click();
      const line = (name: string): Locator => page.getByRole('checkbox', { name: new RegExp(`^${name} `) });
      expect(await line('Board').isChecked(), 'another product').to.equal(false);
      for (const [name, why] of [
        ['Lamp', 'it would replace WLED'],
        ['Some sketch', 'doesn’t report its chip'],
      ] as const) {
        expect(await line(name).isDisabled(), name).to.equal(true);
        await page.getByRole('listitem').filter({ hasText: name }).filter({ hasText: why }).waitFor();
      }
      await line('Board').check();
      await app.button('Update 4 devices').click();
      const question = page.getByRole('alertdialog');
      await question.getByText('Board no longer runs ViperHTTP').waitFor();
      await question.getByRole('button', { name: 'Send' }).click();
      await ended(page);
      expect(await lines(page)).to.deep.equal({
        ...{ Board: 'Updated', Plug: 'Updated', Crashing: 'Rolled back', Sketch: 'Accepted by the device' },
      });
      for (const { device } of [board, plug, sketch]) expect(device.runningImage).to.deep.equal(TASMOTA);
      expect(crashing.device.build?.version).to.equal('15.1.0');
      expect(
        [lamp, untold].flatMap(({ device }) => device.requests.filter(({ method }) => method === 'POST')),
      ).to.deep.equal([]);

      // With another file it begins anew, for those that the first was not for.
      await app.choose(await journey().file('wled.bin', WLED));
      expect(await line('Plug').isDisabled()).to.equal(true);
      expect(await line('Lamp').isChecked()).to.equal(true);
      await app.button('Update 2 devices').click();
      await ended(page);
      expect(await lines(page)).to.deep.equal({ Lamp: 'Updated', Sketch: 'Accepted by the device' });
      expect(lamp.device.runningImage).to.deep.equal(WLED);
      expect(plug.device.runningImage).to.deep.equal(TASMOTA);

      await page.getByRole('link', { name: 'History' }).click();
      await page.locator('history-row').nth(5).waitFor();
      const kept = await page.locator('history-row').allTextContents();
      expect(kept).to.have.length(6);
      const addresses = [
        ...app.urls,
        ...[plug, sketch, lamp].flatMap(({ device }) => device.requests.map(({ path }) => path)),
      ];
      for (const secret of [LOGIN.password, PIN, board.token])
        expect(addresses.filter((address) => address.includes(secret))).to.deep.equal([]);
      expect(app.errors.filter((error) => !error.includes('has been blocked by CORS policy'))).to.deep.equal([]);
    });
  }
});
