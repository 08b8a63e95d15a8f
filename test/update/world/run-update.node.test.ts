import { expect } from 'chai';
import { onEvery, onNth } from '../../../src/simulator/faults.ts';
import { TRIES_ONCE_BEGUN } from '../../../src/update/backoff.ts';
import { SAFE_CHUNK } from '../../../src/update/pace.ts';
import { World } from './world.ts';

describe('an update on a good day', () => {
  it('ends as updated in shipped: the written slot runs, holds the very bytes, and is marked valid', async () => {
    const world = new World({ dialect: 'shipped', rollback: true });
    const outcome = await world.run();
    expect(outcome).to.include({ outcome: 'updated', slot: 'ota_1', markedValid: true });
    expect(world.device.running).to.equal('ota_1');
    expect(world.device.markedValid).to.equal(true);
    expect(world.runsImage).to.equal(true);
    expect(world.phases).to.deep.equal([
      'detecting',
      'checking',
      'beginning',
      'writing',
      'finalizing',
      'restarting',
      'confirming',
      'ended',
    ]);
  });

  it('ends as accepted in documented: what the device cannot prove is not claimed', async () => {
    const world = new World({ dialect: 'documented' });
    const outcome = await world.run();
    expect(outcome.outcome).to.equal('accepted');
    expect(world.runsImage).to.equal(true);
  });

  it('leaves no timer and no journal entry behind', async () => {
    const world = new World();
    await world.run();
    expect(world.clock.pending).to.equal(0);
    expect(world.journal.size).to.equal(0);
  });

  it('stages without a restart where none was asked for', async () => {
    const world = new World();
    const outcome = await world.run({ restart: false });
    expect(outcome).to.include({ outcome: 'staged', slot: 'ota_1' });
    expect(world.device.running).to.equal('ota_0');
    expect(world.device.boot).to.equal('ota_1');
  });

  it('has one request in flight at most, and starts with what fits into one request', async () => {
    const world = new World();
    await world.run();
    expect(world.device.requestsInFlightMax).to.equal(1);
    const chunks = world.device.writeLog.map(({ bytes }) => bytes);
    expect(chunks[0]).to.equal(SAFE_CHUNK);
    expect(Math.max(...chunks)).to.be.within(SAFE_CHUNK + 1, 4096);
  });
});

describe('what is known before the first erase', () => {
  it('refuses an image larger than the slot', async () => {
    const world = new World({ imageBytes: 140_000 });
    const outcome = await world.run();
    expect(outcome).to.include({ outcome: 'failed', code: 'too-large', oldFirmware: 'runs' });
    expect(world.device.blocksErased).to.equal(0);
  });

  it('refuses an image for another chip, and takes it where the person overruled', async () => {
    const world = new World();
    const refused = await world.run({ chipId: 9 });
    expect(refused).to.include({ outcome: 'failed', code: 'wrong-image' });
    expect(world.device.blocksErased).to.equal(0);
    const taken = await world.run({ chipId: 9, overruled: ['wrong-chip'] });
    expect(taken.outcome).to.equal('updated');
  });

  it('reports a wrong token, in both dialects, after few tries', async () => {
    for (const dialect of ['shipped', 'documented'] as const) {
      const world = new World({ dialect, token: 'b'.repeat(64) });
      expect(await world.run()).to.include({ outcome: 'failed', code: 'unauthorised', oldFirmware: 'runs' });
      // Twice what a device tells of itself, its status by each header, a path that cannot exist; and one begin.
      expect(world.device.requests.length).to.be.lessThan(10);
    }
  });

  it('reports that there is no such route, also where the device shows it only at begin', async () => {
    const world = new World({ prefix: '/update' });
    expect(await world.run()).to.include({ outcome: 'failed', code: 'no-route', oldFirmware: 'runs' });
  });

  it('reports a device that is off within seconds', async () => {
    const world = new World();
    world.device.switchOff();
    const outcome = await world.run();
    expect(outcome).to.include({ outcome: 'failed', code: 'unreachable', resumable: false });
    expect(outcome.durationMs).to.be.lessThan(5_000);
  });

  it('reports a device without update slots', async () => {
    const world = new World({ supported: false });
    expect(await world.run()).to.include({ outcome: 'failed', code: 'unsupported' });
  });
});

describe('a session of another client', () => {
  const theirs = { expected_size: 5000, expected_sha256: 'c'.repeat(64) };

  async function beginTheirs(world: World): Promise<void> {
    const response = await world.clock.settle(
      world.device.handle(
        new Request('http://192.168.1.50:8080/ota/begin', {
          method: 'POST',
          headers: { 'X-OTA-Token': 'a'.repeat(64), 'Content-Type': 'application/json' },
          body: JSON.stringify(theirs),
        }),
      ),
    );
    expect(response.status).to.equal(200);
  }

  it('is never overwritten without a choice, and what is known of it is shown', async () => {
    const world = new World();
    await beginTheirs(world);
    const outcome = await world.run();
    expect(outcome).to.include({ outcome: 'failed', code: 'other-session' });
    expect(outcome).to.have.nested.property('otherSession.expectedSize', theirs.expected_size);
    expect(world.device.session).to.include({ expectedSize: theirs.expected_size });
  });

  it('is taken over where the person chose that very session', async () => {
    const world = new World();
    await beginTheirs(world);
    const id = String(world.device.session?.id);
    expect(await world.run({ takeOver: 'another' })).to.include({ code: 'other-session' });
    expect((await world.run({ takeOver: id })).outcome).to.equal('updated');
  });

  it('ends ours where it comes in the middle', async () => {
    const world = new World();
    world.device.fault = onNth('chunk', 3, { kind: 'other-session', when: 'before' });
    const outcome = await world.run();
    expect(outcome).to.include({ outcome: 'failed', code: 'other-session', resumable: false });
    expect(world.device.running).to.equal('ota_0');
  });
});

describe('an update that was interrupted', () => {
  it('goes on without asking from where the device is, after the page was reloaded', async () => {
    const world = new World();
    world.onState = (state) => {
      if (state.phase === 'writing' && state.progress.acknowledged >= 12_288) world.reload();
    };
    await world.clock.settle(world.start());
    const left = world.journal.get('kitchen');
    expect(left).to.include({ sha256: world.sha256, phase: 'writing' });
    expect(left?.acknowledged).to.be.greaterThan(0);

    world.onState = () => undefined;
    const outcome = await world.run();
    expect(outcome.outcome).to.equal('updated');
    expect(world.device.bytesProgrammedTwice).to.equal(0);
    expect(world.states.find((state) => state.phase === 'writing')?.progress.acknowledged).to.be.at.least(
      left?.acknowledged ?? Infinity,
    );
  });

  it('sees the end of an update whose page was closed during the restart', async () => {
    const world = new World({ awayMs: 10_000 });
    world.onState = (state) => {
      if (state.phase === 'restarting') world.reload();
    };
    await world.clock.settle(world.start());
    expect(world.journal.get('kitchen')).to.include({ phase: 'restarting' });
    await world.clock.pass(15_000);
    world.onState = () => undefined;
    const erased = world.device.blocksErased;
    expect(await world.run()).to.include({ outcome: 'updated', slot: 'ota_1' });
    expect(world.device.blocksErased, 'nothing is written again').to.equal(erased);
  });
});

describe('a person at the buttons', () => {
  it('pauses: no timer runs, nothing is sent, and resume goes on from where the device is', async () => {
    const world = new World();
    world.onState = (state) => {
      if (state.phase === 'writing' && state.progress.acknowledged > 8192 && !paused) {
        paused = true;
        world.controls.pause();
      }
    };
    let paused = false;
    const end = world.start();
    await world.clock.pass(60_000);
    expect(world.states.at(-1)).to.include({ phase: 'waiting', why: 'paused' });
    expect(world.clock.pending).to.equal(0);
    const sent = world.device.requests.length;
    await world.clock.pass(600_000);
    expect(world.device.requests.length).to.equal(sent);
    world.controls.resume();
    expect(await world.clock.settle(end)).to.include({ outcome: 'updated' });
    expect(world.device.bytesProgrammedTwice).to.equal(0);
  });

  it('pauses during a backoff: the pause outranks the retry', async () => {
    const world = new World();
    world.device.fault = onNth('chunk', 2, { kind: 'status', status: 503, when: 'before', retryAfter: '30' });
    world.onState = (state) => {
      if (state.phase === 'retrying') world.controls.pause();
    };
    const end = world.start();
    await world.clock.pass(120_000);
    expect(world.states.at(-1)).to.include({ phase: 'waiting', why: 'paused' });
    expect(world.clock.pending).to.equal(0);
    world.controls.resume();
    expect(await world.clock.settle(end)).to.include({ outcome: 'updated' });
  });

  it('cancels within one chunk, and says that the device is idle again', async () => {
    const world = new World();
    let sentAtCancel = Infinity;
    world.onState = (state) => {
      if (state.phase === 'writing' && state.progress.acknowledged > 8192 && sentAtCancel === Infinity) {
        sentAtCancel = world.device.writeLog.length;
        world.controls.cancel();
      }
    };
    const outcome = await world.run();
    expect(outcome).to.include({ outcome: 'cancelled', deviceIdle: true, oldFirmware: 'runs' });
    expect(world.device.writeLog.length - sentAtCancel).to.be.at.most(1);
    expect(world.device.session).to.equal(null);
    expect(world.journal.size).to.equal(0);
  });

  it('cancels a chunk that hangs', async () => {
    const world = new World();
    world.device.fault = onNth('chunk', 2, { kind: 'hang', when: 'before' });
    const end = world.start();
    await world.clock.pass(2_000);
    world.controls.cancel();
    expect(await world.clock.settle(end)).to.include({ outcome: 'cancelled', deviceIdle: true });
  });

  it('does not claim that a documented device is idle', async () => {
    const world = new World({ dialect: 'documented' });
    world.onState = (state) => {
      if (state.phase === 'writing' && state.progress.acknowledged > 0) world.controls.cancel();
    };
    expect(await world.run()).to.include({ outcome: 'cancelled', deviceIdle: null });
  });
});

describe('a network that goes away', () => {
  it('waits a minute without counting tries, and goes on', async () => {
    for (const options of [{ dialect: 'shipped' }, { dialect: 'documented', status: 'counter' }] as const) {
      const world = new World({ ...options, sessionTimeoutMs: 300_000 });
      let cut = false;
      world.onState = (state) => {
        if (cut || state.phase !== 'writing' || state.progress.acknowledged === 0) return;
        cut = true;
        world.network.set(false);
      };
      const end = world.start();
      await world.clock.pass(60_000);
      expect(world.states.at(-1)).to.include({ phase: 'waiting', why: 'offline' });
      world.network.set(true);
      const outcome = await world.clock.settle(end);
      expect(outcome?.outcome).to.equal(options.dialect === 'shipped' ? 'updated' : 'accepted');
      expect(world.device.bytesProgrammedTwice).to.equal(0);
      expect(outcome?.progress.sessionRestarts).to.equal(0);
    }
  });
});

describe('the end', () => {
  it('is rolled back where the new image does not start', async () => {
    const world = new World({ boots: (image) => image.length <= 1000 });
    expect(await world.run()).to.include({ outcome: 'rolled-back', slot: 'ota_0' });
  });

  it('is not seen again where the device stays away, after the patience that was set', async () => {
    const world = new World({ awayMs: Infinity });
    const outcome = await world.run({ patienceMs: 30_000 });
    expect(outcome).to.include({ outcome: 'not-seen-again', patienceMs: 30_000 });
    expect(outcome.durationMs).to.be.within(25_000, 60_000);
    expect(world.journal.size, 'pressing Update again looks again').to.equal(1);
  });

  it('is rejected where a bit was flipped on the way, and the device is left idle', async () => {
    for (const dialect of ['shipped', 'documented'] as const) {
      const world = new World({ dialect });
      world.device.fault = onNth(dialect === 'shipped' ? 'chunk' : 'write', 2, { kind: 'corrupt', where: 'wire' });
      expect((await world.run()).outcome).to.equal('rejected');
      expect(world.device.running).to.equal('ota_0');
      if (dialect === 'shipped') expect(world.device.session).to.equal(null);
    }
  });

  it('is “session lost” where the device restarts while it is written', async () => {
    const world = new World();
    world.device.fault = onNth('chunk', 3, { kind: 'restart', when: 'before' });
    expect(await world.run()).to.include({ outcome: 'failed', code: 'session-lost', oldFirmware: 'runs' });
    expect(world.journal.size).to.equal(0);
    expect((await world.run()).outcome).to.equal('updated');
  });
});

describe('a finalize that never arrives', () => {
  for (const [how, fault] of [
    ['is dropped', { kind: 'drop', when: 'before' }],
    ['hangs', { kind: 'hang', when: 'before' }],
  ] as const) {
    it(`ends the update where it ${how} every time, after as many tries as a chunk has, and shows them`, async () => {
      const world = new World();
      world.device.fault = onEvery('finalize', fault);
      const outcome = await world.run();
      expect(outcome).to.include({ outcome: 'failed', code: 'no-progress', oldFirmware: 'runs', resumable: true });
      const finalizes = world.device.requests.filter(({ path }) => path.endsWith('/finalize'));
      expect(finalizes.length).to.equal(TRIES_ONCE_BEGUN);
      expect(world.states.filter(({ phase }) => phase === 'retrying').length).to.equal(TRIES_ONCE_BEGUN - 1);
    });
  }
});

describe('a network that goes away at the end', () => {
  for (const status of ['none', 'counter'] as const) {
    it(`leaves in doubt whether a documented device took the image, and sends nothing again (status: ${status})`, async () => {
      const world = new World({ dialect: 'documented', status });
      world.device.fault = (info) => {
        if (info.route !== 'finalize' || info.nth > 1) return null;
        world.network.set(false);
        return { kind: 'drop', when: 'after' };
      };
      const end = world.start();
      await world.clock.pass(20_000);
      const erased = world.device.blocksErased;
      world.network.set(true);
      expect(await world.clock.settle(end)).to.include({
        outcome: 'failed',
        code: 'unconfirmed',
        oldFirmware: 'unknown',
      });
      expect(world.device.blocksErased, 'the slot from before is left alone').to.equal(erased);
      expect(world.runsImage).to.equal(true);
    });
  }
});

describe('a finalize whose answer was lost, before a yes that any server might say', () => {
  /** Its answers are in words, so a mere 200 is a yes; and it can be asked for its session. */
  const KIND = { dialect: 'documented', status: 'counter', answers: 'text' } as const;

  it('is not taken for accepted: the answer may have been the no that ended the session', async () => {
    const world = new World({ ...KIND });
    let finalizes = 0;
    world.device.fault = ({ route }) => {
      if (route === 'write' && world.device.writeLog.length === 0) return { kind: 'corrupt', where: 'wire' };
      if (route !== 'finalize') return null;
      finalizes += 1;
      return finalizes === 1
        ? { kind: 'drop', when: 'after' }
        : { kind: 'status', when: 'before', status: 200, body: '' };
    };
    expect(await world.run()).to.include({ outcome: 'failed', code: 'unconfirmed' });
  });

  it('is accepted once the device has refused another one, and has no session any more', async () => {
    const world = new World(KIND);
    let finalizes = 0;
    world.device.fault = ({ route }) => {
      if (route !== 'finalize') return null;
      finalizes += 1;
      return finalizes === 1 ? { kind: 'drop', when: 'before' } : null;
    };
    expect(await world.run()).to.include({ outcome: 'accepted' });
    expect(world.runsImage).to.equal(true);
    expect(finalizes).to.equal(3);
  });
});
