/** Images for the engine's tests. What the inspector finds is tested in its own room; here it is given. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Inspection } from '../../../src/model/firmware/inspection.ts';
import { anInspection } from '../../firmware/an-inspection.ts';
import { CHIPS, noise } from '../../firmware/image-builder.ts';

export interface TestImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  readonly inspection: Inspection;
}

const made = new Map<number, TestImage>();

/** An app of `size` bytes that the inspector accepted, the same for the same size. A device looks at its first byte only. */
export function acceptedApp(size: number): TestImage {
  const known = made.get(size) ?? accepted(appBytes(size));
  made.set(size, known);
  return known;
}

export function accepted(bytes: Uint8Array<ArrayBuffer>): TestImage {
  return { bytes, sha256: bytesToHex(sha256(bytes)), inspection: acceptedInspection(bytes.length) };
}

export function appBytes(size: number, seed = size): Uint8Array<ArrayBuffer> {
  const bytes = noise(size, seed);
  bytes[0] = 0xe9;
  return bytes;
}

export function acceptedInspection(size: number): Inspection {
  return anInspection({ size, chip: { id: CHIPS.ESP32.id, name: 'ESP32', known: true } });
}
