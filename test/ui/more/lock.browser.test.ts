import { expect } from 'chai';
import { pageClock } from '../../../src/page/clock.ts';
import { openStorage, type Stores } from '../../../src/storage/open-storage.ts';
import { findings, wear } from '../axe.ts';
import { all, button, card, fill, press, until } from '../finding.ts';
import { openPage, type OpenPage } from '../page.ts';

const PASSPHRASE = 'correct horse battery';
const OTHER = `${PASSPHRASE} 2`;
const NAME = 'moult-test-lock-page';

async function place(hash: string, heading: string): Promise<void> {
  location.hash = hash;
  await until(heading, () => all('h1').some(({ textContent }) => textContent === heading));
}

describe('The passphrase lock on the page', () => {
  let stores: Stores;
  let page: OpenPage;

  beforeEach(async () => {
    stores = await openStorage({
      name: NAME,
      clock: pageClock,
      subtle: crypto.subtle,
      trouble: (error) => {
        throw error;
      },
    });
    page = await openPage({ vault: stores.vault, lock: stores.lock });
    await page.app.devices.save({
      ...{ name: 'Kitchen', address: '192.0.2.1', token: 'secret', keepPlain: false, chipId: null },
      ...{ protocol: 'automatic', prefix: '/ota', tokenHeader: 'X-OTA-Token' },
    });
    await place('#/more', 'More');
  });
  afterEach(async () => {
    // A check that was pressed reads tokens on, and its database is about to be closed.
    for (const { id } of page.app.devices.$devices.get()) await page.app.checks.stop(id);
    page.close();
    await stores.close();
    await new Promise((resolve) => (indexedDB.deleteDatabase(NAME).onsuccess = resolve));
  });

  async function set(): Promise<void> {
    await press('Set a passphrase');
    await fill('Passphrase', PASSPHRASE);
    await fill('Repeat it', PASSPHRASE);
    await press('Lock the tokens');
    await button('Lock now');
  }

  async function change(): Promise<void> {
    await press('Change the passphrase');
    await fill('Current passphrase', PASSPHRASE);
    await fill('New passphrase', OTHER);
    await fill('Repeat it', OTHER);
    await press('Change the passphrase');
  }

  it('is set, locked by a tap, and asked for when a token is needed', async () => {
    await set();
    await press('Lock now');
    await button('Forget the tokens');
    await place('#/devices', 'Devices');
    await press('Check', await card('Kitchen'));
    await until('the question', () => all('h2').some(({ textContent }) => textContent === 'The tokens are locked'));
    await fill('Passphrase', 'not this one');
    await press('Unlock');
    await until('the refusal', () => all('.error').some(({ textContent }) => textContent.includes('Wrong passphrase')));
    await fill('Passphrase', PASSPHRASE);
    await press('Unlock');
    await until('it is open', () => page.app.tokenLock.$lock.get() === 'unlocked');
    const [device] = page.app.devices.$devices.get();
    expect(await page.app.devices.token(device?.id ?? '')).to.equal('secret');
  });

  it('does not change where a token goes: along with a device that is moved, and to no address that a record from elsewhere gives', async () => {
    const { devices } = page.app;
    const [device] = devices.$devices.get();
    if (device === undefined) throw new Error('no device');
    const { id } = device;
    const moved = await devices.save(
      {
        ...{ name: 'Kitchen', address: '192.0.2.2', token: null, keepPlain: false, chipId: null },
        ...{ protocol: 'automatic', prefix: '/ota', tokenHeader: 'X-OTA-Token' },
      },
      id,
    );
    expect(moved.kind).to.equal('saved');
    expect(await devices.token(id)).to.equal('secret');
    await devices.saveAll([{ ...device, origin: 'http://192.0.2.66:8080' }], new Map());
    expect(await devices.token(id)).to.equal(null);
  });

  const words = (): string => all('lock-panel')[0]?.shadowRoot?.textContent.replaceAll(/\s+/g, ' ') ?? '';

  it('leads to a new token for each device that had one before it, and to none for the others', async () => {
    expect(words()).to.contain('Copies of tokens saved before may still be in the browser’s files');
    await set();
    await until('what may still lie there', () => words().includes('older copies may still be in the browser’s files'));
    await press('New token for Kitchen');
    await until('the dialog', () => all('dialog[open] h2')[0]);
    await press('New token');
    await press('Save');
    await until(
      'nothing of it left',
      () => !words().includes('for Kitchen') && !words().includes('older copies may still be'),
    );
  });

  it('says after each change what the files may still hold', async () => {
    await set();
    await change();
    await until('the words', () =>
      words().includes('The old passphrase still opens older copies in the browser’s files'),
    );
    await button('New token for Kitchen');
    await press('Remove the passphrase');
    await fill('Passphrase', OTHER);
    await press('Remove the passphrase');
    await until('the words', () => words().includes('the browser’s own key, which is in its profile beside them'));
    expect(words()).not.to.contain('for Kitchen');
  });

  it('can be set before the first token is saved, and says so where one is typed', async () => {
    const { devices } = page.app;
    for (const { id } of devices.$devices.get()) await devices.remove(id);
    await until('the words', () => words().includes('None is saved now.'));
    const hint = (): string => all('#token-hint')[0]?.textContent ?? '';
    location.hash = '#/devices';
    await press('Add device');
    await until('the hint', () => hint().includes('set one under “More” before you save the first token'));
    await press('Cancel');
    await place('#/more', 'More');
    await set();
    location.hash = '#/devices';
    await press('Add device');
    await until('the hint', () => hint().includes('sent only to this device'));
    expect(hint()).not.to.contain('before you save');
    await press('Cancel');
  });

  it('is not set where the two do not agree, or where it is too short', async () => {
    await press('Set a passphrase');
    await fill('Passphrase', PASSPHRASE);
    await fill('Repeat it', 'another');
    await press('Lock the tokens');
    await until('why', () => all('[role=alert]').some(({ textContent }) => textContent.includes('don’t match')));
    await fill('Passphrase', 'short');
    await fill('Repeat it', 'short');
    await press('Lock the tokens');
    await until('why', () => all('[role=alert]').some(({ textContent }) => textContent.includes('at least 8')));
    expect(page.app.tokenLock.$lock.get()).to.equal('none');
  });

  it('is changed and removed with the passphrase, and the tokens stay', async () => {
    await set();
    await change();
    await button('Lock now');
    await press('Remove the passphrase');
    await fill('Passphrase', PASSPHRASE);
    await press('Remove the passphrase');
    await until('why', () => all('[role=alert]').some(({ textContent }) => textContent.includes('Wrong passphrase')));
    await fill('Passphrase', OTHER);
    await press('Remove the passphrase');
    await button('Set a passphrase');
    const [device] = page.app.devices.$devices.get();
    expect(await page.app.devices.token(device?.id ?? '')).to.equal('secret');
  });

  it('gives the tokens up where it is forgotten, after a question', async () => {
    await set();
    await press('Lock now');
    await press('Forget the tokens');
    await press('Forget', await until('the question', () => all('dialog[open]')[0]));
    await button('Set a passphrase');
    expect(page.app.devices.$keeping.get().size).to.equal(0);
    expect(page.app.devices.$devices.get()).to.have.length(1);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing that axe finds, ${theme}`, async () => {
      wear(theme);
      await press('Set a passphrase');
      expect(await findings()).to.deep.equal([]);
      await press('Cancel');
      await page.app.tokenLock.set(PASSPHRASE);
      await page.app.tokenLock.lock();
      void page.app.tokenLock.opened();
      await until('the question', () => all('dialog[open]')[0]);
      expect(await findings()).to.deep.equal([]);
      page.app.tokenLock.leaveLocked();
    });
  }
});
