import { atom } from 'nanostores';
import type { HostOffers } from '../model/page/page-ports.ts';

/**
 * What the host that served the page offers: nothing until it has answered, which may be late, as a laptop may be
 * asleep.
 */
export class HostState {
  readonly $offers = atom<HostOffers>({ gateway: false, discover: false, simulated: [] });
  readonly #ask: () => Promise<HostOffers | 'away' | null>;
  readonly #getSample: () => Promise<File | null>;
  /** Whether there may be a host that has not answered yet. */
  #isAway = false;
  #looking: Promise<void> | null = null;
  #answered: () => void = () => undefined;
  /** Resolves once it is known whether there is a host that answers. */
  readonly asked = new Promise<void>((resolve) => (this.#answered = resolve));

  /**
   * `ask` answers null where the page was served by something else than our host, `away` where nothing answers;
   * `getSample` answers null where it has no firmware to try a simulated device with.
   */
  constructor(
    ask: () => Promise<HostOffers | 'away' | null>,
    getSample: () => Promise<File | null> = () => Promise.resolve(null),
  ) {
    this.#ask = ask;
    this.#getSample = getSample;
  }

  async load(): Promise<void> {
    try {
      const said = await this.#ask();
      this.#isAway = said === 'away';
      if (said !== null && said !== 'away') this.$offers.set(said);
    } finally {
      this.#answered();
    }
  }

  /** Asks again, where nothing has answered yet. One question at a time, however many want to know. */
  async look(): Promise<void> {
    if (!this.#isAway) return;
    this.#looking ??= this.load().finally(() => (this.#looking = null));
    await this.#looking;
  }

  /** Firmware that does nothing, for a person who has none at hand. */
  sample(): Promise<File | null> {
    return this.#getSample();
  }
}
