import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { onEvery, onNth } from '../../../src/simulator/faults.ts';
import { fleetName } from '../../../src/simulator/node/fleet.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import type { RolloutRecord } from '../../../src/model/rollout/rollout-record.ts';
import type { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { Brake, BRAKED } from '../brake.ts';
import { JOURNEY_MS, useJourney, type ServedDevice } from '../journey.ts';
import { saveFleet } from '../saved-devices.ts';
import { standing } from './standing.ts';

const IMAGE = buildApp({ sizeBytes: 256 * 1024, version: '1.4.2' });
const BEFORE = buildApp({ sizeBytes: 8 * 1024, version: '1.3.0' });
const COUNT = 20;
/** Of a documented device, which tells nobody how long it is. */
const SESSION_MS = 60_000;

/** By position: even ones are as shipped, odd ones as documented. */
const REFUSES_BEGIN = 3;
const GETS_DAMAGED = 6;
const RESTARTS = 8;
const OFF = 11;
const BAD = [REFUSES_BEGIN, GETS_DAMAGED, RESTARTS, OFF];
/** Half of the way through when the page is reloaded. */
const HELD = 12;

/** Resolves when the page has kept that the saved devices at these positions have ended. */
async function untilRemembered(page: Page, positions: readonly number[]): Promise<void> {
  await page.waitForFunction(
    async (ids) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('moult');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error('no database', { cause: opening.error }));
      });
      const [record] = await new Promise<RolloutRecord[]>((resolve, reject) => {
        const asked = db.transaction('rollouts').objectStore('rollouts').getAll();
        asked.onsuccess = () => resolve(asked.result as RolloutRecord[]);
        asked.onerror = () => reject(new Error('not read', { cause: asked.error }));
      });
      db.close();
      return ids.every((id) => record?.ended.some(([ended]) => ended === id));
    },
    positions.map((position) => `saved-${position}`),
  );
}

/** Without what is left of a longer image behind it: as long as the image from before, or the file. */
function startsNext(device: SimulatedDevice): Uint8Array {
  const slot = device.slot(device.boot);
  return slot.subarray(0, IMAGE.every((byte, at) => slot[at] === byte) ? IMAGE.length : BEFORE.length);
}

describe('Twenty devices in one evening', function () {
  this.timeout(JOURNEY_MS);
  const journey = useJourney();

  it('end as they should, with a reload in the middle, three that fail and one that is off', async () => {
    const brake = new Brake();
    const fleet: ServedDevice[] = [];
    for (let at = 0; at < COUNT; at += 1) {
      const options: Partial<DeviceOptions> = {
        dialect: at % 2 === 0 ? 'shipped' : 'documented',
        firmware: BEFORE,
        slotBytes: 512 * 1024,
        clock: brake,
        costs: BRAKED,
        sessionTimeoutMs: SESSION_MS,
        // What came of a finalize shows in a second answer, which comes at once, and not after a restart.
        restarts: false,
      };
      fleet.push(await journey().device(options));
    }
    const at = (position: number): ServedDevice => {
      const served = fleet[position];
      if (served === undefined) throw new RangeError(`there is no device ${position}`);
      return served;
    };
    at(REFUSES_BEGIN).device.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
    at(GETS_DAMAGED).device.fault = onEvery('chunk', { kind: 'corrupt', where: 'wire' });
    at(RESTARTS).device.fault = onNth('chunk', 3, { kind: 'restart', when: 'after' });
    await at(OFF).close();

    const app = await journey().open();
    const { page } = app;
    page.on('dialog', (dialog) => void dialog.accept());
    await saveFleet(page, fleet);
    await app.choose(await journey().file('evening.bin', IMAGE));
    await page.getByRole('link', { name: 'Update many' }).click();
    await page.getByLabel(`All devices (${COUNT})`).check();
    await page.getByLabel('At once').selectOption('4');
    await page.getByLabel('Stop automatically').selectOption('never');
    // Whether a documented device took an image shows in its second answer to a finalize: a page that goes between the
    // two is never told.
    const finalizes = (position: number): number =>
      at(position).device.requests.filter(
        ({ path, status }) => path.endsWith('/finalize') && typeof status === 'number',
      ).length;
    const documented = [...fleet.keys()].filter((position) => position % 2 === 1);
    const held = brake.hold(
      () =>
        (at(HELD).device.session?.written ?? 0) >= IMAGE.length / 2 &&
        documented.every((position) => finalizes(position) !== 1),
    );
    await app.button(`Update ${COUNT} devices`).click();
    await held;
    const remembered = documented.filter((position) => finalizes(position) > 0);
    await untilRemembered(page, remembered);
    // What was on its way then may arrive meanwhile, and a documented device that takes the image now is not told of.
    const endedBefore = fleet.filter(
      ({ device }, position) =>
        startsNext(device).length === IMAGE.length && (position % 2 === 0 || remembered.includes(position)),
    );
    expect(endedBefore, 'the first wave and some more').not.to.be.empty;
    const requestsBefore = endedBefore.map(({ device }) => device.writeLog.length);

    await page.reload();
    // A documented device lets nobody else begin until the session of the page that is gone has run out.
    brake.pass(SESSION_MS + 1);
    brake.release();
    await page.getByText('A rollout from an earlier visit hasn’t finished').waitFor();
    // An offer, not a start: nobody is written to until the person says so.
    await page.getByText(`of ${COUNT} devices are done`).waitFor();
    await app.button('Continue').click();
    await standing(page, /^Finished/);

    const well = COUNT - BAD.length;
    await page.getByText(`${well} succeeded, 3 failed, 1 skipped`).waitFor();
    await page.getByText('Skipped: no answer').waitFor();
    await app.button('Retry the 3 failed devices').waitFor();
    await app.button('Retry the skipped device').waitFor();
    for (const [position, { device }] of fleet.entries()) {
      const named = fleetName(position);
      expect(device.requestsInFlightMax, `${named}: one request at a time`).to.be.at.most(1);
      if (BAD.includes(position)) expect(startsNext(device), `${named} runs what it ran`).to.deep.equal(BEFORE);
      else expect(startsNext(device), `${named} runs the file`).to.deep.equal(IMAGE);
    }
    expect(
      endedBefore.map(({ device }) => device.writeLog.length),
      'those that had ended are not touched again',
    ).to.deep.equal(requestsBefore);
    expect(at(HELD).device.bytesProgrammedTwice, 'the one in the middle goes on from where it was').to.equal(0);
    expect(app.errors).to.deep.equal([]);
  });
});
