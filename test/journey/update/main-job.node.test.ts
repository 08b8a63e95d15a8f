import { expect } from 'chai';
import { preview } from 'vite';
import { buildApp } from '../../firmware/image-builder.ts';
import type { AppPage } from '../app-page.ts';
import { SESSION_MS } from '../published/as-published.ts';
import { Brake, BRAKED } from '../brake.ts';
import { JOURNEY_MS, useJourney } from '../journey.ts';

const IMAGE = buildApp({ sizeBytes: 512 * 1024, version: '1.4.2' });

interface Screen {
  /** Resolves once the page holds the screen, or does not. */
  isHeld(isIt: boolean): Promise<unknown>;
  /** Tells the page that it is seen or not; then the browser takes the screen from it, and never gives it back. */
  becomes(state: DocumentVisibilityState): Promise<void>;
}

/** The browser's own wake locks, as the page takes them from now on. No headless page is ever hidden, so that is played. */
async function watchScreen({ page }: AppPage): Promise<Screen> {
  const taken = await page.evaluateHandle(async () => {
    const locks: WakeLockSentinel[] = [];
    const { wakeLock } = navigator;
    const request = wakeLock.request.bind(wakeLock);
    const real = await request('screen').catch(() => null);
    await real?.release();
    wakeLock.request = async (type) => {
      // The small headless Chromium has no screen, and gives nobody a lock: there one that can be let go of will do.
      const standIn: unknown = {
        released: false,
        async release(this: { released: boolean }) {
          this.released = true;
        },
      };
      const lock = real === null ? (standIn as WakeLockSentinel) : await request(type);
      locks.push(lock);
      return lock;
    };
    return locks;
  });
  return {
    isHeld: (isIt) =>
      page.waitForFunction(({ locks, wanted }) => locks.some(({ released }) => !released) === wanted, {
        locks: taken,
        wanted: isIt,
      }),
    becomes: (state) =>
      page.evaluate(
        async ({ locks, now }) => {
          if (now === 'hidden') for (const lock of locks) await lock.release();
          Object.defineProperty(document, 'visibilityState', { configurable: true, value: now });
          document.dispatchEvent(new Event('visibilitychange'));
        },
        { locks: taken, now: state },
      ),
  };
}

describe('A firmware file dropped on the page ends up running on a device', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('as shipped: “Updated”, the slot holds the file, and the image is marked valid', async () => {
    const served = await journey().device({ dialect: 'shipped', rollback: true });
    const { device } = served;
    const app = await journey().open();
    await app.addDevice('Kitchen sensor', served);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    await app.press('Update', 'Kitchen sensor');
    const said = await app.says('Updated', 'Kitchen sensor');
    expect(said).to.contain('Kitchen sensor runs 1.4.2 now, from slot ota_1');
    expect(await app.percent('Kitchen sensor')).to.equal(100);
    expect(device.running).to.equal('ota_1');
    expect(device.markedValid).to.equal(true);
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(device.bytesProgrammedTwice).to.equal(0);
    expect(device.requestsInFlightMax).to.equal(1);
    // By the gateway of the host that served the page: its own origin, so that no preflight is needed.
    expect(device.requests.some(({ method }) => method === 'OPTIONS')).to.equal(false);
    // Asked without a token, to know whether it takes any, it says no. One chunk is a try at a size that the device has no room for, and it restarts without an answer to finalize.
    const routes = app.failedRequests.map((url) => new URL(url).pathname.replace(/.*\//, ''));
    expect(routes.slice(0, 3)).to.deep.equal(['status', 'chunk', 'finalize']);
    // While it restarts it is asked in vain as often as the machine's pace has it.
    expect(routes.slice(3).filter((route) => route !== 'status')).to.deep.equal([]);
    app.expectAllWell();
  });

  it('the screen is kept on while it writes, taken again when the page is seen again, and let go at the end', async () => {
    const brake = new Brake();
    const served = await journey().device({ clock: brake, costs: BRAKED });
    const { device } = served;
    const app = await journey().open();
    await app.addDevice('Kitchen sensor', served);
    await app.choose(await journey().file('kitchen.bin', IMAGE));
    const screen = await watchScreen(app);
    const held = brake.hold(() => (device.session?.written ?? 0) >= IMAGE.length / 2);
    await app.press('Update', 'Kitchen sensor');
    await held;
    await screen.isHeld(true);
    await screen.becomes('hidden');
    await screen.isHeld(false);
    await screen.becomes('visible');
    await screen.isHeld(true);
    brake.release();
    await app.says('Updated', 'Kitchen sensor');
    await screen.isHeld(false);
    expect(await app.page.getByText('keep the screen on').count()).to.equal(0);
    app.expectAllWell();
  });

  it('as documented: “Accepted by the device”, and the slot holds the file', async () => {
    const served = await journey().device({ dialect: 'documented' });
    const { device } = served;
    const app = await journey().open();
    await app.addDevice('Hall lamp', served);
    await app.choose(await journey().file('hall.bin', IMAGE));
    await app.press('Update', 'Hall lamp');
    await app.says('Accepted by the device', 'Hall lamp');
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(device.bytesProgrammedTwice).to.equal(0);
    expect(device.requests.some(({ method }) => method === 'OPTIONS')).to.equal(false);
    app.expectAllWell();
  });

  describe('as documented, where nothing but its list of routes shows that it takes updates', () => {
    // The first chunk does not fit, and its session has to run out: sooner than the page asks again.
    const quiet = { dialect: 'documented', unknownRoutes: 'empty', sessionTimeoutMs: SESSION_MS } as const;

    it('goes straight to the device from a page without a gateway, and never says that it was not reached', async () => {
      const alone = await preview({
        configFile: false,
        build: { outDir: 'dist/app' },
        preview: { port: 0, host: '127.0.0.1' },
      });
      try {
        const served = await journey().device(quiet);
        const app = await journey().open(undefined, alone.resolvedUrls?.local[0]);
        await app.addDevice('Hall lamp', served);
        await app.choose(await journey().file('hall.bin', IMAGE));
        await app.press('Update', 'Hall lamp');
        await app.says('Accepted by the device', 'Hall lamp');
        expect(served.device.runningImage).to.deep.equal(IMAGE);
        await app.detailed('Uses ViperHTTP as documented.', 'Hall lamp');
      } finally {
        await alone.close();
      }
    });

    it('goes by the gateway where there is one', async () => {
      const served = await journey().device(quiet);
      const app = await journey().open();
      await app.addDevice('Hall lamp', served);
      await app.detailed('Reached through the gateway', 'Hall lamp');
      await app.choose(await journey().file('hall.bin', IMAGE));
      await app.press('Update', 'Hall lamp');
      await app.says('Accepted by the device', 'Hall lamp');
      expect(served.device.runningImage).to.deep.equal(IMAGE);
    });
  });

  it('takes a file that is dropped beside the cards, anywhere on the window', async () => {
    const served = await journey().device();
    const app = await journey().open();
    await app.addDevice('Cellar relay', served);
    // Over a card it would be for that device.
    await app.drop(await journey().file('dropped.bin', IMAGE), app.page.getByRole('heading', { level: 1 }));
    await app.judged();
    await app.press('Update', 'Cellar relay');
    await app.says('Updated', 'Cellar relay');
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    app.expectAllWell();
  });

  it('takes a file that is let go in the moment it comes over another part of a card', async () => {
    const served = await journey().device();
    const app = await journey().open();
    await app.addDevice('Cellar relay', served);
    const card = app.card('Cellar relay');
    const path = await journey().file('dropped.bin', IMAGE);
    await app.drop(path, card.getByRole('heading'), card.getByRole('button', { name: 'Update', exact: true }));
    await app.judged();
    // It is for that device, and nothing is sent before a yes.
    await app.page.getByRole('alertdialog', { name: 'Send dropped.bin to Cellar relay?' }).waitFor();
    app.expectAllWell();
  });
});
