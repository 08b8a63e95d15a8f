import { KNOWN_CHIPS } from './chips.ts';

/**
 * The id in images of the chip of this name, however it is written: "esp32s3" is the ESP32-S3. Null: no chip has this
 * name.
 */
export function chipNamed(name: string): number | null {
  return KNOWN_CHIPS.find((chip) => bare(chip.name) === bare(name))?.id ?? null;
}

function bare(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
