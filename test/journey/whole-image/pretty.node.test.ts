/** A sketch with PrettyOTA, found by its address and updated by the host: from “Add device” to “Updated”. */
import { expect } from 'chai';
import type { PrettyOptions } from '../../../src/simulator/pretty-ota/options.ts';
import { SimulatedPretty } from '../../../src/simulator/pretty-ota/simulated-pretty.ts';
import { serveWhole } from '../../../src/simulator/node/whole-server.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import type { AppPage } from '../app-page.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { useClosing } from '../../host/closing.ts';

const NAME = 'Gate';
const LOGIN = { user: 'admin', password: 'open-sesame' };
/** More than a megabyte, which a wrong password must not cost. */
const RECIPE = { python: false, sizeBytes: 1_200_000, project: 'arduino-lib-builder' } as const;
const IMAGE = buildApp({
  ...RECIPE,
  strings: ['/prettyota/start', '/prettyota/queryInfo', 'SetAppBuildDate Jul 24 2026', 'SetAppBuildTime 19:38:07'],
});
const WITHOUT = buildApp({ ...RECIPE, strings: ['.'.repeat(300)] });

describe('A sketch with PrettyOTA', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  const closing = useClosing();

  async function served(options: Partial<PrettyOptions> = {}) {
    const device = new SimulatedPretty({ awayMs: 4_000, login: LOGIN, ...options });
    const { origin, close } = await serveWhole(device, { port: 0 });
    closing.push(close);
    return { device, origin };
  }

  async function add(app: AppPage, origin: string, password: string): Promise<void> {
    await app.button('Add device').first().click();
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByLabel('Address', { exact: true }).fill(origin);
    await dialog.getByLabel('Name', { exact: true }).fill(NAME);
    // What it is it tells without its login, which is then asked for.
    await dialog.getByText('This is PrettyOTA').waitFor();
    await dialog.getByLabel('User name', { exact: true }).fill(LOGIN.user);
    await dialog.getByLabel('Password', { exact: true }).fill(password);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await app.card(NAME).waitFor();
  }

  it('is found by its address, signed in to by the host, and proven by the moment of its build', async () => {
    const { device, origin } = await served();
    const app = await journey().open();
    await add(app, origin, LOGIN.password);
    await app.choose(await journey().file('gate.bin', IMAGE));
    await app.press('Update', NAME);
    const said = await app.says('Updated', NAME);
    expect(said).to.include('restarted and runs the build of Jul 24 2026 19:38:07 now, as the file said');
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(app.urls.filter((url) => url.includes(LOGIN.password))).to.deep.equal([]);
    const asked = app.urls.filter((url) => url.startsWith(origin) && url.includes('/prettyota/'));
    expect(asked, 'what the page asks the device').to.deep.equal([]);
  });

  it('is not asked to begin with a wrong password, and the card says what it wants', async () => {
    const { device, origin } = await served();
    const app = await journey().open();
    await add(app, origin, 'another');
    await app.choose(await journey().file('gate.bin', IMAGE));
    await app.press('Update', NAME);
    expect(await app.says('Failed', NAME)).to.include('Enter those of its web page under Edit');
    expect(device.requests.filter(({ path }) => /start|upload/.test(path))).to.deep.equal([]);
  });

  it('is asked about before it gets a file that would be its last one', async () => {
    const { device, origin } = await served();
    const app = await journey().open();
    await add(app, origin, LOGIN.password);
    await app.choose(await journey().file('other.bin', WITHOUT));
    await app.refuses('the file shows no sign of it', NAME);
    expect(device.requests.filter(({ path }) => /start|upload/.test(path))).to.deep.equal([]);
  });
});
