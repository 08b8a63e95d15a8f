import { expect } from 'chai';
import { hideDevice } from '../../src/state/device/hidden-device.ts';
import { loginKey } from '../../src/state/device/secrets/secrets.ts';
import { EVERYTHING } from '../../src/state/update/history-search.ts';
import { RemovalsState, UNDO_MS } from '../../src/state/removals.ts';
import { MemoryHistory } from '../../src/storage/memory.ts';
import { aHistoryEntry, PLACE } from '../storage/samples.ts';
import { ManualClock, settled } from '../device/manual-clock.ts';
import { file, form, givenState, savedDevice } from './given.ts';

function given() {
  const historyStore = new MemoryHistory();
  const state = givenState({ history: historyStore });
  const clock = new ManualClock();
  return { ...state, historyStore, clock, removals: new RemovalsState(state.notices, clock) };
}

describe('A removal that can be undone', () => {
  it('takes a device off the list at once, and leaves it kept, with its token, until the time is up', async () => {
    const { clock, devices, notices, removals, store, vault } = given();
    const device = await savedDevice(devices, { token: 'secret' });
    const gone = removals.offerUndo({ what: 'device', name: device.name }, hideDevice(devices, device.id));
    expect(devices.$devices.get()).to.deep.equal([]);
    expect(notices.$notices.get()).to.deep.include({ kind: 'removed', what: 'device', name: device.name });
    await clock.pass(UNDO_MS - 1);
    // What a page that is closed now leaves behind, and the next one finds.
    expect(await store.all()).to.deep.equal([device]);
    expect(await vault.get(device.id, PLACE)).to.equal('secret');
    await clock.pass(1);
    await gone;
    expect(await store.all()).to.deep.equal([]);
    expect(await vault.get(device.id, PLACE)).to.equal(null);
    expect(notices.$notices.get()).to.deep.equal([]);
  });

  it('brings a device back where it stood, with its token and its login', async () => {
    const { clock, devices, notices, removals, store } = given();
    const login = { user: 'ada', password: 'lovelace' };
    const names = ['Attic', 'Kitchen', 'Porch'];
    for (const name of names) {
      const typed = { name, address: `${name.toLowerCase()}.test`, token: 'secret', login };
      expect((await devices.save(form(typed))).kind === 'saved').to.equal(true);
    }
    const kitchen = devices.$devices.get()[1];
    if (kitchen === undefined) throw new Error('the second device is not there');
    const undone = removals.offerUndo({ what: 'device', name: 'Kitchen' }, hideDevice(devices, kitchen.id));
    await devices.loadKeeping();
    notices.act('removed');
    await undone;
    expect(devices.$devices.get().map(({ name }) => name)).to.deep.equal(names);
    expect(devices.find(kitchen.id)).to.equal(kitchen);
    expect(await devices.secrets(kitchen)).to.deep.equal({ token: 'secret', login });
    expect(devices.keepsLogin(kitchen.id)).to.equal(true);
    expect(devices.$keeping.get().has(kitchen.id) && devices.$keeping.get().has(loginKey(kitchen.id))).to.equal(true);
    expect(notices.$notices.get()).to.deep.equal([]);
    await clock.pass(UNDO_MS);
    expect((await store.all()).map(({ name }) => name)).to.have.members(names);
  });

  it('makes no second card where the device was added again meanwhile', async () => {
    const { devices, notices, removals, store } = given();
    const device = await savedDevice(devices, { token: 'secret' });
    const undone = removals.offerUndo({ what: 'device', name: device.name }, hideDevice(devices, device.id));
    const again = await savedDevice(devices, { token: 'other' });
    notices.act('removed');
    await undone;
    expect(devices.$devices.get()).to.deep.equal([again]);
    expect(await store.all()).to.deep.equal([again]);
  });

  it('leaves a device that an import brought back', async () => {
    const { clock, devices, removals, store } = given();
    const device = await savedDevice(devices, { token: 'secret' });
    const gone = removals.offerUndo({ what: 'device', name: device.name }, hideDevice(devices, device.id));
    await devices.saveAll([device], new Map());
    await clock.pass(UNDO_MS);
    await gone;
    expect(devices.$devices.get()).to.deep.equal([device]);
    expect(await store.all()).to.deep.equal([device]);
  });

  it('is final for one thing as soon as the next is removed, which can be undone', async () => {
    const { devices, notices, removals, store } = given();
    const kitchen = await savedDevice(devices, { name: 'Kitchen', address: 'kitchen.test' });
    const attic = await savedDevice(devices, { name: 'Attic', address: 'attic.test' });
    const first = removals.offerUndo({ what: 'device', name: 'Kitchen' }, hideDevice(devices, kitchen.id));
    const second = removals.offerUndo({ what: 'device', name: 'Attic' }, hideDevice(devices, attic.id));
    await first;
    expect(await store.all()).to.deep.equal([attic]);
    expect(notices.$notices.get()).to.deep.include({ kind: 'removed', what: 'device', name: 'Attic' });
    notices.act('removed');
    await second;
    expect(devices.$devices.get()).to.deep.equal([attic]);
  });

  it('brings a kept file back, with its bytes, its name and its pin', async () => {
    const { firmware, library, notices, removals } = given();
    await firmware.choose([file('kitchen.bin')]);
    const sha256 = firmware.firmware?.sha256 ?? '';
    await library.rename(sha256, 'The good one');
    await library.pin(sha256, true);
    const before = library.find(sha256);
    const undone = removals.offerUndo({ what: 'firmware', name: 'The good one' }, library.hide(sha256));
    await library.load();
    expect(library.$records.get()).to.deep.equal([]);
    notices.act('removed');
    await undone;
    expect(library.find(sha256)).to.deep.equal(before);
    expect(await library.bytes(sha256)).to.deep.equal(new TextEncoder().encode('kitchen.bin'));
  });

  it('removes a kept file when the time is up, unless it was dropped again', async () => {
    for (const again of [false, true]) {
      const { clock, firmware, library, removals } = given();
      await firmware.choose([file('kitchen.bin')]);
      const sha256 = firmware.firmware?.sha256 ?? '';
      const gone = removals.offerUndo({ what: 'firmware', name: 'kitchen.bin' }, library.hide(sha256));
      if (again) await firmware.choose([file('kitchen.bin')]);
      await clock.pass(UNDO_MS);
      await gone;
      expect(library.find(sha256) !== undefined).to.equal(again);
      expect((await library.bytes(sha256)) !== null).to.equal(again);
    }
  });

  it('takes one line out of the history, and brings it back', async () => {
    const { clock, history, historyStore, notices, removals } = given();
    for (const id of ['u1', 'u2', 'u3']) await history.keep(aHistoryEntry({ id, startedAt: Number(id.slice(1)) }));
    const shown = async (): Promise<string[]> => (await history.find(EVERYTHING, 2)).rows.map(({ id }) => id);
    const undone = removals.offerUndo({ what: 'update', name: 'Kitchen' }, history.hide('u3'));
    expect(await shown()).to.deep.equal(['u2', 'u1']);
    expect((await history.all(EVERYTHING)).map(({ id }) => id)).to.deep.equal(['u2', 'u1']);
    notices.act('removed');
    await undone;
    expect(await shown()).to.deep.equal(['u3', 'u2']);
    const gone = removals.offerUndo({ what: 'update', name: 'Kitchen' }, history.hide('u3'));
    await clock.pass(UNDO_MS);
    await gone;
    expect(await historyStore.entry('u3')).to.equal(null);
    expect(await shown()).to.deep.equal(['u2', 'u1']);
  });

  it('goes on without its notice, which may be closed', async () => {
    const { clock, devices, notices, removals, store } = given();
    const device = await savedDevice(devices);
    const gone = removals.offerUndo({ what: 'device', name: device.name }, hideDevice(devices, device.id));
    notices.dismiss('removed');
    await settled();
    expect(await store.all()).to.deep.equal([device]);
    await clock.pass(UNDO_MS);
    await gone;
    expect(await store.all()).to.deep.equal([]);
  });
});
