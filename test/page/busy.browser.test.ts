import { expect } from 'chai';
import { BY_HAND_AFTER_MS, PageBusy } from '../../src/page/busy.ts';
import { pageConnectivity } from '../../src/page/connectivity.ts';
import { ManualClock, settled } from '../device/manual-clock.ts';

/** A wake lock that counts how often it is taken and released. */
class Wake {
  taken = 0;
  released = 0;
  refuses = false;

  request(): Promise<{ release: () => Promise<void> }> {
    if (this.refuses) return Promise.reject(new DOMException('low battery', 'NotAllowedError'));
    this.taken += 1;
    return Promise.resolve({
      release: async () => {
        this.released += 1;
      },
    });
  }
}

function standIn(on: object, name: string, value: unknown): () => void {
  Object.defineProperty(on, name, { configurable: true, get: () => value });
  return () => void Reflect.deleteProperty(on, name);
}

function seen(state: DocumentVisibilityState): void {
  const back = standIn(document, 'visibilityState', state);
  document.dispatchEvent(new Event('visibilitychange'));
  back();
}

function asksBeforeLeaving(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}

describe('A page that updates something', () => {
  let wake: Wake;
  let told: boolean[];
  let back: () => void;
  let busy: PageBusy;
  let clock: ManualClock;
  beforeEach(() => {
    wake = new Wake();
    clock = new ManualClock();
    told = [];
    back = standIn(navigator, 'wakeLock', wake);
    busy = new PageBusy((needed) => told.push(needed), clock);
  });
  afterEach(() => {
    busy.set(false);
    back();
  });

  it('keeps the screen on until it has ended', async () => {
    busy.set(true);
    await settled();
    expect(wake).to.include({ taken: 1, released: 0 });
    busy.set(false);
    await settled();
    expect(wake).to.include({ taken: 1, released: 1 });
    expect(told).not.to.include(true);
  });

  it('takes the screen again when it is seen again, and not while it is hidden', async () => {
    busy.set(true);
    await settled();
    seen('hidden');
    await settled();
    expect(wake.taken).to.equal(1);
    seen('visible');
    await settled();
    expect(wake.taken).to.equal(2);
    busy.set(false);
    seen('visible');
    await settled();
    expect(wake.taken, 'nothing is updated any more').to.equal(2);
  });

  it('releases a wake lock that it gets after the end', async () => {
    busy.set(true);
    busy.set(false);
    await settled();
    expect(wake).to.include({ taken: 1, released: 1 });
  });

  it('says that the screen has to be kept on where the browser refuses, or cannot', async () => {
    wake.refuses = true;
    busy.set(true);
    await clock.pass(BY_HAND_AFTER_MS);
    expect(told).to.deep.equal([true]);
    busy.set(false);
    expect(told, 'it has ended').to.deep.equal([true, false]);
    back();
    back = standIn(navigator, 'wakeLock', undefined);
    busy.set(true);
    await clock.pass(BY_HAND_AFTER_MS);
    expect(told).to.deep.equal([true, false, true]);
  });

  it('says nothing of the screen where it is soon needed no more: the host has the file', async () => {
    wake.refuses = true;
    for (const turn of ['the first', 'the next']) {
      busy.set(true);
      await clock.pass(BY_HAND_AFTER_MS - 1);
      busy.set(false);
      await clock.pass(1);
      expect(told, turn).not.to.include(true);
    }
    expect(clock.pending).to.equal(0);
  });

  it('asks before it is left, and only then', () => {
    expect(asksBeforeLeaving()).to.equal(false);
    busy.set(true);
    expect(asksBeforeLeaving()).to.equal(true);
    busy.set(false);
    expect(asksBeforeLeaving()).to.equal(false);
  });
});

describe('A page that waits for the network', () => {
  async function hears(tell: (stop: AbortController) => void): Promise<boolean> {
    const stop = new AbortController();
    let heard = false;
    void pageConnectivity.changed(stop.signal).then(() => (heard = true));
    tell(stop);
    await settled();
    const isHeard = (): boolean => heard;
    const before = isHeard();
    stop.abort();
    return before;
  }

  it('hears that it is back, and that it is looked at again', async () => {
    expect(await hears(() => window.dispatchEvent(new Event('online')))).to.equal(true);
    expect(await hears(() => seen('visible'))).to.equal(true);
    expect(await hears(() => seen('hidden'))).to.equal(false);
    expect(await hears(() => undefined)).to.equal(false);
  });

  it('listens no more once it is told to stop', async () => {
    expect(await hears((stop) => stop.abort())).to.equal(true);
    const stop = new AbortController();
    stop.abort();
    await pageConnectivity.changed(stop.signal);
  });
});
