import { chipOf } from '../../model/firmware/chips.ts';

/** A chip by its id: "ESP32-S3", "unknown chip 77". */
export function chipName(id: number): string {
  const chip = chipOf(id);
  return chip.known ? chip.name : `unknown chip ${id}`;
}
