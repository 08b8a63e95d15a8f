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

/** What a device announces on its network: the fields of its own record, and its `name`. */
export type Announced = Readonly<Record<string, string>>;

/** What a host has for devices that speak no HTTP. */
export interface RawWays {
  readonly connect: Connect;
  /** Null: nothing was heard of the device in time. */
  readonly announced: (origin: string, signal: AbortSignal) => Promise<Announced | null>;
}
