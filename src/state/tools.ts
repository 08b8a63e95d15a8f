/**
 * What the state is handed besides storage: the work of the other rooms, as functions. The composition root wires the real ones
 * (some of them loaded only when first needed), tests wire their own.
 */
import type { InnerFile, Inspection, KnownChip } from '../model/firmware/inspection.ts';
import type { UpdateControls } from '../update/controls.ts';
import type { Device } from '../model/device/device.ts';
import type { UpdatePlan, UpdatePorts } from '../model/update/plan.ts';
import type { OpenLink } from '../model/device/whole-image-link.ts';
import type { UpdateState } from '../model/update/update-state.ts';
import type { DeviceOfPair, FileOfPair, Fit } from '../model/firmware/fit.ts';
import type { ReasonCode } from '../model/firmware/finding.ts';
import type { Misfit } from '../model/firmware/misfit.ts';
import type { NotTaken, TakenOut } from '../model/firmware/taken-out.ts';
import type { DescribeUpdate } from '../words/update/told.ts';
import type { Unreadable } from '../words/firmware/files.ts';
import type { Secrets } from './device/secrets/secrets.ts';
import type { AddressReading, PrefixReading } from '../model/device/address-reading.ts';

/** Says what a file is. Never rejects for what the bytes are, only where the code could not be loaded or it is aborted. */
export type InspectFile = (bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal) => Promise<Inspection>;

/** SHA-256 as 64 lower-case hex digits; tells the bytes hashed so far; rejects with the signal's reason on abort. */
export type DigestFile = (
  bytes: Uint8Array<ArrayBuffer>,
  options: { readonly signal: AbortSignal; readonly progress: (hashed: number) => void },
) => Promise<string>;

/** Takes an inner file out of its outer one. */
export type UnpackFile = (bytes: Uint8Array<ArrayBuffer>, inner: InnerFile) => Promise<TakenOut>;

/** The sentences about files, and whether one fits a device. */
export interface FileWords {
  fit(file: FileOfPair, device: DeviceOfPair, overruled: readonly ReasonCode[]): Fit;
  verdict(inspection: Inspection): string;
  notTaken(not: NotTaken): string;
  unreadable(not: Unreadable): string;
  misfit(misfit: Misfit): string;
}

/** The sentences about updates; loaded with the first need, as the first view has none of them. */
export type LoadDescribe = () => Promise<DescribeUpdate>;

/** @param usualPort what an address without a port means; undefined: where ViperHTTP's devices listen */
export type ReadAddress = (typed: string, usualPort?: number) => AddressReading;

/** Reads the path of the update routes: "ota/" is "/ota", and an empty text is the default one. */
export type ReadPrefix = (typed: string) => PrefixReading;

/** Where the device's secrets go and how it is spoken to; finds out the dialect where it is not known. */
export type LinkTo = (device: Device, secrets: Secrets) => OpenLink;

export type RunUpdate = (
  plan: UpdatePlan,
  ports: UpdatePorts,
  controls: UpdateControls,
) => AsyncGenerator<UpdateState, void, void>;

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
  linesFor(asked: LinesAsked): Promise<string>;
  /** The chips that a person can choose from. */
  readonly chips: readonly KnownChip[];
  /** Whether the browser gives this page encryption, install and wake lock. */
  readonly secure: boolean;
  /** Absent where nothing can be encrypted: then a link carries no token. */
  readonly handOver?: HandOver;
  /** False on the page that a device serves: it is for that device alone. */
  readonly addsDevices?: boolean;
}
