/** An inspection in which nothing is known yet but what the file is, and why it is refused. */
import { NO_NAMES } from './image/app-descriptor.ts';
import type { Finding } from '../model/firmware/finding.ts';
import type { FirmwareKind, Inspection } from '../model/firmware/inspection.ts';

/** What is known of a file, without the verdict. */
export type Facts = Omit<Inspection, 'verdict' | 'finding'>;

export function blankFacts(kind: FirmwareKind, size: number): Facts {
  return {
    kind,
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
    warnings: [],
  };
}

/** @param size bytes of the file */
export function refused(kind: FirmwareKind, size: number, finding: Finding): Inspection {
  return { ...blankFacts(kind, size), verdict: 'refuse', finding };
}
