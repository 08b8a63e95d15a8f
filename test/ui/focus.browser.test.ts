import { expect } from 'chai';
import { onNth } from '../../src/simulator/faults.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { savedDevice } from '../state/given.ts';
import { aHistoryEntry } from '../storage/samples.ts';
import {
  all,
  button,
  card,
  chooseFile,
  fileField,
  fill,
  focusedElement,
  menuWith,
  seenButton,
  status,
  until,
} from './finding.ts';
import { useOpenPage, useWorker } from './opened.ts';
import { ADDRESS, serve } from './page.ts';

const TOKEN = 'ab'.repeat(32);
const IMAGE = buildApp({ sizeBytes: 64 * 1024 });

/** What has focus, as a person would call it; "" where nothing has it. */
function focusedWords(): string {
  const found = focusedElement();
  return (found?.getAttribute('aria-label') ?? found?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
}

async function focusOn(words: string): Promise<void> {
  await until(`the focus on “${words}”, not “${focusedWords()}”`, () => focusedWords() === words);
}

/** Presses a button that has focus, as a key does. */
async function press(name: string, root: ParentNode = document): Promise<void> {
  const found = await until(`a button “${name}”`, () => seenButton(name, root) ?? menuWith(name, root));
  const first = found instanceof HTMLButtonElement ? found : await until('its ⋯', () => found.opener);
  first.focus();
  expect(focusedElement()).to.equal(first);
  first.click();
  if (found instanceof HTMLButtonElement) return;
  const item = await button(name, found.renderRoot instanceof ShadowRoot ? found.renderRoot : found);
  item.focus();
  item.click();
}

/** Looks in each frame whether anything has focus, once something had it. */
function watchFocus(): { readonly lost: readonly string[]; end(): void } {
  const lost: string[] = [];
  let last = '';
  let goesOn = true;
  const look = (): void => {
    const now = focusedElement();
    if (now === null && last !== '') lost.push(last);
    last = now === null ? '' : focusedWords();
    if (goesOn) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  return { lost, end: () => (goesOn = false) };
}

describe('Focus never falls to the body', () => {
  const worker = useWorker();
  let watch: ReturnType<typeof watchFocus>;
  // Before the page is closed, which takes the focus with it.
  afterEach(() => {
    watch.end();
    expect(watch.lost, 'had focus, and then nothing had').to.deep.equal([]);
  });
  const page = useOpenPage();
  beforeEach(() => (watch = watchFocus()));

  function device(of: Partial<SimulatedDevice['options']> = {}): SimulatedDevice {
    const made = new SimulatedDevice({ token: TOKEN, slotBytes: 64 * 4096, awayMs: 10, ...of });
    serve(worker, made);
    return made;
  }

  async function ready(): Promise<HTMLElement> {
    await savedDevice(page.app.devices, { name: 'Kitchen', address: ADDRESS, token: TOKEN });
    await chooseFile('kitchen.bin', IMAGE);
    await until('the file', () => page.app.firmware.firmware !== null);
    return card('Kitchen');
  }

  it('with the first device: it goes to the new card', async () => {
    device();
    await press('Add device');
    await fill('Name', 'Kitchen');
    await fill('Address', ADDRESS);
    await fill('Token', TOKEN);
    await press('Save');
    await focusOn('Kitchen');
  });

  it('with a file that was chosen: it goes to the name of what will be sent', async () => {
    (await fileField()).focus();
    await chooseFile('kitchen.bin', buildApp({ project: 'kitchen-app' }));
    await focusOn('kitchen-app');
  });

  it('with “Update”, and at the end: it stays in the card', async () => {
    device();
    const kitchen = await ready();
    await press('Update', kitchen);
    await focusOn('Kitchen');
    await status('Kitchen', 'Updated');
    await focusOn('Kitchen');
  });

  it('at the end, where “Pause” had it: what it goes to starts nothing', async () => {
    const simulated = device();
    const held = onNth('chunk', 3, { kind: 'hang', when: 'after' });
    simulated.fault = held;
    const kitchen = await ready();
    await press('Update', kitchen);
    (await button('Pause', kitchen)).focus();
    await status('Kitchen', 'Updated');
    await focusOn('Kitchen');
    expect(focusedElement()?.localName).to.equal('h2');
  });

  it('with “Pause” and “Resume”, which stop and go on with the same key', async () => {
    device().fault = onNth('chunk', 3, { kind: 'hang', when: 'after' });
    const kitchen = await ready();
    await press('Update', kitchen);
    await status('Kitchen', 'Writing');
    await press('Pause', kitchen);
    await focusOn('Resume');
    await press('Resume', kitchen);
    await focusOn('Pause');
    await status('Kitchen', 'Updated');
    await focusOn('Kitchen');
  });

  it('with “Cancel”, which cannot be pressed twice', async () => {
    device().fault = onNth('chunk', 3, { kind: 'hang', when: 'after' });
    const kitchen = await ready();
    await press('Update', kitchen);
    await status('Kitchen', 'Writing');
    await press('Cancel', kitchen);
    await focusOn('More for Kitchen');
    await status('Kitchen', 'Cancelled');
    await focusOn('More for Kitchen');
  });

  it('with a device that is removed: it goes to the next one, and to the page after the last', async () => {
    for (const at of [0, 1, 2]) await savedDevice(page.app.devices, { name: `Hall ${at}`, address: `hall-${at}.test` });
    for (const [name, next] of [
      ['Hall 1', 'Hall 2'],
      ['Hall 2', 'Hall 0'],
      ['Hall 0', 'No device yet'],
    ] as const) {
      await press('Remove', await card(name));
      await press('Remove', await until('the question', () => all('dialog[open]')[0]));
      await focusOn(next);
    }
  });

  it('with a line of many that is removed: it goes to the next line', async () => {
    for (const at of [0, 1, 2, 3, 4, 5])
      await savedDevice(page.app.devices, { name: `Hall ${at}`, address: `hall-${at}.test` });
    const row = await until('the row', () =>
      all('device-row').find((each) => each.shadowRoot?.querySelector('.name')?.textContent === 'Hall 2'),
    );
    await press('Remove', row.shadowRoot ?? row);
    await press('Remove', await until('the question', () => all('dialog[open]')[0]));
    await until('the next line', () => focusedWords().startsWith('Hall 3'));
    expect(focusedElement()?.ariaExpanded).to.equal('false');
  });

  it('with the way to the import of many: it goes there, past all else under “More”', async () => {
    const way = await until('the way', () =>
      all('a').find(({ textContent }) => textContent.startsWith('Import a list')),
    );
    way.click();
    await focusOn('Back up devices');
    await until('it to be seen', () => {
      const { top, bottom } = focusedElement()?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
      return top >= 0 && bottom <= window.innerHeight;
    });
  });

  it('with lines that are pasted: it goes to what they would change', async () => {
    location.hash = '#/more';
    const fold = await until('the fold', () => all('summary').find(({ textContent }) => textContent === 'Paste lines'));
    fold.click();
    const lines = await until('the field', () => all('textarea')[0]);
    if (lines instanceof HTMLTextAreaElement) lines.value = 'Hall, 192.168.1.51, abc';
    await press('Preview');
    await focusOn('What the import changes');
  });

  it('with a file that is removed from the library', async () => {
    for (const name of ['one', 'two']) {
      await chooseFile(`${name}.bin`, buildApp({ project: name, seed: name.length + name.charCodeAt(0) }));
      await until(name, () => page.app.firmware.firmware?.name === `${name}.bin`);
    }
    location.hash = '#/firmware';
    await focusOn('Firmware');
    const rows = await until('both', () => all('library-row').length === 2 && all('library-row'));
    const [first, second] = rows.map((row) => row.shadowRoot?.querySelector('h2')?.textContent.trim() ?? '');
    await press('Remove', rows[0]?.shadowRoot ?? document);
    await press('Remove', await until('the question', () => all('dialog[open]')[0]));
    await focusOn(second ?? '');
    expect(first).not.to.equal(second);
    await press('Rename', await until('the row', () => all('library-row')[0]?.shadowRoot));
    await press('Save', await until('the row', () => all('library-row')[0]?.shadowRoot));
    await focusOn(second ?? '');
  });

  it('with a history that is cleared', async () => {
    await page.historyStore.add(aHistoryEntry());
    location.hash = '#/history';
    await focusOn('History');
    await press('Clear');
    await press('Clear', await until('the question', () => all('dialog[open]')[0]));
    await focusOn('History');
  });

  it('with a dialog that is closed: it goes back to what opened it', async () => {
    await savedDevice(page.app.devices, { name: 'Kitchen', address: ADDRESS });
    for (const [opens, closes] of [
      ['Edit', 'Cancel'],
      ['History and sharing', 'Close'],
      ['Remove', 'Cancel'],
    ] as const) {
      await press(opens, await card('Kitchen'));
      await press(closes, await until(`the dialog of ${opens}`, () => all('dialog[open]')[0]));
      await focusOn('More for Kitchen');
    }
  });

  it('with another place: it goes to its heading', async () => {
    const link = await until('the link', () => all('nav a').find(({ textContent }) => textContent.includes('History')));
    link.focus();
    link.click();
    await until('the heading', () => focusedElement()?.localName === 'h1' && focusedWords() === 'History');
    window.history.back();
    await focusOn('No device yet');
  });

  it('with the way past the header', async () => {
    const skip = await until('the link', () => all('.skip')[0]);
    skip.focus();
    skip.click();
    expect(focusedElement()?.localName).to.equal('main');
    expect(page.shell.route).to.equal('devices');
  });

  it('with a press beside everything, which takes it away and is meant to', async () => {
    watch.end();
    await savedDevice(page.app.devices, { name: 'Kitchen', address: ADDRESS });
    const more = await button('More for Kitchen', await card('Kitchen'));
    more.focus();
    more.blur();
    window.dispatchEvent(new PointerEvent('pointerup'));
    await page.app.devices.remove(page.app.devices.$devices.get()[0]?.id ?? '');
    await until('the empty page', () => all('h1').some(({ textContent }) => textContent === 'No device yet'));
    await new Promise(requestAnimationFrame);
    expect(focusedElement()).to.equal(null);
  });
});
