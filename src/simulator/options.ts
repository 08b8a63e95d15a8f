/** The options of a simulated ViperHTTP device, and their defaults. */
import type { AppAuthOptions } from './viperhttp/app-auth.ts';
import type { AppRoute } from './viperhttp/app-route.ts';
import { DEFAULT_DOCS, type DocsOptions } from './viperhttp/auto-docs.ts';
import { TWO_SLOTS, type BootloaderOptions, type SlotLabel } from './bootloader.ts';
import { noCosts, realClock, type Costs, type DeviceClock } from './clock.ts';
import type { CorsOptions } from './server/cors.ts';
import type { DocumentedOptions } from './viperhttp/documented-routes.ts';
import { REQUEST_BYTES, type RateLimitOptions } from './server/server-limits.ts';
import type { ShippedOptions } from './viperhttp/shipped-routes.ts';
import type { Mount } from './server/static-files.ts';
import type { UpdaterOptions } from './viperhttp/updater.ts';

/** The dialects of a simulated device, in the order in which a fleet takes them. */
export const SIMULATED_DIALECTS = ['shipped', 'documented'] as const;
export type SimulatedDialect = (typeof SIMULATED_DIALECTS)[number];

/** A device without PSRAM: bodies over `bytes` fail. `busy` is 503 and a closed connection, `error` 500. */
export interface MemoryLimit {
  readonly bytes: number;
  readonly fails: 'error' | 'busy' | 'drop' | 'restart';
}

export interface DeviceOptions extends DocumentedOptions, ShippedOptions, BootloaderOptions, UpdaterOptions {
  readonly dialect: SimulatedDialect;
  /** Null: open to anyone. */
  readonly token: string | null;
  /** Whether the app turned OTA on. Where it did not, the update routes do not exist. */
  readonly ota: boolean;
  /** `/ota`: starts with a slash, no slash at the end. */
  readonly prefix: string;
  /**
   * The answer for a route that does not exist. ViperHTTP sends an empty body with 200, even where it has the route for
   * another method; a `documented` device may have another server, with a 404.
   */
  readonly unknownRoutes: 'empty' | 'not-found';
  /** Whether the app's event loop runs. Where `app.run(…)` is the last line it does not, and Python answers nothing. */
  readonly loopRuns: boolean;
  /** What the device tells of itself at `/openapi.json` and `/docs`; null: nothing. */
  readonly docs: DocsOptions | null;
  /** Whether the app has `POST /debug/reboot`, as the published demo app does. No token is asked for it. */
  readonly rebootRoute: boolean;
  /** Other routes of the app. */
  readonly appRoutes: readonly AppRoute[];
  /** The app's own authentication before all routes; null: none. */
  readonly appAuth: AppAuthOptions | null;
  /** The app partitions; the first one runs at first. */
  readonly slots: readonly SlotLabel[];
  /** Bytes of each slot, whole blocks of 4096. */
  readonly slotBytes: number;
  /** What the first slot holds and runs at first. */
  readonly firmware: Uint8Array;
  /** What every other slot holds at first: the rest of an earlier update. */
  readonly leftover: Uint8Array;
  readonly clock: DeviceClock;
  readonly costs: Costs;
  /** Milliseconds from a reset until the device answers again; `Infinity`: never. */
  readonly awayMs: number;
  /** Null: CORS is off. */
  readonly cors: CorsOptions | null;
  /** The most bytes of a request, headers included; see `GENEROUS_REQUEST_BYTES` for a device that takes more. */
  readonly requestBytes: number;
  /** Whether a 404 carries CORS headers, as ViperHTTP's does. A documented device may have another server. */
  readonly notFoundShared: boolean;
  /** Null: any `Host` is accepted. */
  readonly allowedHosts: readonly string[] | null;
  readonly rateLimit: RateLimitOptions | null;
  readonly memory: MemoryLimit | null;
  readonly mount: Mount | null;
}

/** The image magic and a name: enough to distinguish it from what a test sends. */
const FIRST_FIRMWARE = new Uint8Array([0xe9, ...new TextEncoder().encode('simulated firmware 0')]);

export const DEFAULTS: DeviceOptions = {
  dialect: 'shipped',
  token: null,
  tokenHeader: 'X-OTA-Token',
  ota: true,
  prefix: '/ota',
  unknownRoutes: 'empty',
  loopRuns: true,
  docs: DEFAULT_DOCS,
  rebootRoute: false,
  appRoutes: [],
  appAuth: null,
  slots: TWO_SLOTS,
  // 0x1F0000: two of them fill a 4 MB board, and a whole MicroPython firmware fits.
  slotBytes: 2_031_616,
  firmware: FIRST_FIRMWARE,
  // Zeros cannot be programmed to anything else, so that a missing erase shows.
  leftover: new Uint8Array(4096),
  clock: realClock,
  costs: noCosts,
  // Devices are back after 2 to 30 s; the shortest time keeps demonstrations short.
  awayMs: 2000,
  // MicroPython's own builds have it on. It is off here, so that only tests of rollback depend on marking valid.
  rollback: false,
  boots: () => true,
  checksImage: true,
  supported: true,
  // CORS is off unless the app on the device adds it.
  cors: null,
  requestBytes: REQUEST_BYTES,
  notFoundShared: true,
  allowedHosts: null,
  rateLimit: null,
  memory: null,
  mount: null,
  // The least the documentation page promises: an identifier at begin, and nothing to count by.
  status: 'none',
  answers: 'json',
  sessionKey: 'session_id',
  counterKey: null,
  beginWhileActive: 'refuse',
  restarts: true,
  // The page says that there is a timeout, but not how long; a minute is longer than ordinary retries.
  sessionTimeoutMs: 60_000,
  mismatchStatus: 409,
  noSessionStatus: 409,
};
