/** A run of an update on a Tasmota device: what is asked, what is said meanwhile, and what is left where it does not come to its end. */
import { expect } from 'chai';
import { tasmotaImage } from '../../../../src/simulator/tasmota/build.ts';
import { onNthOf } from '../../../../src/simulator/whole/faults.ts';
import { describeAny } from '../../../../src/words/update/describe-any.ts';
import { NEW, TasmotaWorld } from './tasmota-world.ts';

before(() => TasmotaWorld.ready());

const LARGE = tasmotaImage(NEW, 400 * 1024);
const names = { device: 'Plug', version: null };

describe('an update of a Tasmota device', () => {
  it('clears the error of its own upload, where that had surely begun, and sends the file again', async () => {
    const world = new TasmotaWorld({ image: LARGE });
    world.device.fault = onNthOf('upload', 1, { kind: 'drop', when: { bytes: 300 * 1024 } });
    expect(await world.run()).to.include({ outcome: 'updated' });
    expect([world.uploads, world.asked('GET /u3'), world.device.restarts]).to.deep.equal([2, 1, 1]);
  });

  it('asks nothing while the file is on its way', async () => {
    const world = new TasmotaWorld({
      image: LARGE,
      costs: { eraseMsPerBlock: 0, programMsPerBlock: 50, roundTripMs: 5 },
    });
    await world.run();
    const { requests } = world.device;
    const at = requests.findIndex(({ method }) => method === 'POST');
    const next = requests[at + 1];
    expect(next?.at).to.be.greaterThan((requests[at]?.at ?? 0) + 100 * 50);
    expect(world.device.requestsInFlightMax).to.equal(1);
  });

  it('says beforehand that the old firmware is overwritten, and only where it is', async () => {
    const one = new TasmotaWorld({ layout: 'safeboot' });
    await one.run();
    const early = one.states
      .filter(({ phase }) => phase === 'beginning')
      .map((state) => describeAny(state, names).detail);
    expect(early[0]).to.match(/starts safeboot, and its old firmware is overwritten/);
    const two = new TasmotaWorld();
    await two.run();
    expect(two.states.some((state) => state.phase !== 'ended' && state.overwrites === true)).to.equal(false);
  });

  it('has the old firmware started again where it is cancelled before the first byte', async () => {
    const world = new TasmotaWorld({ layout: 'safeboot' });
    world.onState = ({ phase }) => {
      if (phase === 'restarting') world.controls.cancel();
    };
    const end = await world.run();
    expect(end).to.include({ outcome: 'cancelled', begun: false, oldFirmware: 'set-aside' });
    expect(describeAny(end, names).detail).to.match(/Nothing was sent to Plug\. It is in safeboot, or on its way back/);
    await world.clock.pass(10_000);
    expect([world.runsWhich, world.uploads]).to.deep.equal(['old', 0]);
  });

  it('leaves the device in safeboot where it is cancelled in the middle, says so, and can go on from there', async () => {
    const world = new TasmotaWorld({ layout: 'safeboot' });
    world.onState = ({ phase, progress }) => {
      if (phase === 'writing' && progress.acknowledged > 0) world.controls.cancel();
    };
    const end = await world.run();
    expect(end).to.include({ outcome: 'cancelled', begun: true, oldFirmware: 'set-aside' });
    expect(describeAny(end, names).detail).to.equal(
      'Plug waits in safeboot for a file, and its old firmware may be overwritten.',
    );
    world.onState = () => undefined;
    expect(await world.run()).to.include({ outcome: 'updated' });
    expect(world.told[0]).to.include({ overwrites: true });
  });

  it('says in its failure what runs after safeboot came back', async () => {
    const world = new TasmotaWorld({ layout: 'safeboot', boots: () => false });
    const end = await world.run();
    expect(describeAny(end, names).detail).to.match(
      /^The device restarted into safeboot, and not into the new firmware\. Plug waits in safeboot for a file, and its old/,
    );
  });

  it('no longer knows what runs where safeboot had taken the file before, and a restart comes before the next upload', async () => {
    const world = new TasmotaWorld({ layout: 'safeboot', losesRestart: true });
    expect(await world.run()).to.include({ outcome: 'staged' });
    // Its power fails while it is asked for the page, and safeboot starts what it took.
    world.device.fault = ({ route }) => (route === 'upgrade-page' ? { kind: 'restart', when: 'before' } : null);
    const end = await world.run();
    expect(world.runsWhich).to.equal('file');
    expect(end).to.include({ outcome: 'failed', oldFirmware: 'unknown' });
  });

  it('takes a packed file for an ESP8266', async () => {
    const image = tasmotaImage({ ...NEW, variant: 'tasmota' }, 20_000);
    const packed = new Blob([image]).stream().pipeThrough(new CompressionStream('gzip'));
    const world = new TasmotaWorld({
      ...{ layout: 'esp8266', hardware: 'ESP8266EX', image: new Uint8Array(await new Response(packed).arrayBuffer()) },
      inspection: {
        chip: { id: -1, name: 'ESP8266', known: true },
        tells: { product: 'Tasmota', version: null, release: null, build: NEW.builtAt, installsFrom: null },
      },
    });
    expect(await world.run()).to.include({ outcome: 'updated' });
    expect(world.device.runningImage).to.deep.equal(image);
  });

  it('needs less where a minimal build knows no status, and is proven by the full build', async () => {
    const minimal = { version: '15.2.0', variant: 'minimal', builtAt: '2026-07-24T19:00:00' };
    const of = { layout: 'esp8266', hardware: 'ESP8266EX' } as const;
    const inspection = { chip: { id: -1, name: 'ESP8266', known: true } };
    const down = new TasmotaWorld({ ...of, file: minimal, inspection });
    expect(await down.run({ overruled: ['stopgap'] })).to.include({ outcome: 'accepted', why: 'nothing-predicted' });
    const up = new TasmotaWorld({ ...of, old: minimal, inspection });
    expect(await up.run()).to.include({ outcome: 'updated' });
  });
});
