/** What a later visit and another tab find of a rollout. */
import { expect } from 'chai';
import { MemoryRollouts } from '../../../src/storage/memory.ts';
import { sentFirmware } from '../../../src/state/update/sent-firmware.ts';
import { UpdateControls } from '../../../src/update/controls.ts';
import { newRecord } from '../../../src/model/rollout/rollout-record.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { ended, failed, NOW } from '../given.ts';
import { ALL_AT_ONCE, given, lines, settled } from './rollout-room.ts';

describe('A rollout of the page', () => {
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

  it('is not offered in a tab beside the one that runs it, and cannot begin there', async () => {
    const store = new MemoryRollouts();
    const of = { sha256: 'x', firmwareName: 'x.bin', devices: ['device-1'], startedAt: 0 };
    const record = newRecord({ ...ALL_AT_ONCE, ...of });
    await store.write(record);
    const room = await given(1, { lock: false, store });
    expect(await room.rollouts.load()).to.equal(false);
    expect(await room.rollouts.start(room.ids, ALL_AT_ONCE)).to.equal('other-tab');
    expect(await store.read(), 'what the other tab remembers stays').to.deep.equal(record);
  });

  it('is forgotten where none of its devices is saved any more', async () => {
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

  it('remembers after a reload that it had stopped, and counts anew when told to go on', async () => {
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
});
