/** A connection to a port of a device, without HTTP: what a host alone can make. */

export interface RawConnection {
  /** Exactly so many bytes. Rejects where the other side, or whoever gave it up, has ended it before. */
  read(bytes: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Resolves once the connection has room for more. Rejects where it has ended. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Ends it at once. Does nothing where it has ended. */
  close(): void;
}

/**
 * Connects to a port of the device at `origin`, whose own port plays no part. Rejects with any error where nobody is there,
 * with an `UpdateError` where the host says no; `signal` ends the connection, too.
 */
export type Connect = (origin: string, port: number, signal: AbortSignal) => Promise<RawConnection>;

/** By what a device announces itself: ESPHome, or an Arduino sketch that takes updates by espota. */
export type AnnouncedService = 'esphomelib' | 'arduino';

/** What a device announces on its network: the fields of its own record, its `name`, and the `port` of its service. */
export type Announced = Readonly<Record<string, string>>;

/** Waits for a device to connect to this host. */
export interface Waiting {
  readonly port: number;
  /** The first connection from the device's own address; nobody else's counts. Rejects where it is given up before. */
  readonly connected: Promise<RawConnection>;
  close(): void;
}

/** What a host has for a device that is invited by a datagram, and connects to whoever invited it. Each ends with `signal`. */
export interface InviteWays {
  /** Sends a line to its port, and resolves with what it answers. */
  readonly ask: (origin: string, port: number, line: string, signal: AbortSignal) => Promise<string>;
  readonly listen: (origin: string, port: number, signal: AbortSignal) => Promise<Waiting>;
  /** Whether anybody is at its address: who refuses a connection is there, too. */
  readonly isThere: (origin: string, port: number, signal: AbortSignal) => Promise<boolean>;
}

/** What a host has for devices that speak no HTTP. */
export interface RawWays {
  readonly connect: Connect;
  /** Null: nothing was heard of the device in time. */
  readonly announced: (origin: string, signal: AbortSignal, service?: AnnouncedService) => Promise<Announced | null>;
  readonly invite?: InviteWays;
}
