/**
 * What a Tasmota device tells of itself: its answer to the command `Status 0`, and, where it wants a password for that, the name
 * of its server. Source: Tasmota `support_command.ino`, `xdrv_01_9_webserver.ino`, `support_esp.ino`.
 */
import type { DeviceIdentity } from '../../model/device/identity.ts';
import { ESP8266, KNOWN_CHIPS } from '../../model/firmware/chips.ts';
import { objectIn, toldText, wholeNumber } from '../answer.ts';

export const STATUS = '/cm?cmnd=Status%200';

const KILOBYTE = 1024;
/**
 * In kilobytes. The size of an app partition is a multiple of it, and so is "free" where that means a whole partition.
 */
const PARTITION_STEP = 64;
/** What an ESP8266 leaves free behind the firmware that runs. */
const MARGIN_BYTES = 4096;

const NOTHING_TOLD = {
  ...{ name: null, release: null, build: null, flashBytes: null, roomBytes: null, uptimeMs: null, starts: null },
  ...{ takesUpdates: null, keepsHalf: false, overwrites: null },
} as const;

/**
 * Null where the answer is not Tasmota's. A build that can do little more than take the next update does not have this
 * command, and is recognised by that and by the name of its server.
 */
export function readStatus(json: unknown, server?: string): DeviceIdentity | null {
  const whole = objectIn(json);
  if (whole?.['Command'] === 'Unknown') return stopgap(readServer(server));
  const firmware = objectIn(whole?.['StatusFWR']);
  const version = versionIn(toldText(firmware?.['Version']));
  if (firmware === null || version === null || toldText(firmware['BuildDateTime']) === null) return null;
  const hardware = toldText(firmware['Hardware']);
  // Older versions ran on the ESP8266 only, and tell its boot version.
  const chip = hardware ?? ('Boot' in firmware ? ESP8266.name : null);
  const chipId = chip === null ? null : chipIdOf(chip);
  const [memory, parameters] = [objectIn(whole?.['StatusMEM']), objectIn(whole?.['StatusPRM'])];
  const standsIn = version.release === 'safeboot' && chipId !== ESP8266.id;
  return {
    ...NOTHING_TOLD,
    ...{ product: 'Tasmota', name: nameIn(objectIn(whole?.['Status'])), ...version },
    ...{ build: toldText(firmware['BuildDateTime']), chipId, chip },
    ...{ flashBytes: kilobytes(memory?.['FlashSize']), uptimeMs: uptimeOf(parameters?.['Uptime']) },
    starts: wholeNumber(parameters?.['BootCount']),
    ...roomIn(memory, chipId, standsIn),
    ...(standsIn ? { standsIn } : {}),
  };
}

function stopgap(told: DeviceIdentity | null): DeviceIdentity | null {
  if (told === null) return null;
  if (told.chipId === ESP8266.id) return { ...told, release: 'minimal', overwrites: false };
  return { ...told, release: 'safeboot', overwrites: true, standsIn: true };
}

/**
 * What is known of a device that wants a password before it tells. `server`: "Tasmota/15.2.0 (ESP32-C3)". Null: it is
 * no Tasmota.
 */
export function readServer(server: string | undefined): DeviceIdentity | null {
  const [, version = '', hardware = ''] = /^Tasmota\/(\S+)(?: \((.*)\))?$/.exec(toldText(server) ?? '') ?? [];
  if (version === '') return null;
  const chip = hardware === '' ? null : hardware;
  const chipId = chip === null ? null : chipIdOf(chip);
  return { ...NOTHING_TOLD, product: 'Tasmota', version, chip, chipId };
}

/**
 * "15.2.0(release-tasmota32)-3_3_4": the version, and which build of it, without the "release-" or the hash before
 * that.
 */
function versionIn(said: string | null): { readonly version: string; readonly release: string | null } | null {
  const [, version, inside] = /^(\d+(?:\.\d+)+[a-z]?)(?:\(([^)]*)\))?/.exec(said ?? '') ?? [];
  if (version === undefined) return null;
  const release = inside?.replace(/^(?:release|[0-9a-f]{7,8})-/, '') ?? '';
  return { version, release: release === '' ? null : release };
}

function nameIn(status: Readonly<Record<string, unknown>> | null): string | null {
  const friendly = status?.['FriendlyName'];
  const first: unknown = Array.isArray(friendly) ? friendly[0] : friendly;
  return toldText(status?.['DeviceName']) ?? toldText(first);
}

/** "ESP32-D0WD-V3 rev.3", "ESP32-C3 rev.4", "ESP8285N08". Null: none that is known. */
function chipIdOf(hardware: string): number | null {
  const [name = ''] = hardware.toUpperCase().split(' ');
  if (/^ESP82(66|85)/.test(name)) return ESP8266.id;
  // The longest name first, and no digit after it: "ESP32-C61" is not "ESP32-C6".
  const known = KNOWN_CHIPS.toSorted((one, other) => other.name.length - one.name.length);
  const found = known.find(
    (chip) => chip.name !== 'ESP32' && name.startsWith(chip.name) && !/^\d/.test(name.slice(chip.name.length)),
  );
  if (found !== undefined) return found.id;
  // After the ESP32's name comes its package.
  return /^ESP32(?:-(?:D|U|PICO|SOLO)[\w-]*)?$/.test(name) ? 0 : null;
}

/**
 * How much room an upload has, and whether it overwrites what runs. An ESP32 with two partitions tells the size of the
 * other one as free; one with a single partition, and safeboot beside it, what is left in that one.
 */
function roomIn(
  memory: Readonly<Record<string, unknown>> | null,
  chipId: number | null,
  standsIn: boolean,
): Pick<DeviceIdentity, 'roomBytes' | 'overwrites'> {
  const [free, used] = [kilobytes(memory?.['Free']), kilobytes(memory?.['ProgramSize'])];
  // It does not tell the size of the other partition, which is no larger than the flash.
  if (standsIn) return { roomBytes: kilobytes(memory?.['FlashSize']), overwrites: true };
  if (free === null || used === null || chipId === null) return { roomBytes: null, overwrites: null };
  if (chipId === ESP8266.id) return { roomBytes: Math.max(0, free - MARGIN_BYTES), overwrites: false };
  const step = PARTITION_STEP * KILOBYTE;
  if (free % step === 0) return { roomBytes: free, overwrites: false };
  // Both are rounded down.
  return { roomBytes: Math.ceil((free + used) / step) * step, overwrites: true };
}

/** "1T02:03:04": days, hours, minutes, seconds. In milliseconds. */
function uptimeOf(value: unknown): number | null {
  const [, days, hours, minutes, seconds] = /^(\d+)T(\d\d):(\d\d):(\d\d)$/.exec(String(value)) ?? [];
  if (days === undefined) return null;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** In bytes. Null: not told. */
function kilobytes(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value * KILOBYTE : null;
}
