/**
 * A device of the host as a home automation shows it: what it runs, what is offered to it, and how its update stands.
 * It never holds a secret.
 */
import type { Dialect } from '../device/dialect.ts';

/** `version`: null where the firmware states none. */
export interface EntityFirmware {
  readonly version: string | null;
  /** 64 lower-case hex digits; null: the device told what it runs, and from which file is not known. */
  readonly sha256: string | null;
}

/** `file`: the name of the file. */
export type EntityFile = EntityFirmware & { readonly sha256: string; readonly file: string };

/**
 * Whether a person may start it from there. `no-token`: the host has none for the device. `not-yet`: a rollout server says
 * when it begins, or somebody has paused the agent.
 */
export type OfferStanding = 'install' | 'no-token' | 'not-yet';

export interface EntityOffer {
  /** Names this very offer: a request that names another one is not obeyed. */
  readonly id: string;
  readonly firmware: EntityFile;
  readonly standing: OfferStanding;
}

/** An update that is under way. */
export interface EntityRun {
  readonly standing: 'queued' | 'running' | 'paused';
  readonly firmware: EntityFile;
  /** How much of it the device has, in [0, 1]; null: it is not known. */
  readonly share: number | null;
}

export interface UpdateEntity {
  /** 16 lower-case hex digits, the same as long as the host has the device. */
  readonly id: string;
  readonly name: string;
  readonly dialect: Dialect | null;
  readonly chip: string | null;
  /** Whether it answered when it was looked at last; false also before the first look. */
  readonly isSeen: boolean;
  /** When it answered last, in milliseconds since 1970; null: never. */
  readonly lastSeen: number | null;
  /** By the device's own word. Null: it is not known. */
  readonly installed: EntityFirmware | null;
  readonly offer: EntityOffer | null;
  readonly run: EntityRun | null;
  /** How the last update ended, in words; null: nothing is known of one. */
  readonly ended: string | null;
}
