/**
 * The ports where ESPHome devices take updates by its own protocol: on the ESP32, the ESP8266, the RP2040, and the
 * chips of LibreTiny.
 */
const PORTS = [3232, 8266, 2040, 8892] as const;

const OF_PLATFORM: ReadonlyMap<string | null, number> = new Map([
  ['ESP8266', 8266],
  ['RP2040', 2040],
]);

/** The port for a platform, as the device announces it; for any other, that of the ESP32. */
export function esphomePort(platform: string | null): number {
  return OF_PLATFORM.get(platform) ?? PORTS[0];
}

/** Whether the port of an address is one that only such a device has. */
export function isEsphomePort(origin: string): boolean {
  return PORTS.some((port) => String(port) === new URL(origin).port);
}
