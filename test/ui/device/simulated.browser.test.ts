import { expect } from 'chai';
import type { SetupWorker } from 'msw/browser';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { chooseFile, press, until } from '../finding.ts';
import { ADDRESS, openPage, serve, startWorker, type OpenPage } from '../page.ts';

const TOKEN = 'ab'.repeat(32);
const SAMPLE = new File([buildApp({ version: '1.0.0' })], 'sample-firmware.bin');

describe('“Try it with a simulated device”', () => {
  let worker: SetupWorker;
  let page: OpenPage;
  /** Brings the host's sample, when the test says so. */
  let bring: (sample: File | null) => void = () => undefined;

  before(async () => {
    worker = await startWorker();
  });
  beforeEach(async () => {
    serve(worker, new SimulatedDevice({ token: TOKEN }));
    page = await openPage({
      host: {
        gateway: false,
        discover: false,
        simulated: [{ name: 'Kitchen sensor', address: ADDRESS, token: TOKEN }],
      },
      sample: () => new Promise((resolve) => (bring = resolve)),
    });
    await press('Try it with a simulated device');
    await until('the device', () => page.app.devices.$devices.get().length === 1);
  });
  afterEach(() => page.close());
  after(() => worker.stop());

  it('brings firmware to send where none is chosen', async () => {
    bring(SAMPLE);
    await until('the sample', () => page.app.firmware.firmware?.name === SAMPLE.name);
  });

  it('leaves the file that was chosen while the sample was on its way', async () => {
    await chooseFile('mine.bin', buildApp({ version: '2.0.0' }));
    await until('the file', () => page.app.firmware.firmware?.name === 'mine.bin');
    bring(SAMPLE);
    // What is chosen is decided in the turn in which the sample comes.
    await new Promise((resolve) => setTimeout(resolve));
    expect(page.app.firmware.$chosen.get()).to.deep.include({ kind: 'ready' });
    expect(page.app.firmware.firmware?.name).to.equal('mine.bin');
  });

  it('saves the devices where the host has no sample, too', async () => {
    bring(null);
    expect(page.app.devices.$devices.get().map(({ name }) => name)).to.deep.equal(['Kitchen sensor']);
    expect(page.app.firmware.$chosen.get()).to.deep.equal({ kind: 'none' });
  });
});
