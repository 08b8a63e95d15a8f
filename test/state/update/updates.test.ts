import { expect } from 'chai';
import type { RunUpdate } from '../../../src/state/tools.ts';
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import type { UpdateControls } from '../../../src/update/controls.ts';
import type { DeviceStatus } from '../../../src/model/device/link.ts';
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import { ended, failed, file, form, givenState, inspection, NOW, savedDevice, writing, type Given } from '../given.ts';

async function ready(given: Given = {}) {
  const state = givenState(given);
  const device = await savedDevice(state.devices);
  await state.firmware.choose([file('kitchen.bin')]);
  const seen: UpdateView['kind'][] = [];
  state.updates.$update(device.id).listen(({ kind }) => seen.push(kind));
  return { ...state, device, seen, view: () => state.updates.$update(device.id).get() };
}

/** A run that stands still until it is let go. */
function held() {
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  let runs = 0;
  return {
    runs: () => runs,
    go: () => go(),
    run: (...[, , controls]: Parameters<RunUpdate>) => standing(controls),
  };
  async function* standing(controls: UpdateControls) {
    runs += 1;
    yield writing;
    const cancelled = new Promise((resolve) => controls.cancelled.addEventListener('abort', resolve));
    await Promise.race([gate, cancelled]);
    yield controls.cancelled.aborted ? ended({ outcome: 'cancelled', deviceIdle: true, oldFirmware: 'runs' }) : ended();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('Updates', () => {
  it('run from getting ready to the outcome, and put its words first', async () => {
    const { updates, device, seen, view } = await ready();
    await updates.start(device.id);
    expect(seen).to.deep.equal(['preparing', 'running', 'ended']);
    const now = view();
    expect(now.kind === 'ended' && now.words.title).to.equal('Updated');
  });

  it('tell of the end with the device let go, so that who looks on can ask it', async () => {
    let holders = 0;
    const acquire = async (): Promise<() => void> => {
      holders += 1;
      return () => (holders -= 1);
    };
    const { updates, device } = await ready({ lock: { acquire } });
    const atEnd: number[] = [];
    updates.$update(device.id).listen(({ kind }) => {
      if (kind === 'ended') atEnd.push(holders);
    });
    await updates.start(device.id);
    expect(atEnd).to.deep.equal([0]);
  });

  it('send the very bytes, hash and token target that were chosen', async () => {
    const plans: UpdatePlan[] = [];
    const state = await ready({
      run: async function* (plan) {
        plans.push(plan);
        yield ended();
      },
    });
    await state.updates.start(state.device.id);
    expect(plans).to.have.length(1);
    expect(plans[0]?.bytes).to.equal(state.firmware.firmware?.bytes);
    expect(plans[0]).to.include({ deviceId: state.device.id, sha256: state.firmware.firmware?.sha256, restart: true });
    expect(plans[0]).not.to.have.property('patienceMs');
  });

  it('look for a device after its restart for as long as was set for it', async () => {
    const plans: UpdatePlan[] = [];
    const { devices, device, updates } = await ready({
      run: async function* (plan) {
        plans.push(plan);
        yield ended();
      },
    });
    await devices.save(form({ token: null, patienceMs: 600_000 }), device.id);
    await updates.start(device.id);
    expect(plans[0]).to.include({ patienceMs: 600_000 });
  });

  it('are one a device: a second start does nothing', async () => {
    const hold = held();
    const { updates, device } = await ready({ run: hold.run });
    const first = updates.start(device.id);
    await settled();
    await updates.start(device.id);
    hold.go();
    await first;
    expect(hold.runs()).to.equal(1);
  });

  it('tell the page that it is busy until the last of them has ended', async () => {
    const hold = held();
    const { updates, device, busy } = await ready({ run: hold.run });
    const running = updates.start(device.id);
    expect(busy).to.deep.equal([true]);
    hold.go();
    await running;
    expect(busy).to.deep.equal([true, false]);
    expect(updates.running()).to.equal(false);
  });

  it('show at once that Pause and Cancel were pressed', async () => {
    const hold = held();
    const { updates, device, view } = await ready({ run: hold.run });
    const running = updates.start(device.id);
    await settled();
    updates.pause(device.id);
    expect(view()).to.include({ kind: 'running', paused: true });
    updates.resume(device.id);
    expect(view()).to.include({ kind: 'running', paused: false });
    updates.cancel(device.id);
    await running;
    const now = view();
    expect(now.kind === 'ended' && now.state.outcome).to.equal('cancelled');
  });

  it('learn from a good one what the device runs, ran, is and takes', async () => {
    const { updates, devices, firmware, device } = await ready();
    await updates.start(device.id);
    const first = devices.find(device.id);
    expect(first?.runs).to.deep.include({ sha256: firmware.firmware?.sha256, version: '1.4.2', proven: true, at: NOW });
    expect(first).to.deep.include({
      ...{ chipId: 9, chunkBytes: { direct: 16_384 }, dialect: 'shipped', lastSeen: NOW, ranBefore: null },
    });
    await firmware.choose([file('next.bin')]);
    await updates.start(device.id);
    expect(devices.find(device.id)?.ranBefore?.sha256).to.equal(first?.runs?.sha256);
  });

  it('do not learn the chip from an image that is not proven to start', async () => {
    const { updates, devices, device } = await ready({
      run: async function* () {
        yield ended({ outcome: 'accepted' });
      },
    });
    await updates.start(device.id);
    expect(devices.find(device.id)).to.include({ chipId: null });
    expect(devices.find(device.id)?.runs?.proven).to.equal(false);
  });

  it('leave what the device runs alone where one was rolled back', async () => {
    const { updates, devices, device } = await ready({
      run: async function* () {
        yield ended({ outcome: 'rolled-back', slot: 'ota_0', isPrevious: true, fellBack: false });
      },
    });
    await updates.start(device.id);
    expect(devices.find(device.id)).to.include({ runs: null, chipId: null });
  });

  it('send nothing while another tab is at the device, and say so', async () => {
    const hold = held();
    const { updates, device, view } = await ready({ run: hold.run, lock: { acquire: async () => null } });
    await updates.start(device.id);
    const now = view();
    expect(now.kind === 'ended' && now.state).to.include({ outcome: 'failed', code: 'held-elsewhere' });
    expect(hold.runs()).to.equal(0);
  });

  it('let go of the device at the end, also where the engine broke', async () => {
    let released = 0;
    const { updates, device, view } = await ready({
      run: async function* () {
        throw new TypeError('a defect');
      },
      lock: { acquire: async () => () => (released += 1) },
    });
    let thrown: unknown = null;
    await updates.start(device.id).catch((error: unknown) => (thrown = error));
    expect(thrown).to.be.instanceOf(TypeError);
    expect(released).to.equal(1);
    expect(view().kind).to.equal('rest');
    expect(updates.running()).to.equal(false);
  });

  it('take over another session only after a yes', async () => {
    const takeOvers: (string | null)[] = [];
    const session = {
      id: '7',
      writtenBytes: 4096,
      expectedSize: null,
      expectedSha256: null,
      slot: null,
      capacityBytes: null,
      blockSize: null,
    };
    const { updates, questions, device } = await ready({
      run: async function* ({ takeOver }) {
        takeOvers.push(takeOver);
        yield takeOver === null ? failed({ code: 'other-session', otherSession: session }) : ended();
      },
    });
    await updates.start(device.id);
    const asking = updates.takeOver(device.id);
    expect(questions.$question.get()).to.deep.include({ kind: 'take-over', session });
    questions.answer(false);
    await asking;
    expect(takeOvers).to.deep.equal([null]);
    const again = updates.takeOver(device.id);
    questions.answer(true);
    await again;
    expect(takeOvers).to.deep.equal([null, '7']);
  });

  describe('of a file that does not fit its device', () => {
    const ofChip = (chip: number) => async () => inspection({ chip: { id: chip, name: 'ESP32-S3', known: true } });

    /** Told by the device, so that the update slot is this large, in bytes. */
    const status = (size: number, of: Partial<DeviceStatus> = {}): DeviceStatus => ({
      ...{ supported: true, session: null, boot: null, lastTaken: null },
      running: { label: 'ota_0', address: 0x10000, size },
      next: { label: 'ota_1', address: 0x110000, size },
      ...of,
    });

    it('do not begin, and leave no word of it on the card or in the history', async () => {
      let runs = 0;
      const { updates, checks, device, history, seen } = await ready({
        run: async function* () {
          runs += 1;
          yield ended();
        },
      });
      checks.hear(device, status(4));
      const started = await updates.start(device.id);
      expect(started).to.have.nested.property('misfit.finding.reason', 'too-large');
      expect([runs, seen]).to.deep.equal([0, []]);
      expect(await history.all({ deviceId: null, outcome: null, text: '' })).to.deep.equal([]);
    });

    it('end as if they had not begun where only the device’s answer shows it, which the card then tells', async () => {
      const { updates, devices, fits, device, history, recorder, view } = await ready({
        run: async function* (...[, { told }]) {
          told?.(status(4));
          yield { ...writing, phase: 'checking', progress: { ...writing.progress, acknowledged: 0 } };
          const finding = { reason: 'too-large', needed: 11, capacity: 4 } as const;
          yield failed({ code: 'too-large', judgement: { finding, canOverrule: false } });
        },
      });
      expect(fits.$fits.get().get(device.id)?.misfit).to.equal(null);
      const started = await updates.start(device.id);
      expect(started).to.have.nested.property('misfit.finding.reason', 'too-large');
      expect(view().kind).to.equal('rest');
      expect(updates.$ended.get()).to.deep.equal([]);
      expect(recorder.lastOf(device.id)).to.equal(null);
      expect(await history.all({ deviceId: null, outcome: null, text: '' })).to.deep.equal([]);
      expect(fits.$fits.get().get(device.id)?.misfit).to.have.nested.property('finding.reason', 'too-large');
      // Moved to another address: what the old one said is not true of it.
      await devices.save(form({ address: '192.168.1.51' }), device.id);
      expect(fits.$fits.get().get(device.id)?.misfit).to.equal(null);
    });

    it('are sent anyway once the person has agreed to each reason by the device’s name', async () => {
      const plans: (readonly string[])[] = [];
      const { updates, devices, questions, device } = await ready({
        inspect: async () =>
          inspection({ chip: { id: 9, name: 'ESP32-S3', known: true }, warnings: [{ reason: 'no-micropython' }] }),
        run: async function* ({ overruled }) {
          plans.push(overruled);
          yield ended();
        },
      });
      await devices.learn(device.id, { chipId: 0 });
      const asking = updates.sendAnyway(device.id);
      expect(questions.$question.get()).to.deep.include({ kind: 'overrule', firmware: 'kitchen.bin' });
      expect(questions.$question.get()).to.have.nested.property('finding.reason', 'wrong-chip');
      questions.answer(true);
      await settled();
      expect(questions.$question.get()).to.have.nested.property('finding.reason', 'no-micropython');
      questions.answer(true);
      await asking;
      expect(plans).to.have.length(1);
      expect(plans[0]).to.have.members(['wrong-chip', 'no-micropython']);
    });

    it('are not sent anyway after a no, or where nobody can know better', async () => {
      const { updates, checks, devices, questions, device, view } = await ready({ inspect: ofChip(9) });
      await devices.learn(device.id, { chipId: 0 });
      const asking = updates.sendAnyway(device.id);
      questions.answer(false);
      await asking;
      expect(view().kind).to.equal('rest');
      checks.hear(device, status(4, { next: { label: 'ota_0', address: 0x10000, size: 4 } }));
      await updates.sendAnyway(device.id);
      expect(questions.$question.get()).to.equal(null);
      expect(view().kind).to.equal('rest');
    });

    it('are sent no other file than the one that was asked about', async () => {
      const { updates, devices, firmware, questions, device, view } = await ready({ inspect: ofChip(9) });
      await devices.learn(device.id, { chipId: 0 });
      const asking = updates.sendAnyway(device.id);
      await firmware.choose([file('another.bin')]);
      questions.answer(true);
      await asking;
      expect(view().kind).to.equal('rest');
    });

    it('remember what was overruled for every later try of the same file, until it succeeds', async () => {
      const plans: { overruled: readonly string[]; takeOver: string | null }[] = [];
      const otherSession = {
        ...{ id: '7', writtenBytes: 4096, expectedSize: null, expectedSha256: null },
        ...{ slot: null, capacityBytes: null, blockSize: null },
      };
      const { updates, devices, questions, device } = await ready({
        inspect: ofChip(9),
        run: async function* ({ overruled, takeOver }) {
          plans.push({ overruled, takeOver });
          if (plans.length === 1) yield failed({ code: 'other-session', otherSession });
          else if (plans.length === 2) yield failed({ code: 'unreachable' });
          // Not proven to run, so its chip is not learned.
          else yield ended({ outcome: 'accepted' });
        },
      });
      await devices.learn(device.id, { chipId: 0 });
      const agreeTo = async (asking: Promise<void>): Promise<void> => {
        questions.answer(true);
        await asking;
      };
      await agreeTo(updates.sendAnyway(device.id));
      await agreeTo(updates.takeOver(device.id));
      await updates.start(device.id);
      const started = await updates.start(device.id);
      expect(started.kind).to.equal('misfit');
      expect(plans).to.deep.equal([
        { overruled: ['wrong-chip'], takeOver: null },
        { overruled: ['wrong-chip'], takeOver: '7' },
        { overruled: ['wrong-chip'], takeOver: null },
      ]);
    });

    it('ask once a device about files without a sign of MicroPython', async () => {
      let runs = 0;
      const { updates, firmware, questions, device } = await ready({
        inspect: async () => inspection({ warnings: [{ reason: 'no-micropython' }] }),
        run: async function* () {
          runs += 1;
          yield ended();
        },
      });
      expect((await updates.start(device.id)).kind).to.equal('misfit');
      const asking = updates.sendAnyway(device.id);
      questions.answer(true);
      await asking;
      await firmware.choose([file('next.bin')]);
      expect((await updates.start(device.id)).kind).to.equal('ended');
      expect(runs).to.equal(2);
    });

    it('keep a refused file in the library once it is overruled, before it is sent', async () => {
      const finding = { reason: 'trailing-image', kind: 'second-image' } as const;
      const keptWhenRun: number[] = [];
      const { updates, library, questions, device } = await ready({
        inspect: async () => inspection({ verdict: 'refuse', finding }),
        run: async function* () {
          keptWhenRun.push(library.$records.get().length);
          yield ended();
        },
      });
      expect(library.$records.get()).to.have.length(0);
      const asking = updates.sendAnyway(device.id);
      questions.answer(true);
      await asking;
      expect(keptWhenRun).to.deep.equal([1]);
    });

    it('go on where they were begun before: then the device alone knows what is left to do', async () => {
      const hold = held();
      const { updates, checks, firmware, journal, device } = await ready({ run: hold.run });
      await journal.write({
        ...{
          deviceId: device.id,
          sha256: firmware.firmware?.sha256 ?? '',
          size: 8,
          dialect: 'shipped',
          sessionId: '3',
        },
        ...{ slot: 'ota_1', previousSlot: 'ota_0', acknowledged: 8, sentTo: 8, phase: 'restarting', at: NOW },
      });
      checks.hear(device, status(4, { next: { label: 'ota_0', address: 0x10000, size: 4 } }));
      await updates.offerUnfinished();
      const resumed = updates.resumeOffer(device.id);
      hold.go();
      await resumed;
      expect(hold.runs()).to.equal(1);
    });
  });

  describe('and the file on the screen', () => {
    it('put an ending away that came from another file, and keep the one of the same file', async () => {
      const { updates, firmware, device, view } = await ready({
        run: async function* () {
          yield failed({ code: 'unauthorised' });
        },
      });
      await updates.start(device.id);
      await firmware.choose([file('kitchen.bin')]);
      expect(view().kind).to.equal('ended');
      await firmware.choose([file('another.bin')]);
      expect(view().kind).to.equal('rest');
    });

    it('offer to go on with what was half written, and choose its file for that', async () => {
      const sent: string[] = [];
      const { updates, firmware, journal, device, view } = await ready({
        run: async function* ({ sha256 }) {
          sent.push(sha256);
          yield sent.length === 1
            ? failed({ code: 'unreachable', resumable: true, progress: writing.progress })
            : ended();
        },
      });
      const sha256 = firmware.firmware?.sha256 ?? '';
      await updates.start(device.id);
      await journal.write({
        ...{ deviceId: device.id, sha256, size: 8, dialect: 'shipped', sessionId: '3', slot: 'ota_1' },
        ...{ previousSlot: 'ota_0', acknowledged: 4, sentTo: 8, phase: 'writing', at: NOW },
      });
      await firmware.choose([file('another.bin')]);
      await settled();
      expect(view().kind).to.equal('offer');
      await updates.resumeOffer(device.id);
      expect(firmware.firmware?.sha256).to.equal(sha256);
      expect(sent).to.deep.equal([sha256, sha256]);
    });

    it('send nothing where another file was chosen while the passphrase was typed', async () => {
      const hold = held();
      const { updates, firmware, device, view } = await ready({
        run: hold.run,
        lock: {
          acquire: async () => {
            await firmware.choose([file('another.bin')]);
            return () => undefined;
          },
        },
      });
      expect((await updates.start(device.id)).kind).to.equal('not-begun');
      expect([hold.runs(), view().kind]).to.deep.equal([0, 'rest']);
    });
  });

  it('go on after a reload with what was overruled before it', async () => {
    const plans: (readonly string[])[] = [];
    const { updates, firmware, journal, device } = await ready({
      run: async function* ({ overruled }) {
        plans.push(overruled);
        yield ended();
      },
    });
    await journal.write({
      ...{ deviceId: device.id, sha256: firmware.firmware?.sha256 ?? '', size: 8, dialect: 'shipped', sessionId: '3' },
      ...{ slot: 'ota_1', previousSlot: 'ota_0', acknowledged: 4, sentTo: 8, phase: 'writing', at: NOW },
      overruled: ['wrong-chip'],
    });
    await updates.offerUnfinished();
    await updates.resumeOffer(device.id);
    expect(plans).to.deep.equal([['wrong-chip']]);
  });

  it('put a failure away when its device is edited, unless something of it was written', async () => {
    const end = (acknowledged: number) => {
      const whole = failed({ code: 'unauthorised' });
      return { ...whole, progress: { ...whole.progress, acknowledged } };
    };
    const ends = [end(0), end(4)];
    const { updates, device, view } = await ready({
      run: async function* () {
        yield ends.shift() ?? ended();
      },
    });
    const shown: UpdateView['kind'][] = [];
    for (let count = 0; count < 3; count += 1) {
      await updates.start(device.id);
      updates.edited(device.id);
      shown.push(view().kind);
    }
    expect(shown).to.deep.equal(['rest', 'ended', 'ended']);
  });

  it('offer one of an earlier visit, and never begin it by themselves', async () => {
    const hold = held();
    const { updates, firmware, journal, device, view } = await ready({ run: hold.run });
    const sha256 = firmware.firmware?.sha256 ?? '';
    await journal.write({
      ...{ deviceId: device.id, sha256, size: 8, dialect: 'shipped', sessionId: '3', slot: 'ota_1' },
      ...{ previousSlot: 'ota_0', acknowledged: 4, sentTo: 8, phase: 'writing', at: NOW },
    });
    await updates.offerUnfinished();
    expect(view()).to.deep.include({ kind: 'offer', firmware: { sha256, name: 'kitchen.bin', version: '1.4.2' } });
    expect(hold.runs()).to.equal(0);
    firmware.forget();
    const resumed = updates.resumeOffer(device.id);
    await settled();
    expect(hold.runs()).to.equal(1);
    hold.go();
    await resumed;
    expect(view().kind).to.equal('ended');
  });

  it('say so where the file of an earlier visit is gone, and keep the offer', async () => {
    const { updates, notices, journal, device, view } = await ready();
    await journal.write({
      ...{ deviceId: device.id, sha256: 'ee'.repeat(32), size: 8, dialect: 'shipped', sessionId: '3', slot: null },
      ...{ previousSlot: null, acknowledged: 4, sentTo: 8, phase: 'writing', at: NOW },
    });
    await updates.offerUnfinished();
    await updates.resumeOffer(device.id);
    expect(notices.$notices.get().map(({ kind }) => kind)).to.deep.equal(['file-gone']);
    expect(view().kind).to.equal('offer');
    await updates.dropOffer(device.id);
    expect(view().kind).to.equal('rest');
    expect(await journal.read(device.id)).to.equal(null);
  });

  it('are not offered while another tab is at them, and their journal is left to it', async () => {
    let isHeld = true;
    const lock = { acquire: async () => (isHeld ? null : () => undefined) };
    const { updates, firmware, journal, device, view } = await ready({ lock });
    await journal.write({
      ...{ deviceId: device.id, sha256: firmware.firmware?.sha256 ?? '', size: 8, dialect: 'shipped', sessionId: '3' },
      ...{ slot: 'ota_1', previousSlot: 'ota_0', acknowledged: 4, sentTo: 8, phase: 'writing', at: NOW },
    });
    await updates.offerUnfinished();
    expect(view().kind).to.equal('rest');
    isHeld = false;
    await updates.offerUnfinished();
    expect(view().kind).to.equal('offer');
    isHeld = true;
    await updates.dropOffer(device.id);
    expect(view().kind).to.equal('rest');
    expect(await journal.read(device.id), 'the other tab goes on with it').to.include({ acknowledged: 4 });
  });

  it('are not offered where nothing is left to go on with', async () => {
    const { updates, firmware, journal, device, view } = await ready();
    const entry = {
      ...{ deviceId: device.id, sha256: firmware.firmware?.sha256 ?? '', size: 8, sessionId: null, slot: null },
      ...{ previousSlot: null, acknowledged: 0, sentTo: 0, at: NOW, dialect: 'documented' as const },
    };
    for (const phase of ['unconfirmed', 'beginning'] as const) {
      await journal.write({ ...entry, phase, tellsStatus: false });
      await updates.offerUnfinished();
      expect(view().kind, phase).to.equal('rest');
    }
  });
});
