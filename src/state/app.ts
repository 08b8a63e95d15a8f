/** Everything the page draws from, in one place. Made once by `main.ts`, handed down by `<moult-app>`. */
import { atom } from 'nanostores';
import type { ChecksState } from './checks.ts';
import type { DevicesState } from './devices.ts';
import type { FirmwareState } from './firmware.ts';
import type { LibraryState } from './library.ts';
import type { NoticesState } from './notices.ts';
import type { QuestionsState } from './questions.ts';
import type { HostOffers, Setup } from './tools.ts';
import type { UpdatesState } from './updates.ts';

export interface App {
  readonly devices: DevicesState;
  readonly firmware: FirmwareState;
  readonly library: LibraryState;
  readonly updates: UpdatesState;
  readonly checks: ChecksState;
  readonly notices: NoticesState;
  readonly questions: QuestionsState;
  readonly host: HostState;
  readonly setup: Setup;
}

/** What the host that served the page offers. Nothing, until it has said so. */
export class HostState {
  readonly $offers = atom<HostOffers>({ gateway: false, simulated: [] });
  readonly #ask: () => Promise<HostOffers | null>;

  /** `ask` answers null where the page was served by something else than our host. */
  constructor(ask: () => Promise<HostOffers | null>) {
    this.#ask = ask;
  }

  async load(): Promise<void> {
    const offers = await this.#ask();
    if (offers !== null) this.$offers.set(offers);
  }
}
