/** What a link to something on the host says, and what becomes of it here. Pure. */
import type { Device } from '../../model/device/device.ts';
import type { JobDevice } from '../../model/jobs/job.ts';
import type { JobRef } from '../../model/page/job-calls.ts';
import { addressOf } from '../device/device-of-form.ts';

/** As `CreateJob` has them. */
const REF = /^([0-9a-f]{32})\.([\w-]{22})$/;

/** Null where it is no reference. The id becomes part of an address, so nothing else may pass. */
export function refIn(text: string): JobRef | null {
  const [, id, key] = REF.exec(text) ?? [];
  return id === undefined || key === undefined ? null : { id, key };
}

/**
 * What is saved of a device that the host speaks to and this browser does not know yet. `added`: milliseconds since
 * 1970.
 */
export function newDeviceAt(there: JobDevice, id: string, added: number): Device {
  return {
    ...there,
    ...{ id, typed: addressOf(there.origin), added },
    ...{ route: null, chunkBytes: {}, runs: null, ranBefore: null, lastSeen: null, group: null },
  };
}
