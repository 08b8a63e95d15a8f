import { expect } from 'chai';
import { placeOf } from '../../src/model/device/device.ts';
import { AskingLock, WebLock } from '../../src/page/lock.ts';

type Channel = Pick<BroadcastChannel, 'postMessage' | 'onmessage'>;

function deliver(to: Channel, data: unknown): void {
  to.onmessage?.call({} as BroadcastChannel, new MessageEvent('message', { data }));
}

describe('Keeping two tabs off one device, where there are no Web Locks', () => {
  /** Tabs that hear each other at once. */
  function tabs(): readonly [AskingLock, AskingLock] {
    const one: Channel = { onmessage: null, postMessage: (data) => deliver(two, data) };
    const two: Channel = { onmessage: null, postMessage: (data) => deliver(one, data) };
    const objections = (): Promise<void> => Promise.resolve();
    return [new AskingLock(one, objections), new AskingLock(two, objections)];
  }

  it('gives a device to one tab, and to the next once that let go', async () => {
    const [one, two] = tabs();
    const release = await one.acquire('kitchen');
    expect(release).to.be.a('function');
    expect(await two.acquire('kitchen')).to.equal(null);
    release?.();
    expect(await two.acquire('kitchen')).to.be.a('function');
  });

  it('gives a device to neither of two tabs that ask in the same moment', async () => {
    const onTheWay: (() => void)[] = [];
    const one: Channel = { onmessage: null, postMessage: (data) => onTheWay.push(() => deliver(two, data)) };
    const two: Channel = { onmessage: null, postMessage: (data) => onTheWay.push(() => deliver(one, data)) };
    let heard: () => void = () => undefined;
    const everybodyHeard = new Promise<void>((resolve) => (heard = resolve));
    const locks = [one, two].map((channel) => new AskingLock(channel, () => everybodyHeard));
    const asked = locks.map((lock) => lock.acquire('kitchen'));
    // Questions first, then the objections to them.
    for (let next = onTheWay.shift(); next; next = onTheWay.shift()) next();
    heard();
    expect(await Promise.all(asked)).to.deep.equal([null, null]);
    expect(await locks[0]?.acquire('kitchen'), 'and to the one that asks again').to.be.a('function');
  });

  it('does not mix up devices', async () => {
    const [one, two] = tabs();
    expect(await one.acquire('kitchen')).to.be.a('function');
    expect(await two.acquire('hall')).to.be.a('function');
  });
});

describe('Keeping two tabs off one device, by Web Locks', () => {
  it('answers null where the browser says that it is held', async () => {
    const request = (async (_: string, __: LockOptions, use: (lock: Lock | null) => unknown) => use(null)) as never;
    expect(await new WebLock({ request }).acquire('kitchen')).to.equal(null);
  });

  it('holds the lock until it is let go', async () => {
    let over = false;
    const request = (async (name: string, __: LockOptions, use: (lock: Lock | null) => unknown) => {
      await use({ name, mode: 'exclusive' });
      over = true;
    }) as never;
    const release = await new WebLock({ request }).acquire('kitchen');
    await Promise.resolve();
    expect(over).to.equal(false);
    release?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(over).to.equal(true);
  });

  it('waits for the browser to let go of what this very tab has let go of', async () => {
    let isHeld = false;
    const request = (async (name: string, __: LockOptions, use: (lock: Lock | null) => unknown) => {
      if (isHeld) return use(null);
      isHeld = true;
      await use({ name, mode: 'exclusive' });
      // The browser hears of it later.
      await new Promise((resolve) => setTimeout(resolve));
      isHeld = false;
      return undefined;
    }) as never;
    const lock = new WebLock({ request });
    const release = await lock.acquire('kitchen');
    expect(await lock.acquire('kitchen'), 'held').to.equal(null);
    release?.();
    expect(await lock.acquire('kitchen')).to.be.a('function');
  });
});

describe('What two tabs agree on', () => {
  it('is where the device is, not under which name it was saved', () => {
    const [kitchen, twin] = ['kitchen', 'twin'].map((id) => ({
      id,
      origin: 'http://192.168.1.50:8080',
      prefix: '/ota',
    }));
    expect(kitchen && placeOf(kitchen)).to.equal(twin && placeOf(twin));
    expect(placeOf({ origin: 'http://192.168.1.50:8080', prefix: '/update' })).not.to.equal(twin && placeOf(twin));
  });
});
