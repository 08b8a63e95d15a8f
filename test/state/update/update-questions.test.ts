import { expect } from 'chai';
import { ended, failed, file, inspection } from '../given.ts';
import { ofChip, ready, settled, status } from './given-updates.ts';

describe('Updates that a person is asked about', () => {
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

  it('ask once for each device about files without a sign of MicroPython', async () => {
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
});
