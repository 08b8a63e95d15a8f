import { atom } from 'nanostores';
import type { LockAnswer, LockRefusal, LockView } from '../../../model/device/secrets/token-lock.ts';

/** The lock itself, which is in `storage/`. */
export interface PassphraseLock {
  state(): Promise<LockView>;
  onChange(listener: () => Promise<void>): () => void;
  set(passphrase: string): Promise<LockAnswer>;
  unlock(passphrase: string): Promise<LockAnswer>;
  lock(): Promise<void>;
  change(passphrase: string, next: string): Promise<LockAnswer>;
  remove(passphrase: string): Promise<LockAnswer>;
  forget(): Promise<void>;
}

/** The other tabs of this page. */
export type OtherTabs = Pick<BroadcastChannel, 'postMessage' | 'onmessage'>;

const LOCK_NOW = 'lock';

/** Whether the tokens can be read now; asks for the passphrase where something needs a locked one. */
export class TokenLockState {
  readonly $lock = atom<LockView>('unavailable');
  /** Something waits for a token that is locked. */
  readonly $wanted = atom(false);
  readonly #lock: PassphraseLock | null;
  readonly #waiting = new Set<(open: boolean) => void>();

  readonly #tabs: OtherTabs | null;

  /** `lock` is null where there is none to be had; `tabs` where each tab is for itself. */
  constructor(lock: PassphraseLock | null, tabs: OtherTabs | null = null) {
    this.#lock = lock;
    this.#tabs = tabs;
    if (tabs === null) return;
    tabs.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === LOCK_NOW) void this.#lockHere();
    };
  }

  /** `changed` is called after each change of the lock: tokens may be kept in another way then. */
  async load(changed: () => Promise<void>): Promise<void> {
    this.#lock?.onChange(async () => {
      await changed();
      await this.#look();
    });
    await this.#look();
  }

  /** Resolves with true as soon as tokens can be read; asks where they are locked. False: the person left it so. */
  async opened(): Promise<boolean> {
    // Asked of the lock each time: another tab may have set one, and time may be up.
    if ((await this.#look()) !== 'locked') return true;
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      this.$wanted.set(true);
    });
  }

  /** The person closed the question: whatever waits goes without. */
  leaveLocked(): void {
    this.#answer(false);
  }

  /** Null where it was done, else why not. */
  async set(passphrase: string): Promise<LockRefusal | null> {
    return this.#change((lock) => lock.set(passphrase));
  }

  async unlock(passphrase: string): Promise<LockRefusal | null> {
    return this.#change((lock) => lock.unlock(passphrase));
  }

  async change(passphrase: string, next: string): Promise<LockRefusal | null> {
    return this.#change((lock) => lock.change(passphrase, next));
  }

  async remove(passphrase: string): Promise<LockRefusal | null> {
    return this.#change((lock) => lock.remove(passphrase));
  }

  /** Locks in every tab of this page: that is what a person means by it. */
  async lock(): Promise<void> {
    this.#tabs?.postMessage(LOCK_NOW);
    await this.#lockHere();
  }

  /** Forgets every locked token, and the lock. */
  async forget(): Promise<void> {
    await this.#lock?.forget();
    await this.#look();
  }

  async #lockHere(): Promise<void> {
    await this.#lock?.lock();
    await this.#look();
  }

  async #change(act: (lock: PassphraseLock) => Promise<LockAnswer>): Promise<LockRefusal | null> {
    const answer = this.#lock === null ? UNAVAILABLE : await act(this.#lock);
    await this.#look();
    return answer.kind === 'done' ? null : answer.kind;
  }

  async #look(): Promise<LockView> {
    const now = (await this.#lock?.state()) ?? 'unavailable';
    this.$lock.set(now);
    if (now !== 'locked') this.#answer(true);
    return now;
  }

  #answer(open: boolean): void {
    for (const resolve of this.#waiting) resolve(open);
    this.#waiting.clear();
    this.$wanted.set(false);
  }
}

const UNAVAILABLE: LockAnswer = { kind: 'unavailable' };
