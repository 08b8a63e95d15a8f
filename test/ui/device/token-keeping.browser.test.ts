import { expect } from 'chai';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import type { TokenVault } from '../../../src/model/page/stores.ts';
import { openPageStorage } from '../../../src/storage/page-storage.ts';
import { all, card, field, fill, press, until } from '../finding.ts';
import { useOpenPage, usePage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

const TICK = 'Keep it in this browser without encryption';

function plainVault(): TokenVault {
  const texts = new Map<string, string>();
  const store = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
  };
  return openPageStorage(store).vault;
}

describe('What the page says of how a token is kept', () => {
  const worker = useWorker();
  const page = usePage();

  async function open(vault?: TokenVault): Promise<void> {
    serve(worker, new SimulatedDevice({ token: 'secret' }));
    await page.open(vault === undefined ? {} : { vault });
  }

  async function add(token: string, tick = false): Promise<void> {
    await press('Add device');
    await fill('Name', 'Kitchen');
    await fill('Address', ADDRESS);
    await fill('Token', token);
    if (tick) (await field(TICK)).click();
    await press('Save');
    await card('Kitchen');
  }

  const hint = (): Promise<string> =>
    until('the hint', () => all('#token-hint')[0]?.textContent.replaceAll(/\s+/g, ' ').trim());

  it('blames no missing encryption where the browser keeps nothing, and offers no tick that does nothing', async () => {
    await open();
    await press('Add device');
    expect(await hint()).to.contain('stores nothing for this page');
    expect(all('input[type=checkbox]')).to.deep.equal([]);
  });

  it('is not that a token was lost where a device never had one', async () => {
    await open();
    await add('');
    const said = await until('a word about it', () => all('device-fit', undefined)[0]?.shadowRoot?.textContent.trim());
    expect(said).to.equal('No token is saved for it. If the device needs one, add it under “Edit”.');
  });

  it('is the tick as it was left, and the other way round after it is changed', async () => {
    await open(plainVault());
    await add('secret', true);
    const [device] = page.app.devices.$devices.get();
    const kept = (): string | undefined => page.app.devices.$keeping.get().get(device?.id ?? '');
    expect(kept()).to.equal('plain');
    for (const [ticked, then] of [
      [true, 'memory'],
      [false, 'plain'],
    ] as const) {
      await press('Edit', await card('Kitchen'));
      const tick = await field(TICK);
      expect(tick.checked).to.equal(ticked);
      tick.click();
      await press('Save');
      await until(`a token in ${then}`, () => kept() === then);
      await until('the dialog to close', () => page.shell.subject === null);
      expect(await page.app.devices.token(device?.id ?? '')).to.equal('secret');
    }
  });
});

describe('What the page says where nothing is kept', () => {
  const page = useOpenPage();

  const words = async (): Promise<string> =>
    until('a notice', () => all('ul[aria-label=Notices] li p')[0]?.textContent);

  it('is why, and what to do', async () => {
    const { notices } = page.app;
    for (const [why, says] of [
      ['refused', 'doesn’t let the page store anything'],
      ['silent', 'didn’t open this page’s storage'],
      ['blocked', 'Close that tab'],
      ['newer', 'belongs to a newer version'],
    ] as const) {
      notices.show({ kind: 'storage-in-memory', why });
      await until(why, () => all('ul[aria-label=Notices] li p')[0]?.textContent.includes(says));
      expect(await words()).to.contain('lost when you close the page. Updates still work.');
    }
    notices.dismiss('storage-in-memory');
    for (const [why, says] of [
      ['newer-version', 'took over the storage'],
      ['terminated', 'no longer stores anything'],
      ['full', 'no room left'],
    ] as const) {
      notices.show({ kind: 'storage-lost', why });
      await until(why, () => all('ul[aria-label=Notices] li p')[0]?.textContent.includes(says));
    }
  });
});
