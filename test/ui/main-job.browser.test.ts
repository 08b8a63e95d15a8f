import { expect } from 'chai';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { onNth } from '../../src/simulator/faults.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { buildMerged } from '../firmware/flash-builder.ts';
import { all, button, card, chooseFile, field, fileField, fill, press, status, until } from './finding.ts';
import { addDevice, useOpenPage, useWorker } from './opened.ts';
import { ADDRESS, serve } from './page.ts';

const TOKEN = 'ab'.repeat(32);
const IMAGE = buildApp({ sizeBytes: 128 * 1024 });

function device(of: Partial<SimulatedDevice['options']> = {}): SimulatedDevice {
  return new SimulatedDevice({ token: TOKEN, slotBytes: 64 * 4096, awayMs: 10, ...of });
}

describe('The page', () => {
  const worker = useWorker();
  const page = useOpenPage();

  for (const [dialect, words] of [
    ['shipped', 'Updated'],
    ['documented', 'Accepted by the device'],
  ] as const) {
    it(`brings a file onto a ${dialect} device: “${words}”`, async () => {
      const simulated = device({ dialect });
      serve(worker, simulated);
      await addDevice(TOKEN);
      await chooseFile('kitchen.bin', IMAGE);
      await press('Update', await card('Kitchen sensor'));
      await status('Kitchen sensor', words);
      const [bar] = all('[role=progressbar]', await card('Kitchen sensor'));
      expect(bar?.getAttribute('aria-valuenow')).to.equal('100');
      expect(simulated.runningImage).to.deep.equal(IMAGE);
    });
  }

  function dragged(): (type: string, more?: DragEventInit) => DragEvent {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([IMAGE], 'dropped.bin'));
    return (type, more) => {
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, ...more });
      document.body.dispatchEvent(event);
      return event;
    };
  }

  const saysWhatADropDoes = (): boolean =>
    all('.veil').some(({ textContent }) => textContent.includes('Nothing is sent'));

  it('takes a file that is dropped anywhere, and says before what will happen', async () => {
    const drag = dragged();
    drag('dragenter');
    await until('the words', saysWhatADropDoes);
    drag('drop');
    await until('the file', () => page.app.firmware.firmware?.name === 'dropped.bin');
    expect(all('.veil')).to.be.empty;
  });

  it('takes the words back when the file leaves the window, not when it crosses an element', async () => {
    const drag = dragged();
    drag('dragenter');
    await until('the words', saysWhatADropDoes);
    drag('dragleave', { relatedTarget: document.body });
    await new Promise(requestAnimationFrame);
    expect(saysWhatADropDoes()).to.equal(true);
    drag('dragleave');
    await until('nothing', () => all('.veil').length === 0);
  });

  it('takes the words back when nothing more is heard of the drag', async () => {
    dragged()('dragenter');
    await until('the words', saysWhatADropDoes);
    await until('nothing', () => all('.veil').length === 0);
  });

  it('takes a file that is let go in the moment it comes over another element', () => {
    const drag = dragged();
    expect(['dragenter', 'dragover'].map((type) => drag(type).defaultPrevented)).to.deep.equal([true, true]);
    drag('drop');
  });

  it('says what happened, that the old firmware runs, and what to do, where the token is wrong', async () => {
    serve(worker, device({ token: 'another' }));
    await addDevice(TOKEN);
    await chooseFile('kitchen.bin', IMAGE);
    await press('Update', await card('Kitchen sensor'));
    const said = await status('Kitchen sensor', 'Failed');
    expect(said)
      .to.contain('token')
      .and.to.contain('Kitchen sensor still runs its old firmware')
      .and.to.contain('Edit');
  });

  it('refuses an image that is larger than the slot before anything is sent', async () => {
    const simulated = device({ slotBytes: 16 * 4096 });
    serve(worker, simulated);
    await addDevice(TOKEN);
    await chooseFile('kitchen.bin', IMAGE);
    const found = await card('Kitchen sensor');
    await until('the reason beside “Update”', () =>
      all('.needs', found).some(({ textContent }) => textContent.includes('too big for the update slot')),
    );
    const update = all('button', found).find(({ textContent }) => textContent.trim() === 'Update');
    expect(update?.matches(':disabled')).to.equal(true);
    update?.click();
    expect(page.app.updates.isRunning()).to.equal(false);
    expect(simulated.requests.some(({ path }) => path.endsWith('/begin'))).to.equal(false);
    expect(await page.app.history.all({ deviceId: null, outcome: null, text: '' })).to.deep.equal([]);
    expect(all('[data-end]', found)).to.be.empty;
  });

  it('ends with “Cancelled” where Cancel is pressed, and the device is idle again', async () => {
    const simulated = device();
    simulated.fault = onNth('chunk', 3, { kind: 'hang', when: 'after' });
    serve(worker, simulated);
    await addDevice(TOKEN);
    await chooseFile('kitchen.bin', IMAGE);
    await press('Update', await card('Kitchen sensor'));
    await status('Kitchen sensor', 'Writing');
    await press('Cancel', await card('Kitchen sensor'));
    await status('Kitchen sensor', 'Cancelled');
    expect(simulated.session).to.equal(null);
    await button('Update', await card('Kitchen sensor'));
  });

  it('offers the app inside of a full-flash file', async () => {
    await chooseFile('full.bin', buildMerged());
    const offer = await until('the offer', () =>
      all('button').find(({ textContent }) => textContent.trim().startsWith('Use the app inside')),
    );
    offer.click();
    await until('the inner app', () => page.app.firmware.firmware?.inspection.kind === 'app');
    expect(page.app.firmware.firmware?.inspection.verdict).to.equal('accept');
  });

  it('keeps a name full of HTML a text, on the card, in questions and in outcomes', async () => {
    const name = '<img src=x onerror="window.broken = true"><b>bold</b>';
    serve(worker, device({ token: 'another' }));
    await addDevice(TOKEN, name);
    await chooseFile('<i>file</i>.bin', buildApp({ project: '<u>project</u>' }));
    await press('Update', await card(name));
    expect(await status(name, 'Failed')).to.contain(name);
    await press('Remove', await card(name));
    await until('the question', () =>
      all('dialog[open] h2').find(({ textContent }) => textContent === `Remove ${name}?`),
    );
    expect(all('img, article b, i, u')).to.be.empty;
    expect('broken' in window).to.equal(false);
  });

  it('shows a file that is dropped where nothing shows what will be sent', async () => {
    location.hash = '#/more';
    await until('the place', () => page.shell.route === 'more');
    await page.shell.updateComplete;
    const data = new DataTransfer();
    data.items.add(new File([IMAGE], 'dropped.bin'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    await until('the file', () => page.app.firmware.firmware?.name === 'dropped.bin');
    await until('what to send', () => page.shell.route === 'devices' && all('firmware-panel').length === 1);
  });

  it('shows the lines for the header and the protocol that stand in the form', async () => {
    await press('Add device');
    const details = await until('the settings', () => all('dialog[open] details')[0]);
    if (details instanceof HTMLDetailsElement) details.open = true;
    await fill('Token header (as shipped only)', 'X-Key');
    await press('New token');
    const lines = (): string => all('pre[aria-label="Lines for the device"]')[0]?.textContent ?? '';
    await until('the lines', () => lines().includes('"Authorization", "Content-Type", "X-Key"'));
    (await field('ViperHTTP as documented')).click();
    await until('other lines', () => lines().includes('allow_headers=["Authorization", "Content-Type"]'));
    expect(lines()).to.contain(`ota_token="${'ab'.repeat(32)}"`);
  });

  it('says under its field what is wrong with an address, until that changes, and puts the cursor there', async () => {
    await press('Add device');
    await fill('Name', 'Kitchen');
    await fill('Address', 'no such place');
    await press('Save');
    const address = await field('Address');
    await until('the focus', () => address.matches(':focus'));
    expect(address.getAttribute('aria-invalid')).to.equal('true');
    const root = address.getRootNode();
    const hint =
      root instanceof ShadowRoot ? root.getElementById(address.getAttribute('aria-describedby') ?? '') : null;
    expect(hint?.textContent).to.contain('spaces');
    await fill('Name', 'Kitchen sensor');
    await page.shell.updateComplete;
    expect(address.getAttribute('aria-invalid'), 'another field has changed').to.equal('true');
    await fill('Address', 'suchaplace');
    await until('the hint', () => hint?.className === 'hint' && address.getAttribute('aria-invalid') === 'false');
    expect(hint?.textContent).not.to.contain('spaces');
    expect(page.app.devices.$devices.get()).to.be.empty;
  });

  it('fills the dialog from a link, and takes the token out of the address bar at once', async () => {
    location.hash = `#/add?name=Hall&address=${ADDRESS}&token=${TOKEN}`;
    expect((await field('Name')).value).to.equal('Hall');
    expect((await field('Token')).value).to.equal(TOKEN);
    expect(location.href).not.to.contain(TOKEN);
    expect(page.app.devices.$devices.get(), 'nothing is saved without a tap').to.be.empty;
  });

  it('leads to the file field where Update is pressed and nothing is chosen', async () => {
    serve(worker, device());
    await addDevice(TOKEN);
    await press('Update', await card('Kitchen sensor'));
    const input = await fileField();
    await until('the focus', () => input.matches(':focus'));
  });

  it('gives the focus back to the button that opened a dialog', async () => {
    const opener = await button('Add device');
    opener.focus();
    opener.click();
    await field('Name');
    await press('Cancel');
    await until('the focus', () => opener.matches(':focus'));
  });

  it('removes a device only after a yes', async () => {
    serve(worker, device());
    await addDevice(TOKEN);
    await press('Remove', await card('Kitchen sensor'));
    await press('Cancel');
    expect(page.app.devices.$devices.get()).to.have.length(1);
    await press('Remove', await card('Kitchen sensor'));
    const dialog = await until('the question', () => all('dialog[open]')[0]);
    await press('Remove', dialog);
    await until('the empty page', () => page.app.devices.$devices.get().length === 0);
  });

  it('offers to send back what ran before', async () => {
    serve(worker, device());
    await addDevice(TOKEN);
    for (const version of ['1.0.0', '1.1.0']) {
      await chooseFile(`${version}.bin`, buildApp({ version, seed: version.length + version.charCodeAt(2) }));
      await until(version, () => page.app.firmware.firmware?.inspection.version === version);
      await press('Update', await card('Kitchen sensor'));
      await until(`runs ${version}`, () => page.app.devices.$devices.get()[0]?.runs?.version === version);
    }
    await press('Reinstall previous (1.0.0)', await card('Kitchen sensor'));
    await until('the old version', () => page.app.devices.$devices.get()[0]?.runs?.version === '1.0.0');
  });
});
