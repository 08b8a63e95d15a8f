import { expect } from 'chai';
import { KeysState } from '../../src/state/keys.ts';
import { onNth } from '../../src/simulator/faults.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { aHistoryEntry } from '../storage/samples.ts';
import { findings, wear } from './axe.ts';
import { all, button, card, chooseFile, press, status, until } from './finding.ts';
import { serve } from './page.ts';
import { TOKEN, IMAGE, add, key, openDialogs, focused, useGestures } from './gestures.ts';

describe('Gestures', () => {
  const { page, worker } = useGestures();

  for (const theme of ['light', 'dark'] as const) {
    it(`lists the keys at “?”, with nothing that axe finds, ${theme}`, async () => {
      wear(theme);
      key('?', { shiftKey: true });
      await until('the list', () => all('kbd').length > 0);
      expect(await findings()).to.deep.equal([]);
      // A dialog that lies over the page takes no keys for what is beneath.
      expect(key('?').defaultPrevented).to.equal(false);
    });
  }

  it('does nothing at keys in a field, with modifiers, or turned off', async () => {
    await chooseFile('new.bin', IMAGE);
    await add('Kitchen sensor');
    for (const with_ of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }]) {
      for (const pressed of ['u', '?', '/']) expect(key(pressed, with_).defaultPrevented).to.equal(false);
    }
    const input = document.createElement('input');
    document.body.append(input);
    for (const pressed of ['u', '?', '/', 'ArrowDown'])
      expect(key(pressed, {}, input).defaultPrevented).to.equal(false);
    input.remove();
    page.app.keys.turn(false);
    for (const pressed of ['u', '?', '/']) expect(key(pressed).defaultPrevented).to.equal(false);
    expect(openDialogs()).to.deep.equal([]);
    expect(await page.historyStore.count()).to.equal(0);
  });

  it('updates the only device at “u”', async () => {
    await chooseFile('new.bin', IMAGE);
    await until('the file', () => page.app.firmware.firmware);
    await add('Kitchen sensor');
    key('u');
    await status('Kitchen sensor', 'Updated');
    // From there, "Pause" was the next stop.
    const now = focused();
    expect([now?.localName, now?.textContent]).to.deep.equal(['h2', 'Kitchen sensor']);
  });

  it('leads to the reason at “u” where “Update” is off, and sends nothing', async () => {
    await chooseFile('new.bin', IMAGE);
    const other = (await until('the file', () => page.app.firmware.firmware)).inspection.chip?.id ?? -1;
    await add('Kitchen sensor');
    const device = page.app.devices.$devices.get()[0];
    await page.app.devices.learn(device?.id ?? '', { chipId: other === 0 ? 5 : 0 });
    const cards = await card('Kitchen sensor');
    await until('the reason', () => cards.querySelector('device-fit')?.shadowRoot?.querySelector('.needs'));
    expect(key('u').defaultPrevented).to.equal(true);
    expect(focused()?.textContent).to.match(/^Built for .*; this device is an /);
    expect(page.app.updates.$running.get()).to.deep.equal([]);
  });

  it('tells with “Update” what a press of it means', async () => {
    await chooseFile('new.bin', IMAGE);
    await until('the file', () => page.app.firmware.firmware);
    await add('Kitchen sensor');
    const update = await button('Update', await card('Kitchen sensor'));
    const root = update.getRootNode() as ShadowRoot;
    const described = root.getElementById(update.getAttribute('aria-describedby') ?? '');
    await until('the question', () => described?.shadowRoot?.textContent.includes('“Update” counts as yes'));
  });

  it('speaks of no “Update” in the question for the chip where the button says “Resume”', async () => {
    const device = new SimulatedDevice({ token: TOKEN, slotBytes: 64 * 4096, awayMs: 10 });
    device.fault = onNth('chunk', 2, { kind: 'status', when: 'before', status: 403 });
    serve(worker, device);
    await chooseFile('new.bin', buildApp({ version: '2.0.0', sizeBytes: 49 * 4096 }));
    await until('the file', () => page.app.firmware.firmware);
    await add('Kitchen sensor');
    const kitchen = await card('Kitchen sensor');
    await press('Update', kitchen);
    await status('Kitchen sensor', 'Failed');
    await until('the button', () =>
      all('button.primary', kitchen).some(({ textContent }) => textContent.includes('Resume')),
    );
    const fit = all('device-fit', kitchen)[0]?.shadowRoot?.textContent ?? '';
    expect(fit).to.include('Is this device an').and.not.include('“Update”');
  });

  it('leads to the button of a rollout at “u”, past all devices', async () => {
    await chooseFile('new.bin', IMAGE);
    await until('the file', () => page.app.firmware.firmware);
    for (const at of [1, 2]) await add(`Hall ${at}`, `hall-${at}.test`);
    location.hash = '#/rollout';
    const goes = await button('Update 2 devices');
    expect(key('u').defaultPrevented).to.equal(true);
    expect(focused()).to.equal(goes);
    expect(page.app.updates.$running.get()).to.deep.equal([]);
  });

  it('leads to the first “Update” of several devices at “u”, and sends nothing', async () => {
    await add('Kitchen sensor');
    await add('Hall lamp', 'hall.test');
    (document.activeElement as HTMLElement | null)?.blur();
    key('u');
    expect(focused()).to.equal(await button('Update', await card('Kitchen sensor')));
    expect(await page.historyStore.count()).to.equal(0);
  });

  it('goes from line to line by arrows, to the same control, and to the search by “/”', async () => {
    for (const id of ['u1', 'u2', 'u3'])
      await page.app.history.keep(aHistoryEntry({ id, startedAt: Number(id.slice(1)) }));
    location.hash = '#/history';
    const lines = await until(
      'the lines',
      () => all('button[aria-expanded]').length === 3 && all('button[aria-expanded]'),
    );
    lines[0]?.focus();
    key('ArrowDown', {}, lines[0]);
    expect(focused()).to.equal(lines[1]);
    key('ArrowUp', {}, lines[1]);
    expect(focused()).to.equal(lines[0]);
    expect(key('ArrowUp', {}, lines[0]).defaultPrevented).to.equal(false);
    expect(key('/').defaultPrevented).to.equal(true);
    expect(focused()?.matches('input[type=search]')).to.equal(true);
  });
});

describe('Whether single keys are on', () => {
  it('is kept', () => {
    const turned: boolean[] = [];
    const keys = new KeysState({ areOff: () => true, turn: (on) => turned.push(on) });
    expect(keys.$on.get()).to.equal(false);
    keys.turn(true);
    expect([keys.$on.get(), ...turned]).to.deep.equal([true, true]);
  });
});
