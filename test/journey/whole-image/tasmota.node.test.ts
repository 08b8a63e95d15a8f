/** A Tasmota plug, which lets no page read its answers: from “Add device” to its proven end, by the host. */
import { expect } from 'chai';
import { servePlug } from '../../../src/simulator/node/tasmota-server.ts';
import { withTasmota } from '../../../src/simulator/tasmota/build.ts';
import type { TasmotaOptions } from '../../../src/simulator/tasmota/options.ts';
import { SimulatedTasmota } from '../../../src/simulator/tasmota/simulated-tasmota.ts';
import { buildApp, resealed } from '../../firmware/image-builder.ts';
import type { AppPage } from '../app-page.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';
import { useClosing } from '../../host/closing.ts';

const NAME = 'Cellar plug';
const PASSWORD = 'open-sesame';
/** More than a megabyte, as Tasmota for an ESP32 is. */
const IMAGE = resealed(
  withTasmota(buildApp({ python: false, strings: ['.'.repeat(600)], sizeBytes: 1_200_000, date: '', time: '' }), {
    ...{ version: '15.2.0', variant: 'tasmota32', builtAt: '2026-07-24T19:38:07' },
  }),
);

describe('A Tasmota plug', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();
  const closing = useClosing();

  async function served(options: Partial<TasmotaOptions>): Promise<{ plug: SimulatedTasmota; origin: string }> {
    const plug = new SimulatedTasmota({ awayMs: 500, password: PASSWORD, ...options });
    const { origin, close } = await servePlug(plug, { port: 0 });
    closing.push(close);
    return { plug, origin };
  }

  /** What it is it tells without its password. */
  async function add(app: AppPage, origin: string, password: string): Promise<void> {
    await app.button('Add device').first().click();
    const dialog = app.page.getByRole('dialog', { name: 'Device' });
    await dialog.getByLabel('Address', { exact: true }).fill(origin);
    await dialog.getByLabel('Name', { exact: true }).fill(NAME);
    await dialog.getByText('This is Tasmota 15.1.0').waitFor();
    expect(await dialog.getByLabel('User name', { exact: true }).getAttribute('placeholder')).to.equal('admin');
    await dialog.getByLabel('Password', { exact: true }).fill(password);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await app.card(NAME).waitFor();
  }

  const posts = ({ requests }: SimulatedTasmota): number => requests.filter(({ method }) => method === 'POST').length;

  it('is found by the host, and updated by it over safeboot, which is said before', async () => {
    const { plug, origin } = await served({ layout: 'safeboot', slotBytes: 2_949_120, wantsReferer: true });
    const app = await journey().open();
    await add(app, origin, PASSWORD);
    await app.choose(await journey().file('tasmota32.bin', IMAGE));
    await app.card(NAME).getByText('its old firmware is overwritten', { exact: false }).first().waitFor();
    await app.press('Update', NAME);
    const said = await app.says('Updated', NAME);
    expect(said).to.include('Tasmota 15.2.0');
    expect(plug.runningImage).to.deep.equal(IMAGE);
    expect(posts(plug)).to.equal(1);
    const addresses = [...app.urls, ...plug.requests.map(({ path }) => path)];
    expect(addresses.filter((address) => address.includes(PASSWORD))).to.deep.equal([]);
    expect(app.errors).to.deep.equal([]);
  });

  it('is sent not a byte of the file with a wrong password, and the card says which it wants', async () => {
    const { plug, origin } = await served({});
    const app = await journey().open();
    await add(app, origin, 'another');
    await app.choose(await journey().file('tasmota32.bin', IMAGE));
    await app.press('Update', NAME);
    const said = await app.says('Failed', NAME);
    expect(said).to.match(/user name and password.*Enter those of its web page under Edit/);
    expect(posts(plug)).to.equal(0);
    expect(plug.build?.version).to.equal('15.1.0');
    const addresses = [...app.urls, ...plug.requests.map(({ path }) => path)];
    expect(addresses.filter((address) => address.includes('another'))).to.deep.equal([]);
  });
});
