import type { Inspection } from './inspection.ts';

/**
 * A firmware file in the library, as the rooms that keep it and show it both speak of it. Its bytes are fetched by
 * hash.
 */
export interface FirmwareRecord {
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string;
  /** The file's own name. */
  readonly name: string;
  /** What the person calls it; null: by its own name. */
  readonly label: string | null;
  /** Bytes. */
  readonly size: number;
  readonly inspection: Inspection;
  /** When it was kept last, milliseconds since 1970. */
  readonly added: number;
  readonly pinned: boolean;
}

/**
 * How keeping a file ended. Not kept: nothing was removed either.
 * `full`: what is pinned or needed leaves too little room below the cap.
 */
export type KeepResult =
  | { readonly kind: 'kept'; readonly record: FirmwareRecord; readonly removed: readonly FirmwareRecord[] }
  | { readonly kind: 'quota' | 'larger-than-cap' | 'full' | 'unavailable' };

/** Names a firmware without its bytes. */
export interface FirmwareName {
  readonly sha256: string;
  readonly name: string;
  readonly version: string | null;
}
