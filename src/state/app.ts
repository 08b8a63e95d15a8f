/** Everything the page draws from, in one place. Made once by `main.ts`, handed down by `<moult-app>`. */
import { atom } from 'nanostores';
import type { ChecksState } from './checks.ts';
import type { DevicesState } from './devices.ts';
import type { DiscoveryState } from './discovery.ts';
import type { DoctorState } from './doctor.ts';
import type { FirmwareState } from './firmware.ts';
import type { HistoryState } from './history.ts';
import type { InstallationState } from './installation.ts';
import type { LibraryState } from './library.ts';
import type { NoticesState } from './notices.ts';
import type { QuestionsState } from './questions.ts';
import type { RolloutDoor } from './rollout-door.ts';
import type { Recorder } from './recorder.ts';
import type { BackupTools, HostOffers, Setup } from './tools.ts';
import type { TokenLockState } from './token-lock.ts';
import type { UpdatesState } from './updates.ts';
import type { WatchState } from './watched-file.ts';

export interface App {
  readonly devices: DevicesState;
  readonly firmware: FirmwareState;
  readonly library: LibraryState;
  readonly updates: UpdatesState;
  /** Null on the page that a device serves itself. */
  readonly rollouts: RolloutDoor | null;
  readonly checks: ChecksState;
  readonly doctor: DoctorState;
  readonly discovery: DiscoveryState;
  readonly history: HistoryState;
  readonly recorder: Recorder;
  readonly notices: NoticesState;
  readonly questions: QuestionsState;
  readonly host: HostState;
  readonly setup: Setup;
  /** Null on the page that a device serves itself. */
  readonly backup: BackupTools | null;
  readonly tokenLock: TokenLockState;
  /** Watches a file; loaded with the first need. Null on the page that a device serves itself. */
  readonly watch: (() => Promise<WatchState>) | null;
  readonly installation: InstallationState;
}

/** What the host that served the page offers. Nothing, until it has said so. */
export class HostState {
  readonly $offers = atom<HostOffers>({ gateway: false, discover: false, simulated: [] });
  readonly #ask: () => Promise<HostOffers | null>;
  readonly #getSample: () => Promise<File | null>;

  /**
   * `ask` answers null where the page was served by something else than our host; `getSample` where it has no firmware
   * to try a simulated device with.
   */
  constructor(
    ask: () => Promise<HostOffers | null>,
    getSample: () => Promise<File | null> = () => Promise.resolve(null),
  ) {
    this.#ask = ask;
    this.#getSample = getSample;
  }

  async load(): Promise<void> {
    const offers = await this.#ask();
    if (offers !== null) this.$offers.set(offers);
  }

  /** Firmware that does nothing, for who has none at hand. */
  sample(): Promise<File | null> {
    return this.#getSample();
  }
}
