import { expect } from 'chai';
import { setupLines } from '../../../src/device/viperhttp/device-lines.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { BOARD_COMMANDS } from '../../../src/words/more/board-commands.ts';
import { STEPS } from '../../../src/words/more/prepare-board.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { savedDevice } from '../../state/given.ts';
import { findings, wear } from '../axe.ts';
import { all, button, card, chooseFile, field, fill, press, until } from '../finding.ts';
import { addDevice, useOpenPage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

/** What `openPage` makes for a new token. */
const MADE = 'ab'.repeat(32);
const SAVED = 'cd'.repeat(32);

/** The simulated devices have a slot of 64 blocks: nothing is written here. */
const SLOT_BYTES = 64 * 4096;

describe('“Prepare a board”', () => {
  const worker = useWorker();
  const page = useOpenPage({ host: { gateway: false, discover: false, simulated: [] } });
  beforeEach(() => serve(worker, new SimulatedDevice({ token: SAVED, slotBytes: SLOT_BYTES })));

  async function openGuide(): Promise<void> {
    location.hash = '#/prepare';
    await until('the guide', () => all('h1').some(({ textContent }) => textContent === 'Prepare a board'));
  }

  /** The program as it stands on the page. */
  const program = (): string => all('pre[aria-label="Lines for the device"]')[0]?.textContent ?? '';

  const linesWith = (token: string, address = ''): string =>
    setupLines({
      pageOrigin: location.origin,
      token,
      protocol: 'automatic',
      tokenHeader: 'X-OTA-Token',
      address,
      prefix: '/ota',
    });

  it('is one tap from the empty page, and a place of “More”', async () => {
    const link = await until('the link', () => all('a[href="#/prepare"]')[0]);
    link.click();
    await until('the guide', () => all('h2').some(({ textContent }) => textContent === STEPS.look));
    expect(document.title).to.equal('Prepare a board · Moult');
    const current = all('[aria-current=page]').map(({ textContent }) => textContent.trim());
    expect(new Set(current)).to.deep.equal(new Set(['More']));
  });

  it('shows every command as it is, each with a button that names what it copies', async () => {
    await openGuide();
    const commands = await until('the commands', () => {
      const found = all('typed-command').map(({ shadowRoot }) => shadowRoot);
      return found.length > 0 && found.every((root) => root?.querySelector('pre')) && found;
    });
    const shown = commands.map((root) => root?.querySelector('pre')?.textContent);
    expect(shown).to.have.members(Object.values(BOARD_COMMANDS));
    const names = commands.map((root) => root?.querySelector('copy-button')?.label);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('makes a token for a new board, and adds the device with it', async () => {
    await openGuide();
    await until('the lines', () => program().includes(linesWith('…')));
    await press('New token');
    await until('the token in the lines', () => program().includes(linesWith(MADE)));
    await press('Add device');
    await fill('Name', 'Kitchen');
    await fill('Address', ADDRESS);
    expect((await field('Token')).value).to.equal(MADE);
    await press('Save');
    await until('the device in the guide', () => all('h3').some(({ textContent }) => textContent === 'Kitchen'));
    expect(await page.app.devices.token(page.app.devices.$devices.get()[0]?.id ?? '')).to.equal(MADE);
  });

  it('puts the saved token in when it is asked to, and takes it out again', async () => {
    await addDevice(SAVED, 'Kitchen');
    await openGuide();
    await until('the lines', () => program().includes(linesWith('…', ADDRESS)));
    expect(program()).to.contain('title="Kitchen"').and.not.contain(SAVED);
    await press('Put in the saved token');
    await until('the token in the lines', () => program().includes(linesWith(SAVED, ADDRESS)));
    await press('Take the token out');
    await until('no token in the lines', () => !program().includes(SAVED));
  });

  it('takes the token out where another device is chosen', async () => {
    await addDevice(SAVED, 'Kitchen');
    await openGuide();
    await press('Put in the saved token');
    await until('the token in the lines', () => program().includes(SAVED));
    const choice = await until('the choice', () => all('select#device')[0]);
    if (!(choice instanceof HTMLSelectElement)) throw new TypeError('it is no choice');
    choice.value = '';
    choice.dispatchEvent(new Event('change'));
    await until('the lines of a new board', () => program().includes('title="My board"'));
    expect(program()).not.to.contain(SAVED);
  });

  it('ends with a check of the board', async () => {
    await addDevice(SAVED, 'Kitchen');
    await openGuide();
    await press('Check');
    await until('the slots', () =>
      all('.slots').some(({ textContent }) => /ota_0.*runs.*ota_1.*next/s.test(textContent)),
    );
  });

  describe('is linked from a device that runs from its only slot', () => {
    const linkIn = (found: HTMLElement): HTMLElement | undefined => all('a[href="#/prepare"]', found)[0];

    beforeEach(() => serve(worker, new SimulatedDevice({ token: SAVED, slotBytes: SLOT_BYTES, slots: ['ota_0'] })));

    it('once it was looked at', async () => {
      await addDevice(SAVED, 'Kitchen');
      const found = await card('Kitchen');
      await press('Check', found);
      (await until('the link', () => linkIn(found))).click();
      await until('the guide', () => all('h1').some(({ textContent }) => textContent === 'Prepare a board'));
    });

    it('once an update was not begun, beside the reason', async () => {
      // Saved by no dialog, it was not asked: only the update hears of its slots.
      await savedDevice(page.app.devices, { name: 'Kitchen', address: ADDRESS, token: SAVED });
      const found = await card('Kitchen');
      await chooseFile('kitchen.bin', buildApp());
      await until('the file', () => page.app.firmware.firmware);
      expect(linkIn(found)).to.equal(undefined);
      await press('Update', found);
      await until('the reason', () =>
        all('.needs', found).some(({ textContent }) => textContent.includes('its only update slot')),
      );
      expect(all('[data-end]', found)).to.be.empty;
      (await until('the link', () => linkIn(found))).click();
      await until('the guide', () => all('h1').some(({ textContent }) => textContent === 'Prepare a board'));
    });
  });

  it('is not linked from a device that has a second slot', async () => {
    await addDevice(SAVED, 'Kitchen');
    await press('Check', await card('Kitchen'));
    await until('the slots', () => all('.slots').length > 0);
    expect(all('a[href="#/prepare"]')).to.have.length(0);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing for axe to find, ${theme}`, async () => {
      wear(theme);
      await addDevice(SAVED, 'Kitchen');
      await openGuide();
      await button('Put in the saved token');
      expect(await findings()).to.deep.equal([]);
    });
  }
});
