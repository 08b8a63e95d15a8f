/**
 * What the state is handed besides storage: the work of the other rooms, as functions. `main.ts` wires the real ones
 * (some of them loaded only when first needed), tests wire their own.
 */
import type { Chip, InnerFile, Inspection } from '../firmware/inspection.ts';
import type { UpdateControls } from '../update/controls.ts';
import type { Device } from '../update/device.ts';
import type { UpdatePlan, UpdatePorts } from '../update/plan.ts';
import type { OpenLink } from '../update/ports.ts';
import type { UpdateState } from '../update/update-state.ts';
import type { Secrets } from './secrets.ts';

/** Says what a file is. Never rejects for what the bytes are, only where the code could not be loaded or it is aborted. */
export type InspectFile = (bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal) => Promise<Inspection>;

/** SHA-256 as 64 lower-case hex digits; tells the bytes hashed so far; rejects with the signal's reason on abort. */
export type DigestFile = (
  bytes: Uint8Array<ArrayBuffer>,
  options: { readonly signal: AbortSignal; readonly progress: (hashed: number) => void },
) => Promise<string>;

export type UnpackResult =
  { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> } | { readonly ok: false; readonly message: string };

/** Takes an inner file out of its outer one. */
export type UnpackFile = (bytes: Uint8Array<ArrayBuffer>, inner: InnerFile) => Promise<UnpackResult>;

export type AddressReading =
  | {
      readonly ok: true;
      readonly origin: string;
      /** The path that was typed, as a prefix; null where none was. */
      readonly prefix: string | null;
    }
  | { readonly ok: false; readonly message: string };

export type ReadAddress = (typed: string) => AddressReading;

/** Reads the path of the update routes: "ota/" is "/ota", and nothing is the usual one. */
export type ReadPrefix = (
  typed: string,
) => { readonly ok: true; readonly prefix: string } | { readonly ok: false; readonly message: string };

/** Where the device's secrets go and how it is spoken to; finds out the dialect where it is not known. */
export type LinkTo = (device: Device, secrets: Secrets) => OpenLink;

export type RunUpdate = (
  plan: UpdatePlan,
  ports: UpdatePorts,
  controls: UpdateControls,
) => AsyncGenerator<UpdateState, void, void>;

export interface Words {
  /** For an outcome it begins with the outcome's own words. */
  readonly title: string;
  readonly detail: string;
}

export type DescribeUpdate = (
  state: UpdateState,
  names: { readonly device: string; readonly version: string | null },
) => Words;

/** Keeps two tabs (or two runs) off one device. */
export interface DeviceLock {
  /** @returns how to let go of it again, or null where somebody else holds it. `key`: `lockKey` of the device */
  acquire(key: string): Promise<(() => void) | null>;
}

/** Told while any update is under way: keeps the screen on, and warns before the page is left. */
export interface Busy {
  set(busy: boolean): void;
}

export interface SimulatedDevice {
  readonly name: string;
  readonly address: string;
  readonly token: string;
}

/** What the host that served this page offers besides it. */
export interface HostOffers {
  readonly gateway: boolean;
  /** Whether it can look for devices on the network. */
  readonly discover: boolean;
  readonly simulated: readonly SimulatedDevice[];
  /** Whether this browser has to be paired before the host does anything for it. Absent: a host that asks for none. */
  readonly pairing?: 'not-needed' | 'paired' | 'needed';
  /** Null or absent where it keeps to its own machine. */
  readonly lan?: HostOnLan | null;
}

/** Where phones find the host, best address first, and its certificate's SHA-256 ("AB:CD:…"). */
export interface HostOnLan {
  /** "http://192.168.1.5:6685/": how to trust it. */
  readonly plain: readonly string[];
  readonly fingerprint: string;
}

/** What the lines for a device depend on, as the dialog "Device" holds it: address and path as they were typed. */
export interface LinesAsked {
  readonly token: string;
  readonly protocol: Device['protocol'];
  readonly tokenHeader: string;
  readonly address: string;
  readonly prefix: string;
  /** Whether a login goes along with the token. */
  readonly withLogin?: boolean;
}

/** Takes a token to another phone: sealed in a link, under a short code that goes beside it. */
export interface HandOver {
  /** It opens for the address and path of `device` alone. `code` is as it is to be shown: "XXXX-XXXX". */
  seal(
    token: string,
    device: Pick<Device, 'origin' | 'prefix'>,
  ): Promise<{ readonly sealed: string; readonly code: string }>;
  /** `address`: as the link has it. Null where the code is another one, or the link was changed. */
  open(sealed: string, code: string, address: string): Promise<string | null>;
}

/** What a person has to put on the device, and whether this page may keep secrets. */
export interface Setup {
  /** 32 random bytes as hex. */
  newToken(): string;
  /** The lines for the device's own program: CORS for this page's origin, updates with the token, a loop that runs. */
  linesFor(asked: LinesAsked): string;
  /** The chips that a person can choose from. */
  readonly chips: readonly Chip[];
  /** Whether the browser gives this page encryption, install and wake lock. */
  readonly secure: boolean;
  /** Absent where nothing can be encrypted: then a link carries no token. */
  readonly handOver?: HandOver;
  /** False on the page that a device serves: it is for that device alone. */
  readonly addsDevices?: boolean;
}

/** What an import will do. Nothing is done until it is saved. */
export interface BackupPlan {
  readonly add: readonly Device[];
  readonly change: readonly { readonly before: Device; readonly after: Device }[];
  /** Devices here that stay as they are: the file has them just so, or not at all. */
  readonly keep: readonly Device[];
  /** By device id. `locked`: the file has tokens, and no passphrase was given. */
  readonly tokens: 'none' | 'locked' | ReadonlyMap<string, string>;
}

/** Why a file was refused, whole. */
export type BackupRefusal =
  | { readonly ok: false; readonly why: 'too-large'; readonly limitBytes: number }
  | { readonly ok: false; readonly why: 'not-json' | 'not-a-backup' | 'newer' | 'unsafe-keys' }
  | { readonly ok: false; readonly why: 'invalid' | 'duplicate' | 'other-address'; readonly where: string }
  | { readonly ok: false; readonly why: 'no-secure-context' | 'wrong-passphrase' | 'damaged-tokens' };

/** Writes and reads backup files; loaded when first used. */
export interface BackupTools {
  write(
    devices: readonly Device[],
    tokens: { readonly byDevice: ReadonlyMap<string, string>; readonly passphrase: string } | null,
  ): Promise<
    | { readonly ok: true; readonly text: string }
    | { readonly ok: false; readonly why: 'no-secure-context' | 'too-short' }
  >;
  read(
    file: Blob,
    devices: readonly Device[],
    passphrase: string | null,
  ): Promise<{ readonly ok: true; readonly plan: BackupPlan } | BackupRefusal>;
}
