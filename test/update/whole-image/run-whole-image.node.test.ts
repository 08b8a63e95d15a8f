/** An update of a device that takes the image whole, from its first question to its end. */
import { expect } from 'chai';
import { wledImage } from '../../../src/simulator/wled/options.ts';
import { onEveryOf, onNthOf } from '../../../src/simulator/whole/faults.ts';
import { IMAGE_BYTES, WledWorld, DEVICE_ID } from './wled/wled-world.ts';
import { RESTART_PATIENCE_MS } from '../../../src/model/update/restart-patience.ts';

const HALF = { bytes: IMAGE_BYTES / 2 };

before(() => WledWorld.ready());

describe('an update of a device that takes the image whole', () => {
  it('is updated where the device restarts, and tells what the file predicted', async () => {
    const world = new WledWorld();
    const end = await world.run();
    expect(end).to.include({ outcome: 'updated', by: 'identity' });
    expect('now' in end && end.now).to.include({ version: '16.0.1', release: 'ESP32' });
    expect('before' in end && end.before).to.include({ version: '16.0.0' });
    expect([world.runsImage, world.uploads]).to.deep.equal([true, 1]);
    expect(world.phases).to.deep.equal([
      'detecting',
      'checking',
      'beginning',
      'writing',
      'finalizing',
      'restarting',
      'ended',
    ]);
    expect(world.journal.size, 'nothing is left to remember').to.equal(0);
    expect(world.clock.pending, 'timers').to.equal(0);
  });

  it('has one request in flight at a time, and none beside the upload', async () => {
    const world = new WledWorld();
    await world.run();
    expect(world.device.requestsInFlightMax).to.equal(1);
    const asked = world.device.requests.map(({ method, path }) => `${method} ${path}`);
    const at = asked.indexOf('POST /update');
    expect(asked.slice(0, at)).to.deep.equal(['GET /json/info', 'GET /json/info', 'GET /update']);
    expect(new Set(asked.slice(at + 1))).to.deep.equal(new Set(['GET /json/info']));
  });

  it('shows less than the whole before the answer, and says that this was sent', async () => {
    const world = new WledWorld();
    await world.run();
    const sending = world.states.filter(({ phase }) => phase === 'writing' || phase === 'finalizing');
    expect(sending.length).to.be.greaterThan(5);
    for (const { progress } of sending) {
      expect(progress.counts).to.equal('sent');
      expect(progress.acknowledged).to.be.at.most(progress.total * 0.99);
    }
    expect(world.states.at(-1)?.progress).to.include({ acknowledged: IMAGE_BYTES, counts: 'sent' });
  });

  it('is accepted, and no more, where the same version runs before and after', async () => {
    const world = new WledWorld({ old: { version: '16.0.1', release: 'ESP32' } });
    expect(await world.run()).to.include({ outcome: 'accepted', by: 'identity', why: 'same' });
  });

  it('is rolled back, and not “ready”, where a lamp goes back that had only just started when it was asked', async () => {
    const world = new WledWorld({ boots: () => false });
    const end = await world.clock.settle(world.start());
    expect(end).to.include({ outcome: 'rolled-back', by: 'identity' });
  });

  it('is accepted where the file does not say what it is, and another version runs', async () => {
    const image = wledImage({ version: 'x', release: 'x' }, IMAGE_BYTES).fill(7, 200, 900);
    const world = new WledWorld({
      ...{ image, old: { version: '0.15.1', release: 'ESP32' } },
      legacy: { version: '0.15.0', release: 'ESP32' },
    });
    expect(await world.run({ overruled: ['other-firmware'] })).to.include({
      ...{ outcome: 'accepted', why: 'nothing-predicted' },
    });
    expect(world.runsImage).to.equal(true);
  });

  it('is rolled back where it restarts, and tells what it told before', async () => {
    const world = new WledWorld({ boots: () => false });
    const end = await world.run();
    expect(end).to.include({ outcome: 'rolled-back', by: 'identity' });
    expect(world.runs).to.equal('old');
  });

  it('is not seen again where it never comes back, and looked for at the next press', async () => {
    const world = new WledWorld({ comesBack: false });
    expect(await world.run()).to.include({ outcome: 'not-seen-again', patienceMs: RESTART_PATIENCE_MS });
    expect(world.journal.get(DEVICE_ID)?.phase).to.equal('restarting');
    world.device.restart(0);
    const again = await world.run();
    expect(again).to.include({ outcome: 'updated' });
    expect(world.uploads, 'nothing is sent twice').to.equal(1);
  });

  it('does not take a firmware that asks first, unless the person agreed', async () => {
    const micropython = { version: 'v1.27.0', date: '2026-01-07', machine: null };
    for (const [inspection, reason] of [
      [
        { tells: { product: 'WLED', version: '16.0.1', release: 'ESP32_Ethernet', installsFrom: null } },
        'other-release',
      ],
      [{ micropython }, 'other-firmware'],
      [{ tells: { product: 'WLED', version: '17.0.0', release: 'ESP32', installsFrom: [16, 1, 0] } }, 'installs-from'],
    ] as const) {
      const plain = wledImage({ version: 'x', release: 'x' }, IMAGE_BYTES).fill(7, 200, 900);
      const image = 'micropython' in inspection ? { image: plain } : {};
      const world = new WledWorld({ ...image, inspection });
      const end = await world.run();
      expect(end, reason).to.include({ outcome: 'failed', code: 'wrong-image', oldFirmware: 'runs' });
      expect('judgement' in end && end.judgement, reason).to.deep.nested.include({ 'finding.reason': reason });
      expect('judgement' in end && end.judgement?.canOverrule).to.equal(true);
      expect(world.uploads, reason).to.equal(0);
    }
  });

  it('skips the device’s own check where the person overruled it', async () => {
    const world = new WledWorld({ file: { version: '16.0.1', release: 'ESP32_Ethernet' } });
    expect(await world.run({ overruled: ['other-release'] })).to.include({ outcome: 'updated' });
  });

  it('refuses an image for another chip, which cannot be overruled, and an ESP8266’s for an ESP32', async () => {
    const s3 = new WledWorld({ inspection: { chip: { id: 9, name: 'ESP32-S3', known: true } } });
    const end = await s3.run({ overruled: ['wrong-chip'] });
    expect(end).to.deep.nested.include({
      ...{ code: 'wrong-image', 'judgement.canOverrule': false },
      'judgement.finding': { reason: 'wrong-chip', chipId: 9, deviceChipId: 0 },
    });
    const esp8266 = new WledWorld({
      inspection: {
        ...{ kind: 'esp8266', verdict: 'warn', chip: { id: -1, name: 'ESP8266', known: true } },
        finding: { reason: 'esp8266', deviceChipId: null },
      },
    });
    expect(await esp8266.run()).to.deep.nested.include({ 'judgement.finding.reason': 'esp8266' });
    expect([s3.uploads, esp8266.uploads]).to.deep.equal([0, 0]);
  });

  it('sends an ESP8266’s image to a lamp that says that it is one', async () => {
    const world = new WledWorld({
      ...{ arch: 'esp8266', image: wledImage({ version: '16.0.1', release: 'ESP02' }, IMAGE_BYTES, 'esp8266') },
      legacy: { version: '16.0.0', release: 'ESP02' },
      inspection: {
        ...{ kind: 'esp8266', verdict: 'warn', chip: { id: -1, name: 'ESP8266', known: true } },
        finding: { reason: 'esp8266', deviceChipId: null },
        tells: { product: 'WLED', version: '16.0.1', release: 'ESP02', installsFrom: null },
      },
    });
    expect(await world.run()).to.include({ outcome: 'updated' });
  });

  it('does not begin where it may not restart, or has no updates built in', async () => {
    const kept = new WledWorld();
    expect(await kept.run({ restart: false })).to.include({ code: 'restarts-itself' });
    const without = new WledWorld({ ota: false });
    expect(await without.run()).to.include({ code: 'unsupported' });
    expect([kept.uploads, without.uploads]).to.deep.equal([0, 0]);
  });
});

describe('what a lamp asks for before an update', () => {
  it('is its PIN, which is sent only where it is asked for', async () => {
    const world = new WledWorld({ pin: '1234', token: '1234' });
    expect(await world.run()).to.include({ outcome: 'updated' });
    const posts = world.device.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
    expect(posts).to.deep.equal(['/json/state', '/update']);
    const open = new WledWorld({ token: '1234' });
    await open.run();
    expect(open.device.requests.some(({ path }) => path === '/json/state')).to.equal(false);
  });

  it('is refused with a wrong PIN, or none, before a byte of the image is sent', async () => {
    for (const token of ['', '9999']) {
      const world = new WledWorld({ pin: '1234', token });
      expect(await world.run()).to.include({ outcome: 'failed', code: 'unauthorised', oldFirmware: 'runs' });
      expect(world.uploads).to.equal(0);
    }
  });

  it('may be a right PIN soon after a wrong one', async () => {
    const world = new WledWorld({ pin: '1234', token: '1234' });
    await world.clock.pass(60_000);
    const wrong = new Request('http://192.168.1.60/json/state', { method: 'POST', body: '{"pin":"0000"}' });
    await world.device.handle(wrong);
    expect(await world.clock.settle(world.start())).to.include({ outcome: 'updated' });
  });

  it('is an unlock in its settings, or a client in its own subnet, each in its own words', async () => {
    const locked = new WledWorld({ otaLock: true, token: '1234' });
    expect(await locked.run()).to.include({ code: 'locked', oldFirmware: 'runs' });
    expect(locked.uploads).to.equal(0);
    const elsewhere = new WledWorld({ otherSubnet: true });
    expect(await elsewhere.run()).to.include({ code: 'other-subnet', leaves: 'nothing' });
  });
});

describe('pause, cancel and a reload of an image that goes whole', () => {
  it('refuses a pause in the middle of the body, says so, and goes on', async () => {
    const world = new WledWorld();
    let pressed = false;
    world.onState = ({ phase, progress }) => {
      if (pressed || phase !== 'writing' || progress.acknowledged === 0) return;
      pressed = true;
      world.controls.pause();
    };
    expect(await world.run()).to.include({ outcome: 'updated' });
    const pauses = world.states.map((state) => ('pause' in state ? state.pause : undefined));
    expect(pauses.filter((pause) => pause === 'impossible')).to.have.length.greaterThan(0);
    expect(pauses.filter((pause) => pause === 'refused')).to.have.length.greaterThan(0);
    expect(world.phases).to.not.include('waiting');
    expect(world.uploads).to.equal(1);
  });

  it('pauses between two requests, and asks anew what runs there', async () => {
    const world = new WledWorld();
    world.onState = ({ phase }) => {
      if (phase === 'beginning' && !world.controls.paused) world.controls.pause();
      if (phase === 'waiting') {
        world.onState = () => undefined;
        world.controls.resume();
      }
    };
    expect(await world.run()).to.include({ outcome: 'updated' });
    expect(world.phases).to.include('waiting');
  });

  for (const [version, leaves] of [
    ['16.0.0', 'nothing'],
    ['0.15.1', 'half'],
  ] as const) {
    it(`ends the upload at a cancel, and says what is left of it on ${version}`, async () => {
      const world = new WledWorld({ old: { version, release: 'ESP32' } });
      world.onState = ({ phase, progress }) => {
        if (phase === 'writing' && progress.acknowledged > IMAGE_BYTES / 2) world.controls.cancel();
      };
      expect(await world.run()).to.include({ outcome: 'cancelled', begun: true, leaves, oldFirmware: 'runs' });
      expect(world.runs).to.equal('old');
      expect(world.device.leftBytes > 0).to.equal(leaves === 'half');
      expect(world.journal.has(DEVICE_ID)).to.equal(leaves === 'half');
    });
  }

  it('sees after a reload at the very end that it is updated, and sends nothing', async () => {
    const world = new WledWorld();
    world.onState = ({ phase }) => {
      if (phase === 'restarting') world.reload();
    };
    await world.clock.pass(60_000);
    expect(await world.clock.settle(world.start())).to.equal(null);
    world.onState = () => undefined;
    await world.clock.pass(10_000);
    expect(await world.clock.settle(world.start())).to.include({ outcome: 'updated' });
    expect(world.uploads).to.equal(1);
  });

  it('begins again after a reload in the middle, where the device has thrown the half away', async () => {
    const world = new WledWorld();
    world.onState = ({ phase, progress }) => {
      if (phase === 'writing' && progress.acknowledged > IMAGE_BYTES / 2) world.reload();
    };
    await world.clock.pass(60_000);
    expect(await world.clock.settle(world.start())).to.equal(null);
    world.onState = () => undefined;
    expect(await world.run()).to.include({ outcome: 'updated' });
    expect(world.uploads).to.equal(2);
  });
});

describe('a device that appends the next upload to a half one', () => {
  const old = { version: '0.15.1', release: 'ESP32' };

  it('gets no upload after one that broke off', async () => {
    const world = new WledWorld({ old });
    world.device.fault = onNthOf('update', 1, { kind: 'drop', when: HALF });
    expect(await world.run()).to.include({
      outcome: 'failed',
      code: 'unreachable',
      leaves: 'half',
      oldFirmware: 'runs',
    });
    expect([world.uploads, world.runs]).to.deep.equal([1, 'old']);
  });

  it('gets no upload at the next press either, until it has restarted', async () => {
    const world = new WledWorld({ old });
    world.device.fault = onNthOf('update', 1, { kind: 'drop', when: HALF });
    await world.run();
    expect(await world.run()).to.include({ outcome: 'failed', code: 'half-left', leaves: 'half' });
    expect(await world.run(), 'nor at the one after').to.include({ code: 'half-left' });
    expect(world.uploads).to.equal(1);
    world.device.restart();
    expect(await world.run()).to.include({ outcome: 'updated' });
    expect(world.uploads).to.equal(2);
  });

  it('is restarted first where the person agreed', async () => {
    const world = new WledWorld({ old });
    world.device.fault = onNthOf('update', 1, { kind: 'drop', when: HALF });
    await world.run();
    expect(await world.run({ restartFirst: true })).to.include({ outcome: 'updated' });
    expect(world.device.requests.filter(({ path }) => path === '/reset')).to.have.length(1);
    expect(world.runsImage).to.equal(true);
  });

  it('gets no upload where it was to restart, and did not', async () => {
    const world = new WledWorld({ old });
    world.device.fault = onNthOf('update', 1, { kind: 'drop', when: HALF });
    await world.run();
    world.device.fault = onEveryOf('reset', { kind: 'status', status: 200 });
    expect(await world.run({ restartFirst: true })).to.include({ outcome: 'failed', code: 'half-left' });
    expect(world.uploads).to.equal(1);
  });

  it('gets the file again by itself where it has restarted in the middle', async () => {
    const world = new WledWorld({ old });
    world.device.fault = onNthOf('update', 1, { kind: 'restart', when: HALF });
    expect(await world.run()).to.include({ outcome: 'updated' });
    expect(world.uploads).to.equal(2);
  });
});
