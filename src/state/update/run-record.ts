/** What is seen of one update while it runs: for its line and picture in the history, and for a report. */
import type { Device } from '../../model/device/device.ts';
import type { RequestRecord } from '../../model/device/request-record.ts';
import type { ThroughputPoint } from '../../model/update/history-entry.ts';
import type { ActiveState, Outcome, UpdateState } from '../../model/update/update-state.ts';
import type { FirmwareName } from '../../model/firmware/firmware-record.ts';
import type { Words } from '../../words/update/told.ts';

/** A phase that was entered, in milliseconds since the start. */
export interface SeenPhase {
  readonly phase: ActiveState['phase'];
  readonly at: number;
}

export interface RunRecord {
  /** The id of its line in the history. */
  readonly id: string;
  readonly device: Device;
  readonly firmware: FirmwareName & { readonly project: string | null; readonly size: number };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** On the page's clock. */
  readonly began: number;
  readonly samples: readonly ThroughputPoint[];
  readonly phases: readonly SeenPhase[];
  /** The latest ones, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** Requests before those, which are no longer remembered. */
  readonly forgotten: number;
  readonly ended: { readonly state: Outcome; readonly words: Words } | null;
}

/**
 * Steps of the plot: twice what the picture is wide in points, so that thinning it later loses nothing that is seen.
 */
const PLOT_STEPS = 480;

/** Points at most: an upload that starts over again and again passes each step again. */
const MAX_SAMPLES = 4 * PLOT_STEPS;

/** Phases at most: retries that go on for hours are told by their requests. */
const MAX_PHASES = 500;

/** 4 MiB, the largest slot that is common, in chunks of 4 KiB, each tried twice. */
export const MAX_REQUESTS = 2048;

/** Grows while its update runs. */
export class GrowingRecord implements RunRecord {
  readonly id: string;
  device: Device;
  readonly firmware: RunRecord['firmware'];
  readonly startedAt: number;
  readonly began: number;
  readonly samples: ThroughputPoint[] = [];
  readonly phases: SeenPhase[] = [];
  requests: RequestRecord[] = [];
  forgotten = 0;
  ended: RunRecord['ended'] = null;

  constructor(start: Pick<RunRecord, 'id' | 'device' | 'firmware' | 'startedAt' | 'began'>) {
    this.id = start.id;
    this.device = start.device;
    this.firmware = start.firmware;
    this.startedAt = start.startedAt;
    this.began = start.began;
  }

  /** `elapsed`: milliseconds since the start. */
  see(state: UpdateState, elapsed: number): void {
    const { acknowledged, total } = state.progress;
    const newPhase = state.phase !== 'ended' && this.phases.at(-1)?.phase !== state.phase;
    if (state.phase !== 'ended' && newPhase && this.phases.length < MAX_PHASES) {
      this.phases.push({ phase: state.phase, at: elapsed });
    }
    const before = this.samples.at(-1);
    const moved = before === undefined || acknowledged < before[1] || acknowledged - before[1] >= total / PLOT_STEPS;
    // A change of phase is where it stood still or went on: without a point there, a pause would look like slowness.
    const last = state.phase === 'ended' && before?.[1] !== acknowledged;
    if ((moved || newPhase || last) && this.samples.length < MAX_SAMPLES) this.samples.push([elapsed, acknowledged]);
  }

  seeRequest(request: RequestRecord): void {
    this.requests.push(request);
    // Cut in slices, because cutting one by one moves the whole list each time.
    if (this.requests.length < MAX_REQUESTS * 1.25) return;
    this.forgotten += this.requests.length - MAX_REQUESTS;
    this.requests = this.requests.slice(-MAX_REQUESTS);
  }
}
