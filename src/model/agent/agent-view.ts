/** What a page is told of the agent that runs in its host, and what it may tell the agent. It never holds a secret. */
import type { ActiveState } from '../update/update-state.ts';
import type { ServerTrouble } from './agent-notice.ts';

/** `since` in milliseconds since 1970. */
export type AgentConnection =
  | { readonly kind: 'not-heard' }
  | { readonly kind: 'connected'; readonly since: number }
  /** `status`: the HTTP status; null: no answer came. */
  | {
      readonly kind: 'trouble';
      readonly since: number;
      readonly trouble: ServerTrouble;
      readonly status: number | null;
    };

export const CONNECTIONS = ['not-heard', 'connected', 'trouble'] as const satisfies readonly AgentConnection['kind'][];

/** How far a device's assignment is. `offer`: it waits for a person here. */
export const ASSIGNMENT_STANDINGS = [
  'fetching',
  'offer',
  'waiting',
  'running',
  'looked-for',
  'taken',
  'ended-there',
] as const;
export type AssignmentStanding = (typeof ASSIGNMENT_STANDINGS)[number];

export interface AgentAssignment {
  readonly action: string;
  readonly standing: AssignmentStanding;
  /** The file, once it is here; `version`: as the file states it. */
  readonly file: { readonly name: string; readonly size: number; readonly version: string | null } | null;
  /** Of the update that runs, in bytes; null: none does. */
  readonly progress: Pick<ActiveState['progress'], 'acknowledged' | 'total'> | null;
}

export interface AgentTarget {
  readonly controllerId: string;
  readonly name: string;
  /** Null: it was not looked at yet. */
  readonly isSeen: boolean | null;
  /** In milliseconds since 1970; null: never. */
  readonly lastSeen: number | null;
  readonly assignment: AgentAssignment | null;
  /** What the server was told last, word for word. `at`: when that happened, in milliseconds since 1970. */
  readonly told: { readonly at: number; readonly lines: readonly string[] } | null;
  /** How many reports are still to be sent to it. */
  readonly unsent: number;
}

export interface AgentView {
  readonly server: string;
  readonly tenant: string;
  readonly connection: AgentConnection;
  /** In milliseconds since 1970; null: it is not paused. */
  readonly pausedAt: number | null;
  /** In the order of the list; where there are too many to send, those that a person may want to see. */
  readonly targets: readonly AgentTarget[];
  /** How many more there are. */
  readonly more: number;
}

export type AgentOrder =
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** A person wants the offered assignment installed now. */
  | { readonly kind: 'install'; readonly controllerId: string; readonly action: string };
