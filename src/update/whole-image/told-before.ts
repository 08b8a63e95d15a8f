/** Keeps what a device told before the upload. */
import type { Clock } from '../../model/clock.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';

/** What the device told before the upload, and when. */
export interface Before {
  readonly identity: DeviceIdentity;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The same, with the time by the monotonic clock where this run heard it: the date may jump. */
interface Heard extends Before {
  readonly monotonic: number | null;
}

export class ToldBefore {
  readonly #clock: Pick<Clock, 'now' | 'date'>;
  #firmware: Heard | null = null;
  #standIn: Heard | null = null;

  constructor(clock: Pick<Clock, 'now' | 'date'>) {
    this.#clock = clock;
  }

  /** What the firmware told that the update began with; null: nothing yet. */
  get firmware(): Before | null {
    return this.#firmware;
  }

  /** What runs in the place of its firmware, and how long ago it was heard, in milliseconds. Null: nothing does. */
  get standIn(): { readonly identity: DeviceIdentity; readonly elapsedMs: number } | null {
    const heard = this.#standIn;
    return heard === null ? null : { identity: heard.identity, elapsedMs: this.#since(heard) };
  }

  hear(identity: DeviceIdentity): void {
    const heard = { identity, at: this.#clock.date(), monotonic: this.#clock.now() };
    // What runs in its place is not what the update began with.
    this.#standIn = identity.standsIn === true ? heard : null;
    if (this.#standIn === null || this.#firmware === null) this.#firmware = heard;
  }

  /** Takes over what it told an earlier run. */
  recall({ identity, at }: Before): void {
    this.#firmware = { identity, at, monotonic: null };
  }

  /** Milliseconds since its firmware told what it is; 0: it has not. */
  elapsedMs(): number {
    return this.#firmware === null ? 0 : this.#since(this.#firmware);
  }

  #since({ at, monotonic }: Heard): number {
    return monotonic === null ? this.#clock.date() - at : this.#clock.now() - monotonic;
  }
}
