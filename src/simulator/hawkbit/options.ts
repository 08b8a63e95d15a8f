/** The options of a simulated hawkBit server, and their defaults. */
import { realClock, type DeviceClock } from '../clock.ts';

export interface HawkbitOptions {
  readonly tenant: string;
  /** The token of the tenant's gateways; null: no gateway is accepted. */
  readonly gatewayToken: string | null;
  /** Seconds between two polls, as the tenant sets it. */
  readonly pollSeconds: number;
  /** Whether the tenant wants an action confirmed before it is deployed. */
  readonly confirms: boolean;
  /** The most entries that an action may have. */
  readonly mostEntries: number;
  /** The origin of artifacts, "https://cdn.test"; null: that of everything else. */
  readonly artifactOrigin: string | null;
  readonly clock: DeviceClock;
}

export const HAWKBIT_DEFAULTS: HawkbitOptions = {
  tenant: 'DEFAULT',
  gatewayToken: 'gateway-secret',
  // hawkBit's own default.
  pollSeconds: 300,
  confirms: false,
  // `HawkbitSecurityProperties`: maxStatusEntriesPerAction
  mostEntries: 1_000,
  artifactOrigin: null,
  clock: realClock,
};

/** A file of a software module. */
export interface StoredArtifact {
  readonly filename: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface SoftwareModule {
  readonly name: string;
  readonly version: string;
  /** "os", "bApp" */
  readonly part: string;
  readonly encrypted?: boolean;
  readonly artifacts: readonly StoredArtifact[];
}

/** What is assigned to a target. */
export interface DistributionSet {
  readonly name: string;
  readonly version: string;
  readonly modules: readonly SoftwareModule[];
}

export type AssignmentType = 'forced' | 'soft' | 'timeforced' | 'downloadonly';

export interface Assignment {
  readonly type?: AssignmentType;
  /** When a time-forced assignment becomes forced, by the server's clock, in milliseconds. */
  readonly forceAt?: number;
  /** When the window opens and lapses, by the server's clock, in milliseconds. */
  readonly window?: { readonly opensAt: number; readonly lapsesAt: number };
}
