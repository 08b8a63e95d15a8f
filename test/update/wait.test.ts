import { expect } from 'chai';
import { UpdateControls } from '../../src/update/controls.ts';
import { wait } from '../../src/update/wait.ts';
import { settled } from '../device/manual-clock.ts';
import { Bench } from './scripted/scripted.ts';

const WAIT_MS = 30_000;

class Resting {
  readonly bench = new Bench();
  readonly controls = new UpdateControls();
  over = false;

  async start(ms: number | null, atLeastMs = 0): Promise<this> {
    void wait(ms, this.bench.ports, this.controls, atLeastMs).then(() => (this.over = true));
    await settled();
    return this;
  }

  /** It has ended, and has left no timer. */
  async endsClean(): Promise<void> {
    await settled();
    expect(this.over).to.equal(true);
    expect(this.bench.clock.pending, 'timers').to.equal(0);
    expect(this.bench.network.listeners, 'listeners').to.equal(0);
  }
}

describe('a wait before the next try', () => {
  it('lasts as long as it was set, and no longer', async () => {
    const resting = await new Resting().start(WAIT_MS);
    await resting.bench.clock.pass(WAIT_MS - 1);
    expect(resting.over).to.equal(false);
    await resting.bench.clock.pass(1);
    await resting.endsClean();
  });

  it('of 0 ms ends at once', async () => {
    await (await new Resting().start(0)).endsClean();
  });

  for (const press of ['pause', 'cancel'] as const) {
    it(`ends with ${press}, and clears its timer`, async () => {
      const resting = await new Resting().start(WAIT_MS);
      expect(resting.over).to.equal(false);
      resting.controls[press]();
      await resting.endsClean();
    });
  }

  it('ends when the network is back', async () => {
    const resting = await new Resting().start(WAIT_MS);
    resting.bench.network.tell();
    await resting.endsClean();
  });

  it('that the device asked for is not made shorter by a network that comes back', async () => {
    const resting = await new Resting().start(WAIT_MS, WAIT_MS - 1000);
    resting.bench.network.tell();
    await resting.bench.clock.pass(WAIT_MS - 1001);
    expect(resting.over).to.equal(false);
    await resting.bench.clock.pass(1);
    await resting.endsClean();
  });

  it('does not start where the person paused or cancelled before it: no timer runs in a pause', async () => {
    for (const press of ['pause', 'cancel'] as const) {
      const resting = new Resting();
      resting.controls[press]();
      await (await resting.start(WAIT_MS)).endsClean();
    }
  });
});

describe('a pause', () => {
  async function paused(): Promise<Resting> {
    const resting = new Resting();
    resting.controls.pause();
    return resting.start(null);
  }

  it('sets no timer, and is not ended by the network or by time', async () => {
    const resting = await paused();
    expect(resting.bench.clock.pending).to.equal(0);
    resting.bench.network.tell();
    await resting.bench.clock.pass(24 * 60 * 60 * 1000);
    expect(resting.over).to.equal(false);
  });

  for (const press of ['resume', 'cancel'] as const) {
    it(`ends with ${press}`, async () => {
      const resting = await paused();
      resting.controls[press]();
      await resting.endsClean();
    });
  }

  it('does not start where the person resumed before it: nobody would press again', async () => {
    await (await new Resting().start(null)).endsClean();
  });
});
