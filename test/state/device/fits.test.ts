import { expect } from 'chai';
import { needOf, tally, whyNot } from '../../../src/state/rollout/rollout-need.ts';
import { ran } from '../../storage/samples.ts';
import { file, givenState, inspection, savedDevice } from '../given.ts';

const SLOT = { label: 'ota_0', address: 0x10000, size: 64 };
const NEXT = { label: 'ota_1', address: 0x110000, size: 64 };
const LAMP = {
  ...{ product: 'WLED', name: 'Lamp', version: null, release: 'ESP32', build: null },
  ...{ chipId: 9, chip: 'ESP32-S3', flashBytes: null, uptimeMs: 1000, takesUpdates: true, keepsHalf: false },
};
const STATUS = { supported: true, session: null, running: SLOT, boot: SLOT, next: NEXT, lastTaken: null };

async function threeDevices() {
  const state = givenState();
  const devices = [];
  for (const name of ['Hall', 'Attic', 'Porch']) {
    devices.push(await savedDevice(state.devices, { name, address: `${name.toLowerCase()}.local` }));
  }
  const [hall, attic, porch] = devices;
  if (hall === undefined || attic === undefined || porch === undefined) throw new Error('not saved');
  return { ...state, hall, attic, porch, asked: () => state.fits.$chipAsked.get() };
}

describe('What fits which device', () => {
  it('is told as soon as a file is chosen, and of no file at all', async () => {
    const { fits, firmware, devices, hall } = await threeDevices();
    await devices.learn(hall.id, { chipId: 0 });
    expect(fits.$fits.get().size).to.equal(0);
    await firmware.choose([file('kitchen.bin')]);
    expect(fits.$fits.get().get(hall.id)?.misfit).to.have.nested.property('finding.reason', 'wrong-chip');
    firmware.forget();
    expect(fits.$fits.get().size).to.equal(0);
  });

  it('is said again only of the devices of which it has changed', async () => {
    const { fits, firmware, devices, hall, attic } = await threeDevices();
    await firmware.choose([file('kitchen.bin')]);
    const before = fits.$fits.get();
    await devices.learn(hall.id, { lastSeen: 1 });
    expect(fits.$fits.get()).to.equal(before);
    await devices.learn(hall.id, { chipId: 0 });
    expect(fits.$fits.get().get(hall.id)).not.to.equal(before.get(hall.id));
    expect(fits.$fits.get().get(attic.id)).to.equal(before.get(attic.id));
  });

  it('has the chip asked once for all that are unknown; a yes is each one’s chip', async () => {
    const { devices, fits, firmware, hall, attic, porch, asked } = await threeDevices();
    await devices.learn(porch.id, { chipId: 0 });
    await firmware.choose([file('kitchen.bin')]);
    const question = asked();
    expect(question?.devices.map(({ name }) => name)).to.deep.equal(['Hall', 'Attic']);
    if (question !== null) await fits.answerChip(question, 'yes');
    expect([hall, attic, porch].map(({ id }) => devices.find(id)?.chipId)).to.deep.equal([9, 9, 0]);
    expect(asked()).to.equal(null);
  });

  it('keeps the question where it was asked while updates answer it and the next build is read', async () => {
    const { devices, fits, firmware, hall, attic, porch, asked } = await threeDevices();
    await devices.learn(porch.id, { chipId: 9 });
    await firmware.choose([file('kitchen.bin')]);
    expect(asked()).to.include({ atOnce: true });
    await devices.learn(hall.id, { chipId: 9 });
    expect(asked()?.devices.map(({ name }) => name)).to.deep.equal(['Attic']);
    expect(asked()).to.include({ atOnce: true });
    const seen: unknown[] = [];
    const stop = fits.$chipAsked.listen((now) => seen.push(now?.devices.length ?? null));
    await firmware.choose([file('kitchen-2.bin')]);
    expect(seen).not.to.include(null);
    stop();
    await devices.learn(attic.id, { chipId: 9 });
    expect(asked()).to.deep.include({ atOnce: true, devices: [] });
    fits.dropAnswered();
    expect(asked()).to.equal(null);
  });

  it('does not call a chip known where the question went for another reason', async () => {
    const { checks, devices, firmware, hall, attic, porch, asked } = await threeDevices();
    await devices.learn(porch.id, { chipId: 9 });
    await firmware.choose([file('kitchen.bin')]);
    await devices.learn(hall.id, { chipId: 9 });
    // Its slot turns out to be too small: the file does not fit, whatever its chip is.
    checks.hear(attic, { ...STATUS, next: { ...NEXT, size: 1 } });
    expect(asked()).to.equal(null);
  });

  it('leaves the chip to each card after a no, for files of that chip', async () => {
    const { devices, fits, firmware, hall, asked } = await threeDevices();
    await firmware.choose([file('kitchen.bin')]);
    const question = asked();
    if (question !== null) await fits.answerChip(question, 'no');
    expect([asked(), devices.find(hall.id)?.chipId]).to.deep.equal([null, null]);
    expect(fits.$fits.get().get(hall.id)?.unknownChip?.id).to.equal(9);
  });

  it('asks no more about devices whose chip the person does not know, also after a reload, and asks about a new one', async () => {
    const { store, devices, fits, firmware, hall, asked } = await threeDevices();
    await firmware.choose([file('kitchen.bin')]);
    const question = asked();
    if (question !== null) await fits.answerChip(question, 'unknown');
    expect([asked(), devices.find(hall.id)?.chipId]).to.deep.equal([null, null]);
    expect((await store.all()).map(({ chipLeftOpen }) => chipLeftOpen)).to.deep.equal([true, true, true]);
    expect(fits.$fits.get().get(hall.id)?.misfit, 'it may be updated').to.equal(null);
    await savedDevice(devices, { name: 'Cellar', address: 'cellar.local' });
    expect(asked()?.devices.map(({ name }) => name)).to.deep.equal(['Cellar']);
    // Its settings are changed: it is the same board. At another address it may be another one.
    await savedDevice(devices, { name: 'Hall 2', address: 'hall.local', chipId: null }, hall.id);
    expect(asked()?.devices.map(({ name }) => name)).to.deep.equal(['Cellar']);
    await savedDevice(devices, { name: 'Hall 2', address: 'hall-2.local', chipId: null }, hall.id);
    expect(asked()?.devices.map(({ name }) => name)).to.deep.equal(['Hall 2', 'Cellar']);
  });

  it('counts the devices that need the file: none that is proven to run it, and none that cannot take it', async () => {
    const { checks, devices, fits, firmware, updates, hall, attic, porch } = await threeDevices();
    await firmware.choose([file('kitchen.bin')]);
    await updates.start(hall.id);
    await devices.learn(porch.id, { chipId: 0 });
    const all = [hall, attic, porch];
    expect(tally(all, fits.$fits.get())).to.deep.equal({ needs: 1, has: 1, took: 0, other: 0, misfit: 1 });
    expect(all.map((device) => needOf(device, fits.$fits.get()))).to.deep.equal(['has', 'needs', 'misfit']);
    // It was updated with slot ota_1, and says now that it runs from the other one: the proof is gone.
    checks.hear(hall, STATUS);
    expect(tally(all, fits.$fits.get())).to.deep.equal({ needs: 2, has: 0, took: 0, other: 0, misfit: 1 });
    firmware.forget();
    expect(tally(all, fits.$fits.get())).to.equal(null);
    expect(needOf(attic, fits.$fits.get())).to.equal(null);
  });

  it('skips no device over a warning that is asked once for all', async () => {
    const state = givenState({ inspect: async () => inspection({ warnings: [{ reason: 'no-micropython' }] }) });
    const device = await savedDevice(state.devices);
    await state.firmware.choose([file('kitchen.bin')]);
    const fits = state.fits.$fits.get();
    expect(fits.get(device.id)?.misfit).to.have.nested.property('finding.reason', 'no-micropython');
    expect(whyNot(device, fits)).to.equal(null);
    expect(needOf(device, fits)).to.equal('needs');
  });

  it('skips devices that took this very file last, and those that tell its very version', async () => {
    const tells = { product: 'WLED', version: '16.0.1', release: 'ESP32', installsFrom: null };
    const { devices, firmware, fits, checks } = givenState({
      inspect: async (bytes) => inspection(new TextDecoder().decode(bytes).startsWith('WLED') ? { tells } : {}),
    });
    const hall = await savedDevice(devices, { name: 'Hall', address: 'hall.local' });
    await devices.learn(hall.id, { dialect: 'documented' });
    const lamp = await savedDevice(devices, { name: 'Lamp', address: 'lamp.local' });
    await devices.learn(lamp.id, { dialect: 'wled' });
    await firmware.choose([file('kitchen.bin')]);
    const { sha256 = '' } = firmware.firmware ?? {};
    await devices.learn(hall.id, { runs: { ...ran(sha256), slot: null, proven: false } });
    expect(needOf(hall, fits.$fits.get())).to.equal('took');
    await firmware.choose([file('WLED_16.0.1_ESP32.bin')]);
    expect(needOf(lamp, fits.$fits.get())).to.equal('needs');
    checks.hearIdentity(lamp, { ...LAMP, version: '16.0.1' });
    expect(needOf(lamp, fits.$fits.get())).to.equal('has');
    checks.hearIdentity(lamp, { ...LAMP, version: '16.0.0' });
    expect(needOf(lamp, fits.$fits.get())).to.equal('needs');
  });

  it('tells which devices run another product than the file is of', async () => {
    const tells = { product: 'WLED', version: '16.0.1', release: 'ESP32', installsFrom: null };
    const state = givenState({ inspect: async () => inspection({ tells }) });
    const devices = [];
    for (const [name, dialect] of [
      ['Hall', 'shipped'],
      ['Lamp', 'wled'],
    ] as const) {
      const device = await savedDevice(state.devices, { name, address: `${name.toLowerCase()}.local` });
      await state.devices.learn(device.id, { dialect });
      devices.push(device);
    }
    await state.firmware.choose([file('WLED_16.0.1_ESP32.bin')]);
    const fits = state.fits.$fits.get();
    expect(devices.map((device) => needOf(device, fits))).to.deep.equal(['other', 'needs']);
    expect(
      devices.map((device) => whyNot(device, fits)),
      'both may be ticked',
    ).to.deep.equal([null, null]);
    expect(tally(devices, fits)).to.deep.equal({ needs: 1, has: 0, took: 0, other: 1, misfit: 0 });
  });
});
