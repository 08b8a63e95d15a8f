import { expect } from 'chai';
import { onEvery } from '../../../src/simulator/faults.ts';
import { handlersFor } from '../../../src/simulator/msw-handlers.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { MemoryRollouts } from '../../../src/storage/memory.ts';
import type { RolloutChoice } from '../../../src/ui/rollout/rollout-choice.ts';
import { tokens } from '../../../src/ui/kit/style/tokens.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { savedDevice } from '../../state/given.ts';
import { ran } from '../../storage/samples.ts';
import { findings } from '../axe.ts';
import { all, button, chooseFile, field, fill, focusedElement, press, seenButton, until } from '../finding.ts';
import { usePage, useWorker } from '../opened.ts';

const TOKEN = 'ab'.repeat(32);
const IMAGE = buildApp({ sizeBytes: 64 * 1024 });

/** The state of one line, by the device's name. */
function line(name: string): string | undefined {
  const found = all('rollout-line').find((one) => one.shadowRoot?.textContent.includes(name));
  return found?.shadowRoot?.textContent.replaceAll(/\s+/g, ' ').trim();
}

async function says(words: string | RegExp): Promise<string> {
  let said = 'nothing';
  const isSaid = until(`the rollout to say “${String(words)}”`, () => {
    const [progress] = all('rollout-progress');
    said = (progress && all('[role=status]', progress.shadowRoot ?? progress)[0]?.textContent) ?? 'nothing';
    return said.match(words) ? said : null;
  });
  return isSaid.catch((error: unknown) => {
    const lines = all('rollout-line').map((found) => found.shadowRoot?.textContent.replaceAll(/\s+/g, ' ').trim());
    throw new Error(`${String(error)}; it says “${said}”, and of its devices: ${lines.join('; ')}`);
  });
}

describe('A rollout', () => {
  const worker = useWorker();
  const page = usePage();
  let devices: SimulatedDevice[];

  /** Devices "Sensor 0", "Sensor 1", … at addresses of their own, the firmware chosen, at the place of rollouts. */
  async function ready(count: number, rollouts = new MemoryRollouts()): Promise<void> {
    await page.open({ rollouts });
    devices = Array.from(
      { length: count },
      (_, at) =>
        new SimulatedDevice({
          token: TOKEN,
          slotBytes: 64 * 4096,
          awayMs: 10,
          dialect: at % 2 === 0 ? 'shipped' : 'documented',
        }),
    );
    worker.resetHandlers(...devices.flatMap((device, at) => handlersFor(device, `http://sensor-${at}.test:8080`)));
    for (let at = 0; at < count; at += 1) {
      await savedDevice(page.app.devices, { name: `Sensor ${at}`, address: `sensor-${at}.test`, token: TOKEN });
    }
    await chooseFile('kitchen.bin', IMAGE);
    await until('the file', () => page.app.firmware.firmware !== null);
    location.hash = '#/rollout';
  }

  async function begin(count: number): Promise<void> {
    // Whoever needs the file is chosen already.
    await press(`Update ${count} devices`);
  }

  it('brings one firmware onto all chosen devices, in both dialects', async () => {
    await ready(4);
    await begin(4);
    await says(/^Finished\. All 4 succeeded/);
    for (const device of devices) expect(device.runningImage).to.deep.equal(IMAGE);
    expect(line('Sensor 0')).to.contain('Updated');
    expect(line('Sensor 1')).to.contain('Accepted by the device');
    expect(all('i.well', all('rollout-field')[0]?.shadowRoot ?? document)).to.have.length(4);
  });

  it('is reached from the devices, and goes only to those that were chosen', async () => {
    await ready(3);
    location.hash = '#/devices';
    const link = await until('the way there', () => all('a').find(({ textContent }) => textContent === 'Update many'));
    link.click();
    (await field('All devices (3)')).click();
    await fill('Search', 'sensor 1');
    (await field('All shown (1)')).click();
    await fill('Search', '');
    await press('Update 1 device');
    await says(/^Finished/);
    expect(devices.map(({ runningImage }) => runningImage.length === IMAGE.length)).to.deep.equal([false, true, false]);
  });

  it('goes by itself to those that need the file, and says how many have it', async () => {
    await ready(4);
    const { devices: saved, updates, firmware } = page.app;
    const [first, , third, fourth] = saved.$devices.get();
    await updates.start(first?.id ?? '');
    await saved.learn(fourth?.id ?? '', { chipId: 5 });
    const { chip } = firmware.firmware?.inspection ?? {};
    const told = await until('the count', () =>
      all('.end [role=status]').find(({ textContent }) => textContent.includes('2 need it')),
    );
    expect(told.textContent.replaceAll(/\s+/g, ' ').trim()).to.equal(
      '2 of 4 chosen · 2 need it, 1 has it, 1 can’t take it',
    );
    await until('the reason', () => all('.misfit').some(({ textContent }) => textContent.includes('Built for ESP32;')));
    // The chip of the two others is asked once.
    await press('Yes, both');
    await until('the chip to be known', () => saved.find(third?.id ?? '')?.chipId === chip?.id);
    // What has it may be sent it all the same; what cannot take it may not.
    const boxes = all('li input').map((box) => (box as HTMLInputElement).disabled);
    expect(boxes).to.deep.equal([false, false, false, true]);
    await press('Update 2 devices');
    await says(/^Finished\. Both succeeded/);
  });

  it('begins anew with another file: a tick was for the one before, and a device that was unticked stays so', async () => {
    await ready(3);
    const { devices: saved, updates } = page.app;
    const [first] = saved.$devices.get();
    await updates.start(first?.id ?? '');
    const boxes = (): readonly boolean[] => all('li input').map((box) => (box as HTMLInputElement).checked);
    const become = (...wanted: readonly boolean[]): Promise<boolean> =>
      until(`boxes ${wanted.join()}`, () => boxes().join() === wanted.join());
    await become(false, true, true);
    for (const at of [0, 2]) all('li input')[at]?.click();
    await become(true, true, false);
    const other = buildApp({ sizeBytes: 32 * 1024, version: '3.0.0' });
    await chooseFile('other.bin', other);
    await until('the other file', () => page.app.firmware.firmware?.name === 'other.bin');
    await become(true, true, false);
    await chooseFile('new.bin', IMAGE);
    await until('the file it has', () => page.app.firmware.firmware?.name === 'new.bin');
    await become(false, true, false);
  });

  it('drops a filter whose value is gone', async () => {
    await ready(2);
    const { devices: saved } = page.app;
    const [first] = saved.$devices.get();
    await saved.learn(first?.id ?? '', { runs: { ...ran('ab'), version: '0.9.0' } });
    const choice = await until('the choice', () => all('rollout-choice')[0] as RolloutChoice | undefined);
    choice.filter = { ...choice.filter, runs: '0.9.0' };
    await field('All shown (1)');
    await saved.learn(first?.id ?? '', { runs: { ...ran('cd'), version: '1.0.0' } });
    await field('All devices (2)');
    expect(choice.filter.runs).to.equal(null);
  });

  it('skips a device that refuses, with the reason, before anything is written to it', async () => {
    await ready(2);
    devices[0] = new SimulatedDevice({ token: 'another', slotBytes: 64 * 4096 });
    worker.resetHandlers(...devices.flatMap((device, at) => handlersFor(device, `http://sensor-${at}.test:8080`)));
    await begin(2);
    await says(/1 of 2 succeeded/);
    expect(line('Sensor 0')).to.contain('Skipped').and.to.contain('The device refused the token');
    expect(devices[0].blocksErased).to.equal(0);
    await button('Retry the skipped device');
    expect(all('button').filter(({ textContent }) => textContent === 'Edit')).to.have.length(1);
    await press('Edit Sensor 0');
    const token = await field('Token');
    expect((await field('Address')).value).to.equal('sensor-0.test');
    // What was refused is what the person came for.
    await until('the focus', () => focusedElement() === token);
  });

  it('asks after a first wave that failed; Stop leaves the others as they are', async () => {
    await ready(3);
    const [first] = devices;
    if (first) first.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
    await begin(3);
    await says(/continue with the other 2 devices/i);
    expect(line('Sensor 0')).to.contain('Failed').and.to.contain('still runs its old firmware');
    await press('Stop');
    await says(/^Stopped after the first wave/);
    expect(line('Sensor 2')).to.contain('Not started');
    expect(devices[2]?.writeLog).to.be.empty;
  });

  it('asks after a first wave that failed; Go on brings the others to their end', async () => {
    await ready(3);
    const [first] = devices;
    if (first) first.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
    await begin(3);
    await press('Continue');
    await says(/^Finished with 1 failure\. 2 of 3 succeeded/);
    if (first) first.fault = null;
    await press('Retry the failed device');
    await says(/It succeeded/);
    expect(first?.runningImage).to.deep.equal(IMAGE);
  });

  it('that has ended gives way to the next one, once another file is chosen', async () => {
    await ready(2);
    const [first] = devices;
    if (first) first.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
    await begin(2);
    await press('Continue');
    await says(/^Finished with 1 failure/);
    await chooseFile('hall.bin', buildApp({ sizeBytes: 128 * 1024 }));
    await button('Update 2 devices');
    expect(seenButton('Retry the failed device', document)).to.equal(undefined);
    const before = await until('the one before', () =>
      all('summary').find(({ textContent }) => textContent.includes('failure')),
    );
    before.click();
    // It is the first file's: that is on the screen again, and the form is not.
    if (first) first.fault = null;
    await press('Retry the failed device');
    await until('the form to go', () => all('rollout-choice').length === 0);
    // What went on after this test would write to the devices of the next one, which have the same addresses.
    await says(/It succeeded/);
    expect(first?.runningImage).to.deep.equal(IMAGE);
  });

  it('of an earlier visit is offered, and goes on only when told to', async () => {
    const left = new MemoryRollouts();
    await ready(2, left);
    const { sha256 = '' } = page.app.firmware.firmware ?? {};
    const ids = page.app.devices.$devices.get().map(({ id }) => id);
    await left.write({
      ...{ sha256, firmwareName: 'kitchen.bin', firstWave: 1, width: null, startedAt: Date.now() },
      stopAt: { failures: 3, share: null },
      devices: ids,
      ended: ids.slice(0, 1).map((id) => [id, 'updated'] as const),
      stopped: 'stop-mark',
      forgiven: [],
    });
    await page.app.rollouts.offer();
    const notice = await until('the notice', () =>
      all('li').find(({ textContent }) => textContent.includes('A rollout from an earlier visit')),
    );
    expect(notice.textContent).to.contain('only if you say so');
    await until('the offer', () => all('p').find(({ textContent }) => textContent.includes('hasn’t finished')));
    // Its devices are saved here no longer, so it cannot go on, and says why.
    for (const id of ids) await page.app.devices.remove(id);
    await press('Continue anyway');
    await until('the reason', () =>
      all('[role=alert]').some(({ textContent }) => textContent.includes('None of its devices is still saved')),
    );
    await press('Discard');
    expect(await left.read()).to.equal(null);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing for axe to find: choosing, asking and ended, ${theme}`, async () => {
      await ready(3);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(tokens.cssText.replace('(prefers-color-scheme: dark)', theme === 'dark' ? 'all' : 'not all'));
      document.adoptedStyleSheets = [sheet];
      await field('All devices (3)');
      expect(await findings()).to.deep.equal([]);
      const [first] = devices;
      if (first) first.fault = onEvery('begin', { kind: 'status', when: 'before', status: 400 });
      await begin(3);
      await says(/continue with the other 2 devices/i);
      expect(await findings()).to.deep.equal([]);
      await press('Stop');
      await says(/^Stopped/);
      expect(await findings()).to.deep.equal([]);
    });
  }
});
