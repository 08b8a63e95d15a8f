/** How many updates run at once. */

/** Four devices at once never hurt a home router, and show soon whether more would help. */
const FIRST_WIDTH = 4;
/** A browser holds 256 sockets in all; beyond this many updates the page and the access point are what is measured. */
const WIDEST = 32;
/** Throughput must grow by this much for a step to count as one that helped: less is the noise of Wi-Fi. */
const GREW_BY = 1.15;

/** Grows while the throughput of the whole grows with it, shrinks when updates fail for want of a connection. */
export class Width {
  readonly #fixed: boolean;
  #width: number;
  #windowStart: number;
  #windowBytes = 0;
  #windowEnds = 0;
  /** Bytes a millisecond at the width before the last growth. */
  #rateBefore: number | null = null;
  #settled = false;

  /** @param fixed what the person set; null: found out */
  constructor(fixed: number | null, now: number) {
    this.#fixed = fixed !== null;
    this.#width = Math.max(1, Math.min(WIDEST, Math.floor(fixed ?? FIRST_WIDTH)));
    this.#windowStart = now;
  }

  get now(): number {
    return this.#width;
  }

  /** Many at once begin now; what was measured before is forgotten. */
  begins(now: number): void {
    this.#newWindow(now);
  }

  /** An update went well. @param bytes what the device acknowledged in it */
  went(bytes: number, now: number): void {
    if (this.#fixed || this.#settled) return;
    this.#windowBytes += bytes;
    this.#windowEnds++;
    // One whole wave at this width says what it brings.
    if (this.#windowEnds < this.#width || now <= this.#windowStart) return;
    const rate = this.#windowBytes / (now - this.#windowStart);
    if (this.#rateBefore !== null && rate < this.#rateBefore * GREW_BY) {
      this.#settled = true;
    } else {
      this.#rateBefore = rate;
      this.#width = Math.min(WIDEST, this.#width * 2);
    }
    this.#newWindow(now);
  }

  /** An update failed for want of a connection. */
  lostConnection(now: number): void {
    if (this.#fixed) return;
    this.#width = Math.max(1, Math.floor(this.#width / 2));
    this.#settled = true;
    this.#newWindow(now);
  }

  #newWindow(now: number): void {
    this.#windowStart = now;
    this.#windowBytes = 0;
    this.#windowEnds = 0;
  }
}
