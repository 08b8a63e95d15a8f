/** What is decided of, and what may come of it. */
import type { AgentPolicy } from '../model/agent/agent-settings.ts';
import type { AgentImage, Artifact, Chunk, Polled } from '../model/agent/deployment.ts';
import type { Dialect } from '../model/device/dialect.ts';
import type { DeviceIdentity } from '../model/device/identity.ts';
import type { DeviceStatus } from '../model/device/link.ts';
import type { Inspection } from '../model/firmware/inspection.ts';
import type { ActiveState, Outcome } from '../model/update/update-state.ts';
import type { FeedbackAnswer, TargetNote } from './note.ts';

/** What a device told when it was looked at, outside of an update. */
export interface Sight {
  /** Null: what answers told none. */
  readonly dialect: Dialect | null;
  readonly status: DeviceStatus | null;
  readonly identity: DeviceIdentity | null;
  /** An update was begun here and has not come to an end that is known. */
  readonly isLeftOpen: boolean;
  /** Somebody else on this machine is updating it. */
  readonly isHeld: boolean;
}

/** Of the moment, and what does not change. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly date: number;
  /** Of the day, where the agent is. */
  readonly minute: number;
  /** A person has paused the agent: nothing new is begun. */
  readonly isPaused: boolean;
  readonly policy: AgentPolicy;
  readonly device: { readonly name: string; readonly chipId: number | null };
  /** The last look at the device; null: it was not seen. */
  readonly sight: Sight | null;
  /** Of the update that runs; null: none, or it has not said a word. */
  readonly state: ActiveState | null;
  /** What the file of the action is, once it is here. */
  readonly inspection: Inspection | null;
  /** Bytes of the largest file that is taken. */
  readonly mostBytes: number;
}

export type AgentEvent =
  /** The agent starts, with what it remembers. */
  | { readonly kind: 'started' }
  /** The device was looked at; `Moment.sight` has what it told. */
  | { readonly kind: 'looked' }
  | { readonly kind: 'polled'; readonly polled: Polled }
  | { readonly kind: 'fetched'; readonly fetched: Fetched }
  /** Its file is here no longer. */
  | { readonly kind: 'missing' }
  /** As many updates run as may at a time. */
  | { readonly kind: 'queued' }
  /** A person has said that this action may begin. */
  | { readonly kind: 'approved'; readonly action: string }
  /** It is this target's turn to update. */
  | { readonly kind: 'turn' }
  /** Somebody else is at the device; nothing was begun. */
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'progressed'; readonly state: ActiveState }
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  /** The server answered the feedback of this number. */
  | { readonly kind: 'answered'; readonly seq: number; readonly answer: FeedbackAnswer };

export type Step =
  | {
      readonly kind: 'fetch';
      readonly artifact: Artifact & { readonly sha256: string; readonly href: string };
      readonly chunk: Chunk;
    }
  /** To be told when as few updates run that one more may. */
  | { readonly kind: 'ask-turn' }
  | { readonly kind: 'give-turn-back' }
  /** `beginAgain`: whether it may begin from nothing where what was written is gone. */
  | { readonly kind: 'run'; readonly image: AgentImage; readonly beginAgain: boolean }
  /** The update that runs is to be cancelled. */
  | { readonly kind: 'stop' }
  /** The server is told what the device is. */
  | { readonly kind: 'tell-attributes' }
  /** A person has to confirm the action. */
  | { readonly kind: 'needs-confirmation'; readonly action: string };

export interface Decision {
  readonly note: TargetNote;
  readonly steps: readonly Step[];
}

/** An action's file is here, or is not to be had. `action`: for which it was fetched. */
export type Fetched = { readonly action: string } & (
  | { readonly kind: 'here'; readonly image: AgentImage }
  /** What came has another hash than the server says, more than once. */
  | { readonly kind: 'damaged' }
  /** The disk is full, or cannot be written. */
  | { readonly kind: 'no-room' }
  /** The server does not hand it out just now. */
  | { readonly kind: 'later' }
);
