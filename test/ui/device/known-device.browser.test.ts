import { expect } from 'chai';
import { RESTART_PATIENCE_MS } from '../../../src/model/update/restart-patience.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { PATIENCES_MS } from '../../../src/state/device/read-form.ts';
import { durationInWords } from '../../../src/words/kit/quantities.ts';
import { aFoundDevice } from '../../a-found-device.ts';
import { all, card, field, fill, press, until } from '../finding.ts';
import { addDevice, useOpenPage, useWorker } from '../opened.ts';
import { ADDRESS, ORIGIN, serve } from '../page.ts';

const HOST = { gateway: false, discover: true, simulated: [] } as const;

describe('A device that is saved already', () => {
  const worker = useWorker();
  const page = useOpenPage({ host: HOST, found: [aFoundDevice({ name: 'esp32-4f21', address: ORIGIN })] });
  beforeEach(async () => {
    serve(worker, new SimulatedDevice({ token: 'older' }));
    await addDevice('older', 'Kitchen');
    await until('the dialog to close', () => page.shell.subject === null);
  });

  const devices = (): readonly string[] => page.app.devices.$devices.get().map(({ name }) => name);

  it('is opened by its link with what the link says, and becomes no second card', async () => {
    location.hash = `#/add?name=Hall&address=${ADDRESS}&token=newer`;
    expect((await field('Name')).value).to.equal('Hall');
    expect((await field('Token')).value).to.equal('newer');
    expect(all('dialog[open] p').some(({ textContent }) => textContent.includes('as Kitchen'))).to.equal(true);
    await press('Save');
    await card('Hall');
    expect(devices()).to.deep.equal(['Hall']);
    expect(await page.app.devices.token(page.app.devices.$devices.get()[0]?.id ?? '')).to.equal('newer');
  });

  it('keeps its token where the link brings none', async () => {
    location.hash = `#/add?name=Hall&address=${ADDRESS}`;
    await field('Name');
    await press('Save');
    await card('Hall');
    expect(await page.app.devices.token(page.app.devices.$devices.get()[0]?.id ?? '')).to.equal('older');
  });

  it('is opened as it is where it is found on the network', async () => {
    await press('Add device');
    await press('Find devices');
    (
      await until('the found one', () => all('li button').find(({ textContent }) => textContent.includes('esp32-4f21')))
    ).click();
    const name = await field('Name');
    await until('the saved one', () => name.value === 'Kitchen');
    expect(page.shell.subject?.kind).to.equal('saved');
  });

  it('is looked for after a restart for as long as is chosen', async () => {
    const patience = async (): Promise<HTMLSelectElement> => {
      await press('Edit');
      (await until('more settings', () => all('dialog[open] summary')[0])).click();
      const select = await until('the choice', () => all('#patience')[0]);
      if (!(select instanceof HTMLSelectElement)) throw new TypeError('it is no choice');
      return select;
    };
    const choice = await patience();
    expect([...choice.options].map(({ text }) => text.trim())).to.deep.equal(
      PATIENCES_MS.map((ms) => durationInWords(ms / 1000)),
    );
    expect(choice.selectedOptions[0]?.text.trim()).to.equal(durationInWords(RESTART_PATIENCE_MS / 1000));
    choice.value = '600000';
    choice.dispatchEvent(new Event('change'));
    await press('Save');
    await until('the dialog to close', () => page.shell.subject === null);
    expect(page.app.devices.$devices.get()[0]).to.include({ patienceMs: 600_000 });
    expect((await patience()).selectedOptions[0]?.text.trim()).to.equal('10 min');
  });

  it('is named where its address is typed again', async () => {
    await press('Add device');
    await fill('Name', 'Hall');
    await fill('Address', ORIGIN);
    await press('Save');
    const hint = await until('a hint', () => all('#address-hint.error')[0]?.textContent);
    expect(hint).to.contain('“Kitchen” already has this address');
    expect(devices()).to.deep.equal(['Kitchen']);
  });

  it('says under the path what is wrong with it', async () => {
    await press('Edit', await card('Kitchen'));
    const details = await until('the settings', () => all('dialog[open] details')[0]);
    (details as HTMLDetailsElement).open = true;
    await fill('Update path', '/ota?x=1');
    await press('Save');
    const hint = await until('a hint', () => all('#prefix-hint.error')[0]?.textContent);
    expect(hint).to.contain('can’t be the update path');
  });
});
