/**
 * What the engine needs of the world, and nothing else of it. The engine is handed these; `main.ts` and the
 * command line wire the real ones, tests wire a scripted device and a fake clock.
 */

import type { ReasonCode } from './inspection.ts';
import type { Route } from './device.ts';

/** How a device speaks: as its documentation says, or as the published firmware does (docs/protocol.md). */
export type Dialect = 'documented' | 'shipped';

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
  readonly silenceMs: number;
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

/**
 * One device, spoken to in one dialect. Every method is one request and rejects with an `UpdateError` only.
 * Implementations keep no state between requests.
 */
export interface DeviceLink {
  readonly dialect: Dialect;
  /** False: taken for this dialect, without an answer that shows it. Only an answer to begin or write will. */
  readonly certain: boolean;
  /** Whether the device can be asked for bytes written and slots (`shipped`: yes; `documented`: seen at detection). */
  readonly tellsStatus: boolean;
  /** Bytes of the first chunk to a device that is not known yet. */
  readonly firstChunkBytes: number;
  /** The way its requests go. It may change with a question for the status, and then stays so until the next one. */
  readonly route: Route;
  status(options: RequestOptions): Promise<DeviceStatus>;
  begin(request: BeginRequest, options: RequestOptions): Promise<BeginAnswer>;
  /** Sends `chunk`, which starts at byte `offset` of the image. */
  write(chunk: Uint8Array<ArrayBuffer>, offset: number, options: RequestOptions): Promise<WriteAnswer>;
  finalize(request: FinalizeRequest, options: RequestOptions): Promise<FinalizeAnswer>;
  abort(options: RequestOptions): Promise<AbortAnswer>;
  markValid(options: RequestOptions): Promise<void>;
  /** What is worth a word about the device besides its status: that it takes any token. Null: nothing, or not known; it never rejects with an `UpdateError`. */
  remark?(options: RequestOptions): Promise<string | null>;
}

/** Opens the link: finds out the dialect where it is not known yet. */
export type OpenLink = (options: RequestOptions) => Promise<DeviceLink>;

export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Milliseconds since 1970: for what outlives the page. */
  date(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts, and leaves no timer behind. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;

/** Whether there is a network at all, and when something about it changed. */
export interface Connectivity {
  online(): boolean;
  /** Resolves at the next sign that trying again is worth it: back online, or the page visible again. */
  changed(signal: AbortSignal): Promise<void>;
}

/** What is remembered of an update that has begun, so that it can go on after a reload. One a device at most. */
export interface JournalEntry {
  readonly deviceId: string;
  readonly sha256: string;
  readonly size: number;
  readonly dialect: Dialect;
  /** Our session; in the phase `beginning`, where ours is not known yet, the one that was open before. */
  readonly sessionId: string | null;
  /** Label of the slot being written, where known. */
  readonly slot: string | null;
  /** Where that lies: a device may tell its name in one answer and not in the next. Absent: not known. */
  readonly slotAddress?: number;
  /** Label of the slot that ran before, where known. */
  readonly previousSlot: string | null;
  /** Where that lies. Absent: not known. */
  readonly previousSlotAddress?: number;
  /** Bytes the device has acknowledged. */
  readonly acknowledged: number;
  /** The end of what was sent: a device that counts more has taken bytes twice. */
  readonly sentTo: number;
  /**
   * How far it came. `beginning`: a begin was sent, so a session may be ours. `finalizing` and `restarting`: all bytes
   * are there and the device may have restarted. `unconfirmed`: nothing is left but `finalizeSent`.
   */
  readonly phase: 'beginning' | 'writing' | 'finalizing' | 'restarting' | 'unconfirmed';
  /**
   * A finalize, of this update or of one before it, may have taken effect, and no status has proved otherwise: which
   * firmware runs is not certain. Absent in entries of older versions.
   */
  readonly finalizeSent?: boolean;
  /** Whether the device can be asked how much it has. Absent in entries of older versions: `shipped` can. */
  readonly tellsStatus?: boolean;
  /** Refusals that the person overruled for it; absent: none. */
  readonly overruled?: readonly ReasonCode[];
  /** Milliseconds since 1970, for people. */
  readonly at: number;
}

export interface Journal {
  read(deviceId: string): Promise<JournalEntry | null>;
  write(entry: JournalEntry): Promise<void>;
  clear(deviceId: string): Promise<void>;
}
