import { expect } from 'chai';
import { placeOf } from '../../../src/model/device/device.ts';
import { EVERYTHING } from '../../../src/state/update/history-search.ts';
import { file, NOW } from '../given.ts';
import { ALL_AT_ONCE, given, idle, lines, settled } from './rollout-room.ts';

describe('A rollout of the page', () => {
  it('sends one copy of the firmware to every device, and ends with one outcome each', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    // Another file that is chosen meanwhile changes nothing.
    await room.firmware.choose([file('other.bin')]);
    for (const at of [0, 1, 2]) await room.end(at);
    expect(await whole).to.equal(null);
    expect(new Set(room.sent).size).to.equal(1);
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['updated', 'updated', 'updated']);
  });

  it('skips devices that are off, busy or have too small a slot, with the reason, and touches none of them', async () => {
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

  it('skips a device that another tab takes before its turn: that is no failure, and no line in the history', async () => {
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

  it('refuses to begin twice, without a file or without a device', async () => {
    const room = await given(1);
    expect(await room.rollouts.start([], ALL_AT_ONCE)).to.equal('no-devices');
    void room.rollouts.start(room.ids, ALL_AT_ONCE);
    expect(await room.rollouts.start(room.ids, ALL_AT_ONCE)).to.equal('under-way');
    await settled();
    await room.end(0);
    room.firmware.forget();
    expect(await room.rollouts.start(room.ids, ALL_AT_ONCE)).to.equal('no-firmware');
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
