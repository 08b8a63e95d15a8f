import { expect } from 'chai';
import { lookBack } from '../../../src/state/update/look-back.ts';
import type { DeviceStatus, Slot } from '../../../src/model/device/link.ts';
import { RESTART_PATIENCE_MS } from '../../../src/model/update/restart-patience.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import type { JournalEntry } from '../../../src/model/update/journal.ts';
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import type { UpdateView } from '../../../src/state/update/update-view.ts';
import { deadLink, ended, file, givenState, NOW, savedDevice } from '../given.ts';

const OLD: Slot = { label: 'ota_0', address: null, size: 4096 };
const NEW: Slot = { label: 'ota_1', address: null, size: 4096 };
const AWAY = new UpdateError('unreachable');

const runs = (running: Slot): DeviceStatus => ({
  ...{ supported: true, session: null, running, boot: running, next: OLD, lastTaken: null },
});

/** A page that was closed at the end of an update, and what the device says to each question; the last one for good. */
async function given(
  answers: readonly (DeviceStatus | UpdateError)[],
  left: Partial<JournalEntry> = {},
  locked = false,
) {
  const plans: UpdatePlan[] = [];
  let asked = 0;
  const state = givenState({
    run: async function* (plan) {
      plans.push(plan);
      yield ended();
    },
  });
  const { checks, devices, firmware, journal, updates } = state;
  const device = await savedDevice(devices);
  await firmware.choose([file('kitchen.bin')]);
  const sha256 = firmware.firmware?.sha256 ?? '';
  await journal.write({
    ...{ deviceId: device.id, sha256, size: 8, dialect: 'shipped', sessionId: '3', slot: NEW.label },
    ...{ previousSlot: OLD.label, acknowledged: 8, sentTo: 8, phase: 'restarting', at: NOW },
    ...left,
  });
  await updates.offerUnfinished();
  const shown: UpdateView[] = [];
  updates.$update(device.id).listen((view) => shown.push(view));
  let now = 0;
  const clock = { now: () => now, date: () => NOW, sleep: async (ms: number) => void (now += ms) };
  const linkTo = () => async () => ({
    ...deadLink,
    status: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? AWAY;
      asked += 1;
      if (answer instanceof UpdateError) throw answer;
      return answer;
    },
  });
  await lookBack({ updates, devices, checks, linkTo, clock, isLocked: () => locked }, [device.id]);
  return { asked, plans, shown, now, view: updates.$update(device.id).get() };
}

describe('A page that was closed at the very end of an update', () => {
  it('looks by itself, and brings the update to the end that the device shows', async () => {
    const { plans, shown, view } = await given([AWAY, AWAY, runs(NEW)]);
    expect(shown[0]).to.include({ kind: 'offer', isLooking: true });
    expect(view.kind).to.equal('ended');
    expect(plans, 'and nothing may be sent for it').to.have.lengthOf(1);
    expect(plans[0]).to.include({ onlyLook: true });
  });

  it('tells also that the device went back', async () => {
    const { plans } = await given([runs(OLD)]);
    expect(plans).to.have.lengthOf(1);
  });

  it('looks for as long as a restart may take, and leaves the offer', async () => {
    const { plans, view, now } = await given([AWAY]);
    expect(plans).to.deep.equal([]);
    expect(view).to.include({ kind: 'offer', isLooking: false });
    expect(now).to.be.within(RESTART_PATIENCE_MS, RESTART_PATIENCE_MS + 1_000);
  });

  it('leaves the offer to the person where the device answers and will not say', async () => {
    const { asked, plans, view } = await given([new UpdateError('unauthorised')]);
    expect([asked, plans.length, view.kind]).to.deep.equal([1, 0, 'offer']);
  });

  for (const [why, left] of [
    ['bytes are still to be written', { phase: 'writing' }],
    ['it was hours ago', { at: NOW - 2 * 60 * 60 * 1000 }],
    ['the device cannot tell what runs', { dialect: 'documented', tellsStatus: true }],
    ['its file is no longer kept', { sha256: 'ee'.repeat(32) }],
  ] as const) {
    it(`asks nothing where ${why}`, async () => {
      const { asked, plans } = await given([runs(NEW)], left);
      expect([asked, plans.length]).to.deep.equal([0, 0]);
    });
  }

  it('asks nothing that would need the passphrase first', async () => {
    expect((await given([runs(NEW)], {}, true)).asked).to.equal(0);
  });
});
