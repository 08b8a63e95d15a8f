import { expect } from 'chai';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { buildApp } from '../firmware/image-builder.ts';
import { buildMerged } from '../firmware/flash-builder.ts';
import { findings, wear } from './axe.ts';
import { card, chooseFile, field, fill, press, status, until, all } from './finding.ts';
import { useOpenPage, useWorker } from './opened.ts';
import { ADDRESS, serve } from './page.ts';

for (const theme of ['light', 'dark'] as const) {
  describe(`axe finds nothing, ${theme}`, () => {
    const worker = useWorker();
    const page = useOpenPage({
      host: { gateway: false, discover: true, simulated: [{ name: 'Kitchen', address: ADDRESS, token: 'a' }] },
    });
    beforeEach(() => wear(theme));

    it('on the empty page', async () => {
      expect(await findings()).to.deep.equal([]);
    });

    it('in the dialog of a device, with an error in it', async () => {
      await press('Add device');
      await fill('Name', 'Kitchen');
      await press('New token');
      await press('Save');
      await until('the error', () => all('[aria-invalid=true]').length > 0);
      expect(await findings()).to.deep.equal([]);
    });

    it('with a good file, an updated device and a question', async () => {
      serve(worker, new SimulatedDevice({ slotBytes: 16 * 4096, awayMs: 10 }));
      await press('Try it with a simulated device');
      await chooseFile('kitchen.bin', buildApp());
      await press('Update', await card('Kitchen'));
      await status('Kitchen', 'Updated');
      expect(await findings()).to.deep.equal([]);
      await press('Remove', await card('Kitchen'));
      await until('the question', () => all('dialog[open]').length > 0);
      expect(await findings()).to.deep.equal([]);
    });

    it('with a refused file, which is sent to no device', async () => {
      serve(worker, new SimulatedDevice());
      await press('Try it with a simulated device');
      await chooseFile('full.bin', buildMerged());
      await until('the verdict', () => page.app.firmware.firmware !== null);
      const kitchen = await card('Kitchen');
      await until('the button that is off', () =>
        all('button', kitchen).some((one) => one.matches(':disabled') && one.textContent.includes('Update')),
      );
      expect(await findings()).to.deep.equal([]);
    });

    it('with a failed device', async () => {
      serve(worker, new SimulatedDevice({ token: 'another' }));
      await press('Try it with a simulated device');
      await chooseFile('kitchen.bin', buildApp());
      await until('the verdict', () => page.app.firmware.firmware !== null);
      await press('Update', await card('Kitchen'));
      await status('Kitchen', 'Failed');
      expect(await findings()).to.deep.equal([]);
    });

    for (const [route, heading] of [
      ['firmware', 'Firmware'],
      ['history', 'History'],
      ['more', 'More'],
    ] as const) {
      it(`under ${heading}`, async () => {
        await chooseFile('kitchen.bin', buildApp());
        await until('the file', () => page.app.library.$records.get().length > 0);
        location.hash = `#/${route}`;
        await until('the view', () => all('h1').some(({ textContent }) => textContent === heading));
        if (route === 'firmware') await field('Search');
        expect(await findings()).to.deep.equal([]);
      });
    }
  });
}
