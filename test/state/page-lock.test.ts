import { expect } from 'chai';
import { AskingLock, WebLock } from '../../src/state/page-lock.ts';

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
});
