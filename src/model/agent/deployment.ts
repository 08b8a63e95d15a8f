/** What a rollout server asks of one target, as its device API says it (Eclipse hawkBit, DDI). */

/** How far the server urges a step. `attempt`: the agent chooses when. */
export type Handling = 'skip' | 'attempt' | 'forced';

export interface Artifact {
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  /** 64 lower-case hex digits; null: the server tells none. */
  readonly sha256: string | null;
  /** Where it is fetched, perhaps from another host; null: nowhere. */
  readonly href: string | null;
}

/** A software module. */
export interface Chunk {
  /** "os", "bApp" */
  readonly part: string;
  readonly name: string;
  readonly version: string;
  readonly encrypted: boolean;
  readonly artifacts: readonly Artifact[];
}

export interface Deployment {
  /** Of the action. */
  readonly id: string;
  readonly download: Handling;
  /** `skip`: also outside of the maintenance window. */
  readonly update: Handling;
  /** The maintenance window; null: there is none. */
  readonly window: 'open' | 'closed' | null;
  readonly chunks: readonly Chunk[];
}

/** What one poll told. */
export interface Polled {
  /** `id`: the id of the request itself, which the answer names. `stopId`: the action that is to end. */
  readonly cancel: { readonly id: string; readonly stopId: string } | null;
  readonly deployment: Deployment | null;
  /** The action that waits to be confirmed. */
  readonly confirmation: string | null;
  readonly wantsAttributes: boolean;
}

/** The one image of an action, as it lies here under its hash. */
export interface AgentImage {
  readonly sha256: string;
  readonly size: number;
  readonly filename: string;
  /** As the file states it; null where it states none. */
  readonly version: string | null;
  readonly project: string | null;
}
