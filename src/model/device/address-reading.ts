/** An address as a person typed it, read: where requests go, or what is wrong with it. */

/** Where ViperHTTP listens unless told otherwise, on http and on https. A scheme's own port has to be typed. */
export const DEFAULT_PORT = 8080;
export const LAST_PORT = 65_535;
/** Where ViperHTTP puts its update routes unless it is told otherwise. */
export const DEFAULT_PREFIX = '/ota';

/** `text`: the path as it was typed. */
export interface WrongPrefix {
  readonly kind: 'no-prefix';
  readonly text: string;
}

export type WrongAddress =
  | {
      readonly kind:
        | 'empty'
        | 'spaces'
        /** "http:192.168.1.50" */
        | 'no-slashes'
        | 'backslash'
        | 'query'
        | 'fragment'
        /** A user name or password in front of an "@". */
        | 'user-info'
        | 'ipv6-without-brackets'
        | 'no-host'
        /** "fe80::1%eth0" */
        | 'zone';
    }
  /** `text`: the part that is wrong, as it was typed. `reserved`: no device can have this address. */
  | {
      readonly kind: 'no-scheme-of-devices' | 'no-port' | 'no-name' | 'no-ipv4' | 'no-ipv6' | 'reserved';
      readonly text: string;
    }
  | WrongPrefix;

export type AddressReading =
  | {
      readonly kind: 'address';
      readonly origin: string;
      /** The path that was typed, as a prefix; null where none was. */
      readonly prefix: string | null;
    }
  | WrongAddress;

/** The path of the update routes by itself. */
export type PrefixReading = { readonly kind: 'prefix'; readonly prefix: string } | WrongPrefix;
