import type { Inspection } from '../../src/model/firmware/inspection.ts';

/** What the inspector says of a faultless app for an ESP32-S3. */
export function anInspection(of: Partial<Inspection> = {}): Inspection {
  const size = of.size ?? 8;
  return {
    kind: 'app',
    size,
    chip: { id: 9, name: 'ESP32-S3', known: true },
    segments: [],
    checksumValid: true,
    hashValid: true,
    project: 'kitchen',
    version: '1.4.2',
    date: null,
    idfVersion: null,
    elfSha256: null,
    secureVersion: null,
    revisions: null,
    signature: null,
    micropython: null,
    trailingBytes: 0,
    slotBytes: size,
    partitions: [],
    inside: [],
    verdict: 'accept',
    finding: { reason: 'ok', kind: 'whole', chipId: 9, size },
    warnings: [],
    ...of,
  };
}
