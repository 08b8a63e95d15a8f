/** An inspection in which nothing is known yet but what the file is, and why. */
import { NO_NAMES } from './image/app-descriptor.ts';
import type { FirmwareKind, Inspection } from '../model/inspection.ts';

export type Finding = Pick<Inspection, 'verdict' | 'reason' | 'message'>;

/** What is known of a file, without what to think of it. */
export type Facts = Omit<Inspection, keyof Finding>;

export function blankFacts(kind: FirmwareKind, kindName: string, size: number): Facts {
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
    warnings: [],
  };
}

export function blankInspection(kind: FirmwareKind, kindName: string, size: number, finding: Finding): Inspection {
  return { ...blankFacts(kind, kindName, size), ...finding };
}
