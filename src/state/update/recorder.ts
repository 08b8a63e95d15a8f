import type { Device } from '../../model/device/device.ts';
import type { RequestRecord } from '../../model/device/request-record.ts';
import type { HistoryEntry } from '../../model/update/history-entry.ts';
import type { Outcome, UpdateState } from '../../model/update/update-state.ts';
import { without } from '../../model/without.ts';
import { GrowingRecord, type RunRecord } from './run-record.ts';
import type { SentFirmware } from './sent-firmware.ts';
import type { Words } from '../../words/update/told.ts';

export interface RecorderParts {
  /** Keeps a line of the history; says itself what went wrong. */
  readonly keep: (entry: HistoryEntry) => Promise<void>;
  readonly newId: () => string;
  /** The page's clock, in milliseconds: the one that requests are timed on. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly today: () => number;
}

/** Looks on while updates run. Holds the last one of each device; what ended goes into the history. */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #runs = new Map<string, GrowingRecord>();

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** The last update of a device in this visit. */
  lastOf(deviceId: string): RunRecord | null {
    return this.#runs.get(deviceId) ?? null;
  }

  /** The update that a line of the history tells of, where it is still remembered whole. */
  find(id: string): RunRecord | null {
    return [...this.#runs.values()].find((run) => run.id === id) ?? null;
  }

  /** @param known of an update that began elsewhere: its line in the history, and when, in milliseconds since 1970 */
  begin(
    device: Device,
    { sha256, name, version, project, size }: SentFirmware,
    known: { readonly id: string; readonly startedAt: number } | null = null,
  ): GrowingRecord {
    const { newId, now, today } = this.#parts;
    const startedAt = known?.startedAt ?? today();
    const run = new GrowingRecord({
      id: known?.id ?? newId(),
      device,
      firmware: { sha256, name, version, project, size },
      startedAt,
      // Seen late, it began before this page looked on.
      began: now() - Math.max(0, today() - startedAt),
    });
    this.#runs.set(device.id, run);
    return run;
  }

  /** It came to nothing before anything was sent: neither the history nor a report has it. */
  forget(deviceId: string): void {
    this.#runs.delete(deviceId);
  }

  see(deviceId: string, state: UpdateState): void {
    const run = this.#running(deviceId);
    run?.see(state, this.#parts.now() - run.began);
  }

  /** Requests outside of an update are a "Check": nobody asks for a report of that. */
  seeRequest(deviceId: string, request: RequestRecord): void {
    this.#running(deviceId)?.seeRequest(request);
  }

  async end(device: Device, firmware: SentFirmware, state: Outcome, words: Words): Promise<void> {
    // One that ended before it ran, because another tab has the device.
    const run = this.#running(device.id) ?? this.begin(device, firmware);
    run.see(state, this.#parts.now() - run.began);
    run.device = device;
    run.ended = { state, words };
    await this.#parts.keep(entryOf(run, state));
  }

  #running(deviceId: string): GrowingRecord | null {
    const run = this.#runs.get(deviceId);
    return run?.ended === null ? run : null;
  }
}

function entryOf(run: RunRecord, state: Outcome): HistoryEntry {
  const { device, firmware, samples } = run;
  const { dialect, progress, durationMs } = state;
  const { acknowledged, retries, sessionRestarts, retried, blockSize, capacityBytes } = progress;
  return {
    id: run.id,
    deviceId: device.id,
    deviceName: device.name,
    sha256: firmware.sha256,
    version: firmware.version,
    project: firmware.project,
    outcome: state.outcome,
    code: state.outcome === 'failed' ? state.code : null,
    startedAt: run.startedAt,
    durationMs: Math.round(durationMs),
    size: firmware.size,
    bytes: acknowledged,
    retries,
    sessionRestarts,
    dialect,
    route: device.route,
    ending: { kind: 'facts', facts: without(state, 'phase', 'dialect', 'progress', 'durationMs') },
    blockSize,
    capacityBytes,
    samples: samples.map(([elapsed, bytes]) => [Math.round(elapsed), bytes]),
    retried,
  };
}
