/** A connection to a port of a device, without HTTP: only a host can make one. */

export interface RawConnection {
  /** Resolves with exactly so many bytes. Rejects where the connection has ended before they came. */
  read(bytes: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Resolves once the connection has room for more. Rejects where it has ended. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Ends it at once. Does nothing where it has ended. */
  close(): void;
}

/**
 * Connects to a port of the device at `origin`, whose own port plays no part. Rejects with any error where nothing
 * answers, with an `UpdateError` where the host says no; `signal` ends the connection, too.
 */
export type Connect = (origin: string, port: number, signal: AbortSignal) => Promise<RawConnection>;

/** The mDNS service of a device: ESPHome's, or that of an Arduino sketch that takes updates by espota. */
export type AnnouncedService = 'esphomelib' | 'arduino';

/** What a device announces by mDNS: the fields of its TXT record, its `name`, and the `port` of its service. */
export type Announced = Readonly<Record<string, string>>;

/** A port of this host that waits for one device to connect. */
export interface Listener {
  readonly port: number;
  /**
   * Resolves with the first connection from the device's own address; no other counts. Rejects where it is closed
   * before.
   */
  readonly connected: Promise<RawConnection>;
  close(): void;
}

/**
 * How a host reaches a device that is invited by a datagram, and connects to whoever invited it. `signal` ends each of
 * them.
 */
export interface InviteWays {
  /** Sends a line to its UDP port, and resolves with what it answers. */
  readonly ask: (origin: string, port: number, line: string, signal: AbortSignal) => Promise<string>;
  readonly listen: (origin: string, port: number, signal: AbortSignal) => Promise<Listener>;
  /** Whether there is a device at its address: one that refuses the connection is there, too. */
  readonly isThere: (origin: string, port: number, signal: AbortSignal) => Promise<boolean>;
}

/** How a host reaches devices that speak no HTTP. */
export interface RawWays {
  readonly connect: Connect;
  /** Null: nothing was heard of the device in time. */
  readonly announced: (origin: string, signal: AbortSignal, service?: AnnouncedService) => Promise<Announced | null>;
  readonly invite?: InviteWays;
}
