/** What the person chooses about a file: the chip, an overruling, what is inside, what is kept. */
import { expect } from 'chai';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildMerged } from '../../firmware/flash-builder.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import type { Bytes } from '../../firmware/image-builder.ts';
import { buildUf2, buildZip } from '../../firmware/other-files-builder.ts';
import { savedDevice } from '../../state/given.ts';
import { findings } from '../axe.ts';
import { all, button, card, chooseFile, fill, press, seenButton, status, until } from '../finding.ts';
import { addDevice, useOpenPage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

const TOKEN = 'ab'.repeat(32);
const NAME = 'Kitchen sensor';
const APP = buildApp({ chip: 'ESP32-S3', project: 'kitchen' });
const S3 = 9;
const C3 = 5;

describe('A file on the page', () => {
  const worker = useWorker();
  const page = useOpenPage();
  let device: SimulatedDevice;

  beforeEach(() => {
    device = new SimulatedDevice({ token: TOKEN, slotBytes: 64 * 4096, awayMs: 10 });
    serve(worker, device);
  });

  async function saved(chipId: number | null = null): Promise<void> {
    await addDevice(TOKEN, NAME);
    const [one] = page.app.devices.$devices.get();
    if (chipId !== null) await page.app.devices.learn(one?.id ?? '', { chipId });
  }

  const updateButton = (): HTMLButtonElement | undefined =>
    all('article button').find(
      (found): found is HTMLButtonElement =>
        found instanceof HTMLButtonElement && found.textContent.trim() === 'Update',
    );

  const chip = (): number | null | undefined => page.app.devices.$devices.get()[0]?.chipId;

  async function said(words: string): Promise<void> {
    await until(`“${words}”`, () =>
      all('p, li, h2, figcaption').some(({ textContent }) => textContent.includes(words)),
    );
  }

  async function chosen(name: string, bytes: Bytes): Promise<void> {
    await chooseFile(name, bytes);
    await until(name, () => page.app.firmware.firmware?.name === name);
  }

  it('asks for a chip that is not known, once, and remembers a yes', async () => {
    await saved();
    await chosen('kitchen.bin', APP);
    await press('Yes, it is an ESP32-S3', await card(NAME));
    await until('the chip', () => chip() === S3);
    await until('no question', () => !all('button').some(({ textContent }) => textContent.includes('Yes, it is')));
  });

  it('takes “Update” for a yes, and does not stand in its way', async () => {
    await saved();
    await chosen('kitchen.bin', APP);
    await button('Yes, it is an ESP32-S3', await card(NAME));
    await press('Update', await card(NAME));
    await status(NAME, 'Updated');
    expect(chip()).to.equal(S3);
    // Its end says so; once that is gone, this does.
    const hasIt = 'It already runs the chosen file.';
    expect(all('p').filter(({ textContent }) => textContent.includes(hasIt))).to.deep.equal([]);
    await chosen('next.bin', buildApp({ chip: 'ESP32-S3', project: 'next' }));
    await chosen('kitchen.bin', APP);
    await said(hasIt);
  });

  it('takes “I don’t know” for an answer, on a card and above several, and does not ask again', async () => {
    await savedDevice(page.app.devices, { name: NAME, address: ADDRESS, token: TOKEN });
    await chosen('kitchen.bin', APP);
    await press('I don’t know', await card(NAME));
    await said('The file is for an ESP32-S3. The chip of this device is unknown.');
    await chosen('next.bin', buildApp({ chip: 'ESP32-S3', project: 'next' }));
    await said('The chip of this device is unknown.');
    expect(seenButton('I don’t know', document) === undefined).to.equal(true);
    for (const address of ['hall.test', 'attic.test']) {
      await savedDevice(page.app.devices, { name: address, address, token: TOKEN });
    }
    await said('The chip of 2 devices is unknown.');
    await press('I don’t know');
    await until('no question above them', () => all('chip-question').length === 0);
    await until('no question on a card', () => seenButton('Yes, it is an ESP32-S3', document) === undefined);
    await button('Update', await card('hall.test'));
  });

  it('opens the dialog for the chip where the answer is no', async () => {
    await saved();
    await chosen('kitchen.bin', APP);
    await press('No', await card(NAME));
    await until('the field of the chip', () => all('#chip').some((field) => field.matches(':focus')));
  });

  it('puts “Update” off for another chip, and sends the file only after the device’s name was typed', async () => {
    await saved(C3);
    await chosen('kitchen.bin', APP);
    await said('Built for ESP32-S3; this device is an ESP32-C3.');
    await until('“Update” to be off', () => updateButton()?.disabled);
    await press('Send anyway…', await card(NAME));
    const dialog = await until('the question', () => all('dialog[open]')[0]);
    const verb = (): HTMLButtonElement | undefined =>
      all('button', dialog).find((found): found is HTMLButtonElement => found.textContent.trim() === 'Send anyway');
    await fill(`Type ${NAME} to continue`, 'Kitchen');
    expect(verb()?.disabled).to.equal(true);
    await fill(`Type ${NAME} to continue`, NAME);
    await until('the verb', () => verb()?.disabled === false);
    verb()?.click();
    await status(NAME, 'Updated');
    expect(device.runningImage).to.deep.equal(APP);
  });

  it('that is too large for what the device tells leaves no red card and no line in the history', async () => {
    // So that the page hears how large the slot is only from the update.
    device.switchOff();
    await saved(S3);
    const large = buildApp({ chip: 'ESP32-S3', sizeBytes: 65 * 4096 });
    await chosen('large.bin', large);
    await status(NAME, 'The device can’t be reached.');
    device.restart(0);
    await press('Update', await card(NAME));
    await said('too big for the update slot');
    await until('“Update” to be off', () => updateButton()?.disabled);
    expect(all('.status.bad')).to.deep.equal([]);
    expect(await page.app.history.all({ deviceId: null, outcome: null, text: '' })).to.deep.equal([]);
    // Nobody can know better, so nothing offers to.
    expect(all('button').some(({ textContent }) => textContent.includes('Send anyway'))).to.equal(false);
    await chosen('kitchen.bin', APP);
    await until('“Update” to be on', () => updateButton()?.disabled === false);
  });

  it('takes away how an earlier file ended', async () => {
    await saved(S3);
    await chosen('kitchen.bin', APP);
    await press('Update', await card(NAME));
    await status(NAME, 'Updated');
    await chosen('next.bin', buildApp({ chip: 'ESP32-S3', project: 'next' }));
    // At rest it has what the device answered last.
    expect(await status(NAME, 'Online.')).not.to.contain('Updated');
    expect(all('[data-end]', await card(NAME))).to.be.empty;
    expect(all('[role=progressbar]', await card(NAME))).to.be.empty;
  });

  it('has the chip of several devices asked once, above their cards', async () => {
    for (const address of ['hall.test', 'attic.test']) {
      await savedDevice(page.app.devices, { name: address, address, token: TOKEN });
    }
    await chosen('kitchen.bin', APP);
    await said('The chip of 2 devices is unknown.');
    expect(all('button').some(({ textContent }) => textContent.includes('Yes, it is'))).to.equal(false);
    expect(await findings()).to.deep.equal([]);
    await press('No, not both');
    await button('Yes, it is an ESP32-S3', await card('hall.test'));
    await until('no question above them', () => all('chip-question').length === 0);
  });

  it('is offered out of a ZIP and a UF2, and drawn with the partition it came from', async () => {
    page.shell.remove();
    document.body.append(page.shell);
    for (const [name, bytes, offers] of [
      ['app.uf2', buildUf2(APP), ['Use the file inside']],
      [
        'full.zip',
        await buildZip([{ name: 'full.bin', bytes: buildMerged({ chip: 'ESP32-S3', app: APP }) }]),
        ['Use full.bin', 'Use the app inside'],
      ],
    ] as const) {
      await chosen(name, bytes);
      for (const offer of offers) {
        const found = await until(offer, () =>
          all('button').find(({ textContent }) => textContent.trim().startsWith(offer)),
        );
        found.click();
      }
      await until('the app', () => page.app.firmware.firmware?.inspection.kind === 'app');
      expect(page.app.firmware.firmware?.bytes).to.deep.equal(APP);
    }
    await import('../../../src/ui/firmware/file-picture.ts');
    const picture = document.createElement('file-picture');
    const { firmware } = page.app.firmware;
    if (firmware === null) throw new Error('nothing is chosen');
    Object.assign(picture, { app: page.app, inspection: firmware.inspection, from: firmware.from });
    document.body.append(picture);
    await picture.updateComplete;
    expect(all('rect.chosen', picture.shadowRoot ?? document)).to.have.length(1);
    await said('ota_0 (ota_0): the app comes from here');
    picture.remove();
  });

  it('is drawn in the slot that it would go to, with the room that is left', async () => {
    await saved();
    const { id } = page.app.devices.$devices.get()[0] ?? { id: '' };
    await until('the check', () => page.app.checks.$check(id).get().kind === 'answered');
    await chosen('kitchen.bin', APP);
    location.hash = '#/firmware';
    await said('Goes to slot ota_1 of Kitchen sensor');
    await said('room left');
    await chosen('large.bin', buildApp({ chip: 'ESP32-S3', sizeBytes: 65 * 4096, seed: 8 }));
    await said('the image, 4 KB too big');
  });

  it('is kept, found, renamed, pinned and removed in the library', async () => {
    await chosen('kitchen.bin', APP);
    await chosen('hall.bin', buildApp({ chip: 'ESP32-S3', project: 'hall', seed: 4 }));
    location.hash = '#/firmware';
    await said('kitchen · 1.0.0 · ESP32-S3');
    const rows = (): HTMLElement[] => all('library-row');
    await fill('Search', 'HALL');
    await until('one row', () => rows().length === 1);
    await press('Rename');
    await fill('Label', 'Hall, stable');
    await press('Save');
    await fill('Search', 'stable');
    await said('Hall, stable');
    await press('Pin');
    await until('pinned', () =>
      page.app.library.$records.get().some(({ pinned, label }) => pinned && label === 'Hall, stable'),
    );
    await press('Remove');
    await press('Remove', await until('the question', () => all('dialog[open]')[0]));
    await until('no row', () => page.app.library.$records.get().length === 1);
  });
});
