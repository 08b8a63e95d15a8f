/**
 * What is known of a file: the words the rest of the project uses for firmware.
 */
import type { FirmwareTells, LeastVersion } from '../device/identity.ts';
import type { Found } from './finding.ts';

/** What a file is. `app` is the only kind a device can run from an update slot. */
export type FirmwareKind =
  | 'app'
  | 'bootloader'
  | 'merged'
  | 'partition-table'
  | 'otadata'
  | 'file-system'
  | 'nvs'
  | 'esp8266'
  | 'elf'
  | 'hex'
  | 'uf2'
  | 'gzip'
  | 'zip'
  | 'archive'
  | 'text'
  | 'empty'
  | 'unknown';

export type Verdict = 'accept' | 'warn' | 'refuse';

/** The ESP8266 has no id in its files; −1 is none that a header could hold. */
export const ESP8266_ID = -1;

export interface KnownChip {
  readonly id: number;
  readonly name: string;
  readonly known: true;
}

/**
 * A chip as the image header names it; of an id that this project does not know there is no name. Earlier versions kept
 * one of their own making, which nothing reads: chips are named by their ids (words/firmware/chip-name.ts).
 */
export type Chip = KnownChip | { readonly id: number; readonly known: false };

/** One segment of an image. Offsets are bytes from the start of the image, addresses are the chip's. */
export interface Segment {
  readonly index: number;
  readonly fileOffset: number;
  readonly address: number;
  readonly length: number;
  /** Whether the segment is mapped from flash (what makes an image an app), loaded to RAM, or padding. */
  readonly place: 'flash' | 'ram' | 'padding';
}

export interface SignatureForm {
  readonly scheme: 'v1' | 'v2-rsa' | 'v2-ecdsa' | 'v2-ecdsa-sha384';
  readonly blocks: number;
  /** Form only: a browser cannot know whether the device trusts the key. */
  readonly wellFormed: boolean;
}

export interface MicroPythonBanner {
  readonly version: string;
  /** Build date, YYYY-MM-DD. */
  readonly date: string;
  /** Board, as the banner names it; null where the file carries none. */
  readonly machine: string | null;
}

/** Chip revisions as major * 100 + minor; `max` null where there is no limit. */
export interface ChipRevisions {
  readonly min: number;
  readonly max: number | null;
}

export interface PartitionEntry {
  readonly label: string;
  readonly type: 'app' | 'data' | 'bootloader' | 'table' | 'other';
  /** "factory", "ota_0", "nvs", … or the two numbers where the pair is not known. */
  readonly subtype: string;
  /** Bytes from the start of flash. */
  readonly offset: number;
  readonly size: number;
}

/**
 * Bytes inside a file that could be sent by themselves. `name`: what the outer file calls them; null where it gives them
 * no name, and words/firmware/inner-file.ts says what they are. What earlier versions kept has English of theirs there.
 */
export type InnerFile =
  /** A slice of the outer file, `offset` bytes into it. `name`: a partition's label; null: no table names it. */
  | { readonly name: string | null; readonly how: 'partition'; readonly offset: number; readonly size: number }
  /** `size` here and below: bytes; null where only unpacking tells. */
  | {
      readonly name: string | null;
      readonly how: 'uf2-blocks' | 'gzip';
      readonly offset: null;
      readonly size: number | null;
    }
  | { readonly name: string; readonly how: 'zip-entry'; readonly offset: null; readonly size: number | null };

/** What an image says that it will tell once it runs, and what else it says of itself to those who know its product. */
export interface FileTells extends FirmwareTells {
  /** The oldest version that it can be installed over; null: it says none. */
  readonly installsFrom: LeastVersion | null;
  /** The name of the one device that it was built for (ESPHome). Absent or null: it says none. */
  readonly node?: string | null;
}

/** What a file is, whether it may be sent, and why. Made by `inspect`; never partial, null where unknown. */
export interface Inspection {
  readonly kind: FirmwareKind;
  readonly size: number;
  readonly chip: Chip | null;
  readonly segments: readonly Segment[];
  /** Null where the kind has no checksum or it could not be read. */
  readonly checksumValid: boolean | null;
  /** The appended SHA-256; null where there is none. */
  readonly hashValid: boolean | null;
  readonly project: string | null;
  readonly version: string | null;
  /** Build date and time as the file states them. */
  readonly date: string | null;
  readonly idfVersion: string | null;
  /** 64 hex digits; null where absent or all zero. */
  readonly elfSha256: string | null;
  readonly secureVersion: number | null;
  readonly revisions: ChipRevisions | null;
  readonly signature: SignatureForm | null;
  /**
   * Size of the whole flash that it is built for, in bytes. Absent: it states none, or its device does not check it.
   */
  readonly flashBytes?: number;
  readonly micropython: MicroPythonBanner | null;
  /**
   * What it will tell of itself once it runs. Absent: nothing of the kind is in it, or an earlier version inspected it.
   */
  readonly tells?: FileTells;
  /** Bytes after the image's own end that are not its signature. */
  readonly trailingBytes: number;
  /** Bytes the image takes in a slot, signature sector and padding included; null for what is no image. */
  readonly slotBytes: number | null;
  readonly partitions: readonly PartitionEntry[];
  readonly inside: readonly InnerFile[];
  readonly verdict: Verdict;
  /** Why: what it is refused for, the gravest warning, or that nothing is wrong. */
  readonly finding: Found;
  /** Every warning, gravest first, also of an app whose refusal can be overruled. */
  readonly warnings: readonly Found[];
}

/** Whether it is whole, and for an ESP8266, as it is or packed by gzip. */
export function isForEsp8266({ chip, slotBytes }: Pick<Inspection, 'chip' | 'slotBytes'>): boolean {
  return chip?.id === ESP8266_ID && slotBytes !== null;
}

/**
 * Whether a device that runs MicroPython would not run it afterwards, so that Moult could reach it no more. The person
 * is asked before it is sent.
 */
export function lacksMicroPython({ warnings, tells }: Pick<Inspection, 'warnings' | 'tells'>): boolean {
  return tells !== undefined || warnings.some(({ reason }) => reason === 'no-micropython');
}

/** A Tasmota build that can do little more than take the next update. Null: a full one, or of another product. */
export function stopgapOf({ product, release }: FirmwareTells): 'minimal' | 'safeboot' | null {
  if (product !== 'Tasmota') return null;
  return release === 'minimal' || release === 'safeboot' ? release : null;
}
