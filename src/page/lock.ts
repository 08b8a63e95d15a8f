import type { DeviceLock } from '../model/page/page-ports.ts';

/**
 * How the name of each lock begins; the rest is the device's place, as one device may be saved twice, under two ids.
 */
const LOCK_NAME = 'moult-device-';

/** How long to wait for another tab's objection, in milliseconds: messages between tabs take a few. */
export const OBJECTION_MS = 150;

/** Web Locks where the browser has them; else tabs ask each other. */
export function pageLock(): DeviceLock {
  // Not there outside of a secure context, whatever the types say.
  const { locks } = navigator as { readonly locks?: LockManager };
  if (locks !== undefined) return new WebLock(locks);
  const objections = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, OBJECTION_MS));
  return new AskingLock(new BroadcastChannel('moult-devices'), objections);
}

/**
 * Whether any tab of this page holds a device. False where the browser has no locks: there is no service worker there
 * either, and so no other version.
 */
export async function anyTabHoldsADevice(): Promise<boolean> {
  const { locks } = navigator as { readonly locks?: LockManager };
  const { held = [] } = (await locks?.query()) ?? {};
  return held.some(({ name }) => name?.startsWith(LOCK_NAME) === true);
}

/** The browser lets go of a lock by itself when a tab closes or crashes. */
export class WebLock implements DeviceLock {
  readonly #locks: Pick<LockManager, 'request'>;
  readonly #lettingGo = new Map<string, Promise<unknown>>();

  constructor(locks: Pick<LockManager, 'request'>) {
    this.#locks = locks;
  }

  async acquire(key: string): Promise<(() => void) | null> {
    // The browser lets go a moment after it was told to: what this very tab has just let go is not held elsewhere.
    await this.#lettingGo.get(key);
    return new Promise((resolve, reject) => {
      const held = this.#locks.request(`${LOCK_NAME}${key}`, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(null);
          return undefined;
        }
        // Held until this promise resolves.
        return new Promise<void>((release) => {
          resolve(() => {
            this.#lettingGo.set(key, held);
            release();
          });
        });
      });
      held.catch(reject);
    });
  }
}

type Message = { readonly ask: string } | { readonly mine: string };

/**
 * A tab that holds a device objects when another asks for it. Two tabs that ask in the very same moment object to each
 * other, and neither gets it: pressing again settles it.
 */
export class AskingLock implements DeviceLock {
  readonly #channel: Pick<BroadcastChannel, 'postMessage' | 'onmessage'>;
  readonly #objections: () => Promise<void>;
  readonly #held = new Set<string>();
  readonly #objected = new Set<string>();

  /** `objections` resolves when every other tab had the time to object. */
  constructor(channel: Pick<BroadcastChannel, 'postMessage' | 'onmessage'>, objections: () => Promise<void>) {
    this.#channel = channel;
    this.#objections = objections;
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ('mine' in data) this.#objected.add(data.mine);
      else if (this.#held.has(data.ask)) this.#say({ mine: data.ask });
    };
  }

  async acquire(key: string): Promise<(() => void) | null> {
    if (this.#held.has(key)) return null;
    this.#held.add(key);
    this.#objected.delete(key);
    this.#say({ ask: key });
    await this.#objections();
    if (this.#objected.has(key)) {
      this.#held.delete(key);
      return null;
    }
    return () => this.#held.delete(key);
  }

  #say(message: Message): void {
    this.#channel.postMessage(message);
  }
}
