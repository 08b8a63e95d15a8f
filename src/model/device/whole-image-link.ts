/**
 * One device that takes an image whole, as the engine speaks to it (docs/decisions/whole-image-link.md). `device/`
 * implements it; tests script it.
 */
import type { Device, Route } from './device.ts';
import type { Login } from './secrets/login.ts';
import type { DeviceIdentity } from './identity.ts';
import type { DeviceLink, RequestOptions } from './link.ts';
import type { WholeImageDialect } from './dialect.ts';
import type { WholeImageTraits } from './traits.ts';

export interface UploadOptions extends RequestOptions {
  /** Whether to leave out the device's own check of what the image says of itself, since the person knows better. */
  readonly withoutCheck: boolean;
  /** Called with how many bytes of the image were handed to the connection so far: more than the device has by then. */
  readonly onSent: (bytes: number) => void;
}

/**
 * The device's answer to the upload. `taken`: it says yes, which proves nothing. `refused`: it judged the image and does
 * not want it. `said`: its own words in plain text, null where it used none.
 */
export interface UploadAnswer {
  readonly kind: 'taken' | 'refused';
  readonly said: string | null;
}

/** Every method is one question, of one request or a few small ones, and rejects with an `UpdateError` only. */
export interface WholeImageLink {
  readonly dialect: WholeImageDialect;
  readonly traits: WholeImageTraits;
  /** It was found by an answer that no other device gives. */
  readonly certain: true;
  readonly route: Route;
  /** Whether it learns how much of an upload has gone; else it learns nothing before the answer. */
  readonly tellsSent: boolean;
  /** Its count of an upload is what the device says that it has written. Absent: what was handed to the connection. */
  readonly tellsWritten?: boolean;
  identify(options: RequestOptions): Promise<DeviceIdentity>;
  /**
   * Makes the device ready for an upload, and rejects where it would refuse one, before a byte of the image is sent.
   */
  prepare(options: RequestOptions): Promise<void>;
  upload(image: Uint8Array<ArrayBuffer>, options: UploadOptions): Promise<UploadAnswer>;
  /**
   * Has a device with room for one firmware start the small system that takes an upload in its place. Called after
   * `prepare`; answers `ready` once that runs. From then on the old firmware may be overwritten. Absent: no device of
   * this kind needs it.
   */
  standAside?(options: RequestOptions): Promise<'ready' | 'restarting'>;
  /** Has it start its old firmware again, which nothing was written over. Rejects where it does not do so now. */
  takeBack?(options: RequestOptions): Promise<void>;
  /**
   * Removes what is left of an upload of ours that broke off, beside which the device would take no other. Rejects
   * where it may still be there. Absent: it cannot be removed.
   */
  release?(options: RequestOptions): Promise<void>;
  /** It keeps running after it has taken an image, until it is asked to restart. Absent: it restarts by itself. */
  readonly runsOn?: true;
  /** Asks it to restart, with the firmware that it has. */
  restart(options: RequestOptions): Promise<void>;
}

/** The device that was found at an address, without any secret. */
export interface FoundWhole {
  readonly dialect: WholeImageDialect;
  readonly identity: DeviceIdentity;
  /** Its origin, where that is not the one that was asked. */
  readonly origin?: string;
}

/** A device as the host is asked about it: where it is, how it is spoken to, and its secrets. */
export type AskedOfHost = Pick<Device, 'origin' | 'prefix' | 'protocol' | 'dialect' | 'tokenHeader'> & {
  readonly token: string;
  readonly login?: Login | null;
};

/**
 * Has the host ask a device what it is, where only the host can speak to it: as the known dialect, or as each where
 * none is known. Null: no such device. Rejects with an `UpdateError`.
 */
export type AskHost = (target: AskedOfHost, options: RequestOptions) => Promise<FoundWhole | null>;

export type AnyLink = DeviceLink | WholeImageLink;

export function isWholeImage(link: AnyLink): link is WholeImageLink {
  return link.traits.sends === 'whole-image';
}

/** Opens the link: finds out the dialect where it is not known yet. */
export type OpenLink<Link extends AnyLink = AnyLink> = (options: RequestOptions) => Promise<Link>;
