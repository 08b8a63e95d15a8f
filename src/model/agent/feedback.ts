/** What an agent tells a rollout server of one action: facts, kept until the server has them. */
import type { Found } from '../firmware/finding.ts';
import type { ActiveState, Outcome } from '../update/update-state.ts';
import type { AgentCode } from './agent-codes.ts';

/** Why nothing is done about an action for now. */
export type AgentWait =
  /** The server wants the file fetched at another time. */
  | 'download'
  /** Outside of the maintenance window, or it is only to be fetched. */
  | 'window'
  /** Outside of the hours in which an update that is not forced may begin. */
  | 'hours'
  /** As many updates run as may at a time. */
  | 'turn'
  /** It is not forced, and a person here is to say when. */
  | 'person'
  /** A person has paused the agent. */
  | 'paused';

/** Why an update is not cancelled. */
export type NotCancelled =
  /** The device has the whole image, or is taking it in one piece. */
  | 'too-late'
  /** It would leave half an update behind. */
  | 'half'
  /** It was stopped, and the device did not say that it is idle again. */
  | 'not-proven'
  /** It had ended. */
  | 'ended';

/** The facts of one line. `device`: its name. `version`: what the file says of itself. */
export type AgentTold =
  | { readonly kind: 'fetched'; readonly filename: string; readonly size: number }
  | { readonly kind: 'waits'; readonly why: AgentWait }
  | { readonly kind: 'runs'; readonly phase: ActiveState['phase'] }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'not-seen' }
  | { readonly kind: 'outcome'; readonly device: string; readonly version: string | null; readonly outcome: Outcome }
  /** The same, and it is tried again. */
  | {
      readonly kind: 'tries-again';
      readonly device: string;
      readonly version: string | null;
      readonly outcome: Outcome;
    }
  /** `hours`: for how long it was tried. */
  | { readonly kind: 'given-up'; readonly hours: number }
  | { readonly kind: 'already-installed' }
  | { readonly kind: 'does-not-fit'; readonly finding: Found }
  | {
      readonly kind: 'no-image' | 'several-images' | 'encrypted' | 'no-hash' | 'file-too-large' | 'damaged' | 'no-room';
    }
  | { readonly kind: 'cancelled'; readonly begun: boolean }
  | { readonly kind: 'not-cancelled'; readonly why: NotCancelled }
  | { readonly kind: 'confirmed' };

export type Execution = 'closed' | 'proceeding' | 'scheduled' | 'rejected' | 'resumed' | 'downloaded' | 'confirmed';

export interface AgentFeedback {
  /** Its own number: a later one has a higher number. */
  readonly seq: number;
  /** What it is an answer to. */
  readonly about: 'deployment' | 'cancel' | 'confirmation';
  readonly action: string;
  readonly execution: Execution;
  readonly finished: 'success' | 'failure' | 'none';
  readonly progress: { readonly count: number; readonly of: number } | null;
  readonly code: AgentCode | null;
  readonly told: AgentTold;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Whether it ends the action: such feedback is sent once. */
export function endsAction({ about, execution }: Pick<AgentFeedback, 'about' | 'execution'>): boolean {
  return execution === 'closed' && about !== 'confirmation';
}
