import { expect } from 'chai';
import type { LockAnswer, LockView } from '../../../../src/model/device/secrets/token-lock.ts';
import {
  TokenLockState,
  type OtherTabs,
  type PassphraseLock,
} from '../../../../src/state/device/secrets/token-lock.ts';
import { file, givenState, savedDevice } from '../../given.ts';

const OPENS = 'correct horse battery';

/** A lock in memory that opens with one passphrase. */
class FakeLock implements PassphraseLock {
  now: LockView;
  readonly #listeners = new Set<() => Promise<void>>();

  constructor(now: LockView) {
    this.now = now;
  }

  state(): Promise<LockView> {
    return Promise.resolve(this.now);
  }

  onChange(listener: () => Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(): Promise<LockAnswer> {
    return this.#become('unlocked');
  }

  unlock(passphrase: string): Promise<LockAnswer> {
    return passphrase === OPENS ? this.#become('unlocked') : Promise.resolve({ kind: 'wrong-passphrase' as const });
  }

  async lock(): Promise<void> {
    await this.#become('locked');
  }

  change(): Promise<LockAnswer> {
    return this.#become('unlocked');
  }

  remove(): Promise<LockAnswer> {
    return this.#become('none');
  }

  async forget(): Promise<void> {
    await this.#become('none');
  }

  async #become(now: LockView): Promise<LockAnswer> {
    this.now = now;
    for (const listener of this.#listeners) await listener();
    return { kind: 'done' };
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Two tabs that hear each other, and not themselves. */
function twoTabs(): readonly [OtherTabs, OtherTabs] {
  const tabs: readonly [OtherTabs, OtherTabs] = [
    { onmessage: null, postMessage: (data: unknown) => hear(1, data) },
    { onmessage: null, postMessage: (data: unknown) => hear(0, data) },
  ];
  const hear = (at: 0 | 1, data: unknown): void => {
    const tab = tabs[at] as BroadcastChannel;
    tab.onmessage?.(new MessageEvent('message', { data }));
  };
  return tabs;
}

describe('Locked tokens', () => {
  it('are locked in every tab by a tap in one', async () => {
    const tabs = twoTabs();
    const locks = [new FakeLock('unlocked'), new FakeLock('unlocked')] as const;
    const [here, there] = [new TokenLockState(locks[0], tabs[0]), new TokenLockState(locks[1], tabs[1])];
    for (const tab of [here, there]) await tab.load(async () => undefined);
    await here.lock();
    await settled();
    expect([locks[0].now, locks[1].now]).to.deep.equal(['locked', 'locked']);
    expect(there.$lock.get()).to.equal('locked');
  });

  it('are asked for when something needs one, and all that wait go on together', async () => {
    const state = new TokenLockState(new FakeLock('locked'));
    const waiting = Promise.all([state.opened(), state.opened()]);
    await settled();
    expect(state.$wanted.get()).to.equal(true);
    expect(await state.unlock('not this one')).to.equal('wrong-passphrase');
    expect(state.$wanted.get(), 'a wrong one leaves the question').to.equal(true);
    expect(await state.unlock(OPENS)).to.equal(null);
    expect(await waiting).to.deep.equal([true, true]);
    expect(state.$wanted.get()).to.equal(false);
  });

  it('stay locked where the person leaves them so', async () => {
    const state = new TokenLockState(new FakeLock('locked'));
    const waiting = state.opened();
    await settled();
    state.leaveLocked();
    expect(await waiting).to.equal(false);
    expect(state.$lock.get()).to.equal('locked');
  });

  it('are not asked for where they are open, or nothing can lock them', async () => {
    for (const lock of [new FakeLock('none'), new FakeLock('unlocked'), null]) {
      expect(await new TokenLockState(lock).opened()).to.equal(true);
    }
  });

  it('tell every change, also when the time is up', async () => {
    const lock = new FakeLock('unlocked');
    const state = new TokenLockState(lock);
    let changes = 0;
    await state.load(async () => {
      changes += 1;
    });
    await lock.lock();
    expect([state.$lock.get(), changes]).to.deep.equal(['locked', 1]);
    await state.forget();
    expect([state.$lock.get(), changes]).to.deep.equal(['none', 2]);
  });
});

describe('An update of a device whose token is locked', () => {
  async function ready(answer: boolean) {
    const given = givenState({ opened: () => Promise.resolve(answer) });
    const device = await savedDevice(given.devices);
    given.devices.$keeping.set(new Map([[device.id, 'encrypted']]));
    await given.firmware.choose([file('kitchen.bin')]);
    await given.updates.start(device.id);
    return { ...given, view: given.updates.$update(device.id).get() };
  }

  it('runs once it is open', async () => {
    expect((await ready(true)).view.kind).to.equal('ended');
  });

  it('sends nothing where it stays locked, and says so', async () => {
    const { view, notices, history } = await ready(false);
    expect(view.kind).to.equal('rest');
    expect(notices.$notices.get()).to.deep.include({ kind: 'tokens-locked', device: 'Kitchen sensor' });
    expect((await history.find({ deviceId: null, outcome: null, text: '' }, 1)).rows).to.be.empty;
  });
});
