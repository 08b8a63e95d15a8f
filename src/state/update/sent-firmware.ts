/** What is told of a firmware that is sent, by whomever: the page has its bytes, or the host alone has them. */
import type { FirmwareName } from '../../model/firmware/firmware-record.ts';
import type { JobFirmware } from '../../model/jobs/job.ts';
import type { Firmware } from '../firmware/chosen.ts';
import { firmwareName, projectOf } from './update-view.ts';

export interface SentFirmware extends FirmwareName {
  readonly project: string | null;
  /** Bytes. */
  readonly size: number;
  /** As the image has it; null where it states none, or nobody here has looked into it. */
  readonly chipId: number | null;
}

export function sentFirmware(firmware: Firmware): SentFirmware {
  const { inspection, bytes } = firmware;
  return {
    ...firmwareName(firmware),
    project: projectOf(inspection),
    size: bytes.length,
    chipId: inspection.chip?.id ?? null,
  };
}

export function sentByHost(firmware: JobFirmware): SentFirmware {
  return { ...firmware, chipId: null };
}
