/** The saved device, as every room speaks of it. Tokens are not in it: they live in the vault, by device id. */
import type { Dialect, Protocol } from './dialect.ts';
import type { FirmwareTells } from './identity.ts';

/** How the page gets to the device: by itself, or through the host that served the page. */
export type Route = 'direct' | 'gateway';

/**
 * The largest chunk that a device was seen to take, in bytes, by route: a device counts the headers, too, and each
 * route adds its own. A route that is absent has taken none yet.
 */
export type ChunkBytes = Readonly<Partial<Record<Route, number>>>;

/** Firmware that a device was seen to run, or took. */
export interface RanFirmware {
  readonly sha256: string;
  /** As the firmware states it; null where it states none. */
  readonly version: string | null;
  readonly project: string | null;
  readonly slot: string | null;
  /** What it told of itself where it has no slots: proof as long as it tells the same. Absent: it tells slots. */
  readonly tells?: FirmwareTells;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `false` where the device took it but could not prove that it runs ("Accepted by the device"). */
  readonly proven: boolean;
}

/**
 * The only place that a device's secrets are sent to, and what makes it the same one in two lists or browsers:
 * "http://192.168.1.50:8080/ota". An origin has no path, so that two places are never written alike.
 */
export function placeOf({ origin, prefix }: Pick<Device, 'origin' | 'prefix'>): string {
  return `${origin}${prefix}`;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  /** As the person typed it; shown, never parsed again. */
  readonly typed: string;
  /** "http://192.168.1.50:8080": scheme, host and port, no trailing slash. */
  readonly origin: string;
  /** "/ota": starts with a slash, no trailing slash. */
  readonly prefix: string;
  /** What the person chose. */
  readonly protocol: Protocol;
  /** What was found out; null until the first contact. */
  readonly dialect: Dialect | null;
  /** Name of the token header in `shipped`. */
  readonly tokenHeader: string;
  /** Chip id as in the image header; null until learned from a good update or set by hand. */
  readonly chipId: number | null;
  /** The person does not know its chip, and is asked for it no more. Absent: nobody has said so. */
  readonly chipLeftOpen?: true;
  /** How long to look for it after its restart, in milliseconds; absent: `RESTART_PATIENCE_MS`. */
  readonly patienceMs?: number;
  /** Route that worked last, or null. */
  readonly route: Route | null;
  /**
   * When the gateway last failed to reach it, milliseconds since 1970. Absent or null: it has not failed since it last
   * succeeded.
   */
  readonly gatewayFailedAt?: number | null;
  readonly chunkBytes: ChunkBytes;
  /** What it runs, as far as known. */
  readonly runs: RanFirmware | null;
  /** What it ran before that, which can be reinstalled. */
  readonly ranBefore: RanFirmware | null;
  /** Last answer from it, milliseconds since 1970. */
  readonly lastSeen: number | null;
  readonly group: string | null;
  /** When it was saved, milliseconds since 1970. */
  readonly added: number;
}
