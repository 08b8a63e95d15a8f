import { expect } from 'chai';
import type { Device } from '../../src/model/device/device.ts';
import { aDevice } from '../storage/samples.ts';
import { findings, wear } from './axe.ts';
import { all, button, card, fill, press, until } from './finding.ts';
import { openPage, type OpenPage } from './page.ts';

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

const cards = (): readonly string[] =>
  all('device-card').map((found) => found.shadowRoot?.querySelector('h2')?.textContent ?? '');
async function shown(count: number): Promise<void> {
  await until(`${count} cards`, () => cards().length === count);
}

describe('A drawer full of devices', () => {
  let page: OpenPage;

  beforeEach(async () => {
    page = await openPage();
  });
  afterEach(() => page.close());

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
    expect(cards()).to.deep.equal(devices.map(({ name }) => name));
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

  it('keeps its cards when a device learns something', async () => {
    await page.app.devices.saveAll(drawer(30), new Map());
    await shown(30);
    await until('the search', () => all('device-filter')[0]);
    const before = all('device-card');
    await page.app.devices.learn('d3', { chipId: 9 });
    await page.shell.updateComplete;
    await new Promise(requestAnimationFrame);
    expect(all('device-card')).to.deep.equal(before);
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

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}`, async () => {
      await page.app.devices.saveAll(drawer(12), new Map());
      wear(theme);
      await press('House');
      await shown(4);
      expect(await findings()).to.deep.equal([]);
    });
  }
});
