/** A device that introduced itself on the network. None of it is verified: the other side sent it. */
import type { Dialect } from './dialect.ts';

/** What it announced itself as. `arduino`: a sketch that takes updates by espota. `web`: some web server. */
export const FOUND_KINDS = ['viperhttp', 'wled', 'esphome', 'tasmota', 'arduino', 'web'] as const;
export type FoundKind = (typeof FOUND_KINDS)[number];

export interface FoundDevice {
  readonly name: string;
  /** "http://192.168.1.50:8080" */
  readonly address: string;
  readonly kind: FoundKind;
  /** How it is spoken to, where what it announced settles that. */
  readonly dialect: Dialect | null;
  /** Of its firmware. Null: it has not told. */
  readonly version: string | null;
  /** As it names its chip: "ESP32". Null: it has not told. */
  readonly chip: string | null;
  /** As its firmware names the board: "esp32dev". Null: it has not told. */
  readonly board: string | null;
}
