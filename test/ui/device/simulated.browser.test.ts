import { expect } from 'chai';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { BackupState } from '../../../src/state/backup.ts';
import { all, chooseFile, press, until } from '../finding.ts';
import { useOpenPage, useWorker } from '../opened.ts';
import { ADDRESS, serve } from '../page.ts';

const TOKEN = 'ab'.repeat(32);
const SAMPLE = new File([buildApp({ version: '1.0.0' })], 'sample-firmware.bin');

describe('“Try it with a simulated device”', () => {
  /** Brings the host's sample, when the test says so. */
  let bring: (sample: File | null) => void = () => undefined;

  const worker = useWorker();
  const page = useOpenPage({
    host: {
      gateway: false,
      discover: false,
      simulated: [{ name: 'Kitchen sensor', address: ADDRESS, token: TOKEN }],
    },
    sample: () => new Promise((resolve) => (bring = resolve)),
  });
  beforeEach(async () => {
    serve(worker, new SimulatedDevice({ token: TOKEN }));
    await press('Try it with a simulated device');
    await until('the device', () => page.app.devices.$devices.get().length === 1);
  });

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

describe('“Try it” without a host', () => {
  // It answers for nobody: a request that left the page would be an error.
  useWorker();
  const page = useOpenPage();
  beforeEach(async () => {
    await press('Try it with a simulated device');
    await until('four devices', () => page.app.devices.$devices.get().length === 4);
    await until('firmware', () => page.app.firmware.firmware !== null);
  });

  it('says that the devices are simulated, and only in this tab', async () => {
    for (const { name, typed } of page.app.devices.$devices.get()) {
      expect(name).to.contain('simulated');
      expect(typed).to.contain('.simulated.invalid');
    }
    await until('the note', () =>
      all('[role=note]').some(({ textContent }) => textContent.includes('only in this tab')),
    );
  });

  it('updates them without a network, each to the end that its name says', async () => {
    for (const { id } of page.app.devices.$devices.get()) void page.app.updates.start(id);
    for (const [name, outcome] of [
      ['Kitchen', 'updated'],
      ['Cellar', 'updated'],
      ['Attic', 'rolled-back'],
      ['Garage', 'rejected'],
    ] as const) {
      const device = page.app.devices.$devices.get().find((each) => each.name.startsWith(name));
      const view = page.app.updates.$update(device?.id ?? '');
      await until(`${name} is ${outcome}`, () => {
        const now = view.get();
        return now.kind === 'ended' && now.state.outcome === outcome;
      });
    }
  });

  it('keeps nothing of them, neither here nor in a backup', async () => {
    expect(await page.deviceStore.all()).to.deep.equal([]);
    const [device] = page.app.devices.$devices.get();
    expect(page.app.devices.$keeping.get().get(device?.id ?? '')).to.equal('memory');
    const exported = await new BackupState({ tools: page.app.backup, devices: page.app.devices }).export(null);
    expect(exported).to.deep.include({ kind: 'written', devices: 0 });
  });

  it('takes them away again', async () => {
    await press('Remove the simulated devices');
    await until('no device', () => page.app.devices.$devices.get().length === 0);
  });
});

describe('“Try it” where the simulator cannot be loaded', () => {
  const page = useOpenPage({ simulator: () => Promise.reject(new TypeError('Failed to fetch')) });

  it('says in words that it takes the network once', async () => {
    await press('Try it with a simulated device');
    await until('the words', () =>
      all('p').some(({ textContent }) => textContent.includes('loaded over the network once')),
    );
    expect(page.app.devices.$devices.get()).to.deep.equal([]);
  });
});
