/** What a person who presses Update again finds, and what is said on the way there. */
import { expect } from 'chai';
import { onEvery, onNth } from '../../../src/simulator/faults.ts';
import { SAFE_CHUNK } from '../../../src/update/pace.ts';
import { describe as inWords } from '../../../src/words/update/describe.ts';
import { LONGEST_MS } from '../../../src/update/end-session.ts';
import { acceptedApp } from '../scripted/images.ts';
import { ORIGIN, TOKEN, World, type WorldOptions } from './world.ts';

const NAMES = { device: 'Kitchen', version: '1.4.2' };
const BYTES = 60_000;
const HALF = 20_000;

/** Half of the image is on the device, and the page is gone. */
async function leftHalfway(options: WorldOptions = {}): Promise<World> {
  const world = new World({ imageBytes: BYTES, ...options });
  world.device.fault = ({ offset }) => {
    if ((offset ?? 0) > HALF) world.reload();
    return null;
  };
  await world.clock.settle(world.start());
  await world.clock.pass(1000);
  world.device.fault = null;
  return world;
}

const words = (world: World): string[] =>
  world.states.map((state) => {
    const { title, detail } = inWords(state, NAMES);
    return `${title}. ${detail}`;
  });

describe('a resumed update whose session is gone', () => {
  it('says so before anything is erased, and begins when Update is pressed once more', async () => {
    const world = await leftHalfway();
    world.device.restart();
    await world.clock.pass(10_000);
    const erased = world.device.blocksErased;
    expect(await world.run()).to.include({ outcome: 'failed', code: 'session-lost', oldFirmware: 'runs' });
    expect(world.device.blocksErased).to.equal(erased);
    expect((await world.run()).outcome).to.equal('updated');
  });

  it('sends nothing where it is only to look', async () => {
    const world = await leftHalfway();
    world.device.restart();
    await world.clock.pass(10_000);
    const erased = world.device.blocksErased;
    expect(await world.run({ onlyLook: true })).to.include({ outcome: 'failed', code: 'unconfirmed' });
    expect(world.device.blocksErased).to.equal(erased);
  });

  it('begins at once in a rollout, which was started with that choice', async () => {
    const world = await leftHalfway();
    world.device.restart();
    await world.clock.pass(10_000);
    expect((await world.run({ beginAgain: true })).outcome).to.equal('updated');
  });
});

describe('a request that the browser sends twice, since its connection broke', () => {
  const lostOnce = (world: World, lost: string): void => {
    world.device.fault = ({ route, nth }) => (route === lost && nth === 1 ? { kind: 'drop', when: 'after' } : null);
  };

  for (const route of ['begin', 'chunk', 'finalize', 'mark-valid']) {
    it(`is settled by a question where a shipped device took the first: ${route}`, async () => {
      const world = new World({ resends: true });
      lostOnce(world, route);
      expect(await world.run()).to.include({ outcome: 'updated' });
      expect(world.runsImage).to.equal(true);
      expect(world.device.bytesProgrammedTwice).to.equal(0);
      expect(world.device.requests.filter(({ path }) => path.includes('/abort'))).to.have.length(0);
    });
  }

  it('is not taken for a refusal where a documented device took the first finalize', async () => {
    const world = new World({ dialect: 'documented', restarts: false, resends: true });
    lostOnce(world, 'finalize');
    expect(await world.run()).to.include({ outcome: 'failed', code: 'unconfirmed', oldFirmware: 'unknown' });
    expect(world.device.requests.filter(({ path }) => path.endsWith('/begin'))).to.have.length(1);
  });

  it('is noticed by the next refusal where a documented device took a chunk twice, and the upload is begun again', async () => {
    const world = new World({ dialect: 'documented', counterKey: null, beginWhileActive: 'replace', resends: true });
    // The first one is too large for one request, and the second goes well.
    world.device.fault = onNth('write', 3, { kind: 'drop', when: 'after' });
    expect(await world.run()).to.include({ outcome: 'accepted' });
    expect(world.holdsImage).to.equal(true);
    expect(world.states.some((state) => 'startedOver' in state && state.startedOver === 'session-spoilt')).to.equal(
      true,
    );
  });
});

describe('a shipped device without a token, whose first status is lost or garbled', () => {
  for (const fault of [
    { kind: 'status', when: 'before', status: 404 },
    { kind: 'garbage', answer: 'empty' },
  ] as const) {
    it(`is understood at the first chunk: ${fault.kind}`, async () => {
      const world = new World({ dialect: 'shipped', token: null });
      world.device.fault = onNth('status', 1, fault);
      expect(await world.run()).to.include({ outcome: 'updated', dialect: 'shipped' });
      expect(world.device.bytesProgrammedTwice).to.equal(0);
    });
  }
});

describe('a pause before a finalize that has to be sent again', () => {
  it('is followed by a question: another client may have updated the device meanwhile', async () => {
    const world = new World({ dialect: 'shipped', rollback: true, boots: () => true });
    world.device.fault = onNth('finalize', 1, { kind: 'drop', when: 'before' });
    let paused = false;
    world.onState = ({ phase }) => {
      if (paused || phase !== 'retrying') return;
      paused = true;
      const { controls } = world;
      controls.pause();
      world.later(1000, () => void updatesIt(world));
      world.later(600_000, () => controls.resume());
    };
    expect(await world.run()).to.include({ outcome: 'failed', code: 'session-lost' });
    expect(world.device.running, 'theirs runs in the slot that we wrote').to.equal('ota_1');
    expect(world.device.markedValid, 'and is not ours to mark').to.equal(false);
  });

  /** Another client sends another image, whole, to the slot that holds ours. */
  async function updatesIt({ device }: World): Promise<void> {
    const { bytes, sha256 } = acceptedApp(BYTES / 2);
    const post = (route: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
      device.handle(
        new Request(`${ORIGIN}/ota/${route}`, {
          method: 'POST',
          headers: { 'X-OTA-Token': TOKEN, ...(typeof body === 'string' && { 'Content-Type': 'application/json' }) },
          body,
        }),
      );
    await post('begin', JSON.stringify({ expected_size: bytes.length, expected_sha256: sha256, force: true }));
    for (let at = 0; at < bytes.length; at += SAFE_CHUNK)
      await post(`chunk?offset=${at}`, bytes.slice(at, at + SAFE_CHUNK));
    await post('finalize', JSON.stringify({ set_boot: true, reboot: true })).catch(() => undefined);
  }
});

describe('a documented device that restarts while it is written', () => {
  it('is not begun again by itself where it can be asked', async () => {
    const world = new World({ dialect: 'documented', status: 'counter' });
    world.device.fault = onNth('write', 3, { kind: 'restart', when: 'before' });
    expect(await world.run()).to.include({ outcome: 'failed', code: 'session-lost', oldFirmware: 'runs' });
    expect((await world.run()).outcome).to.equal('accepted');
  });
});

describe('an image that a documented device took after an upload was started over', () => {
  it('is not written over by an update after a reload: that it may have been taken is in the journal', async () => {
    const world = new World({ dialect: 'documented', status: 'none', beginWhileActive: 'replace', restarts: false });
    world.device.fault = ({ route, nth }) => {
      // Another client's session spoils the first upload; with the second finalize the page is closed.
      if (route === 'write' && nth === 1) return { kind: 'other-session', when: 'before' };
      if (route === 'finalize' && nth === 2) world.reload();
      return null;
    };
    await world.clock.settle(world.start());
    world.device.fault = null;
    const { blocksErased } = world.device;
    expect(await world.run()).to.include({ outcome: 'failed', code: 'unconfirmed', oldFirmware: 'unknown' });
    expect(world.device.blocksErased).to.equal(blocksErased);
    expect(world.holdsImage).to.equal(true);
  });
});

describe('an upload that starts over', () => {
  const lost = (world: World, meanwhile: () => void): void => {
    world.device.fault = (info) => {
      if (info.route !== 'write' || info.nth !== 3) return null;
      meanwhile();
      return { kind: 'drop', when: 'after' };
    };
  };

  it('is announced where the network went away', async () => {
    const world = new World({ dialect: 'documented' });
    lost(world, () => world.network.set(false));
    const end = world.start();
    await world.clock.pass(20_000);
    expect(world.states.at(-1)).to.include({ phase: 'waiting', why: 'offline', startedOver: 'unreachable' });
    expect(words(world).at(-1)).to.include('from the beginning').and.not.include('continues from what');
    world.network.set(true);
    expect(await world.clock.settle(end)).to.include({ outcome: 'accepted' });
  });

  it('is announced where the update was paused meanwhile', async () => {
    const world = new World({ dialect: 'documented' });
    lost(world, () => world.controls.pause());
    const end = world.start();
    await world.clock.pass(20_000);
    expect(world.states.at(-1)).to.include({ phase: 'waiting', why: 'paused', startedOver: 'unreachable' });
    expect(words(world).at(-1)).to.include('from the beginning').and.include('until you resume');
    world.controls.resume();
    expect(await world.clock.settle(end)).to.include({ outcome: 'accepted' });
  });
});

describe('an image that was handed over, and a device that was not seen again', () => {
  it('is reported as rolled back when Update is pressed again, and nothing is written', async () => {
    const world = new World({ awayMs: 200_000, boots: (image) => image.length <= 1000 });
    expect((await world.run()).outcome).to.equal('not-seen-again');
    await world.clock.pass(200_000);
    const erased = world.device.blocksErased;
    expect((await world.run()).outcome).to.equal('rolled-back');
    expect(world.device.blocksErased).to.equal(erased);
    expect(world.journal.size, 'the next press begins').to.equal(0);
  });

  it('is not said to have been taken where the device was gone before it was asked', async () => {
    for (const dialect of ['shipped', 'documented'] as const) {
      const world = new World({ dialect });
      world.device.fault = ({ route }) => {
        if (route === 'finalize') world.device.switchOff();
        return null;
      };
      expect((await world.run()).outcome).to.equal('not-seen-again');
      expect(words(world).at(-1)).not.to.match(/took|twice/);
    }
  });

  it('is sent again by the next update of a documented device, which cannot be asked: the person looks', async () => {
    const world = new World({ dialect: 'documented' });
    world.device.fault = ({ route }) => {
      if (route === 'finalize') world.device.switchOff();
      return null;
    };
    await world.run();
    expect(words(world).at(-1)).to.include('if it runs the old firmware, press Update');
    world.device.fault = null;
    world.device.restart(0);
    expect((await world.run()).outcome).to.equal('accepted');
  });

  it('is in doubt after a reload, before it is written again', async () => {
    for (const status of ['none', 'counter'] as const) {
      const world = new World({ dialect: 'documented', status });
      world.device.fault = ({ route }) => {
        if (route === 'finalize') world.reload();
        return null;
      };
      await world.clock.settle(world.start());
      await world.clock.pass(30_000);
      world.device.fault = null;
      const erased = world.device.blocksErased;
      expect(await world.run()).to.include({ code: 'unconfirmed', oldFirmware: 'unknown', resumable: false });
      expect(world.device.blocksErased).to.equal(erased);
      expect((await world.run()).outcome).to.equal('accepted');
    }
  });
});

describe('a finalize that may have taken effect', () => {
  const refused = { kind: 'status', when: 'before', status: 401 } as const;

  it('is remembered over the updates that follow: what runs is not claimed to be the old firmware', async () => {
    const world = new World({ dialect: 'documented' });
    world.device.fault = onNth('finalize', 1, { kind: 'drop', when: 'after' });
    expect(await world.run()).to.include({ code: 'unconfirmed' });
    world.device.fault = () => refused;
    expect(await world.run()).to.include({ code: 'unauthorised', oldFirmware: 'unknown' });

    let writes = 0;
    world.device.fault = ({ route }) => {
      if (route === 'write' && ++writes === 2) world.reload();
      return null;
    };
    await world.clock.settle(world.start());
    await world.clock.pass(30_000);
    world.device.fault = () => refused;
    expect(await world.run(), 'and over a reload').to.include({ code: 'unauthorised', oldFirmware: 'unknown' });
  });

  it('is settled by a status that tells what runs', async () => {
    const world = new World();
    world.device.fault = ({ route }) => (route === 'finalize' ? { kind: 'restart', when: 'before' } : null);
    world.onState = ({ phase }) => {
      if (phase === 'restarting') world.reload();
    };
    await world.clock.settle(world.start());
    await world.clock.pass(30_000);
    world.onState = () => undefined;
    world.device.fault = ({ route }) => (route === 'begin' ? refused : null);
    expect((await world.run()).outcome).to.equal('rolled-back');
    expect(await world.run()).to.include({ code: 'unauthorised', oldFirmware: 'runs' });
  });
});

describe('an image that a device took, and starts at its next restart', () => {
  const restart = { kind: 'restart', when: 'before' } as const;

  it('may run once the device has restarted in the next update: what runs is then not claimed', async () => {
    for (const status of ['none', 'counter'] as const) {
      const world = new World({ dialect: 'documented', status, restarts: false });
      expect((await world.run()).outcome).to.equal('accepted');
      world.next('larger');
      world.device.fault = ({ route, index }) => (route === 'write' && index > 2 ? restart : null);
      expect(await world.run(), status).to.include({ outcome: 'failed', oldFirmware: 'unknown' });
      expect(world.device.running, 'it runs the one before').to.equal('ota_1');
    }
  });

  it('does not run yet as long as the device answers', async () => {
    const world = new World({ dialect: 'documented', restarts: false });
    await world.run();
    world.next('as-large');
    world.device.fault = () => ({ kind: 'status', when: 'before', status: 401 });
    expect(await world.run()).to.include({ code: 'unauthorised', oldFirmware: 'runs' });
    world.device.fault = () => ({ kind: 'drop', when: 'before' });
    expect(await world.run(), 'and may once it does not').to.include({ code: 'unreachable', oldFirmware: 'unknown' });
  });

  it('leaves a doubt that outlives the next question, and the next update, of a device that cannot tell', async () => {
    const world = new World({ dialect: 'documented', restarts: false });
    await world.run();
    world.next('larger');
    const refused = { kind: 'status', when: 'before', status: 401 } as const;
    let asked = 0;
    world.device.fault = () => ((asked += 1) === 1 ? restart : refused);
    for (const press of [1, 2])
      expect(await world.run(), `press ${press}`).to.include({ code: 'unauthorised', oldFirmware: 'unknown' });
    expect(world.device.running).to.equal('ota_1');
  });

  it('is remembered over a page that goes away in the next update', async () => {
    const world = new World({ dialect: 'documented', restarts: false });
    await world.run();
    world.next('larger');
    world.onState = ({ phase }) => {
      if (phase === 'writing') world.reload();
    };
    expect(await world.clock.settle(world.start())).to.equal(null);
    world.onState = () => undefined;
    world.device.fault = ({ route }) => (route === 'begin' ? restart : null);
    expect(await world.run()).to.include({ outcome: 'failed', oldFirmware: 'unknown' });
  });

  it('was not asked for by its owner, and may run once the device has gone away', async () => {
    const world = new World();
    expect((await world.run({ restart: false })).outcome).to.equal('staged');
    world.next('as-large');
    world.device.fault = () => restart;
    expect(await world.run()).to.include({ outcome: 'failed', code: 'unreachable', oldFirmware: 'unknown' });
    expect(world.device.running).to.equal('ota_1');
    await world.clock.pass(30_000);
    world.device.fault = ({ route }) => (route === 'begin' ? { kind: 'drop', when: 'before' } : null);
    expect(await world.run(), 'a status shows that nothing waits').to.include({ oldFirmware: 'runs' });
  });
});

describe('a documented device whose status does not tell everything', () => {
  /** Leaves out of the status what `keep` does not keep. */
  function telling(world: World, keep: (key: string) => boolean): void {
    const handle = world.device.handle.bind(world.device);
    world.device.handle = async (request) => {
      const answer = await handle(request);
      if (!request.url.endsWith('/status') || !answer.ok) return answer;
      const all = Object.entries((await answer.json()) as object).filter(([key]) => keep(key));
      return new Response(JSON.stringify(Object.fromEntries(all)), { headers: { 'Content-Type': 'application/json' } });
    };
  }

  const counting = (): World => new World({ dialect: 'documented', status: 'counter', imageBytes: BYTES });

  it('is started over after a lost answer where it does not count, and its session is not another client’s', async () => {
    const world = counting();
    telling(world, (key) => key === 'active' || key === 'session_id');
    world.device.fault = onNth('write', 4, { kind: 'drop', when: 'after' });
    const outcome = await world.run();
    expect(outcome).to.include({ outcome: 'accepted' });
    expect(outcome.progress.sessionRestarts).to.equal(1);
    expect(words(world).join(' ')).to.include('doesn’t report how much it has');
  });

  it('is not started over by a pause where it does not count', async () => {
    const world = counting();
    telling(world, (key) => key === 'active' || key === 'session_id');
    let paused = false;
    world.onState = ({ phase, progress }) => {
      if (paused || phase !== 'writing' || progress.acknowledged < HALF) return;
      paused = true;
      world.controls.pause();
      void world.clock.sleep(5000).then(() => world.controls.resume());
    };
    const outcome = await world.run();
    expect(outcome.progress.sessionRestarts).to.equal(0);
  });

  it('is gone on with where it names no session: after a lost answer to begin, and after a reload', async () => {
    const world = counting();
    telling(world, (key) => key === 'active' || key === 'written');
    world.device.fault = onNth('begin', 1, { kind: 'drop', when: 'after' });
    expect((await world.run()).outcome).to.equal('accepted');

    const again = await leftHalfway({ dialect: 'documented', status: 'counter' });
    telling(again, (key) => key === 'active' || key === 'written');
    expect((await again.run()).outcome).to.equal('accepted');
    expect(again.states.find(({ phase }) => phase === 'writing')?.progress.acknowledged).to.be.greaterThan(HALF);
  });

  for (const answers of ['text', 'empty'] as const) {
    it(`is gone on with after a reload where only its status names the session: answers are ${answers}`, async () => {
      const world = new World({ dialect: 'documented', status: 'counter', answers });
      world.device.fault = ({ route, nth }) => {
        if (route === 'write' && nth === 3) world.reload();
        return null;
      };
      expect(await world.clock.settle(world.start())).to.equal(null);
      expect((await world.run()).outcome).to.equal('accepted');
      expect(world.runsImage).to.equal(true);
      expect(world.device.requests.filter(({ path }) => path.endsWith('/begin'))).to.have.length(1);
    });
  }

  it('is not offered for taking over what it does not name', async () => {
    const world = counting();
    world.device.fault = onNth('status', 1, { kind: 'other-session', when: 'before' });
    telling(world, (key) => key === 'active' || key === 'written');
    expect(await world.run()).to.include({ code: 'other-session' });
    expect(words(world).at(-1)).to.include('ends by itself').and.not.include('take over');
  });
});

describe('a person who cancels', () => {
  it('a resumed update while it is checked leaves the device idle, and does not say that nothing was written', async () => {
    const world = await leftHalfway();
    world.onState = ({ phase }) => {
      if (phase === 'checking') world.controls.cancel();
    };
    expect(await world.run()).to.include({ outcome: 'cancelled', deviceIdle: true, begun: true });
    expect(world.device.session).to.equal(null);
    expect(words(world).at(-1)).not.to.include('Nothing was written');
    expect(world.journal.size).to.equal(0);
  });

  it('waits no longer than three silences, however slowly the device answers', async () => {
    const world = new World({ imageBytes: BYTES });
    let cancelledAt = Infinity;
    world.onState = ({ phase, progress }) => {
      if (cancelledAt < Infinity || phase !== 'writing' || progress.acknowledged < HALF) return;
      cancelledAt = world.clock.now();
      world.controls.cancel();
    };
    world.device.fault = ({ route }) => {
      if (cancelledAt === Infinity) return null;
      return route === 'status' ? { kind: 'delay', when: 'after', ms: 4900 } : { kind: 'hang', when: 'before' };
    };
    expect(await world.run()).to.include({ outcome: 'cancelled', deviceIdle: null });
    expect(world.clock.now() - cancelledAt).to.be.at.most(LONGEST_MS);
  });
});

describe('a resumed update that fails before its check', () => {
  it('can still be resumed', async () => {
    for (const options of [{}, { dialect: 'documented', status: 'counter' }] as const) {
      const world = await leftHalfway(options);
      world.device.switchOff();
      expect(await world.run()).to.include({ outcome: 'failed', code: 'unreachable', resumable: true });
      expect(world.journal.get('kitchen')?.acknowledged).to.be.greaterThan(HALF);
    }
    const mute = await leftHalfway({ dialect: 'documented' });
    mute.device.switchOff();
    expect(await mute.run(), 'who does not count').to.include({ resumable: false });
  });

  it('forgets what an earlier session had where a begin that nothing shows to be taken may have ended it', async () => {
    const world = await leftHalfway({ dialect: 'documented', beginWhileActive: 'replace' });
    world.device.fault = onEvery('begin', { kind: 'garbage', answer: 'empty' });
    expect(await world.run()).to.include({ outcome: 'failed', code: 'no-route' });
    expect(world.device.session?.written, 'the device began anew').to.equal(0);
    expect(world.journal.get('kitchen')).to.include({ phase: 'beginning', acknowledged: 0 });
    world.device.fault = null;
    expect((await world.run()).outcome).to.equal('accepted');
  });
});
