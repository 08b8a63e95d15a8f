/** What once went wrong with devices as they are published, by a page on another origin and by the gateway. */
import { expect } from 'chai';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AUTH_LIMITER } from '../../../src/simulator/viperhttp/app-auth.ts';
import { ONE_SLOT, ONE_SLOT_BYTES } from '../../../src/simulator/bootloader.ts';
import { fleetName } from '../../../src/simulator/node/fleet.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import type { AppPage } from '../app-page.ts';
import * as published from './as-published.ts';
import { Brake, BRAKED } from '../brake.ts';
import { Journey, JOURNEY_MS, type ServedDevice } from '../journey.ts';
import { Lan } from '../lan.ts';
import { saveDevices } from '../saved-devices.ts';

/** What `npm run build:device` leaves for a board. */
const BOARD_PAGE = fileURLToPath(new URL('../../../dist/device', import.meta.url));
/** Longer files are streamed by the published server; shorter ones need as much memory in one piece. */
const READ_WHOLE_BYTES = 65_536;
const NAME = 'Kitchen sensor';
const SMALL = buildApp({ sizeBytes: 128 * 1024, version: '1.4.2' });
/** One in the first wave, as many as begin after it, and twice as many where those were no trouble. */
const [ALONE, FOUR, EIGHT] = [1, 4, 8];

describe('A device as it is published', function () {
  this.timeout(JOURNEY_MS);
  let lan: Lan;
  let journey: Journey;
  let elsewhere = '';

  before(async () => {
    lan = await Lan.begin();
    journey = await Journey.begin();
    elsewhere = await lan.localPage();
  });
  afterEach(() => journey.endTest());
  after(async () => {
    await journey.end();
    await lan.end();
  });

  /** But for what the browser notes of a chunk too many: that refusal carries no CORS headers. */
  function expectAllWell(app: AppPage): void {
    const noted = app.errors.splice(0).filter((error) => !/\/(?:chunk|write)\S* .*blocked by CORS policy/.test(error));
    expect(noted).to.deep.equal([]);
    app.expectAllWell();
  }

  const textOf = (app: AppPage): Promise<string> => app.card(NAME).innerText();

  async function send(app: AppPage, bytes: Uint8Array): Promise<void> {
    await app.choose(await journey.file('kitchen.bin', bytes));
    await app.press('Update', NAME);
  }

  async function update(app: AppPage, { device }: ServedDevice, bytes: Uint8Array, version: string): Promise<void> {
    await send(app, bytes);
    await app.says(`(Updated|Accepted by the device)[^]*${version}`, NAME);
    expect(device.runningImage).to.deep.equal(bytes);
  }

  const ways = [
    { way: 'by a page on another origin', url: () => elsewhere, isGateway: false },
    { way: 'through the gateway', url: () => journey.host.url, isGateway: true },
  ] as const;

  it('is sent a page that it can serve without PSRAM: longer than what is read whole, and no packed one beside it', async () => {
    const files = await readdir(BOARD_PAGE);
    // The notices of its libraries are no part of what is copied to the board.
    expect(files.toSorted()).to.deep.equal(['index.html', 'licences.txt']);
    const { size } = await stat(join(BOARD_PAGE, 'index.html'));
    expect(size).to.be.greaterThan(READ_WHOLE_BYTES);
  });

  for (const { way, url, isGateway } of ways) {
    describe(way, () => {
      const open = (): Promise<AppPage> => journey.open(undefined, url());

      for (const [what, options] of [
        ['with updates off', { ota: false }],
        ['with another prefix, that tells nothing of itself', { prefix: '/firmware', docs: null }],
        ['with updates off, that tells nothing of itself', { ota: false, docs: null }],
        ['with another prefix, as documented', { dialect: 'documented', prefix: '/firmware', docs: null }],
      ] as const) {
        it(`${what} is told to take no updates there, and what to check`, async () => {
          const served = await journey.device(options);
          const app = await open();
          await app.addDevice(NAME, served);
          await send(app, published.FIRST);
          expect(await app.says('Failed', NAME)).not.to.match(published.SAYS_WELL);
          const card = app.card(NAME);
          if ('docs' in options) {
            await card.getByText(/nothing at .*\/status\. .* updates are off or use another path/).waitFor();
            await card.getByRole('button', { name: 'Edit path' }).waitFor();
          } else {
            await card.getByText(/must start with ota=True/).waitFor();
            await card
              .getByLabel('Lines for the device')
              .getByText(/ota=True/)
              .waitFor();
          }
          // The reason is in the doctor's words; what is true all the same stays in the status.
          expect(await app.says('Failed', NAME)).to.contain(`${NAME} still runs its old firmware`);
          expect(await textOf(app)).not.to.match(published.SAYS_WELL);
          published.expectUntouched(served.device);
          expectAllWell(app);
        });
      }

      it('with another prefix that it tells of itself is updated there', async () => {
        const served = await journey.device({ prefix: '/firmware' });
        const app = await open();
        // A person who saves sooner is led there by the doctor, after a failure.
        await app.addDevice(NAME, served, served.token, /takes updates .*\/firmware/);
        await update(app, served, SMALL, '1.4.2');
        expectAllWell(app);
      });

      it('is given lines that keep its program running', async () => {
        const app = await open();
        await app.button('Add device').first().click();
        const dialog = app.page.getByRole('dialog', { name: 'Device' });
        await dialog.getByRole('button', { name: 'New token' }).click();
        const block = dialog.getByLabel('Lines for the device');
        await block.filter({ hasText: 'app.run(' }).waitFor();
        const lines = ((await block.textContent()) ?? '').trim().split('\n');
        expect(lines.join('\n')).to.contain('CORSMiddleware').and.not.to.contain('expose_headers');
        expect(lines.at(-2)).to.match(/^app\.run\(.*ota=True/);
        expect(lines.at(-1)).to.match(/^asyncio\.get_event_loop\(\)\.run_forever\(\)/);
      });

      for (const dialect of ['shipped', 'documented'] as const) {
        it(`refuses two chunks at most while it is new, as ${dialect}, and none once it is known`, async () => {
          // The chunk that does not fit costs a documented session, which has to run out.
          const served = await journey.device({ dialect, sessionTimeoutMs: published.SESSION_MS });
          const app = await open();
          await app.addDevice(NAME, served);
          await update(app, served, published.FIRST, '1.4.2');
          published.expectChunksThatFit(served.device, published.REFUSED_BY_A_NEW_DEVICE);
          const [from, asked] = [served.device.requests.length, published.preflightsOfChunks(served.device)];
          await update(app, served, published.SECOND, '1.5.0');
          published.expectChunksThatFit(served.device, 0, from);
          // A constant address is asked for once, and the next update still knows the answer.
          const preflights = published.preflightsOfChunks(served.device);
          if (isGateway) expect(served.device.requests.filter(({ method }) => method === 'OPTIONS')).to.deep.equal([]);
          else if (dialect === 'documented') expect([asked, preflights], 'preflights').to.deep.equal([1, 1]);
          expectAllWell(app);
        });
      }

      it('counts no refused chunk as trouble in a rollout: twice as many go on', async () => {
        const fleet: (ServedDevice & { readonly brake: Brake })[] = [];
        for (let at = 0; at < ALONE + FOUR + EIGHT; at += 1) {
          const brake = new Brake();
          fleet.push({ ...(await journey.device({ clock: brake, costs: BRAKED })), brake });
        }
        const app = await open();
        await saveDevices(
          app.page,
          fleet.map(({ origin, token }, at) => ({ name: fleetName(at), origin, token })),
        );
        await app.choose(await journey.file('evening.bin', SMALL));
        await app.page.getByRole('link', { name: 'Update many' }).click();
        await app.page.getByLabel(`All devices (${fleet.length})`).check();
        // Once five have ended the others are held until all of them are at it: where fewer go at once, nothing goes on.
        const held = new Set<ServedDevice>();
        for (const one of fleet) {
          void one.brake.hold(() => {
            const left = fleet.filter(({ device }) => device.running === 'ota_0');
            const isHeld = left.length <= EIGHT && one.device.running === 'ota_0';
            if (isHeld) held.add(one);
            if (left.length <= EIGHT && left.every((each) => held.has(each)))
              queueMicrotask(() => fleet.forEach(({ brake }) => brake.release()));
            return isHeld;
          });
        }
        await app.button(`Update ${fleet.length} devices`).click();
        const ended = app.page.getByRole('status').filter({ hasText: `Finished. All ${fleet.length} succeeded.` });
        await ended.waitFor({ state: 'attached' });
        for (const { device } of fleet) {
          expect(device.runningImage).to.deep.equal(SMALL);
          const refused = published.chunksOf(device).filter(({ status }) => status === 413).length;
          expect(refused).to.be.within(1, published.REFUSED_BY_A_NEW_DEVICE);
        }
      });

      it('with one update slot takes its only update, and says so before; the next is refused before it begins', async () => {
        const served = await journey.device({ slots: ONE_SLOT, slotBytes: ONE_SLOT_BYTES });
        const { device } = served;
        const app = await open();
        await app.addDevice(NAME, served);
        await app.card(NAME).getByText('this is its only update over the air').waitFor();
        published.expectUntouched(device);
        await update(app, served, SMALL, '1.4.2');
        expect(device.running).to.equal('ota_0');
        const [restarts, written] = [device.restarts, device.writeLog.length];
        await app.choose(await journey.file('kitchen.bin', published.SECOND));
        await app.refuses(/runs from its only update slot .* by cable only/, NAME);
        expect([device.restarts, device.writeLog.length, device.session]).to.deep.equal([restarts, written, null]);
        expect(device.runningImage).to.deep.equal(SMALL);
        expectAllWell(app);
      });

      it('that bans unknown credentials is shown none, however often its dialect is detected', async () => {
        const served = await journey.device({
          appAuth: { enforced: false, users: {}, bearers: [], limiter: AUTH_LIMITER },
        });
        const heard = published.authorizationsOf(served.device);
        // The ban begins with as many; a browser that does not know the device finds out anew.
        for (let visit = 0; visit <= AUTH_LIMITER.failures; visit += 1) {
          const app = await open();
          await app.addDevice(NAME, served);
          await app.card(NAME).getByText('Online.').waitFor();
          if (visit === AUTH_LIMITER.failures) await update(app, served, SMALL, '1.4.2');
        }
        expect(heard).to.deep.equal([]);
        expect(served.device.requests.filter(({ status }) => status === 429)).to.deep.equal([]);
      });

      it('whose program doesn’t run its loop is not said to be off', async () => {
        const served = await journey.device({ loopRuns: false });
        const app = await open();
        await app.addDevice(NAME, served);
        await app
          .card(NAME)
          .getByText(/doesn’t run its loop/)
          .waitFor();
        expect(await textOf(app)).not.to.match(published.SAYS_OFF);
        const lines = app.card(NAME).getByLabel('Lines for the device');
        expect(await lines.textContent()).to.contain('run_forever()');
        published.expectUntouched(served.device);
      });

      for (const [what, options] of [
        ['without CORS', { cors: null }],
        ['without CORS and with updates off', { cors: null, ota: false }],
      ] as const) {
        it(`${what} is not said to be off`, async () => {
          const served = await journey.device(options);
          const app = await open();
          await app.addDevice(NAME, served);
          const told = !isGateway ? /Something answers at/ : 'ota' in options ? /updates are not included/ : 'Online.';
          await app.card(NAME).getByText(told).waitFor();
          expect(await textOf(app)).not.to.match(published.SAYS_OFF);
          published.expectUntouched(served.device);
        });
      }
    });
  }
});
