import { KNOWN_CHIPS } from './chips.ts';

/** The chip that people call so, by its id in images: "esp32s3" is the ESP32-S3. Null: no chip is called so. */
export function chipNamed(name: string): number | null {
  return KNOWN_CHIPS.find((chip) => bare(chip.name) === bare(name))?.id ?? null;
}

function bare(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
