import { expect } from 'chai';
import { onNth, type Fault, type FaultScript } from '../../src/simulator/faults.ts';
import type { DeviceOptions } from '../../src/simulator/options.ts';
import { buildApp } from '../firmware/image-builder.ts';
import type { AppPage } from './app-page.ts';
import { Brake, BRAKED } from './brake.ts';
import { JOURNEY_MS, USUAL_WAITS, useJourney, type Journey, type ServedDevice } from './journey.ts';

const NAME = 'Kitchen sensor';
/** The size of a MicroPython firmware. */
const LARGE = buildApp({ sizeBytes: 1_500_000, version: '1.4.2' });
const IMAGE = buildApp({ sizeBytes: 512 * 1024, version: '1.4.2' });
const MINUTE_MS = 60_000;
/** How long a busy device asks to be left alone, in seconds. */
const BUSY_S = 3;
/** Any number but 0; the losses below are drawn from it. */
const SEED = 20_240_602;

/** How a request gets lost: before the device has done it, and after. */
interface Losses {
  readonly there: Fault;
  readonly back: Fault;
}

/** The connection breaks. */
const BROKEN: Losses = { there: { kind: 'drop', when: 'before' }, back: { kind: 'drop', when: 'after' } };
/**
 * On its way back, what the device's own server says when its other half is too slow: 504 leaves open whether the bytes
 * were taken. A broken connection would have the browser send the chunk a second time, which a device without offsets
 * takes; what becomes of that is a test of its own below.
 */
const UNANSWERED: Losses = { there: BROKEN.there, back: { kind: 'status', when: 'after', status: 504 } };

/** Of every ten requests, whatever they ask, one is lost on its way there and one on its way back; the seed says which. */
function losing({ there, back }: Losses, seed: number): { readonly script: FaultScript; readonly lost: Fault[] } {
  const lost: Fault[] = [];
  let state = seed;
  const draw = (sides: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
  let asked = 0;
  let lostThere = -1;
  let lostBack = -1;
  const script: FaultScript = ({ route }) => {
    if (route === 'preflight') return null;
    const place = asked++ % 10;
    if (place === 0) {
      lostThere = draw(10);
      lostBack = (lostThere + 1 + draw(9)) % 10;
    }
    const fault = place === lostThere ? there : place === lostBack ? back : null;
    if (fault !== null) lost.push(fault);
    return fault;
  };
  return { script, lost };
}

async function ready(
  journey: Journey,
  image: Uint8Array,
  options: Partial<DeviceOptions> = {},
  dice?: number,
): Promise<{ readonly app: AppPage; readonly served: ServedDevice }> {
  const served = await journey.device(options);
  const app = await journey.open(await journey.profile(dice));
  await app.addDevice(NAME, served);
  await app.choose(await journey.file('kitchen.bin', image));
  return { app, served };
}

/** When the page sent each of its requests from now on, by the page's own clock. */
async function timesOfRequests({ page }: AppPage): Promise<() => Promise<readonly number[]>> {
  const times = await page.evaluateHandle(() => {
    const sent: number[] = [];
    const send = window.fetch.bind(window);
    window.fetch = (...request) => {
      sent.push(Date.now());
      return send(...request);
    };
    return sent;
  });
  return () => times.jsonValue();
}

/** Preflights aside: Chromium sends them even while it plays having no network. */
const asked = ({ device }: ServedDevice): number => device.requests.filter(({ method }) => method !== 'OPTIONS').length;

const posts = ({ device }: ServedDevice): number => device.requests.filter(({ method }) => method === 'POST').length;

describe('On a bad network', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  for (const [how, options, losses, words] of [
    ['as shipped', { dialect: 'shipped' }, BROKEN, 'Updated'],
    [
      'as documented, with a counter',
      { dialect: 'documented', status: 'counter', counterKey: 'written' },
      UNANSWERED,
      'Accepted by the device',
    ],
  ] as const) {
    it(`${how}: 1.5 MB arrive though one request in ten is lost there and one in ten back`, async () => {
      const { app, served } = await ready(journey(), LARGE, options);
      const { script, lost } = losing(losses, SEED);
      served.device.fault = script;
      await app.press('Update', NAME);
      await app.says(words, NAME, JOURNEY_MS);
      expect([...new Set(lost)]).to.have.members([losses.there, losses.back]);
      expect(served.device.runningImage).to.deep.equal(LARGE);
      expect(served.device.bytesProgrammedTwice).to.equal(0);
      expect(served.device.requestsInFlightMax).to.equal(1);
      app.expectAllWell();
    });
  }

  // Chromium sends a POST again by itself when a connection that was used before breaks without an answer, so a device
  // hears of what was lost on its way back a second time, and says no to that.
  for (const [how, options, ends] of [
    ['as shipped', { dialect: 'shipped' }, { before: 'Updated', after: 'Updated' }],
    [
      'as documented, with a counter',
      { dialect: 'documented', status: 'counter', counterKey: 'written', beginWhileActive: 'replace' },
      { before: 'Accepted by the device', after: 'Failed. The last step had no clear answer' },
    ],
  ] as const) {
    for (const when of ['before', 'after'] as const) {
      it(`${how}: a status, begin and finalize are lost, each ${when} the device has done it`, async () => {
        const { app, served } = await ready(journey(), IMAGE, options);
        const { device } = served;
        const lost = new Set<string>();
        device.fault = ({ route }) => {
          if (lost.has(route) || !['status', 'begin', 'finalize'].includes(route)) return null;
          lost.add(route);
          return { kind: 'drop', when };
        };
        await app.press('Update', NAME);
        const said = await app.says(ends[when], NAME);
        expect([...lost]).to.have.members(['status', 'begin', 'finalize']);
        expect(device.runningImage).to.deep.equal(IMAGE);
        expect(device.bytesProgrammedTwice).to.equal(0);
        expect(device.requestsInFlightMax).to.equal(1);
        // It took the image, and cannot say so.
        if (said.startsWith('Failed')) expect(said).to.include('is not known. Look at the device');
        app.expectAllWell();
      });
    }
  }

  // Chromium sends a POST again by itself when a connection that was used before breaks without an answer. Without an
  // offset the device then writes the chunk twice. The counter shows it: it passes the end of what was sent.
  it('as documented, with a counter: a write that the browser sent twice is noticed, and it starts over', async () => {
    const { app, served } = await ready(journey(), IMAGE, {
      ...{ dialect: 'documented', status: 'counter', counterKey: 'written', beginWhileActive: 'replace' },
    });
    served.device.fault = onNth('write', 5, BROKEN.back);
    await app.press('Update', NAME);
    await app.says('Accepted by the device', NAME);
    expect(served.device.runningImage).to.deep.equal(IMAGE);
    app.expectAllWell();
  });

  it('after a reload it offers to go on from where it was, and starts nothing by itself', async () => {
    const brake = new Brake();
    const { app, served } = await ready(journey(), IMAGE, { clock: brake, costs: BRAKED });
    const { device } = served;
    const held = brake.hold(() => (device.session?.written ?? 0) >= IMAGE.length / 2);
    await app.press('Update', NAME);
    await held;
    const id = device.session?.id;

    const asked: string[] = [];
    app.page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await app.page.reload();
    expect(asked, 'leaving in the middle asks first').to.deep.equal(['beforeunload']);
    brake.release();
    const offer = await app.says('\\d+ % written', NAME);
    const percent = Number(/^\d+/.exec(offer)?.[0]);
    const written = device.session?.written ?? 0;
    // The chunk that was on its way when the page went may have arrived; nobody was there to hear of it.
    expect(percent)
      .to.be.greaterThan(40)
      .and.at.most(Math.floor((written / IMAGE.length) * 100));

    const before = posts(served);
    const writes = device.writeLog.length;
    await app.page.getByLabel('Firmware file').waitFor({ state: 'attached' });
    expect(posts(served)).to.equal(before);
    await app.press(`Resume from ${percent} %`, NAME);
    await app.says('Updated', NAME);
    const [next] = device.writeLog.slice(writes);
    expect(next).to.include({ sessionId: id, offset: written });
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(device.bytesProgrammedTwice).to.equal(0);
    app.expectAllWell();
  });

  it('a minute without any network is waited out, and it goes on from where the device is', async () => {
    const brake = new Brake();
    const { app, served } = await ready(journey(), IMAGE, { clock: brake, costs: BRAKED });
    const { device } = served;
    const { clock } = app.page;
    await clock.install();
    const held = brake.hold(() => (device.session?.written ?? 0) >= IMAGE.length / 2);
    await app.press('Update', NAME);
    await held;
    const id = device.session?.id;

    await app.page.context().setOffline(true);
    brake.release();
    await app.says('Waiting for the network', NAME);
    const seen = asked(served);
    // The page's own clock is wound on; the network is really gone.
    await clock.fastForward(MINUTE_MS);
    await app.says('Waiting for the network', NAME);
    expect(asked(served)).to.equal(seen);

    await app.page.context().setOffline(false);
    await app.says('Updated', NAME);
    expect(new Set(device.writeLog.map(({ sessionId }) => sessionId))).to.deep.equal(new Set([id]));
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(device.bytesProgrammedTwice).to.equal(0);
    app.expectAllWell();
  });

  it('a device elsewhere that is too busy is asked again no sooner than it says', async () => {
    const brake = new Brake();
    const { app, served } = await ready(journey(), IMAGE, { clock: brake, costs: BRAKED });
    const { device } = served;
    const { clock } = app.page;
    await clock.install();
    const requestTimes = await timesOfRequests(app);
    let refused = false;
    device.fault = ({ route, offset }) => {
      if (refused || route !== 'chunk' || (offset ?? 0) < IMAGE.length / 2) return null;
      refused = true;
      return { kind: 'status', when: 'before', status: 429, retryAfter: String(BUSY_S) };
    };
    const held = brake.hold(() => (device.session?.written ?? 0) >= IMAGE.length / 2);
    await app.press('Update', NAME);
    await held;
    // A little ahead, since it cannot be set back. From then on the page's time passes only where the test lets it.
    const refusedAt = (await app.page.evaluate(() => Date.now())) + 1000;
    await clock.pauseAt(refusedAt);
    const { length } = await requestTimes();
    brake.release();
    await app.says('Trying again', NAME);
    await clock.runFor(BUSY_S * 1000);
    await clock.resume();
    await app.says('Updated', NAME);
    const againAt = (await requestTimes())[length] ?? NaN;
    expect(againAt - refusedAt).to.be.at.least(BUSY_S * 1000);
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(device.bytesProgrammedTwice).to.equal(0);
    app.expectAllWell();
  });

  it('a device that nobody can reach for a minute is asked until it answers', async () => {
    // In every wait of the backoff, half of its window.
    const { app, served } = await ready(journey(), IMAGE, {}, USUAL_WAITS);
    const { device } = served;
    const { clock } = app.page;
    await clock.install();
    let outOfReach = false;
    let tries = 0;
    device.fault = ({ offset }) => {
      if (offset !== null && offset >= IMAGE.length / 2 && tries === 0) outOfReach = true;
      if (!outOfReach) return null;
      tries += 1;
      return { kind: 'drop', when: 'before' };
    };
    await app.press('Update', NAME);
    await app.says('Trying again', NAME);
    for (let passed = 0; passed < MINUTE_MS; passed += 1000) await clock.runFor(1000);
    await app.says('Trying again', NAME);
    expect(tries).to.be.greaterThan(5);
    outOfReach = false;
    await clock.runFor(MINUTE_MS);
    await app.says('Updated', NAME);
    expect(device.runningImage).to.deep.equal(IMAGE);
    expect(device.bytesProgrammedTwice).to.equal(0);
    app.expectAllWell();
  });
});
