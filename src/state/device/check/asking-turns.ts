import { placeOf, type Device } from '../../../model/device/device.ts';
import type { DeviceLock } from '../../../model/page/page-ports.ts';

export interface AskingTurnsParts {
  readonly devices: { find(id: string): Device | undefined };
  readonly lock: DeviceLock;
}

interface Asking {
  readonly abort: AbortController;
  readonly done: Promise<boolean>;
}

/** One question at a time to each device, for it answers one request at a time. */
export class AskingTurns {
  readonly #parts: AskingTurnsParts;
  readonly #asking = new Map<string, Asking>();

  constructor(parts: AskingTurnsParts) {
    this.#parts = parts;
  }

  /**
   * Runs `ask` as this device's only question: after the one before it, which is ended, and until the next one or `end`
   * ends it. `ask` must not reject because of its signal.
   *
   * @returns false where another tab has the device in hand: then nothing is asked
   */
  async take(deviceId: string, ask: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const before = this.#asking.get(deviceId);
    before?.abort.abort();
    const abort = new AbortController();
    // Known before anything is awaited, so that an update that starts now can end it.
    const asking = { abort, done: this.#askAlone(deviceId, before?.done, ask, abort.signal) };
    this.#asking.set(deviceId, asking);
    try {
      return await asking.done;
    } finally {
      if (this.#asking.get(deviceId) === asking) this.#asking.delete(deviceId);
    }
  }

  /** Resolves when no question to this device is under way, or waits for its turn. */
  async idle(deviceId: string): Promise<void> {
    for (let asking = this.#asking.get(deviceId); asking; asking = this.#asking.get(deviceId)) await asking.done;
  }

  /** Ends the question that is under way, and what begins after it, and resolves when nothing is in flight any more. */
  async end(deviceId: string): Promise<void> {
    for (let asking = this.#asking.get(deviceId); asking; asking = this.#asking.get(deviceId)) {
      asking.abort.abort();
      await asking.done;
    }
  }

  async #askAlone(
    deviceId: string,
    before: Promise<unknown> | undefined,
    ask: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<boolean> {
    await before;
    const device = this.#parts.devices.find(deviceId);
    if (signal.aborted || device === undefined) return true;
    const release = await this.#parts.lock.acquire(placeOf(device));
    if (release === null) return false;
    try {
      if (!isAborted(signal)) await ask(signal);
      return true;
    } finally {
      release();
    }
  }
}

/** Asked anew after an await: TypeScript would hold on to the answer that it saw first. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
