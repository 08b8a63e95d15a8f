import { expect } from 'chai';
import { KeysState } from '../../src/state/keys.ts';
import { onNth } from '../../src/simulator/faults.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { listenToKeys } from '../../src/ui/shell/keys.ts';
import { ManualClock } from '../device/manual-clock.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { aHistoryEntry } from '../storage/samples.ts';
import { findings, wear } from './axe.ts';
import { all, button, card, chooseFile, field, press, status, until } from './finding.ts';
import { addDevice, usePage, useWorker } from './opened.ts';
import { ADDRESS, serve } from './page.ts';

const TOKEN = 'ef'.repeat(32);
const IMAGE = buildApp({ version: '2.0.0' });

function transfer(name: string, bytes: Uint8Array<ArrayBuffer>): DataTransfer {
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  return data;
}

async function add(name: string, address = ADDRESS): Promise<void> {
  await addDevice(TOKEN, name, address);
  await until('the dialog to close', () => all('dialog[open]').length === 0);
}

const key = (pressed: string, more: KeyboardEventInit = {}, on: EventTarget = document.body): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', {
    key: pressed,
    bubbles: true,
    composed: true,
    cancelable: true,
    ...more,
  });
  on.dispatchEvent(event);
  return event;
};

const openDialogs = (): HTMLElement[] => all('dialog[open]');
const isMarked = (): boolean => JSON.stringify(history.state).includes('moultDialog');

/** The element that has the focus, through all shadow roots. */
function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

describe('Gestures', () => {
  const worker = useWorker();
  let clock: ManualClock;
  let stop: () => void;
  // Before the page is closed, which would take its dialogs with it.
  afterEach(async () => {
    for (const dialog of openDialogs()) if (dialog instanceof HTMLDialogElement) dialog.close();
    await until('the entry of the dialogs to go', () => !isMarked());
    stop();
  });
  const page = usePage();
  beforeEach(async () => {
    location.hash = '#/devices';
    clock = new ManualClock();
    await page.open({ clock });
    stop = listenToKeys(page.app, page.shell);
    serve(worker, new SimulatedDevice({ token: TOKEN, slotBytes: 64 * 4096, awayMs: 10 }));
  });

  function drag(type: 'dragenter' | 'dragover' | 'drop', on: Element, data: DataTransfer): void {
    const { left, top, width, height } = on.getBoundingClientRect();
    const at = { clientX: left + width / 2, clientY: top + height / 2 };
    on.dispatchEvent(
      new DragEvent(type, { bubbles: true, composed: true, cancelable: true, dataTransfer: data, ...at }),
    );
  }

  it('sends what is dropped on a device, after one question that names both', async () => {
    await add('Kitchen sensor');
    const on = await card('Kitchen sensor');
    const data = transfer('new.bin', IMAGE);
    drag('dragenter', on, data);
    await until('what will happen', () => all('.veil').some((veil) => veil.textContent.includes('Kitchen sensor')));
    drag('drop', on, data);
    await until('the question', () =>
      openDialogs().some((one) => one.textContent.includes('Send new.bin to Kitchen sensor?')),
    );
    expect(page.app.updates.$update(page.app.devices.$devices.get()[0]?.id ?? '').get().kind).to.equal('rest');
    await press('Send', openDialogs()[0]);
    await status('Kitchen sensor', 'Updated');
  });

  it('sends the next build of what was agreed to at once, and asks again about anything else', async () => {
    await add('Kitchen sensor');
    const on = await card('Kitchen sensor');
    const build = (project: string, version: string): Uint8Array<ArrayBuffer> => buildApp({ project, version });
    const ends = async (count: number): Promise<void> => {
      await until(`${count} ends`, () => page.app.updates.$ended.get().length === count);
      await until('the rest', () => page.app.updates.$running.get().length === 0);
    };
    drag('drop', on, transfer('kitchen.bin', build('kitchen', '1.0.0')));
    await press('Send', await until('the question', () => openDialogs()[0]));
    await ends(1);

    drag('dragenter', on, transfer('kitchen.bin', build('kitchen', '1.0.1')));
    await until('what will happen', () => all('.veil').some(({ textContent }) => textContent.includes('at once')));
    drag('drop', on, transfer('kitchen.bin', build('kitchen', '1.0.1')));
    await ends(2);
    expect(openDialogs().length).to.equal(0);
    expect(page.app.firmware.firmware?.inspection.version).to.equal('1.0.1');
    expect(page.app.notices.$notices.get(), 'after its end').to.deep.equal([]);

    // Another firmware, and one that it runs already.
    for (const [project, version] of [
      ['garden', '1.0.2'],
      ['kitchen', '1.0.1'],
    ] as const) {
      drag('drop', on, transfer('next.bin', build(project, version)));
      await press('Cancel', await until(`the question about ${project}`, () => openDialogs()[0]));
      await until('it to close', () => openDialogs().length === 0);
    }
    expect(page.app.updates.$ended.get().length).to.equal(2);

    // What goes at once can be cancelled at once.
    const [saved] = page.app.devices.$devices.get();
    const stop = page.app.updates.$update(saved?.id ?? '').listen(({ kind }) => {
      // The button of its notice: here it is faster than any finger.
      if (kind === 'preparing') page.app.notices.act('sent-dropped');
    });
    drag('drop', on, transfer('kitchen.bin', build('kitchen', '1.0.3')));
    await ends(3);
    stop();
    expect(page.app.updates.$ended.get()[0]?.view.state.outcome).to.equal('cancelled');
  });

  it('chooses what is dropped on a device, and sends nothing after a no, nor what no device could run', async () => {
    await add('Kitchen sensor');
    const on = await card('Kitchen sensor');
    drag('drop', on, transfer('new.bin', IMAGE));
    await press('Cancel', await until('the question', () => openDialogs()[0]));
    expect(page.app.firmware.firmware?.name).to.equal('new.bin');
    drag('drop', on, transfer('text.bin', new TextEncoder().encode('no firmware')));
    await until('the verdict', () => page.app.firmware.firmware?.inspection.verdict === 'refuse');
    expect(page.app.questions.$question.get()).to.equal(null);
    expect(await page.historyStore.count()).to.equal(0);
  });

  it('chooses what is dropped on a dialog, says so above it, and sends it to no device beneath', async () => {
    await add('Kitchen sensor');
    const on = await card('Kitchen sensor');
    // What is agreed to: the next build of it would go at once.
    drag('drop', on, transfer('kitchen.bin', buildApp({ project: 'kitchen', version: '1.0.0' })));
    await press('Send', await until('the question', () => openDialogs()[0]));
    await status('Kitchen sensor', 'Updated');
    await until('the rest', () => page.app.updates.$running.get().length === 0);

    await press('Add device');
    await until('the dialog', () => openDialogs().length === 1);
    const data = transfer('kitchen.bin', buildApp({ project: 'kitchen', version: '1.0.1' }));
    drag('dragenter', on, data);
    const veil = await until('what will happen', () => all('.veil')[0]);
    expect(veil.textContent).to.contain('Drop to check the file');
    expect(veil.matches(':popover-open'), 'above the dialog').to.equal(true);
    drag('drop', on, data);
    await until('the file', () => page.app.firmware.firmware?.inspection.version === '1.0.1');
    expect(openDialogs().length, 'the dialog stays, and no question comes').to.equal(1);
    await press('Cancel');
    expect(page.app.updates.$ended.get().length).to.equal(1);
    expect(page.app.updates.$running.get()).to.deep.equal([]);
  });

  it('takes a file that is pasted anywhere but in a field', async () => {
    await add('Kitchen sensor');
    const paste = (on: EventTarget): boolean =>
      on.dispatchEvent(
        new ClipboardEvent('paste', { bubbles: true, composed: true, clipboardData: transfer('new.bin', IMAGE) }),
      );
    await press('Add device');
    paste(await field('Name'));
    expect(page.app.firmware.$chosen.get().kind).to.equal('none');
    await press('Cancel');
    paste(document.body);
    await until('the file', () => page.app.firmware.firmware?.name === 'new.bin');
    expect(page.app.questions.$question.get()).to.equal(null);
  });

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

  it('closes a dialog at Back, stays at its place, and leaves no entry behind', async () => {
    const before = history.length;
    await press('Add device');
    await until('the dialog', () => openDialogs().length === 1 && isMarked());
    history.back();
    await until('it to close', () => openDialogs().length === 0 && !isMarked());
    expect(location.hash).to.equal('#/devices');
    for (let turn = 0; turn < 3; turn += 1) {
      await press('Add device');
      await until('the dialog', () => openDialogs().length === 1 && isMarked());
      await press('Cancel');
      await until('the entry to go', () => !isMarked() && openDialogs().length === 0);
    }
    expect(history.length).to.be.at.most(before + 1);
    expect(location.hash).to.equal('#/devices');
  });

  it('closes the topmost of two dialogs at Back, and answers its question with no', async () => {
    await add('Kitchen sensor');
    await press('Add device');
    await until('the dialog', () => openDialogs().length === 1);
    const answer = page.app.questions.ask({ kind: 'clear-history' });
    await until('both', () => openDialogs().length === 2);
    history.back();
    expect(await answer).to.equal(false);
    await until('one dialog with its entry', () => openDialogs().length === 1 && isMarked());
  });

  it('leads by a link in a dialog to its place, and by Back to where the dialog was opened', async () => {
    await add('Kitchen sensor');
    await press('History and sharing', await card('Kitchen sensor'));
    const link = await until('the link', () =>
      all('a[href^="#/history"]').find(
        (each) =>
          each.getRootNode() !== document &&
          each.closest('li') === null &&
          each.checkVisibility() &&
          each.getAttribute('href')?.includes('device='),
      ),
    );
    link.click();
    await until('the history', () => location.hash.startsWith('#/history?device='));
    await until('the sheet to close', () => openDialogs().length === 0);
    history.back();
    await until('the devices', () => location.hash === '#/devices');
    expect(openDialogs()).to.deep.equal([]);
    expect(isMarked()).to.equal(false);
  });

  it('brings back a device that was removed, as it was, and one line of the history', async () => {
    await add('Kitchen sensor');
    const before = page.app.devices.$devices.get();
    await press('Remove', await card('Kitchen sensor'));
    await press('Remove', await until('the question', () => openDialogs()[0]));
    await until('the empty page', () => page.app.devices.$devices.get().length === 0);
    await press('Undo');
    await card('Kitchen sensor');
    expect(page.app.devices.$devices.get().map(({ id }) => id)).to.deep.equal(before.map(({ id }) => id));
    expect(await page.app.devices.token(before[0]?.id ?? '')).to.equal(TOKEN);

    await until('the entry of the question to go', () => !isMarked());
    await page.app.history.keep(aHistoryEntry({ id: 'u1' }));
    location.hash = '#/history';
    const row = await until('the line', () => all('history-row')[0]?.shadowRoot);
    (await until('its button', () => row.querySelector<HTMLElement>('button[aria-expanded]'))).click();
    await press('Remove', row);
    await until('no line', () => all('history-row').length === 0);
    await press('Undo');
    await until('the line again', () => all('history-row').length === 1);
    expect(await page.historyStore.entry('u1')).not.to.equal(null);
  });

  it('puts all lines of the history on paper, also those that are not drawn', async () => {
    for (let index = 0; index < 60; index += 1)
      await page.app.history.keep(aHistoryEntry({ id: `u${index}`, startedAt: index }));
    location.hash = '#/history';
    await until('the first page', () => all('history-row').length === 50);
    let printed = 0;
    const real = window.print.bind(window);
    window.print = () => (printed = all('history-row').length);
    await press('Print');
    await until('the paper', () => printed > 0).finally(() => (window.print = real));
    expect(printed).to.equal(60);
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
