import { expect } from 'chai';
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import { ended, failed, file, form, NOW, writing } from '../given.ts';
import { held, ready, settled } from './given-updates.ts';

describe('Updates', () => {
  it('run from getting ready to the outcome, and put its words first', async () => {
    const { updates, device, seen, view } = await ready();
    await updates.start(device.id);
    expect(seen).to.deep.equal(['preparing', 'running', 'ended']);
    const now = view();
    expect(now.kind === 'ended' && now.words.title).to.equal('Updated');
  });

  it('tell of the end once the device is released, so that whoever is told can ask it', async () => {
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

  it('are one per device: a second start does nothing', async () => {
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
    expect(updates.isRunning()).to.equal(false);
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

  it('learn when the device was heard last: with what it acknowledges, and not with an end that comes without its word', async () => {
    let now = NOW;
    const seen: (number | null | undefined)[] = [];
    const at = (acknowledged: number) => ({ ...writing, progress: { ...writing.progress, acknowledged } });
    const { updates, devices, device } = await ready({
      today: () => now,
      run: async function* () {
        const told = (): number => seen.push(devices.find(device.id)?.lastSeen);
        // What stood there before is no answer of now.
        yield at(4);
        told();
        now += 30_000;
        yield at(5);
        told();
        now += 30_000;
        yield at(6);
        told();
        now += 30_000;
        yield { ...at(6), phase: 'retrying', after: 'unreachable', attempt: 1, delayMs: 0 } as const;
        now += 600_000;
        yield failed({ progress: at(6).progress });
      },
    });
    await updates.start(device.id);
    expect(seen, 'once a minute while it goes on').to.deep.equal([null, NOW + 30_000, NOW + 30_000]);
    expect(devices.find(device.id)?.lastSeen, 'to the moment at the end').to.equal(NOW + 60_000);
  });

  it('do not take bytes that were only sent for an answer', async () => {
    const sent = (acknowledged: number) =>
      ({ ...writing, progress: { ...writing.progress, acknowledged, counts: 'sent' } }) as const;
    const { updates, devices, device } = await ready({
      run: async function* () {
        yield sent(0);
        yield sent(8);
        yield ended({ outcome: 'not-seen-again', progress: sent(8).progress, patienceMs: 1 });
      },
    });
    await updates.start(device.id);
    expect(devices.find(device.id)?.lastSeen).to.equal(null);
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

  it('send nothing while another tab updates the device, and say so', async () => {
    const hold = held();
    const { updates, device, view } = await ready({ run: hold.run, lock: { acquire: async () => null } });
    await updates.start(device.id);
    const now = view();
    expect(now.kind === 'ended' && now.state).to.include({ outcome: 'failed', code: 'held-elsewhere' });
    expect(hold.runs()).to.equal(0);
  });

  it('release the device at the end, also where the engine broke', async () => {
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
    expect(updates.isRunning()).to.equal(false);
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
      updates.dropEarlyFailure(device.id);
      shown.push(view().kind);
    }
    expect(shown).to.deep.equal(['rest', 'ended', 'ended']);
  });
});
