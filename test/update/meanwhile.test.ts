import { expect } from 'chai';
import { UpdateError } from '../../src/model/update/update-error.ts';
import { UpdateControls } from '../../src/update/controls.ts';
import { beforeNextTry, restarting, waitAfter } from '../../src/update/meanwhile.ts';
import { LET_GO_MS } from '../../src/update/time-limits.ts';
import { settled } from '../device/manual-clock.ts';
import { Bench } from './scripted/scripted.ts';

const NOW = { dialect: 'shipped', progress: new Bench().run().progress(), startedOver: null } as const;

describe('what is shown before the next try', () => {
  it('is why it waits, that it is tried again, or nothing', () => {
    const shown = (show: 'retrying' | 'offline' | null) => beforeNextTry(NOW, { delayMs: 500, show }, 'busy', 3);
    expect(shown(null)).to.equal(null);
    expect(shown('offline')).to.deep.equal({ ...NOW, phase: 'waiting', why: 'offline' });
    expect(shown('retrying')).to.deep.equal({ ...NOW, phase: 'retrying', after: 'busy', attempt: 3, delayMs: 500 });
  });

  it('is for how long a restart is waited for, where the person has set that', () => {
    expect(restarting(NOW, 1_000, { patienceMs: 9_000 })).to.include({ elapsedMs: 1_000, patienceMs: 9_000 });
  });
});

describe('the wait before the next try', () => {
  /** How long it lasts, with a network that comes back at once. */
  async function lasts(error: UpdateError | null, delayMs: number): Promise<number> {
    const { clock, network, ports } = new Bench();
    let isOver = false;
    const waiting = waitAfter(error, { delayMs, show: null }, ports, new UpdateControls()).then(() => (isOver = true));
    await settled();
    network.tell();
    const isStill = (): boolean => !isOver;
    await settled();
    while (isStill()) await clock.pass(LET_GO_MS);
    await waiting;
    return clock.now();
  }

  it('is cut short by a network that comes back, but not what the device asked for', async () => {
    expect(await lasts(new UpdateError('unreachable'), 10_000)).to.equal(0);
    expect(await lasts(null, 10_000)).to.equal(0);
    expect(await lasts(new UpdateError('busy', { status: 503, retryAfterMs: 3_000 }), 10_000)).to.equal(3_000);
  });

  it('is as long as the browser needs to let go of a request that was given up', async () => {
    expect(await lasts(new UpdateError('silent'), 100)).to.equal(LET_GO_MS);
  });
});
