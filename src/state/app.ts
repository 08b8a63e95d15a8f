/** Everything the page draws from, in one place. Made once by the composition root, handed down by `<moult-app>`. */
import type { ActivityState } from './activity/activity-state.ts';
import type { ChecksState } from './device/check/checks.ts';
import type { DevicesState } from './device/devices.ts';
import type { FitsState } from './device/fits.ts';
import type { DiscoveryState } from './device/discovery.ts';
import type { DoctorState } from './device/doctor/doctor.ts';
import type { FirmwareState } from './firmware/firmware.ts';
import type { HostState } from './host.ts';
import type { HistoryState } from './update/history.ts';
import type { InstallationState } from './installation.ts';
import type { KeysState } from './keys.ts';
import type { LazyJobs } from './jobs/lazy-jobs.ts';
import type { LibraryState } from './firmware/library.ts';
import type { NoticesState } from './notices.ts';
import type { PairingState } from './pairing.ts';
import type { QuestionsState } from './questions.ts';
import type { RemovalsState } from './removals.ts';
import type { LazyRollouts } from './rollout/lazy-rollouts.ts';
import type { Recorder } from './update/recorder.ts';
import type { AskSelf } from './device/check/ask-self.ts';
import type { Setup } from './tools.ts';
import type { TokenLockState } from './device/secrets/token-lock.ts';
import type { UpdatesState } from './update/updates.ts';
import type { WatchState } from './firmware/watched-file.ts';
import type { BackupTools } from '../model/page/backup.ts';
import type { TabSimulator } from '../model/page/page-ports.ts';

/** What every page draws from, also the one that a device serves itself. */
export interface App {
  readonly devices: DevicesState;
  readonly firmware: FirmwareState;
  readonly fits: FitsState;
  readonly library: LibraryState;
  readonly updates: UpdatesState;
  readonly checks: ChecksState;
  readonly notices: NoticesState;
  readonly questions: QuestionsState;
  readonly removals: RemovalsState;
  readonly host: HostState;
  readonly setup: Setup;
  readonly doctor: Pick<DoctorState, '$doctor'>;
  readonly tokenLock: Pick<TokenLockState, '$wanted' | '$lock'>;
  /** Here and below: null on the page that a device serves itself. */
  readonly askSelf: AskSelf | null;
  readonly rollouts: LazyRollouts | null;
  readonly recorder: Recorder | null;
  /** Updates that the host runs. */
  readonly jobs: LazyJobs | null;
  /** What is under way, as one thing; loaded when something begins to run. */
  readonly activity: (() => Promise<ActivityState>) | null;
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
  readonly rollouts: LazyRollouts;
  readonly recorder: Recorder;
  readonly jobs: LazyJobs;
  readonly activity: () => Promise<ActivityState>;
  readonly watch: () => Promise<WatchState>;
  readonly simulator: () => Promise<TabSimulator>;
  readonly pairing: PairingState;
  readonly discovery: DiscoveryState;
  readonly history: HistoryState;
  readonly backup: BackupTools;
  readonly installation: InstallationState;
  readonly keys: KeysState;
}
