/** The states of an update that has sent nothing. */
import type { Dialect } from '../device/dialect.ts';
import type { FailedUpdate, Progress } from './update-state.ts';

/** @param total bytes of the image */
export function noProgress(total: number): Progress {
  return {
    acknowledged: 0,
    total,
    inFlight: null,
    // The erase unit of every ESP32's flash.
    blockSize: 4096,
    slot: null,
    capacityBytes: null,
    retried: [],
    retries: 0,
    chunkBytes: 0,
    sessionRestarts: 0,
    bytesPerSecond: null,
    secondsLeft: null,
  };
}

/**
 * How an update ended that sent nothing.
 *
 * @param total bytes of the image
 */
export function failedBefore(
  dialect: Dialect | null,
  total: number,
  of: Partial<FailedUpdate> & Pick<FailedUpdate, 'code'>,
): FailedUpdate {
  return {
    phase: 'ended',
    outcome: 'failed',
    dialect,
    durationMs: 0,
    progress: noProgress(total),
    during: 'checking',
    status: null,
    said: null,
    retryAfterMs: null,
    oldFirmware: 'runs',
    resumable: false,
    otherSession: null,
    restarted: false,
    judgement: null,
    ...of,
  };
}
