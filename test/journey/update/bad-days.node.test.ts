import { expect } from 'chai';
import { OBJECTION_MS } from '../../../src/page/lock.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { onNth } from '../../../src/simulator/faults.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { buildMerged } from '../../firmware/flash-builder.ts';
import type { AppPage } from '../app-page.ts';
import { Brake, BRAKED } from '../brake.ts';
import { JOURNEY_MS, useJourney, type ServedDevice } from '../journey.ts';

const NAME = 'Kitchen sensor';
const IMAGE = buildApp({ sizeBytes: 512 * 1024, version: '1.4.2' });
/** What another tab sends. */
const NEXT = buildApp({ sizeBytes: 256 * 1024, version: '1.4.3' });
const HALF = IMAGE.length / 2;
const BLOCK = 4096;

/** The most requests of the page that were neither answered nor given up at one time, from now on. */
async function requestsAtOnce({ page }: AppPage): Promise<() => Promise<number>> {
  const counted = await page.evaluateHandle(() => {
    const open = { now: 0, most: 0 };
    const send = window.fetch.bind(window);
    window.fetch = (...request) => {
      open.most = Math.max(open.most, (open.now += 1));
      return send(...request).finally(() => (open.now -= 1));
    };
    return open;
  });
  return async () => (await counted.jsonValue()).most;
}

/** How many devices are held by Web Locks; null where the page has none. */
function locksOfDevices({ page }: AppPage): Promise<number | null> {
  return page.evaluate(async () => {
    const { locks } = navigator as { readonly locks?: LockManager };
    const { held = [] } = (await locks?.query()) ?? {};
    return locks === undefined ? null : held.filter(({ name }) => name?.startsWith('moult-device-')).length;
  });
}

describe('On a bad day', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  async function ready(
    options: Partial<DeviceOptions> = {},
    typedToken?: string,
  ): Promise<{ readonly app: AppPage; readonly served: ServedDevice }> {
    const served = await journey().device(options);
    const app = await journey().open();
    await app.addDevice(NAME, served, typedToken);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    return { app, served };
  }

  const begins = ({ device }: ServedDevice): number =>
    device.requests.filter(({ path }) => path.startsWith('/ota/begin')).length;

  const chunks = ({ device }: ServedDevice): number =>
    device.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/ota/chunk')).length;

  it('a wrong token ends in words, before anything is erased', async () => {
    const { app, served } = await ready({}, 'token-of-another-device');
    await app.press('Update', NAME);
    const said = await app.says('Failed', NAME);
    expect(said).to.contain('refused the token');
    expect(said).to.contain(`${NAME} still runs its old firmware`);
    expect(begins(served)).to.equal(0);
    expect(served.device.blocksErased).to.equal(0);
    app.expectAllWell();
  });

  it('a device that is off ends in words, and goes on being the same card', async () => {
    const { app, served } = await ready();
    await served.close();
    await app.press('Update', NAME);
    const said = await app.says('Failed', NAME);
    expect(said).to.contain(`${NAME} still runs its old firmware`);
    await app.card(NAME).getByRole('button', { name: 'Update', exact: true }).waitFor();
    app.expectAllWell();
  });

  it('a file larger than the slot is refused before begin', async () => {
    const { app, served } = await ready({ slotBytes: IMAGE.length - BLOCK });
    await app.refuses('too big for the update slot', NAME);
    expect(begins(served)).to.equal(0);
    app.expectAllWell();
  });

  it('an empty file is refused in words, and never sent', async () => {
    const served = await journey().device();
    const app = await journey().open();
    await app.addDevice(NAME, served);
    await app.choose(await journey().file('empty.bin', new Uint8Array(0)));
    await app.page.getByRole('region', { name: 'What to send' }).getByText(/empty/).first().waitFor();
    await app.refuses('The reason is shown with the file', NAME);
    expect(begins(served)).to.equal(0);
    app.expectAllWell();
  });

  it('another session is left alone until the person takes it over', async () => {
    const { app, served } = await ready();
    const { device, origin, token } = served;
    const foreign = { expected_size: 4 * BLOCK, expected_sha256: 'ab'.repeat(32), force: false };
    const begun = await fetch(`${origin}/ota/begin`, {
      method: 'POST',
      headers: { 'X-OTA-Token': token },
      body: JSON.stringify(foreign),
    });
    expect(begun.status).to.equal(200);
    await app.press('Update', NAME);
    await app.says('Failed', NAME);
    expect(device.session?.expectedSha256).to.equal(foreign.expected_sha256);
    expect(device.writeLog).to.be.empty;

    await app.press('Take over', NAME);
    const question = app.page.getByRole('alertdialog', { name: `Take over ${NAME}?` });
    await question.getByRole('button', { name: 'Take over' }).click();
    await app.says('Updated', NAME);
    expect(device.runningImage).to.deep.equal(IMAGE);
    app.expectAllWell();
  });

  it('a device that restarts while it is written says so, and the next Update begins anew', async () => {
    const { app, served } = await ready();
    served.device.fault = onNth('chunk', 4, { kind: 'restart', when: 'after' });
    await app.press('Update', NAME);
    const said = await app.says('Failed', NAME);
    expect(said).to.contain('restarted').and.to.contain(`${NAME} still runs its old firmware`);
    await app.press('Update', NAME);
    await app.says('Updated', NAME);
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    app.expectAllWell();
  });

  it('Cancel ends within one chunk, and the device is idle again', async () => {
    const brake = new Brake();
    const { app, served } = await ready({ clock: brake, costs: BRAKED });
    const { device } = served;
    const atOnce = await requestsAtOnce(app);
    // The chunk itself, not the preflight before it.
    const held = brake.hold(() => (device.session?.written ?? 0) >= HALF && device.requests.at(-1)?.method === 'POST');
    await app.press('Update', NAME);
    await held;
    const writes = device.writeLog.length;
    const sent = chunks(served);
    await app.press('Cancel', NAME);
    await app.says('Cancelling', NAME);
    brake.release();
    expect(await app.says('Cancelled', NAME)).to.contain(`${NAME} is idle again and runs its old firmware.`);
    expect(device.session).to.equal(null);
    expect(device.writeLog.length).to.be.at.most(writes + 1);
    expect(chunks(served), 'the chunk under way was the last').to.equal(sent);
    expect(await atOnce()).to.equal(1);
    expect(device.requestsInFlightMax).to.equal(1);
    expect(device.running).to.equal('ota_0');
    app.expectAllWell();
  });

  it('a pause stops it after the chunk under way, and Resume continues from there', async () => {
    const brake = new Brake();
    const { app, served } = await ready({ clock: brake, costs: BRAKED });
    const { device } = served;
    const held = brake.hold(() => (device.session?.written ?? 0) >= HALF);
    await app.press('Update', NAME);
    await held;
    const writes = device.writeLog.length;
    await app.press('Pause', NAME);
    brake.release();
    await app.says('Paused', NAME);
    expect(device.writeLog).to.have.length(writes + 1);
    await app.press('Resume', NAME);
    await app.says('Updated', NAME);
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(device.bytesProgrammedTwice).to.equal(0);
    app.expectAllWell();
  });

  for (const [by, lacksLocks] of [
    ['Web Locks', false],
    ['asking each other, where there are no Web Locks', true],
  ] as const) {
    it(`two tabs are kept off one device by ${by}, and the second gets it once the first has ended`, async () => {
      const brake = new Brake();
      const served = await journey().device({ clock: brake, costs: BRAKED });
      const { device } = served;
      const profile = await journey().profile();
      if (lacksLocks) {
        await profile.addInitScript(
          ({ objection, longer }) => {
            Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
            // The other tab of a busy machine says no later than usual. What is held here is that its word counts.
            const set = window.setTimeout.bind(window);
            window.setTimeout = ((ring: () => void, ms?: number) => set(ring, ms === objection ? longer : ms)) as never;
          },
          { objection: OBJECTION_MS, longer: 10 * OBJECTION_MS },
        );
      }
      const first = await journey().open(profile);
      await first.addDevice(NAME, served);
      await first.choose(await journey().file('kitchen.bin', IMAGE));
      const held = brake.hold(() => (device.session?.written ?? 0) >= HALF);
      await first.press('Update', NAME);
      await held;
      expect(await locksOfDevices(first)).to.equal(lacksLocks ? null : 1);
      const second = await journey().open(profile);
      second.knows(served);
      await second.choose(await journey().file('kitchen.bin', NEXT));
      const asked = device.requests.length;
      await second.press('Update', NAME);
      expect(await second.says('Failed', NAME)).to.contain('Another tab is updating this device');
      expect(device.requests).to.have.length(asked);
      brake.release();
      await first.says('Updated', NAME);
      expect(device.runningImage).to.deep.equal(IMAGE);

      await second.press('Update', NAME);
      await second.says('Updated', NAME);
      expect(device.runningImage).to.deep.equal(NEXT);
      expect(device.requestsInFlightMax).to.equal(1);
      first.expectAllWell();
      second.expectAllWell();
    });
  }

  it('a full-flash file is taken apart, and the app inside is what the device gets', async () => {
    const served = await journey().device();
    const app = await journey().open();
    await app.addDevice(NAME, served);
    await app.choose(await journey().file('full-flash.bin', buildMerged({ app: IMAGE })));
    await app.button(/^Use the app inside/).click();
    await app.page.getByRole('region', { name: 'What to send' }).getByText('1.4.2').first().waitFor();
    await app.press('Update', NAME);
    await app.says('Updated', NAME);
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    app.expectAllWell();
  });
});
