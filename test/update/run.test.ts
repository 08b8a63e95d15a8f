import { expect } from 'chai';
import { Run } from '../../src/update/run.ts';
import { Bench, DEVICE_ID, IMAGE, left, NEW, OLD, plan, session, put, seen, startOver } from './scripted/scripted.ts';

describe('what one run knows', () => {
  it('has no link before it is opened, and says so where one is needed', () => {
    const run = new Run(plan(), new Bench().ports, new AbortController().signal);
    expect(run.linkIfOpen).to.equal(null);
    expect(() => run.link).to.throw(Error, 'The link is not open.');
  });

  it('starts with the chunks that the device was seen to take', () => {
    expect(new Bench().run({ chunkBytes: { direct: 16_384 } }).pace.size).to.equal(16_384);
    expect(new Bench().run().progress().total).to.equal(IMAGE.bytes.length);
  });

  it('keeps a pace for each route, since what fits one says nothing about the other', () => {
    const bench = new Bench();
    const run = bench.run({ chunkBytes: { gateway: 3840 } });
    expect(run.pace.size).to.equal(bench.link.firstChunkBytes);
    bench.link.route = 'gateway';
    expect(run.pace.size).to.equal(3840);
    run.pace.countGood(3840, 1);
    expect(run.progress().chunkBytes).to.equal(3840);
    bench.link.route = 'direct';
    expect(run.progress().chunkBytes).to.equal(0);
    run.pace.countGood(4096, 1);
    expect(run.pace.size).to.equal(8192);
    bench.link.route = 'gateway';
    expect(run.pace.size).to.equal(3840);
  });

  it('has begun once a begin was sent, whether or not its answer is known', () => {
    const run = new Bench().run();
    expect(seen(run).begun).to.equal(false);
    put(run, { beginInDoubt: true });
    expect(seen(run).begun).to.equal(true);
    run.enterSession(session());
    expect(seen(run).beginInDoubt).to.equal(false);
    expect(seen(run).begun).to.equal(true);
  });

  it('notes for the next run what may start beside its own image, and what may run already', async () => {
    for (const [known, entry] of [
      [{}, { finalizeSent: false }],
      [{ mayHoldAnother: true }, { finalizeSent: false, mayHoldAnother: true }],
      [{ earlierFinalize: true }, { finalizeSent: true }],
      [{ finalizeSent: true }, { finalizeSent: true }],
    ] as const) {
      const bench = new Bench();
      const run = bench.begunRun();
      run.become(known);
      run.note('writing');
      await run.journal.settled();
      const [noted] = bench.journal.written.slice(-1);
      expect(noted).to.include({ phase: 'writing', ...entry });
      expect(noted?.mayHoldAnother === true).to.equal('mayHoldAnother' in known);
    }
  });

  it('has nothing to throw away any more once a session of its own is open', () => {
    const run = new Bench().run();
    put(run, { misbegun: '7' });
    run.enterSession(session());
    expect(seen(run).misbegun).to.equal(null);
  });

  it('knows why it started over until the bytes that were lost are acknowledged again', () => {
    const run = new Bench().begunRun();
    run.acknowledge(8192);
    startOver(run, 'silent');
    expect(seen(run).startedOver).to.equal('silent');
    run.enterSession(session());
    run.acknowledge(4096);
    // Fewer bytes were lost this time, and those of before are not acknowledged again yet.
    startOver(run, 'unreachable');
    run.enterSession(session());
    run.acknowledge(8191);
    expect(seen(run).startedOver).to.equal('unreachable');
    run.acknowledge(8192);
    expect(seen(run).startedOver).to.equal(null);
  });

  it('forgets that with the first byte where none was lost', () => {
    const run = new Bench().begunRun();
    startOver(run, 'silent');
    run.acknowledge(0);
    expect(seen(run).startedOver).to.equal('silent');
    run.acknowledge(1);
    expect(seen(run).startedOver).to.equal(null);
  });

  it('notes what was overruled, and nothing where nothing was', async () => {
    for (const [overruled, noted] of [
      [['wrong-chip'], ['wrong-chip']],
      [[], undefined],
    ] as const) {
      const bench = new Bench();
      const run = bench.run({ overruled });
      run.useLink(bench.link);
      run.enterSession(session());
      await run.journal.settled();
      expect((await bench.journal.read(DEVICE_ID))?.overruled).to.deep.equal(noted);
    }
  });

  it('keeps the slot it knows where the session does not tell one', () => {
    const run = new Bench().run();
    put(run, { left: left({ slot: 'from the journal' }) });
    run.enterSession(session({ slot: null }));
    expect(seen(run).session?.slot).to.deep.equal({ label: 'from the journal', address: null });
    run.enterSession(session());
    run.enterSession(session({ slot: null }));
    expect(seen(run).session?.slot).to.equal(NEW);
    const fresh = new Bench().run();
    fresh.enterSession(session({ slot: null }));
    expect(seen(fresh).session).to.deep.equal({ id: '7', slot: null });
  });

  it('takes the slot from before from the journal only where it does not know better', () => {
    const run = new Bench().run();
    put(run, { left: left({ previousSlot: 'from the journal' }) });
    run.enterSession(session());
    expect(seen(run).previousSlot).to.deep.equal({ label: 'from the journal', address: null });
    const better = new Bench().run();
    put(better, { left: left({ previousSlot: 'from the journal' }) });
    put(better, { previousSlot: OLD });
    better.enterSession(session());
    expect(seen(better).previousSlot).to.equal(OLD);
  });

  it('notes image, device, session, slots, how far, and when', async () => {
    const bench = new Bench();
    const run = bench.run();
    put(run, { previousSlot: OLD });
    run.enterSession(session());
    await bench.clock.pass(500);
    run.acknowledge(4096);
    run.note('writing');
    await run.journal.settled();
    expect(bench.journal.entries.get(DEVICE_ID)).to.deep.equal(
      left({
        ...{ slotAddress: NEW.address ?? 0, previousSlotAddress: OLD.address ?? 0 },
        acknowledged: 4096,
        sentTo: 4096,
        finalizeSent: false,
        tellsStatus: true,
        at: bench.clock.date(),
      }),
    );
    expect(bench.journal.written.map(({ phase, acknowledged }) => [phase, acknowledged])).to.deep.equal([
      ['writing', 0],
      ['writing', 4096],
    ]);
  });

  it('gives as the size of a chunk what the device was seen to take, and null before that', () => {
    const run = new Bench().begunRun();
    expect(run.progress().chunkBytes).to.equal(0);
    run.pace.countGood(4096, 1);
    expect(run.pace.size).to.equal(8192);
    expect(run.progress().chunkBytes).to.equal(4096);
  });
});
