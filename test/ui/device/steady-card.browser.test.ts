import { expect } from 'chai';
import { LitElement } from 'lit';
import type { FaultInfo } from '../../../src/simulator/faults.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { savedDevice } from '../../state/given.ts';
import { all, button, card, chooseFile, status, until } from '../finding.ts';
import { useOpenPage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

const TOKEN = 'ab'.repeat(32);
/** As large as the page may shift in a whole update: a fifth of what Web Vitals calls good. */
const MOST_SHIFT = 0.02;

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
}

/** Where things are, in whole pixels: "16 340 288 44". */
function place(element: HTMLElement): string {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x, y, width, height].map(Math.round).join(' ');
}

describe('A card, from the press to the end', () => {
  const worker = useWorker();
  const page = useOpenPage();

  const WIDTHS = [288, 358, 432] as const;
  for (const [width, lost] of WIDTHS.flatMap((each) => [[each, false] as const, [each, true] as const])) {
    it(`keeps its button and itself in their places, ${width} px wide, ${lost ? 'through a loss, ' : ''}and the page hardly shifts`, async () => {
      const device = new SimulatedDevice({ token: TOKEN, slotBytes: 64 * 4096, awayMs: 10 });
      serve(worker, device);
      // Nothing gets through from the middle on, and its count is not told either, until the card has said so.
      let isAway = lost;
      const isGone = ({ route, offset }: FaultInfo): boolean =>
        isAway && route !== 'preflight' && (offset ?? 0) > 50_000;
      device.fault = (info) => (isGone(info) ? { kind: 'drop', when: 'before' } : null);
      await savedDevice(page.app.devices, { name: 'Kitchen sensor', address: ADDRESS, token: TOKEN });
      await chooseFile('kitchen.bin', buildApp({ sizeBytes: 128 * 1024 }));
      await until('the file', () => page.app.firmware.firmware !== null);
      const article = await card('Kitchen sensor');
      const view = await until('the view', () => all('devices-view')[0]);
      view.style.width = `${width}px`;
      // The question for its chip goes with the press; the card keeps its height all the same. Where there is none, nothing
      // comes in its place either.
      await until('the question', () => all('[role=group]', article)[0]);
      const chipId = page.app.firmware.firmware?.inspection.chip?.id ?? -1;
      if (lost) await page.app.devices.learn(page.app.devices.$devices.get()[0]?.id ?? '', { chipId });
      if (lost) await until('no question', () => all('[role=group]', article).length === 0);
      const primary = await button('Update', article);
      await new Promise(requestAnimationFrame);

      let shifted = 0;
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as LayoutShift[]) shifted += entry.value;
      });
      observer.observe({ type: 'layout-shift' });
      const seen = new Set<string>();
      const said = new Set<string>();
      let watching = true;
      const watch = (): void => {
        seen.add(`button ${place(primary)}, card ${place(article)}`);
        said.add(primary.textContent.trim());
        if (watching) requestAnimationFrame(watch);
      };
      watch();
      primary.click();
      if (lost) {
        await until('the next try', () =>
          all('p', article).some(({ textContent }) => /^Try \d+ .* are safe on the device/.test(textContent)),
        );
        isAway = false;
      }
      await status('Kitchen sensor', 'Updated');
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      watching = false;
      for (const entry of observer.takeRecords() as LayoutShift[]) shifted += entry.value;
      observer.disconnect();

      expect(said).to.include('Pause');
      expect([...seen]).to.deep.equal([...seen].slice(0, 1));
      expect(shifted).to.be.below(MOST_SHIFT);
    });
  }

  it('stands still while an update answers the question above it, and while the next file is read', async () => {
    serve(worker, new SimulatedDevice({ token: TOKEN, slotBytes: 64 * 4096, awayMs: 10 }));
    for (const [name, address] of [
      ['Kitchen sensor', ADDRESS],
      ['Hall sensor', 'hall.test'],
    ] as const)
      await savedDevice(page.app.devices, { name, address, token: TOKEN });
    const build = (version: string): Promise<void> =>
      chooseFile('kitchen.bin', buildApp({ version, sizeBytes: 128 * 1024 }));
    await build('1.0.0');
    const asks = (words: string): boolean =>
      all('chip-question').some(({ shadowRoot }) => shadowRoot?.textContent.includes(words));
    await until('the question of both', () => asks('Yes, both'));
    const article = await card('Kitchen sensor');
    const primary = await button('Update', article);
    const top = (): number => Math.round(primary.getBoundingClientRect().top);
    const seen = new Set<number>();
    let watching = true;
    const watch = (): void => {
      seen.add(top());
      if (watching) requestAnimationFrame(watch);
    };
    watch();
    primary.click();
    await status('Kitchen sensor', 'Updated');
    await until('one left', () => asks('Hall sensor'));

    // On a phone the devices are below the file.
    const panel = await until('the panel of the file', () =>
      all('firmware-panel').find((one) => one instanceof LitElement),
    );
    const before = panel.offsetHeight;
    const whileRead: Promise<number>[] = [];
    const stop = page.app.firmware.$chosen.listen(({ kind }) => {
      if (kind === 'reading') whileRead.push(panel.updateComplete.then(() => panel.offsetHeight));
    });
    await build('1.0.1');
    await until('the next file', () => page.app.firmware.firmware?.inspection.version === '1.0.1');
    stop();
    expect(whileRead).not.to.deep.equal([]);
    for (const height of await Promise.all(whileRead)) expect(height).to.equal(before);

    const [, hall] = page.app.devices.$devices.get();
    await page.app.devices.learn(hall?.id ?? '', { chipId: 0 });
    await until('none left', () => asks('known now'));
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    watching = false;
    expect([...seen]).to.deep.equal([top()]);
  });

  it('stays under the finger where it fails: the reason stands above the button, and the rest below it', async () => {
    serve(worker, new SimulatedDevice({ token: 'another', slotBytes: 64 * 4096, awayMs: 10 }));
    await savedDevice(page.app.devices, { name: 'Kitchen sensor', address: ADDRESS, token: TOKEN });
    await chooseFile('kitchen.bin', buildApp({ sizeBytes: 128 * 1024 }));
    await until('the file', () => page.app.firmware.firmware !== null);
    const article = await card('Kitchen sensor');
    const primary = await button('Update', article);
    const before = place(primary);
    primary.click();
    await status('Kitchen sensor', 'Failed');
    expect(place(primary)).to.equal(before);
    const rest = await until('the rest', () => all('.long', article)[0]);
    expect(rest.getBoundingClientRect().top).to.be.at.least(primary.getBoundingClientRect().bottom);
    const [reason] = all('.say .small', article);
    expect(reason?.textContent).to.equal('The device refused the token.');
    expect(reason?.getBoundingClientRect().bottom).to.be.at.most(primary.getBoundingClientRect().top);
  });

  it('does nothing where its button came to mean something else under the finger', async () => {
    const device = new SimulatedDevice({ token: TOKEN, slotBytes: 64 * 4096, awayMs: 10 });
    serve(worker, device);
    await savedDevice(page.app.devices, { name: 'Kitchen sensor', address: ADDRESS, token: TOKEN });
    await chooseFile('kitchen.bin', buildApp({ sizeBytes: 128 * 1024 }));
    await until('the file', () => page.app.firmware.firmware !== null);
    const primary = await button('Update', await card('Kitchen sensor'));
    primary.click();
    await until('the other meaning', () => primary.textContent.trim() === 'Pause');
    primary.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    await status('Kitchen sensor', 'Updated');
    const { restarts } = device;
    // A finger that was to pause must not send it all again.
    primary.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
    expect(page.app.updates.$update(page.app.devices.$devices.get()[0]?.id ?? '').get().kind).to.equal('ended');
    expect(device.restarts).to.equal(restarts);
  });
});
