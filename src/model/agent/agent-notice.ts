/** What an agent has to say to whoever runs it. */
import type { SystemReason } from '../host/data-trouble.ts';
import type { AgentFeedback } from './feedback.ts';

/** Why the rollout server is of no use just now. */
export type ServerTrouble =
  /** No answer came. */
  | 'unreachable'
  /** 401, 403: the token is wrong, or tokens of its kind are turned off there. */
  | 'unauthorised'
  /** 404: it knows no such target, or there is no such server. */
  | 'unknown-target'
  /** 408, 409, 425, 429: it wants to be asked later. */
  | 'busy'
  /** 5xx */
  | 'server-error'
  /** An answer that cannot be read as one of a rollout server. */
  | 'garbled';

export type AgentNotice =
  | { readonly kind: 'connected'; readonly server: string; readonly tenant: string }
  | {
      readonly kind: 'trouble';
      readonly server: string;
      readonly trouble: ServerTrouble;
      readonly status: number | null;
    }
  | { readonly kind: 'not-seen' | 'seen-again'; readonly device: string }
  | { readonly kind: 'needs-confirmation'; readonly device: string; readonly action: string }
  /** What the server is told of an action. */
  | { readonly kind: 'said'; readonly device: string; readonly feedback: AgentFeedback }
  /** The server does not take it, and never will. */
  | { readonly kind: 'not-taken'; readonly device: string; readonly feedback: AgentFeedback }
  | { readonly kind: 'not-written'; readonly folder: string; readonly reason: SystemReason }
  | { readonly kind: 'folder-held'; readonly folder: string }
  | { readonly kind: 'started'; readonly devices: number };
