/** How many requests are under way through the gateway: in all, and of one client. */

/** Bounds the memory that all requests under way can take: 64 KiB of answer each. */
const MOST = 256;
/** A browser has six requests at a time for one host. This is for some windows of it, and leaves room for other clients. */
const MOST_OF_ONE = 32;

export class InFlight {
  readonly #of = new Map<string, number>();
  #all = 0;

  /** Answers what to call when the request has ended; null where there are too many. `client`: its address. */
  enter(client: string): (() => void) | null {
    const own = this.#of.get(client) ?? 0;
    if (own >= MOST_OF_ONE || this.#all >= MOST) return null;
    this.#of.set(client, own + 1);
    this.#all += 1;
    return () => this.#leave(client);
  }

  #leave(client: string): void {
    const left = (this.#of.get(client) ?? 0) - 1;
    this.#all -= 1;
    if (left > 0) this.#of.set(client, left);
    else this.#of.delete(client);
  }
}
