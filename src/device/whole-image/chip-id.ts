import { ESP8266, KNOWN_CHIPS } from '../../model/firmware/chips.ts';

/** "esp32", "ESP32-S3", "ESP32-D0WDQ6", "esp8266", as devices name their chip. Null: none that is known. */
export function chipIdOf(named: string): number | null {
  const name = named.toUpperCase();
  if (name.startsWith(ESP8266.name) || name.startsWith('ESP8285')) return ESP8266.id;
  // The longest name first: "ESP32-S31" is not "ESP32-S3".
  const known = KNOWN_CHIPS.toSorted((one, other) => other.name.length - one.name.length);
  const found = known.find((chip) => name === chip.name || name.startsWith(`${chip.name} `));
  if (found !== undefined) return found.id;
  // After the ESP32's name comes its package.
  return /^ESP32(-(D|U|PICO)\w*)?$/.test(name) ? 0 : null;
}
