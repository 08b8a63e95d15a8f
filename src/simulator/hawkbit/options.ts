/** How a simulated hawkBit server is set up, and what it is like where nothing is said. */
import { realClock, type DeviceClock } from '../clock.ts';

export interface HawkbitOptions {
  readonly tenant: string;
  /** What the tenant's gateways show; null: none may come in. */
  readonly gatewayToken: string | null;
  /** Seconds between two polls, as the tenant sets it. */
  readonly pollSeconds: number;
  /** Whether the tenant wants an action confirmed before it is deployed. */
  readonly confirms: boolean;
  /** Entries that an action may have. */
  readonly mostEntries: number;
  /** Where artifacts are fetched, "https://cdn.test"; null: where everything else is. */
  readonly artifactOrigin: string | null;
  readonly clock: DeviceClock;
}

export const HAWKBIT_DEFAULTS: HawkbitOptions = {
  tenant: 'DEFAULT',
  gatewayToken: 'gateway-secret',
  // As hawkBit has it.
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
  /** When a time-forced one becomes forced, by the server's clock, in milliseconds. */
  readonly forceAt?: number;
  /** When the window opens and lapses, by the server's clock, in milliseconds. */
  readonly window?: { readonly opensAt: number; readonly lapsesAt: number };
}
