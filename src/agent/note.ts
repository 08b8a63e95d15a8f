/** What is remembered of one target: written down before each step, so that an agent that is killed finds it again. */
import type { AgentImage, Handling } from '../model/agent/deployment.ts';
import type { AgentFeedback, AgentTold } from '../model/agent/feedback.ts';
import type { RanFirmware } from '../model/device/device.ts';

/**
 * How far an action is. `offered`: its file is not here. `ready`: it is, and was judged. `running`: an update runs, or ran
 * when the agent was killed. `taken`: the device took the image, cannot prove it, and the action is left open. `closed`:
 * the server has ended it, and the update still runs.
 */
export type ActionPhase = 'offered' | 'ready' | 'running' | 'taken' | 'closed';

export interface ActionNote {
  readonly id: string;
  readonly phase: ActionPhase;
  /** From `ready` on. */
  readonly image: AgentImage | null;
  /** As the last poll had it. */
  readonly update: Handling;
  readonly window: 'open' | 'closed' | null;
  /** An earlier start of the agent left it `running`. `told`: the server was told that it goes on. */
  readonly leftBehind: 'no' | 'yes' | 'told';
  /** It is not forced, and a person has said that it may begin. */
  readonly isApproved: boolean;
  /** Something may be half done on the device. */
  readonly half: boolean;
  /** The device has the image, and is only looked for: nothing is begun again. */
  readonly onlyLook: boolean;
  /** Nothing is tried before this moment, in milliseconds since 1970. */
  readonly notBefore: number;
  /** Since when the device is not to be had, in milliseconds since 1970; null: it is. */
  readonly troubleSince: number | null;
  /** Where the server waits for an answer to its wish to cancel it; null: nowhere. */
  readonly cancelling: string | null;
  /** What was said last that is not said twice in a row. */
  readonly saidLast: string | null;
  readonly saidDownloaded: boolean;
  /** How much was said of it: the server has room for a thousand entries. */
  readonly saidCount: number;
  /** What the device was known to run before the update began: it does so again where the old firmware runs at its end. */
  readonly ranBefore: RanFirmware | null;
  /** Of the progress that was told last: when, and which share. */
  readonly progress: { readonly at: number; readonly share: number } | null;
}

/** An action that is over, with the word that ended it; null: the server ended it. */
export interface EndedAction {
  readonly id: string;
  readonly last: AgentFeedback | null;
}

/** Nothing waits for longer before it is tried again. */
export const LONGEST_PAUSE_MS = 60_000;

/** Whether it is not tried yet. What is further away than anything is was noted before the clock was set back. */
export function waitsABit({ notBefore }: Pick<ActionNote, 'notBefore'>, date: number): boolean {
  return notBefore > date && notBefore - date <= LONGEST_PAUSE_MS;
}

export interface TargetNote {
  readonly controllerId: string;
  readonly action: ActionNote | null;
  /** The newest first. */
  readonly ended: readonly EndedAction[];
  /** What the server has not been told yet, in order. */
  readonly outbox: readonly AgentFeedback[];
  /** What the server took last; null: nothing yet. */
  readonly lastTold: AgentFeedback | null;
  /** Of the next feedback. */
  readonly seq: number;
  /** What an update of this agent showed that the device runs; null: it is not known, as from the begin of an update to its end. */
  readonly runs: RanFirmware | null;
  /** As the last image that was proven to run has it. */
  readonly chipId: number | null;
  /** When the device was seen last, in milliseconds since 1970. */
  readonly lastSeen: number | null;
}

/** A server offers an ended action again only until it has heard of its end; the last few are plenty. */
const MOST_ENDED = 20;

export function newNote(controllerId: string): TargetNote {
  return {
    controllerId,
    action: null,
    ended: [],
    outbox: [],
    lastTold: null,
    seq: 1,
    runs: null,
    chipId: null,
    lastSeen: null,
  };
}

export function newAction(id: string): ActionNote {
  return {
    ...{ id, phase: 'offered', image: null, update: 'skip', window: null, leftBehind: 'no', half: false },
    isApproved: false,
    ...{
      onlyLook: false,
      notBefore: 0,
      troubleSince: null,
      cancelling: null,
      saidLast: null,
      saidDownloaded: false,
      saidCount: 0,
    },
    ...{ ranBefore: null, progress: null },
  };
}

export type NewFeedback = Pick<AgentFeedback, 'about' | 'action' | 'execution' | 'told'> &
  Partial<Pick<AgentFeedback, 'finished' | 'progress' | 'code'>>;

/** Puts it last in what the server is to be told. Progress takes the place of progress that is still unsent. */
export function say(note: TargetNote, said: NewFeedback, at: number): TargetNote {
  const feedback: AgentFeedback = { finished: 'none', progress: null, code: null, ...said, seq: note.seq, at };
  const last = note.outbox.at(-1);
  const isOutdated = last?.action === said.action && isProgress(last) && isProgress(feedback);
  const before = isOutdated ? note.outbox.slice(0, -1) : note.outbox;
  const { action } = note;
  const counted = action?.id === said.action ? { ...action, saidCount: action.saidCount + 1 } : action;
  return { ...note, action: counted, outbox: [...before, feedback], seq: note.seq + 1 };
}

/** What is left of the thousand is for the server's own entries, and for the end. */
const MOST_SAID = 800;
/** A device that is lost at every half, for a day, must not use up all of it. */
const MOST_PROGRESS = 300;

/** Whether there is room for more of the action's progress. */
export function hasRoomForProgress({ saidCount }: Pick<ActionNote, 'saidCount'>): boolean {
  return saidCount < MOST_PROGRESS;
}

/** As `say`, of the action that is under way; what was said last is not said again. */
export function sayOnce(note: TargetNote, said: NewFeedback, at: number): TargetNote {
  const { action } = note;
  const what = keyOf(said.told);
  if (action === null || action.saidLast === what || action.saidCount >= MOST_SAID) return note;
  return say({ ...note, action: { ...action, saidLast: what } }, said, at);
}

function keyOf(told: AgentTold): string {
  if (told.kind === 'waits') return `waits ${told.why}`;
  if (told.kind === 'held') return `held ${told.by}`;
  if (told.kind !== 'tries-again') return told.kind;
  const { outcome } = told;
  return `tries-again ${outcome.outcome} ${outcome.outcome === 'failed' ? outcome.code : ''}`;
}

function isProgress({ told, execution }: AgentFeedback): boolean {
  return execution === 'proceeding' && told.kind === 'runs';
}

/** The action is over. `said`: the word that ended it, which goes to the server; null: the server ended it. */
export function endAction(note: TargetNote, id: string, said: NewFeedback | null, at: number): TargetNote {
  const told = said === null ? note : say(note, said, at);
  const last = said === null ? null : (told.outbox.at(-1) ?? null);
  const ended = [{ id, last }, ...told.ended.filter((one) => one.id !== id)].slice(0, MOST_ENDED);
  return { ...told, ended, action: told.action?.id === id ? null : told.action };
}

/** Whether anything is still to be told of the action. */
export function isUnsent({ outbox }: TargetNote, id: string): boolean {
  return outbox.some(({ action }) => action === id);
}

/**
 * What the server said to one feedback. `taken`: it has it. `gone`: the action is over there, or it knows none. `refused`:
 * it will never take this one.
 */
export type FeedbackAnswer = 'taken' | 'gone' | 'refused';

export function answered(note: TargetNote, seq: number, answer: FeedbackAnswer): TargetNote {
  const sent = note.outbox.find((one) => one.seq === seq);
  if (sent === undefined) return note;
  const isOver = answer === 'gone' && sent.about === 'deployment';
  const outbox = note.outbox.filter((one) => one.seq !== seq && !(isOver && one.action === sent.action));
  const told = { ...note, outbox, lastTold: answer === 'taken' ? sent : note.lastTold };
  const { action } = told;
  if (!isOver || action?.id !== sent.action) return told;
  // The update that runs is left to run: a device is not stopped in the middle because of what a server says.
  const isRunning = action.phase === 'running' && action.leftBehind === 'no';
  return isRunning ? { ...told, action: { ...action, phase: 'closed' } } : endAction(told, action.id, null, 0);
}
