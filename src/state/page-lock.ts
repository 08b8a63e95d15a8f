import type { DeviceLock } from './tools.ts';

/** How long to wait for another tab's objection, in milliseconds: messages between tabs take a few. */
const OBJECTION_MS = 150;

/** Web Locks where the browser has them; else tabs ask each other. */
export function pageLock(): DeviceLock {
  // Not there outside of a secure context, whatever the types say.
  const { locks } = navigator as { readonly locks?: LockManager };
  return locks === undefined ? new AskingLock(new BroadcastChannel('moult-devices')) : new WebLock(locks);
}

/** The browser lets go of a lock by itself when a tab closes or crashes. */
export class WebLock implements DeviceLock {
  readonly #locks: Pick<LockManager, 'request'>;

  constructor(locks: Pick<LockManager, 'request'>) {
    this.#locks = locks;
  }

  acquire(deviceId: string): Promise<(() => void) | null> {
    return new Promise((resolve, reject) => {
      this.#locks
        .request(`moult-device-${deviceId}`, { ifAvailable: true }, (lock) => {
          if (lock === null) {
            resolve(null);
            return undefined;
          }
          // Held until this promise resolves.
          return new Promise<void>((release) => resolve(release));
        })
        .catch(reject);
    });
  }
}

type Message = { readonly ask: string } | { readonly mine: string };

/**
 * A tab that holds a device objects when another asks for it. Two tabs that ask in the very same moment object to each
 * other, and neither gets it: pressing again settles it.
 */
export class AskingLock implements DeviceLock {
  readonly #channel: BroadcastChannel;
  readonly #held = new Set<string>();
  readonly #objected = new Set<string>();

  constructor(channel: BroadcastChannel) {
    this.#channel = channel;
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ('mine' in data) this.#objected.add(data.mine);
      else if (this.#held.has(data.ask)) this.#say({ mine: data.ask });
    };
  }

  async acquire(deviceId: string): Promise<(() => void) | null> {
    if (this.#held.has(deviceId)) return null;
    this.#held.add(deviceId);
    this.#objected.delete(deviceId);
    this.#say({ ask: deviceId });
    await new Promise((resolve) => setTimeout(resolve, OBJECTION_MS));
    if (this.#objected.has(deviceId)) {
      this.#held.delete(deviceId);
      return null;
    }
    return () => this.#held.delete(deviceId);
  }

  #say(message: Message): void {
    this.#channel.postMessage(message);
  }
}
