import { expect } from 'chai';
import { ended, failed, file, form, NOW, writing } from '../given.ts';
import { held, ready, status } from './given-updates.ts';

describe('Updates of a file that does not fit its device, or is not on the screen', () => {
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
