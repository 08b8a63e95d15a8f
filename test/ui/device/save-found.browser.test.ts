import { expect } from 'chai';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { aFoundDevice } from '../../a-found-device.ts';
import { findings } from '../axe.ts';
import { all, button, field, fill, press, until } from '../finding.ts';
import { useOpenPage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

const TOKEN = 'ab'.repeat(32);
const host = { gateway: true, discover: true, simulated: [] } as const;
const FOUND = [
  aFoundDevice({ address: `http://${ADDRESS}:8080` }),
  aFoundDevice({ name: 'Attic', address: `http://${ADDRESS}:8080/attic` }),
  aFoundDevice({ name: 'Hall', address: `http://${ADDRESS}:80`, kind: 'wled', dialect: 'wled', version: '16.0.1' }),
  aFoundDevice({ name: 'Printer', address: `http://${ADDRESS}:8080/printer`, kind: 'web' }),
];

describe('Saving many devices that were found', () => {
  const worker = useWorker();
  const page = useOpenPage({ host, found: FOUND });
  beforeEach(async () => {
    serve(worker, new SimulatedDevice({ token: TOKEN }));
    await press('Add device');
    await press('Find devices');
    await button('Find devices again');
  });

  async function tick(name: string): Promise<void> {
    const box = await until(`the box of ${name}`, () =>
      all('input[type=checkbox]').find((each) => each.getAttribute('aria-label')?.startsWith(`Save ${name},`)),
    );
    box.click();
  }

  it('saves those that are ticked, all with one token, and closes', async () => {
    await tick('Kitchen');
    await tick('Attic');
    await fill('Token for all', TOKEN);
    expect(page.app.devices.$devices.get()).to.be.empty;
    expect(await findings()).to.deep.equal([]);
    await press('Save 2 devices');
    await until('both', () => page.app.devices.$devices.get().length === 2);
    for (const { id, name } of page.app.devices.$devices.get()) {
      expect(await page.app.devices.token(id), name).to.equal(TOKEN);
    }
    await until('the dialog is closed', () => all('dialog[open]').length === 0);
  });

  it('says what is wrong with the token, and saves none', async () => {
    await tick('Kitchen');
    await fill('Token for all', 'two words');
    await press('Save 1 device');
    await until('the words', () =>
      all('p').some(({ textContent }) => textContent.includes('Kitchen was not saved. A token can’t contain spaces')),
    );
    expect(page.app.devices.$devices.get()).to.be.empty;
    expect(all('dialog[open]')).not.to.be.empty;
  });

  it('saves a lamp as what it announced, and gives it no token of others', async () => {
    await tick('Kitchen');
    await tick('Hall');
    await fill('Token for all', TOKEN);
    expect(all('#token-hint')[0]?.textContent).to.include('It is not sent to WLED, ESPHome and Tasmota devices.');
    await press('Save 2 devices');
    await until('both', () => page.app.devices.$devices.get().length === 2);
    const [kitchen, hall] = page.app.devices.$devices.get();
    expect(hall?.dialect).to.equal('wled');
    expect(await page.app.devices.token(hall?.id ?? '')).to.equal(null);
    expect(await page.app.devices.token(kitchen?.id ?? '')).to.equal(TOKEN);
  });

  it('asks for no token where only lamps were found', async () => {
    const lamps = ['Hall', 'Attic'].map((name, at) =>
      aFoundDevice({ name, address: `http://${ADDRESS}:${80 + at}`, kind: 'wled', dialect: 'wled' }),
    );
    await page.open({ host, found: lamps });
    await press('Add device');
    await press('Find devices');
    await tick('Hall');
    await button('Save 1 device');
    expect(all('label').some(({ textContent }) => textContent.includes('Token for all'))).to.equal(false);
    await press('Save 1 device');
    await until('the lamp', () => page.app.devices.$devices.get()[0]?.dialect === 'wled');
  });

  it('takes one tick for all but what is no device, and each of them stays where it is', async () => {
    const lines = (): HTMLElement[] =>
      all('find-devices').flatMap(({ shadowRoot }) => all('li', shadowRoot ?? undefined));
    const places = (): string => JSON.stringify(lines().map((each) => each.getBoundingClientRect()));
    const before = await until('the list', () => lines().length === 4 && places());
    const box = await until('the box over them', () => all('.all input')[0] as HTMLInputElement);
    expect(box.labels?.[0]?.textContent.trim()).to.equal('Select all (3)');
    box.click();
    await button('Save 3 devices');
    // One button saves, and it is in the dialog's foot; there is no form for one device meanwhile.
    expect(all('button').filter(({ textContent }) => textContent.trim().startsWith('Save'))).to.have.length(1);
    expect((await until('the form', () => all('#address')[0])).checkVisibility()).to.equal(false);
    expect(places()).to.equal(before);
    const printer = await until('the printer', () =>
      all('li button').find((each) => each.textContent.includes('Printer')),
    );
    printer.click();
    await button('Save 4 devices');
    box.click();
    await button('Save 1 device');
    await tick('Printer');
    await button('Save');
    expect((await field('Address')).value).to.equal('');
    expect(await findings()).to.deep.equal([]);
  });

  it('leaves one that is saved here already', async () => {
    await page.app.devices.save({
      ...{ name: 'Mine', address: `http://${ADDRESS}:8080`, token: 'older', keepPlain: false, chipId: null },
      ...{ protocol: 'automatic', prefix: '/ota', tokenHeader: 'X-OTA-Token' },
    });
    const box = await until('its box, off', () =>
      all('input[type=checkbox]').find((each) => each.matches('[aria-label^="Save Kitchen"]:disabled')),
    );
    expect(box).to.have.property('checked', false);
    expect(all('li button').some(({ textContent }) => textContent.includes('saved here as Mine'))).to.equal(true);
    expect((await field('Address')).value).to.equal('');
  });
});
