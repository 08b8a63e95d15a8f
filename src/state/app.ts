/** Everything the page draws from, in one place. Made once by the composition root, handed down by `<moult-app>`. */
import { atom } from 'nanostores';
import type { ChecksState } from './device/checks.ts';
import type { DevicesState } from './device/devices.ts';
import type { DiscoveryState } from './device/discovery.ts';
import type { DoctorState } from './device/doctor.ts';
import type { FirmwareState } from './firmware/firmware.ts';
import type { HistoryState } from './update/history.ts';
import type { InstallationState } from './installation.ts';
import type { LibraryState } from './firmware/library.ts';
import type { NoticesState } from './notices.ts';
import type { PairingState } from './pairing.ts';
import type { QuestionsState } from './questions.ts';
import type { RolloutDoor } from './rollout/rollout-door.ts';
import type { Recorder } from './update/recorder.ts';
import type { AskSelf } from './device/self-told.ts';
import type { Setup } from './tools.ts';
import type { TokenLockState } from './device/token-lock.ts';
import type { UpdatesState } from './update/updates.ts';
import type { WatchState } from './firmware/watched-file.ts';
import type { BackupTools } from '../model/backup.ts';
import type { HostOffers, TabSimulator } from '../model/page-ports.ts';

/** What every page draws from, also the one that a device serves itself. */
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
  readonly doctor: Pick<DoctorState, '$doctor'>;
  readonly tokenLock: Pick<TokenLockState, '$wanted' | '$lock'>;
  /** Here and below: null on the page that a device serves itself. */
  readonly askSelf: AskSelf | null;
  readonly rollouts: RolloutDoor | null;
  readonly recorder: Recorder | null;
  /** Watches a file; loaded with the first need. */
  readonly watch: (() => Promise<WatchState>) | null;
  /** The devices that are simulated in this tab; loaded with the first need, and made once. */
  readonly simulator: (() => Promise<TabSimulator>) | null;
  /** Null as well: such a page has no host. */
  readonly pairing: PairingState | null;
}

/** What the page that a host serves draws from; for elements that a device has no room for. */
export interface WholeApp extends App {
  readonly doctor: DoctorState;
  readonly tokenLock: TokenLockState;
  readonly askSelf: AskSelf;
  readonly rollouts: RolloutDoor;
  readonly recorder: Recorder;
  readonly watch: () => Promise<WatchState>;
  readonly simulator: () => Promise<TabSimulator>;
  readonly pairing: PairingState;
  readonly discovery: DiscoveryState;
  readonly history: HistoryState;
  readonly backup: BackupTools;
  readonly installation: InstallationState;
}

/** What the host that served the page offers. Nothing, until it has said so. Which it may do late: a laptop sleeps. */
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

  /** Firmware that does nothing, for who has none at hand. */
  sample(): Promise<File | null> {
    return this.#getSample();
  }
}
