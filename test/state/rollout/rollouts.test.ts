import { expect } from 'chai';
import { placeOf } from '../../../src/model/device/device.ts';
import { EVERYTHING } from '../../../src/state/update/history-search.ts';
import type { LinkTo } from '../../../src/state/tools.ts';
import { RolloutsState } from '../../../src/state/rollout/rollouts.ts';
import { MemoryRollouts } from '../../../src/storage/memory.ts';
import { describe as inWords } from '../../../src/words/update/describe.ts';
import { sentFirmware } from '../../../src/state/update/sent-firmware.ts';
import { UpdateControls } from '../../../src/update/controls.ts';
import type { FileTells } from '../../../src/model/firmware/inspection.ts';
import type { DeviceLink, DeviceStatus } from '../../../src/model/device/link.ts';
import { newRecord, type RolloutOptions } from '../../../src/model/rollout/rollout-record.ts';
import { countRollout } from '../../../src/model/rollout/rollout-state.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { deadLink, ended, failed, file, form, givenState, inspection, NOW, savedDevice, writing } from '../given.ts';
import type { RolloutView } from '../../../src/model/rollout/rollout-view.ts';
import { describeQuestion } from '../../../src/words/kit/questions.ts';

const ALL_AT_ONCE: RolloutOptions = { firstWave: 0, width: 8, stopAt: { failures: null, share: null } };

const idle: DeviceStatus = {
  supported: true,
  session: null,
  running: { label: 'ota_0', address: null, size: 4096 },
  boot: { label: 'ota_0', address: null, size: 4096 },
  next: { label: 'ota_1', address: null, size: 4096 },
  lastTaken: null,
};

/** Devices in a room: who is off, what each says, and updates that end when the test says so. */
async function given(
  count: number,
  of: {
    readonly lock?: boolean;
    readonly store?: MemoryRollouts;
    readonly opened?: () => Promise<boolean>;
    /** Devices that all have this one's address. */
    readonly twins?: boolean;
    /** The file shows no sign of MicroPython. */
    readonly foreign?: boolean;
    /** What the file says it is. */
    readonly tells?: FileTells;
    /** A question to this device waits for it. */
    readonly answering?: (name: string) => Promise<void>;
  } = {},
) {
  const off = new Set<string>();
  const says = new Map<string, DeviceStatus>();
  const running = new Map<string, { readonly controls: UpdateControls; end(outcome: Outcome): void }>();
  const sent: Uint8Array[] = [];
  const asked: string[] = [];
  const linkOf = (name: string): DeviceLink => ({
    ...deadLink,
    status: async ({ signal }) => {
      asked.push(name);
      await of.answering?.(name);
      if (signal.aborted) throw new UpdateError('aborted');
      return says.get(name) ?? idle;
    },
  });
  const linkTo: LinkTo =
    ({ name }) =>
    async () => {
      if (off.has(name)) throw new UpdateError('unreachable');
      return linkOf(name);
    };
  const { tells } = of;
  /** The places of devices that another tab is at. */
  const elsewhere = new Set<string>();
  const state = givenState({
    linkTo,
    lock: { acquire: async (place) => (elsewhere.has(place) ? null : () => undefined) },
    ...(of.opened && { opened: of.opened }),
    ...(of.foreign && {
      inspect: async () => inspection({ warnings: [{ reason: 'no-micropython' }] }),
    }),
    ...(tells && { inspect: async () => inspection({ tells }) }),
    run: async function* ({ deviceId, bytes }, _ports, controls) {
      sent.push(bytes);
      yield writing;
      yield await new Promise<Outcome>((resolve) => {
        running.set(deviceId, { controls, end: resolve });
        controls.cancelled.addEventListener('abort', () =>
          resolve(ended({ outcome: 'cancelled', deviceIdle: true, oldFirmware: 'runs', begun: true })),
        );
      });
    },
  });
  const devices = [];
  for (let at = 0; at < count; at += 1) {
    devices.push(await savedDevice(state.devices, { name: `Sensor ${at}`, address: `192.168.1.${at}` }));
  }
  if (of.twins) {
    // Saving refuses an address that is there already; a database of an older version may still hold it twice.
    const [first] = devices;
    for (const each of devices) await state.store.save({ ...each, ...(first && { origin: first.origin }) });
    await state.devices.load();
  }
  if (of.opened) {
    state.vault.keeping = async (id, place) => ((await state.vault.get(id, place)) === null ? null : 'encrypted');
    await state.devices.loadKeeping();
  }
  await state.firmware.choose([file('kitchen.bin')]);
  const store = of.store ?? new MemoryRollouts();
  const troubles: unknown[] = [];
  const held = new Set<string>();
  const clock = { now: () => 0, date: () => NOW };
  const rollouts = new RolloutsState({
    ...state,
    linkTo,
    store,
    describe: inWords,
    lock: {
      acquire: async (name) => {
        if (of.lock === false) return null;
        held.add(name);
        return () => held.delete(name);
      },
    },
    clock,
    trouble: (error) => troubles.push(error),
  });
  const ids = devices.map(({ id }) => id);
  const end = async (at: number, outcome: Outcome = ended()): Promise<void> => {
    const run = running.get(ids[at] ?? '');
    if (run === undefined) throw new Error(`device ${at} is not running`);
    running.delete(ids[at] ?? '');
    run.end(outcome);
    await settled();
  };
  return { ...state, rollouts, store, ids, off, elsewhere, says, running, sent, asked, troubles, held, clock, end };
}

/** Everything here settles without timers; one turn of the loop lets all of it. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function lines(view: RolloutView): readonly string[] {
  if (view.kind !== 'running' && view.kind !== 'ended') throw new Error(`there is no rollout, but ${view.kind}`);
  return [...view.state.lines.values()].map((line) => (line.kind === 'ended' ? line.outcome : line.kind));
}

describe('A rollout of the page', () => {
  it('sends one copy of the firmware to every device, and ends with one outcome each', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    // Another file on the bench changes nothing.
    await room.firmware.choose([file('other.bin')]);
    for (const at of [0, 1, 2]) await room.end(at);
    expect(await whole).to.equal(null);
    expect(new Set(room.sent).size).to.equal(1);
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['updated', 'updated', 'updated']);
  });

  it('leaves out who is off, busy, or has too small a slot, with the reason, and touches none of them', async () => {
    const room = await given(4);
    room.off.add('Sensor 0');
    room.says.set('Sensor 1', {
      ...idle,
      session: {
        id: '7',
        writtenBytes: 1,
        expectedSize: 9,
        expectedSha256: 'ff',
        slot: null,
        capacityBytes: null,
        blockSize: null,
      },
    });
    room.says.set('Sensor 2', { ...idle, next: { label: 'ota_1', address: null, size: 4 } });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    expect([...room.running.keys()]).to.deep.equal([room.ids[3]]);
    await room.end(3);
    await whole;
    const view = room.rollouts.$rollout.get();
    expect(lines(view)).to.deep.equal(['skipped', 'skipped', 'skipped', 'updated']);
    const reasons = view.kind === 'ended' ? [...view.state.lines.values()].slice(0, 3) : [];
    expect(reasons.map((line) => line.kind === 'skipped' && line.why.because)).to.deep.equal(['off', 'busy', 'image']);
  });

  it('skips who is taken by another tab before its turn: that is no failure, and no line in the history', async () => {
    const room = await given(2);
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1 });
    await settled();
    const second = room.devices.find(room.ids[1] ?? '');
    room.elsewhere.add(second === undefined ? '' : placeOf(second));
    await room.end(0);
    await whole;
    const view = room.rollouts.$rollout.get();
    expect(lines(view)).to.deep.equal(['updated', 'skipped']);
    expect(room.updates.$update(room.ids[1] ?? '').get()).to.deep.equal({ kind: 'rest' });
    const { rows } = await room.history.find(EVERYTHING, 10);
    expect(rows.map(({ deviceName }) => deviceName)).to.deep.equal(['Sensor 0']);
  });

  it('says beforehand, once for all, where the update may be the only one over the air', async () => {
    const room = await given(5);
    const factory = { label: 'factory', address: null, size: 4096, subtype: 0 };
    const first = { ...idle, running: factory, boot: factory, next: { ...factory, label: 'ota_0', subtype: 16 } };
    for (const at of [1, 2, 4]) room.says.set(`Sensor ${at}`, first);
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    const question = room.questions.$question.get();
    expect(question && describeQuestion(question).title).to.equal('Send kitchen.bin to 5 devices?');
    expect(question && describeQuestion(question).text)
      .to.match(/^Sensor 1, Sensor 2 and Sensor 4 run from their factory slots\. /)
      .and.contain('the only update over the air');
    expect(room.running.size).to.equal(0);
    room.questions.answer(false);
    expect(await whole).to.equal(null);
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(room.ids.map(() => 'not-started'));
    expect(room.sent).to.deep.equal([]);

    const again = room.rollouts.retry('rest');
    await settled();
    room.questions.answer(true);
    await settled();
    expect(room.running.size).to.equal(5);
    for (const at of [0, 1, 2, 3, 4]) await room.end(at);
    await again;
  });

  it('asks once for all whether to send a file without a sign of MicroPython, before any device is asked', async () => {
    const room = await given(2, { foreign: true });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    const question = room.questions.$question.get();
    expect(question && describeQuestion(question).title).to.equal('Send kitchen.bin to 2 devices?');
    expect(question && describeQuestion(question).text)
      .to.contain('no sign of MicroPython')
      .and.contain('Sensor 0 and Sensor 1 no longer run ViperHTTP');
    expect(room.asked).to.deep.equal([]);
    room.questions.answer(true);
    await settled();
    expect(room.questions.$question.get(), 'once').to.equal(null);
    for (const at of [0, 1]) await room.end(at);
    await whole;
    expect(room.sent).to.have.length(2);
  });

  it('names the devices that run another product than the file says it is, and the product', async () => {
    const tells = { product: 'WLED', version: '16.0.1', release: 'ESP32', installsFrom: null };
    const room = await given(2, { tells });
    await room.devices.learn(room.ids[1] ?? '', { dialect: 'wled' });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    const question = room.questions.$question.get();
    expect(question && describeQuestion(question)).to.include({
      title: 'Send kitchen.bin to 2 devices?',
      text: 'The file is WLED, not MicroPython. Sensor 0 no longer runs ViperHTTP afterwards and needs a cable.',
    });
    room.questions.answer(false);
    expect(await whole).to.equal(null);
    expect(room.asked, 'nothing was sent to either').to.deep.equal([]);
  });

  it('lets a device go on whose open session is its own', async () => {
    const room = await given(1);
    const [id = ''] = room.ids;
    const sha256 = room.firmware.firmware?.sha256 ?? '';
    const size = room.firmware.firmware?.bytes.length ?? 0;
    const slot = { label: 'ota_1', address: null, size: 4096 };
    room.says.set('Sensor 0', {
      ...idle,
      session: {
        id: '7',
        writtenBytes: 2,
        expectedSize: size,
        expectedSha256: sha256,
        slot,
        capacityBytes: 4096,
        blockSize: 4096,
      },
    });
    await room.journal.write({
      ...{ deviceId: id, sha256, size, dialect: 'shipped', sessionId: '7', slot: 'ota_1' },
      ...{ previousSlot: 'ota_0', acknowledged: 2, sentTo: 4, phase: 'writing', at: NOW },
    });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    await room.end(0);
    await whole;
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['updated']);
  });

  it('pauses and resumes the updates that run, not only those to come', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 2 });
    await settled();
    const running = [...room.running.values()];
    expect(running).to.have.length(2);
    room.rollouts.pause();
    expect(running.map(({ controls }) => controls.paused)).to.deep.equal([true, true]);
    await room.end(0);
    expect(room.running.size).to.equal(1);
    room.rollouts.resume();
    await settled();
    expect(running[1]?.controls.paused).to.equal(false);
    expect(room.running.size).to.equal(2);
    await room.end(1);
    await room.end(2);
    await whole;
  });

  it('stops after the current ones, also where these are paused', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1 });
    await settled();
    const [first] = room.running.values();
    room.rollouts.pause();
    room.rollouts.finish();
    expect(first?.controls.paused).to.equal(false);
    await room.end(0);
    await whole;
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['updated', 'not-started', 'not-started']);
  });

  it('cancels all that runs, and starts nothing more', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 2 });
    await settled();
    room.rollouts.cancelAll();
    await whole;
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['cancelled', 'cancelled', 'not-started']);
  });

  it('asks after a first wave that failed, and tries only those again that are worth it', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, firstWave: 1 });
    await settled();
    await room.end(0, failed({ code: 'silent' }));
    const asking = room.rollouts.$rollout.get();
    expect(asking.kind === 'running' && asking.state.phase).to.equal('asking');
    room.rollouts.answer('go-on');
    await settled();
    await room.end(1);
    await room.end(2);
    await whole;
    const again = room.rollouts.retry('failed');
    await settled();
    expect([...room.running.keys()]).to.deep.equal([room.ids[0]]);
    await room.end(0);
    await again;
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['updated']);
  });

  it('is offered after a reload, never begun, and goes on where it was', async () => {
    const room = await given(3);
    void room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1 });
    await settled();
    await room.end(0);
    const left = await room.store.read();
    expect(left?.ended).to.deep.equal([[room.ids[0], 'updated']]);

    const later = await given(3, { store: room.store });
    expect(await later.rollouts.load()).to.equal(true);
    const offer = later.rollouts.$rollout.get();
    expect(offer.kind === 'offer' && offer.firmware?.name).to.equal('kitchen.bin');
    expect(later.running.size).to.equal(0);
    const whole = later.rollouts.goOn();
    await settled();
    expect([...later.running.keys()]).to.deep.equal([later.ids[1]]);
    await later.end(1);
    await later.end(2);
    expect(await whole).to.equal(null);
    expect(await later.store.read(), 'nothing is offered after the end').to.equal(null);
  });

  for (const [when, endsFirst] of [
    ['before it went on', true],
    ['meanwhile', false],
  ] as const) {
    it(`takes for an end what this page saw ${when} of an update that the earlier visit left at its very end`, async () => {
      const room = await given(2);
      const { ids, journal, rollouts, running, sent, updates } = room;
      const [first = ''] = ids;
      const sha256 = room.firmware.firmware?.sha256 ?? '';
      await room.store.write(newRecord({ ...ALL_AT_ONCE, sha256, firmwareName: 'x.bin', devices: ids, startedAt: 0 }));
      await journal.write({
        ...{ deviceId: first, sha256, size: 8, dialect: 'shipped', sessionId: '3', slot: 'ota_1' },
        ...{ previousSlot: 'ota_0', acknowledged: 8, sentTo: 8, phase: 'restarting', at: NOW },
      });
      await updates.offerUnfinished();
      await rollouts.load();
      const look = updates.resumeOffer(first, { onlyLook: true });
      await settled();
      if (endsFirst) await room.end(0);
      const whole = rollouts.goOn();
      await settled();
      if (!endsFirst) await room.end(0);
      await look;
      await settled();
      expect([...running.keys()], 'the other one alone').to.deep.equal(ids.slice(1));
      await room.end(1);
      await whole;
      expect(sent, 'a look and an update').to.have.lengthOf(2);
      expect(lines(rollouts.$rollout.get())).to.deep.equal(['updated', 'updated']);

      const again = rollouts.start(ids, ALL_AT_ONCE);
      await settled();
      expect(running.size, 'another rollout updates them all').to.equal(2);
      await room.end(0);
      await room.end(1);
      await again;
    });
  }

  for (const [when, endsFirst] of [
    ['before it went on', true],
    ['meanwhile', false],
  ] as const) {
    it(`takes for an end what the host reached ${when} with an update that the earlier visit left to it`, async () => {
      const room = await given(2);
      const { ids, rollouts, running, sent, updates } = room;
      const [first = ''] = ids;
      const chosen = room.firmware.firmware;
      if (chosen === null) throw new Error('no file is chosen');
      const { sha256 } = chosen;
      await room.store.write(newRecord({ ...ALL_AT_ONCE, sha256, firmwareName: 'x.bin', devices: ids, startedAt: 0 }));
      await rollouts.load();
      let tell: (end: Outcome) => void = () => undefined;
      const end = new Promise<Outcome>((resolve) => (tell = resolve));
      const following = updates.follow(first, {
        ...{ firmware: sentFirmware(chosen), controls: new UpdateControls(), entryId: 'of the host', startedAt: NOW },
        states: (async function* () {
          yield await end;
        })(),
        ...{ endedAt: () => NOW, over: () => undefined },
      });
      if (endsFirst) tell(ended());
      await settled();
      const whole = rollouts.goOn();
      await settled();
      if (!endsFirst) tell(ended());
      await following;
      await settled();
      expect([...running.keys()], 'the other one alone').to.deep.equal(ids.slice(1));
      await room.end(1);
      await whole;
      expect(sent, 'one update').to.have.lengthOf(1);
      expect(lines(rollouts.$rollout.get())).to.deep.equal(['updated', 'updated']);
    });
  }

  it('is not offered in a tab beside the one that is at it, and cannot begin there', async () => {
    const store = new MemoryRollouts();
    const of = { sha256: 'x', firmwareName: 'x.bin', devices: ['device-1'], startedAt: 0 };
    const record = newRecord({ ...ALL_AT_ONCE, ...of });
    await store.write(record);
    const room = await given(1, { lock: false, store });
    expect(await room.rollouts.load()).to.equal(false);
    expect(await room.rollouts.start(room.ids, ALL_AT_ONCE)).to.equal('other-tab');
    expect(await store.read(), 'what the other tab remembers stays').to.deep.equal(record);
  });

  it('is forgotten where none of its devices is there any more', async () => {
    const store = new MemoryRollouts();
    const room = await given(1, { store });
    const of = { sha256: 'x', firmwareName: 'x.bin', devices: ['in-another-page'], startedAt: 0 };
    await store.write(newRecord({ ...ALL_AT_ONCE, ...of }));
    expect(await room.rollouts.load()).to.equal(false);
    expect(await store.read()).to.equal(null);
  });

  it('is forgotten when dropped, and cannot go on without its file', async () => {
    const store = new MemoryRollouts();
    const room = await given(1, { store });
    const { ids } = room;
    await store.write(newRecord({ ...ALL_AT_ONCE, sha256: 'gone', firmwareName: 'x.bin', devices: ids, startedAt: 0 }));
    await room.rollouts.load();
    expect(await room.rollouts.goOn()).to.equal('file-gone');
    await room.rollouts.dropOffer();
    expect(room.rollouts.$rollout.get().kind).to.equal('none');
    expect(await store.read()).to.equal(null);
  });

  it('refuses to begin twice, with nothing to send, or to nobody', async () => {
    const room = await given(1);
    expect(await room.rollouts.start([], ALL_AT_ONCE)).to.equal('no-devices');
    void room.rollouts.start(room.ids, ALL_AT_ONCE);
    expect(await room.rollouts.start(room.ids, ALL_AT_ONCE)).to.equal('under-way');
    await settled();
    await room.end(0);
    room.firmware.forget();
    expect(await room.rollouts.start(room.ids, ALL_AT_ONCE)).to.equal('no-firmware');
  });

  it('goes on where one update breaks by a defect, and says so', async () => {
    const room = await given(2);
    const defect = new TypeError('a defect');
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1 });
    await settled();
    const [first] = room.running.values();
    first?.end(Promise.reject(defect) as unknown as Outcome);
    await settled();
    await room.end(1);
    await whole;
    expect(room.troubles).to.deep.equal([defect]);
    const view = room.rollouts.$rollout.get();
    expect(view.kind === 'ended' && countRollout(view.state.lines)).to.include({ failed: 1, well: 1 });
  });

  it('tries those again that failed, or goes on with those still to come', async () => {
    for (const [which, started] of [
      ['failed', [0]],
      ['rest', [1, 2]],
    ] as const) {
      const room = await given(3);
      const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1 });
      await settled();
      await room.end(0, failed({ code: 'silent' }));
      room.rollouts.cancelAll();
      await whole;
      room.running.clear();
      const again = room.rollouts.retry(which);
      await settled();
      const view = room.rollouts.$rollout.get();
      const planned = view.kind === 'running' ? [...view.state.lines.keys()] : [];
      expect(planned, which).to.deep.equal(started.map((at) => room.ids[at]));
      for (const at of started) await room.end(at);
      await again;
    }
  });

  it('has not forgotten after a reload that it had stopped, and counts anew when told to go on', async () => {
    const stopAt = { failures: 2, share: null };
    const room = await given(9);
    void room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 3, stopAt });
    await settled();
    await room.end(0, failed({ code: 'silent' }));
    await room.end(1, failed({ code: 'silent' }));
    expect(await room.store.read()).to.deep.include({ stopped: 'stop-mark', forgiven: [] });

    const later = await given(9, { store: room.store });
    await later.rollouts.load();
    const whole = later.rollouts.goOn();
    await settled();
    expect(await later.store.read()).to.deep.include({ stopped: null, forgiven: room.ids.slice(0, 2) });
    expect(later.running.size).to.equal(3);
    await later.end(2, failed({ code: 'silent' }));
    expect(later.running.size, 'one failure of two').to.equal(3);
    await later.end(3, failed({ code: 'silent' }));
    expect(later.running.size, 'two of two').to.equal(2);
    for (const id of later.running.keys()) await later.end(later.ids.indexOf(id));
    await whole;
  });

  it('remembers "Stop after the current ones"', async () => {
    const room = await given(3);
    void room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1 });
    await settled();
    room.rollouts.finish();
    await settled();
    expect((await room.store.read())?.stopped).to.equal('person');
  });

  it('asks once for the passphrase, and leaves out who has a locked token where it stays locked', async () => {
    let questions = 0;
    const opened = async (): Promise<boolean> => {
      questions += 1;
      await settled();
      return false;
    };
    const room = await given(20, { opened });
    await room.devices.save(form({ name: 'Open', address: '192.168.9.9', token: '' }));
    const open = room.devices.$devices.get().find(({ name }) => name === 'Open')?.id ?? '';
    const whole = room.rollouts.start([...room.ids, open], ALL_AT_ONCE);
    await settled();
    await settled();
    await settled();
    expect([...room.running.keys()], 'who has none goes on').to.deep.equal([open]);
    room.running.get(open)?.end(ended());
    await whole;
    const view = room.rollouts.$rollout.get();
    expect(
      lines(view)
        .slice(0, -1)
        .every((is) => is === 'skipped'),
    ).to.equal(true);
    const line = view.kind === 'ended' ? view.state.lines.get(room.ids[0] ?? '') : undefined;
    expect(line).to.deep.equal({ kind: 'skipped', why: { because: 'locked' } });
    expect(room.asked, 'nothing was sent to them').to.deep.equal(['Open']);
    // Eight ask at once, which is one question to the person, and its answer is for all.
    expect(questions).to.be.at.most(8);
  });

  it('counts no failure where the tokens lock themselves in the middle and stay so', async () => {
    let open = true;
    const room = await given(4, { opened: async () => open });
    const stopAt = { failures: 1, share: null };
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1, stopAt });
    await settled();
    open = false;
    await room.end(0);
    await whole;
    const view = room.rollouts.$rollout.get();
    expect(lines(view)).to.deep.equal(['updated', 'skipped', 'skipped', 'skipped']);
    expect(view.kind === 'ended' && view.state.stopped).to.equal(null);
  });

  it('ends where asking a device breaks by a defect, with the others updated', async () => {
    const defect = new TypeError('a defect');
    const room = await given(2, {
      answering: (name) => (name === 'Sensor 0' ? Promise.reject(defect) : Promise.resolve()),
    });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    await room.end(1);
    expect(await whole).to.equal(null);
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['skipped', 'updated']);
    expect(room.troubles).to.deep.equal([defect]);
  });

  it('does not stand still where it breaks itself, and can begin anew', async () => {
    let answer: () => void = () => undefined;
    const room = await given(1, { answering: () => new Promise((resolve) => (answer = resolve)) });
    const defect = new TypeError('a defect');
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE).catch((error: unknown) => error);
    await settled();
    const { now } = room.clock;
    room.clock.now = () => {
      throw defect;
    };
    answer();
    expect(await whole).to.equal(defect);
    expect(room.rollouts.$rollout.get().kind).to.equal('ended');
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['not-started']);
    room.clock.now = now;
    const again = room.rollouts.retry('rest');
    await settled();
    answer();
    await settled();
    await room.end(0);
    expect(await again).to.equal(null);
  });

  it('asks again where "Check" was pressed meanwhile, and lets the check have its answer', async () => {
    const waiting: (() => void)[] = [];
    const room = await given(1, { answering: () => new Promise((resolve) => waiting.push(resolve)) });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    const check = room.checks.check(room.ids[0] ?? '');
    const [own, theirs, second] = [0, 1, 2];
    for (const question of [own, theirs, second]) {
      waiting[question]?.();
      await settled();
    }
    await check;
    expect(room.checks.$check(room.ids[0] ?? '').get().kind).to.equal('answered');
    await room.end(0);
    await whole;
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['updated']);
  });

  it('holds one lock from its first question to its end, so that no tab begins anything by itself', async () => {
    let answer: () => void = () => undefined;
    const room = await given(1, { answering: () => new Promise((resolve) => (answer = resolve)) });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    expect([...room.held], 'while it asks').to.deep.equal(['rollout']);
    answer();
    await settled();
    expect([...room.held], 'while it updates').to.deep.equal(['rollout']);
    await room.end(0);
    await whole;
    expect([...room.held]).to.be.empty;
  });

  it('updates a device once that is saved twice', async () => {
    const room = await given(2, { twins: true });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    expect([...room.running.keys()]).to.deep.equal([room.ids[0]]);
    await room.end(0);
    await whole;
    const view = room.rollouts.$rollout.get();
    expect(lines(view)).to.deep.equal(['updated', 'skipped']);
    const twin = view.kind === 'ended' ? view.state.lines.get(room.ids[1] ?? '') : undefined;
    expect(twin).to.deep.equal({ kind: 'skipped', why: { because: 'same', twin: 'Sensor 0' } });
  });
});
