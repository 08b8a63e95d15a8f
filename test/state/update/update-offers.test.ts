import { expect } from 'chai';
import { ended, failed, file, NOW, writing } from '../given.ts';
import { held, ready, settled } from './given-updates.ts';

describe('Updates of an earlier visit, or of another file', () => {
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
