/** What all targets of an agent share. */
import type { AgentNotice } from '../../model/agent/agent-notice.ts';
import type { AgentPolicy } from '../../model/agent/agent-settings.ts';
import type { Clock } from '../../model/clock.ts';
import type { LoadedFirmware } from '../jobs/run/loaded-firmware.ts';
import type { OwnJobs } from '../jobs/own-jobs.ts';
import type { DeviceFetch } from '../reach/device-fetch.ts';
import type { ArtifactCache } from './artifact-cache.ts';
import type { Failed } from './server/ddi-client.ts';
import type { TargetNotes } from './target/target-notes.ts';
import type { Turns } from './turns.ts';

export interface SharedParts {
  readonly notes: Pick<TargetNotes, 'of' | 'write'>;
  readonly cache: Pick<ArtifactCache, 'fetch'>;
  readonly loaded: Pick<LoadedFirmware, 'lease'>;
  readonly jobs: Pick<OwnJobs, 'runWhile' | 'left' | 'at'>;
  readonly turns: Pick<Turns, 'ask' | 'giveBack'>;
  readonly way: Pick<DeviceFetch, 'fetch' | 'upload' | 'raw'>;
  readonly clock: Clock;
  readonly policy: AgentPolicy;
  /** Minutes since midnight, where the agent is. */
  readonly minute: () => number;
  /** Whether a person has paused the agent. */
  readonly isPaused: () => boolean;
  readonly agentVersion: string;
  /** Of the agent's own files. */
  readonly folder: string;
  readonly notice: (notice: AgentNotice) => void;
  /** Told what the server said; null: something good. */
  readonly heard: (failed: Failed | null) => void;
  /** Told of errors that should not happen. */
  readonly surprise: (error: unknown) => void;
  /** Aborts when the agent stops. */
  readonly signal: AbortSignal;
}
