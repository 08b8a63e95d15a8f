/**
 * One device that takes chunks, as the engine speaks to it (`whole-image-link.ts`: one that takes an image whole).
 * `device/` implements it, a folder for each protocol; tests script it. Whoever runs an update hands it all of its
 * ports (`update/plan.ts`): `compose.ts` and the host wire the real ones.
 */
import type { Route } from './device.ts';
import type { ChunkedDialect } from './dialect.ts';
import type { ChunkedTraits } from './traits.ts';

/** A flash partition as the device names it. Address and size in bytes, null where the device does not tell. */
export interface Slot {
  readonly label: string;
  readonly address: number | null;
  readonly size: number | null;
  /** Of the partition: 0 is `factory`, from 16 on the OTA slots (ESP-IDF). Absent: not told. */
  readonly subtype?: number;
}

/** The update session a device holds open. Null fields: the device does not tell. */
export interface SessionReport {
  readonly id: string | null;
  readonly writtenBytes: number | null;
  readonly expectedSize: number | null;
  readonly expectedSha256: string | null;
  readonly slot: Slot | null;
  readonly capacityBytes: number | null;
  /** Flash block (erase unit), in bytes. */
  readonly blockSize: number | null;
}

/** What a device says of itself. A documented device may tell nothing of this: then the fields are null. */
export interface DeviceStatus {
  readonly supported: boolean | null;
  readonly session: SessionReport | null;
  readonly running: Slot | null;
  readonly boot: Slot | null;
  readonly next: Slot | null;
  /**
   * The last image it took since it started, null after a restart: what tells "took it, has not restarted yet"
   * from "restarted".
   */
  readonly lastTaken: { readonly sha256: string | null; readonly slot: string | null } | null;
}

/** Limits and cancellation of one request. */
export interface RequestOptions {
  /** Ends the request; it then rejects with the code `aborted`. */
  readonly signal: AbortSignal;
  /** Milliseconds without any sign from the device before the request is given up (code `silent`). */
  readonly timeoutMs: number;
}

export interface BeginRequest {
  /** Bytes of the whole image. */
  readonly size: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** Throw away a session that is open on the device (`shipped` only). */
  readonly force: boolean;
}

export interface BeginAnswer {
  readonly session: SessionReport;
}

export interface WriteAnswer {
  /** Bytes the device says it has in all; null where it does not tell. */
  readonly writtenBytes: number | null;
  /** The session the device counted them in; null where it does not tell. */
  readonly sessionId: string | null;
}

/** What the device said when it was asked to finalize, and did not refuse. */
export interface FinalizeAnswer {
  /**
   * `image`: it named this very image, by its hash. `yes`: it said yes in other words, which a server that did nothing
   * might say, too.
   */
  readonly names: 'image' | 'yes';
}

export interface FinalizeRequest {
  readonly sha256: string;
  /** Ask the device to restart into the new image. */
  readonly restart: boolean;
}

export interface AbortAnswer {
  /** Whether the device said that no session is open any more; null where it cannot tell. */
  readonly idle: boolean | null;
}

/** What is worth mentioning about a device. `takes-any-token`: anyone who reaches it can put firmware on it. */
export type Remark = 'takes-any-token';

/**
 * One device, spoken to in one dialect. Every method is one request and rejects with an `UpdateError` only.
 * Implementations keep no state between requests.
 */
export interface DeviceLink {
  readonly dialect: ChunkedDialect;
  readonly traits: ChunkedTraits;
  /** False: taken for this dialect, without an answer that shows it. Only an answer to begin or write will. */
  readonly certain: boolean;
  /**
   * Whether the device can be asked for bytes written and slots. Always so where its dialect `tellsCount`; elsewhere
   * only where it was seen to answer.
   */
  readonly tellsStatus: boolean;
  /** Bytes of the first chunk to a device that is not known yet. */
  readonly firstChunkBytes: number;
  /**
   * The route of its requests. It may change when the status is asked for, and then stays until the next such question.
   */
  readonly route: Route;
  status(options: RequestOptions): Promise<DeviceStatus>;
  begin(request: BeginRequest, options: RequestOptions): Promise<BeginAnswer>;
  /** Sends `chunk`, which starts at byte `offset` of the image. */
  write(chunk: Uint8Array<ArrayBuffer>, offset: number, options: RequestOptions): Promise<WriteAnswer>;
  finalize(request: FinalizeRequest, options: RequestOptions): Promise<FinalizeAnswer>;
  abort(options: RequestOptions): Promise<AbortAnswer>;
  markValid(options: RequestOptions): Promise<void>;
  /**
   * What is worth mentioning about the device besides its status. Null: nothing, or not known. It never rejects with an
   * `UpdateError`.
   */
  remark?(options: RequestOptions): Promise<Remark | null>;
}

/**
 * How long a device may stay silent when it is asked outside of an update, in milliseconds: answering costs it no work
 * on its flash.
 */
export const LOOK_TIMEOUT_MS = 8_000;
