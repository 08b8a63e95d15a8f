import { expect } from 'chai';
import type { Device } from '../../src/model/device/device.ts';
import { aDevice } from '../storage/samples.ts';
import { findings, wear } from './axe.ts';
import type { WritableAtom } from 'nanostores';
import type { CheckView } from '../../src/state/device/check/check-view.ts';
import { DeviceRow } from '../../src/ui/device/list/device-row.ts';
import { listenToKeys } from '../../src/ui/shell/keys.ts';
import { ActionMenu } from '../../src/ui/kit/action-menu.ts';
import { all, button, card, fill, press, until } from './finding.ts';
import { useOpenPage } from './opened.ts';

const ROOMS = ['House', 'Garden', null] as const;

function drawer(count: number): readonly Device[] {
  return Array.from({ length: count }, (_, index) =>
    aDevice({
      id: `d${index}`,
      name: `Sensor ${index}`,
      typed: `192.0.2.${index}`,
      origin: `http://192.0.2.${index}:8080`,
      group: ROOMS[index % ROOMS.length] ?? null,
    }),
  );
}

/** The names on the cards of few devices, or in the list of many. */
const names = (): readonly string[] =>
  all('device-row, .grid > device-card').map(
    ({ shadowRoot }) => shadowRoot?.querySelector('.name, h2')?.textContent ?? '',
  );
async function shown(count: number): Promise<void> {
  await until(`${count} devices`, () => names().length === count);
}

const row = (name: string): Promise<DeviceRow> =>
  until(`a row “${name}”`, () =>
    all('device-row').find(
      (found): found is DeviceRow =>
        found instanceof DeviceRow && found.shadowRoot?.querySelector('.name')?.textContent === name,
    ),
  );

describe('A drawer full of devices', () => {
  const page = useOpenPage();

  for (const width of [320, 390]) {
    it(`has its heading and its buttons in one line each, ${width} px wide`, async () => {
      await page.app.devices.saveAll(drawer(2), new Map());
      await shown(2);
      const view = await until('the view', () => all('devices-view')[0]);
      // What the page's own edges leave of a phone.
      view.style.width = `${width - 32}px`;
      for (const words of ['Devices', 'Update many', 'Add device']) {
        const found = await until(words, () => all('.top > *').find((each) => each.textContent.trim() === words));
        const range = document.createRange();
        range.selectNodeContents(found);
        const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => box.bottom));
        // A button's picture stands beside its words, and ends a little elsewhere.
        expect(lines.size, words).to.be.at.most(words === 'Add device' ? 2 : 1);
        expect(found.getBoundingClientRect().right, words).to.be.at.most(view.getBoundingClientRect().right);
      }
    });
  }

  it('is drawn whole, in the order of the list', async () => {
    const devices = drawer(60);
    await page.app.devices.saveAll(devices, new Map());
    await shown(devices.length);
    expect(names()).to.deep.equal(devices.map(({ name }) => name));
  });

  it('is searched by words, and says how many fit', async () => {
    await page.app.devices.saveAll(drawer(30), new Map());
    await fill('Search', 'sensor 2');
    const fitting = drawer(30).filter(({ name }) => name.startsWith('Sensor 2')).length;
    await shown(fitting);
    await until('the count', () =>
      all('[role=status]').some(({ textContent }) => textContent.includes(`${fitting} of 30`)),
    );
    await fill('Search', '');
    await shown(30);
  });

  it('is narrowed to a group by a tap, and the group is left when its last device goes', async () => {
    await page.app.devices.saveAll(drawer(4), new Map());
    await press('Garden');
    await shown(1);
    expect((await button('Garden')).getAttribute('aria-pressed')).to.equal('true');
    await page.app.devices.remove('d1');
    await shown(3);
  });

  it('keeps its rows when a device learns something', async () => {
    await page.app.devices.saveAll(drawer(30), new Map());
    await shown(30);
    await until('the search', () => all('device-filter')[0]);
    const before = all('device-row');
    await page.app.devices.learn('d3', { chipId: 9 });
    await page.shell.updateComplete;
    await new Promise(requestAnimationFrame);
    expect(all('device-row')).to.deep.equal(before);
  });

  it('brings the whole of a line into view that opens at the foot of the window, with room for the bar that comes', async () => {
    await page.app.devices.saveAll(drawer(30), new Map());
    await shown(30);
    window.scrollTo(0, 0);
    const last = await until('a line at the foot', () =>
      all('device-row').findLast((each) => each.getBoundingClientRect().bottom <= window.innerHeight),
    );
    const line = await until('its button', () => all('.main', last.shadowRoot ?? undefined)[0]);
    expect(line.getBoundingClientRect().bottom + 200, 'a card has no room below it').to.be.above(window.innerHeight);
    line.click();
    const BAR = 56;
    const primary = await until('its card', () => all('.primary', last.shadowRoot ?? undefined)[0]);
    await until('the card in view', () => primary.getBoundingClientRect().bottom + BAR <= window.innerHeight);
  });

  it('gets its groups from the dialog of a device', async () => {
    await page.app.devices.saveAll([aDevice({ name: 'Kitchen' })], new Map());
    await press('Edit', await card('Kitchen'));
    await fill('Group', ' House ');
    await press('Save');
    await until('the group', () => page.app.devices.$devices.get()[0]?.group === 'House');
    await button('House');
    await press('Edit', await card('Kitchen'));
    await fill('Group', '');
    await press('Save');
    await until('no group', () => page.app.devices.$devices.get()[0]?.group === null);
  });

  it('is a list of lines from the fifth device on, and cards before', async () => {
    await page.app.devices.saveAll(drawer(4), new Map());
    await shown(4);
    expect(all('device-row')).to.be.empty;
    await page.app.devices.saveAll(drawer(5), new Map());
    await until('the rows', () => all('device-row').length === 5);
    expect(all('device-card')).to.be.empty;
  });

  it('opens the card of a row in its place, and closes it again', async () => {
    await page.app.devices.saveAll(drawer(6), new Map());
    await shown(6);
    const second = await row('Sensor 1');
    second.main?.click();
    const opened = await card('Sensor 1');
    expect(opened.getBoundingClientRect().top).to.be.at.least(second.main?.getBoundingClientRect().bottom ?? Infinity);
    expect(second.main?.getAttribute('aria-expanded')).to.equal('true');
    (await row('Sensor 2')).main?.click();
    await card('Sensor 2');
    expect(all('device-card'), 'one at a time').to.have.length(1);
    (await row('Sensor 2')).main?.click();
    await until('no card', () => all('device-card').length === 0);
  });

  it('has the same behind ⋯ of a row as of its card', async () => {
    await page.app.devices.saveAll(drawer(6), new Map());
    await shown(6);
    const found = await row('Sensor 3');
    found.main?.click();
    await card('Sensor 3');
    const [ofRow, ofCard] = all('action-menu', found.shadowRoot ?? found).map((menu) =>
      menu instanceof ActionMenu ? menu.items().map(({ label }) => label) : [],
    );
    expect(ofRow).to.deep.equal(['Check', 'History and sharing', 'Edit', 'Remove']);
    expect(ofCard).to.deep.equal(ofRow);
  });

  it('is one stop of the tab key, and arrow keys move in it', async () => {
    await page.app.devices.saveAll(drawer(6), new Map());
    await shown(6);
    const stops = (): readonly string[] =>
      all('device-row').flatMap(({ shadowRoot }) =>
        shadowRoot?.querySelector('.main')?.getAttribute('tabindex') === '0'
          ? [shadowRoot.querySelector('.name')?.textContent ?? '']
          : [],
      );
    expect(stops()).to.deep.equal(['Sensor 0']);
    (await row('Sensor 0')).focus();
    for (const [key, name] of [
      ['ArrowDown', 'Sensor 1'],
      ['End', 'Sensor 5'],
      ['ArrowDown', 'Sensor 5'],
      ['ArrowUp', 'Sensor 4'],
      ['Home', 'Sensor 0'],
    ] as const) {
      const focused = all('device-row').find((each) => each.matches(':focus'));
      focused?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
      const next = await row(name);
      await until(`the focus on ${name} after ${key}`, () => next.matches(':focus'));
    }
    await until('the stop', () => stops().join() === 'Sensor 0');
  });

  it('is opened by “u” at the line that has the focus, and nothing is sent', async () => {
    await page.app.devices.saveAll(drawer(6), new Map());
    await shown(6);
    const stop = listenToKeys(page.app, page.shell);
    try {
      const second = await row('Sensor 1');
      second.focus();
      const press = { key: 'u', bubbles: true, composed: true, cancelable: true };
      (second.main ?? second).dispatchEvent(new KeyboardEvent('keydown', press));
      await card('Sensor 1');
      expect(second.open).to.equal(true);
      expect(page.app.updates.$running.get()).to.deep.equal([]);
    } finally {
      stop();
    }
  });

  it('is reached by “u” from elsewhere, at its first line, which stays closed', async () => {
    await page.app.devices.saveAll(drawer(6), new Map());
    await shown(6);
    const stop = listenToKeys(page.app, page.shell);
    try {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'u', bubbles: true, cancelable: true }));
      const first = await row('Sensor 0');
      expect(first.matches(':focus')).to.equal(true);
      expect(first.open).to.equal(false);
    } finally {
      stop();
    }
  });

  it('shows that the focus is in an opened line, whose card has a name that nobody sees', async () => {
    await page.app.devices.saveAll(drawer(6), new Map());
    await shown(6);
    const first = await row('Sensor 0');
    first.main?.click();
    await card('Sensor 0');
    const { article, heading } = await until('its card', () => first.shadowRoot?.querySelector('device-card'));
    heading.tabIndex = -1;
    heading.focus();
    expect(heading.matches(':focus-visible')).to.equal(true);
    expect(getComputedStyle(article ?? heading).outlineStyle).to.equal('solid');
  });

  it('says how many need attention, moves no row by itself, and brings them to the top when told to', async () => {
    await page.app.devices.saveAll(drawer(6), new Map());
    await shown(6);
    const words = { title: 'Failed', detail: 'No answer.' };
    const check = page.app.checks.$check('d4') as WritableAtom<CheckView>;
    check.set({ kind: 'failed', code: 'unreachable', words });
    const way = await button('1 device needs attention');
    expect(names()[0]).to.equal('Sensor 0');
    way.click();
    await until('it at the top', () => names()[0] === 'Sensor 4');
    const first = await row('Sensor 4');
    await until('the focus', () => first.matches(':focus'));
  });

  it('is sorted by name, counting', async () => {
    await page.app.devices.saveAll([...drawer(12)].reverse(), new Map());
    await shown(12);
    const select = await until('the choice', () => all('.sort select')[0]);
    if (!(select instanceof HTMLSelectElement)) throw new TypeError('it is no choice');
    select.value = 'name';
    select.dispatchEvent(new Event('change'));
    await until('the order', () => names()[0] === 'Sensor 0');
    expect(names()).to.deep.equal(drawer(12).map(({ name }) => name));
  });

  it('of 200 fits three screens of 1280 × 800', async () => {
    await page.app.devices.saveAll(drawer(200), new Map());
    await shown(200);
    const list = await until('the list', () => all('ul.dense')[0]);
    // What the firmware panel and the page's edges leave of 1280 px.
    (await until('the view', () => all('devices-view')[0])).style.width = '880px';
    await until('the columns', () => list.offsetHeight <= 3 * 800);
    for (const each of all('device-row').slice(0, 3)) expect(each.offsetHeight).to.be.at.least(44);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}`, async () => {
      await page.app.devices.saveAll(drawer(12), new Map());
      wear(theme);
      await press('House');
      await shown(4);
      expect(await findings()).to.deep.equal([]);
      const opened = await row('Sensor 3');
      opened.main?.click();
      await card('Sensor 3');
      (await button('More for Sensor 0')).click();
      await until('the menu', () => all('[role=menuitem]').length > 0);
      expect(await findings()).to.deep.equal([]);
    });
  }
});
