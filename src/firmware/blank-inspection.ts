/** An inspection in which nothing is known yet but what the file is, and why. */
import { NO_NAMES } from './app-descriptor.ts';
import type { FirmwareKind, Inspection } from './inspection.ts';

export type Finding = Pick<Inspection, 'verdict' | 'reason' | 'message'>;

export function blankInspection(kind: FirmwareKind, kindName: string, size: number, finding: Finding): Inspection {
  return {
    kind,
    kindName,
    size,
    chip: null,
    segments: [],
    checksumValid: null,
    hashValid: null,
    ...NO_NAMES,
    revisions: null,
    signature: null,
    micropython: null,
    trailingBytes: 0,
    slotBytes: null,
    partitions: [],
    inside: [],
    ...finding,
  };
}
