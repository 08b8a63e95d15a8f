/** What is going to be sent, and how far it is known. */
import type { InnerFile, Inspection } from '../../model/firmware/inspection.ts';

/** A firmware whose bytes are in memory: the one copy that every update sends from. */
export interface Firmware {
  readonly sha256: string;
  /** The file's own name. */
  readonly name: string;
  readonly label: string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inspection: Inspection;
  /** What is said of it: whether it may be sent, and why. */
  readonly told: string;
  /** Whether it is in the library, so that an update of it can go on after a reload. */
  readonly kept: boolean;
  /**
   * Another app or a web page handed it over: it is kept only if the person says so, and no other file is removed for
   * it.
   */
  readonly offered?: boolean;
  /** The file it was taken out of, and as what; null for a file that came as it is. */
  readonly from: { readonly name: string; readonly inspection: Inspection; readonly inner?: InnerFile } | null;
}

export type Chosen =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly name: string; readonly size: number; readonly hashed: number }
  | { readonly kind: 'ready'; readonly firmware: Firmware }
  /** `told`: why. */
  | { readonly kind: 'unreadable'; readonly name: string; readonly told: string };
