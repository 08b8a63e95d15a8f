/**
 * What a device tells of itself that has no slots to tell of, and what an image says that it will tell once it runs: what
 * proves an update there (docs/decisions/whole-image-link.md). Pure.
 */
import { differs } from './differs.ts';

/** What firmware calls itself, in its file and, by the same words, from the device that runs it. */
export interface FirmwareTells {
  /** "WLED", "Tasmota", "ESPHome" */
  readonly product: string;
  /** "16.0.1", as it is written. Null: not told. */
  readonly version: string | null;
  /**
   * Which build of that version: "ESP32_Ethernet"; of Tasmota its variant, without the word before it: "minimal"; of
   * ESPHome the maker's project and its version: "acme.plug 1.2". Null: not told.
   */
  readonly release: string | null;
  /**
   * What no other build tells: of Tasmota when it was built, "2026-07-24T19:38:07"; of ESPHome when it was compiled,
   * "2026-03-15 18:46:25 +0100". Absent or null: not told.
   */
  readonly build?: string | null;
  /**
   * Where an app may name its build itself (PrettyOTA): every build time in the file, "Mar 3 2026 09:12:40". The device
   * tells one of them, or something else. Empty: the file has none, or too many to name. Absent: of other firmware.
   */
  readonly builds?: readonly string[];
}

/** The oldest version that an image says it can be installed from: major, minor, patch. */
export type LeastVersion = readonly [number, number, number];

/** What a device that takes whole images told, at one moment. What it did not tell is null. */
export interface DeviceIdentity {
  readonly product: string;
  /** The person's name for it. */
  readonly name: string | null;
  /** The name that its firmware was built for, where each build is for one device (ESPHome). Absent or null: not told. */
  readonly node?: string | null;
  readonly version: string | null;
  readonly release: string | null;
  /** What each build has of its own: a number, or when it was made. */
  readonly build: string | null;
  /** A hash of what it was built from (ESPHome). Absent or null: not told. */
  readonly config?: string | null;
  /** As image headers have it; −1 is the ESP8266 (`model/firmware/chips.ts`). */
  readonly chipId: number | null;
  /** As it named its chip. */
  readonly chip: string | null;
  /** Of the whole flash. */
  readonly flashBytes: number | null;
  /** Room that it says it has for an upload. Absent or null: not told. */
  readonly roomBytes?: number | null;
  /** Since its last start. */
  readonly uptimeMs: number | null;
  /** How often it has started, as it counts. Absent or null: not told. */
  readonly starts?: number | null;
  /** Whether updates over the air are built in. */
  readonly takesUpdates: boolean | null;
  /** It keeps the beginning of an upload that broke off until it is restarted, and appends the next upload to it. */
  readonly keepsHalf: boolean;
  /** It has room for one firmware, which the next upload goes over. Absent or null: not told. */
  readonly overwrites?: boolean | null;
  /** What runs is no firmware of its own, but takes the next one in its place (Tasmota's safeboot). */
  readonly standsIn?: boolean;
}

/**
 * Whether both tell of the same firmware. A build that only one of them tells was asked for in another way, and shows
 * nothing.
 */
export function isSameFirmware(one: DeviceIdentity, other: DeviceIdentity): boolean {
  return (
    one.product === other.product &&
    one.version === other.version &&
    one.release === other.release &&
    differs(one.build, other.build) !== true &&
    differs(one.config ?? null, other.config ?? null) !== true
  );
}

/**
 * How much an uptime may seem to lag without a restart, in milliseconds: devices tell whole seconds, and an answer
 * takes its time.
 */
const CLOCKS_DIFFER_MS = 5_000;

/**
 * Whether the device has restarted between two answers: its count of starts differs, or its uptime is shorter than it
 * was, or than it should be by now. Null: what it tells shows neither.
 *
 * @param elapsedMs milliseconds between the two answers, by a clock that never runs ahead
 */
export function hasRestarted(before: DeviceIdentity, now: DeviceIdentity, elapsedMs: number): boolean | null {
  // The same count shows nothing: a device writes it down some time after it has started.
  if (differs(before.starts ?? null, now.starts ?? null) === true) return true;
  if (before.uptimeMs === null || now.uptimeMs === null) return null;
  return now.uptimeMs < before.uptimeMs || before.uptimeMs + elapsedMs - now.uptimeMs > CLOCKS_DIFFER_MS;
}

/** Whether a restart after this answer would show in its uptime: right after a start it may not. */
export function wouldShowRestart({ uptimeMs }: DeviceIdentity): boolean {
  return uptimeMs !== null && uptimeMs > CLOCKS_DIFFER_MS;
}

/**
 * When something was built, as it is compared: "Mar 3 2026 09:12:40". Compilers write a day of one digit with two spaces
 * before it, of which a device's answer keeps one.
 */
export function buildTime(written: string): string {
  return written.replace(/ +/g, ' ');
}

/** Whether a version is older, by its first two or three numbers. What does not begin with numbers is not. */
export function isOlder(version: string, [major, minor, patch]: LeastVersion): boolean {
  const numbers = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (numbers === null) return false;
  const [, first = '0', second = '0', third = '0'] = numbers;
  if (Number(first) !== major) return Number(first) < major;
  return Number(second) === minor ? Number(third) < patch : Number(second) < minor;
}
