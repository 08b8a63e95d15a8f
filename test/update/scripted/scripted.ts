/** A device that answers from a script, and a run that speaks to it: for tests of one part of the engine at a time. */
import type { Route } from '../../../src/model/device/device.ts';
import type { UpdatePlan, UpdatePorts } from '../../../src/model/update/plan.ts';
import { type ChunkedDialect, TRAITS } from '../../../src/model/device/dialect.ts';
import type { ChunkedTraits } from '../../../src/model/device/traits.ts';
import type { Journal, JournalEntry } from '../../../src/model/update/journal.ts';
import type {
  AbortAnswer,
  BeginAnswer,
  BeginRequest,
  DeviceLink,
  DeviceStatus,
  FinalizeAnswer,
  FinalizeRequest,
  RequestOptions,
  SessionReport,
  Slot,
  WriteAnswer,
} from '../../../src/model/device/link.ts';
import { Run } from '../../../src/update/run.ts';
import { Refusal, type StepResult, type Step } from '../../../src/update/steps/step.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { ManualClock } from '../../device/manual-clock.ts';
import { acceptedApp } from './images.ts';
import { Network } from './network.ts';
import {
  type Known,
  type Tries,
  isBegun,
  isShown,
  oldFirmwareOf,
  saidYes,
  withAnswer,
  withBeginSent,
  withHandedOver,
  withStartedOver,
} from '../../../src/update/known.ts';
import { type Session, openedOf } from '../../../src/update/session.ts';
import type { OldFirmware } from '../../../src/model/update/update-state.ts';
import type { SlotPlace } from '../../../src/model/device/slots.ts';
import type { UpdateErrorCode } from '../../../src/model/update/error-codes.ts';

/** Larger than several of the chunks that a run starts with. */
export const IMAGE = acceptedApp(20_000);
export const DEVICE_ID = 'kitchen';
/** Random numbers for the backoff: the middle of each window. */
export const LUCK = 0.5;

const SLOT_BYTES = 64 * 1024;
export const OLD: Slot = { label: 'ota_0', address: 0x10000, size: SLOT_BYTES };
export const NEW: Slot = { label: 'ota_1', address: 0x20000, size: SLOT_BYTES };

/** A session for the image, just begun. */
export function session(changes: Partial<SessionReport> = {}): SessionReport {
  return {
    id: '7',
    writtenBytes: 0,
    expectedSize: IMAGE.bytes.length,
    expectedSha256: IMAGE.sha256,
    slot: NEW,
    capacityBytes: SLOT_BYTES,
    blockSize: 4096,
    ...changes,
  };
}

/** A device that runs its old firmware and holds no session. */
export function status(changes: Partial<DeviceStatus> = {}): DeviceStatus {
  return { supported: true, session: null, running: OLD, boot: OLD, next: NEW, lastTaken: null, ...changes };
}

export function plan(changes: Partial<UpdatePlan> = {}): UpdatePlan {
  return {
    deviceId: DEVICE_ID,
    bytes: IMAGE.bytes,
    sha256: IMAGE.sha256,
    inspection: IMAGE.inspection,
    chipId: IMAGE.inspection.chip?.id ?? null,
    overruled: [],
    restart: true,
    takeOver: null,
    chunkBytes: {},
    ...changes,
  };
}

/** What an interrupted run left behind, at date 0 of the tests' clock. */
export function left(changes: Partial<JournalEntry> = {}): JournalEntry {
  return {
    deviceId: DEVICE_ID,
    sha256: IMAGE.sha256,
    size: IMAGE.bytes.length,
    dialect: 'shipped',
    sessionId: '7',
    slot: NEW.label,
    previousSlot: OLD.label,
    acknowledged: 4096,
    sentTo: 8192,
    phase: 'writing',
    at: new ManualClock().date(),
    ...changes,
  };
}

type Answer<T> = T | UpdateError | Promise<T>;
export type Asked =
  | { readonly kind: 'status' | 'abort' | 'mark-valid' }
  | ({ readonly kind: 'begin' } & BeginRequest)
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: number }
  | ({ readonly kind: 'finalize' } & FinalizeRequest);

/** Each list is used up from its start; a request beyond its list fails the test. */
export class ScriptedLink implements DeviceLink {
  readonly dialect: ChunkedDialect;
  readonly traits: ChunkedTraits;
  readonly certain: boolean = true;
  readonly tellsStatus: boolean;
  /** One block, so that the next chunk is twice as large. */
  readonly firstChunkBytes = 4096;
  route: Route = 'direct';
  readonly asked: Asked[] = [];
  readonly limits: number[] = [];
  statuses: Answer<DeviceStatus>[] = [];
  begins: Answer<SessionReport>[] = [];
  writes: Answer<WriteAnswer>[] = [];
  /** Null: the device names the image. */
  finalizes: Answer<FinalizeAnswer | null>[] = [];
  aborts: Answer<AbortAnswer>[] = [];
  marks: Answer<null>[] = [];

  constructor(dialect: ChunkedDialect = 'shipped', tellsStatus = true) {
    this.dialect = dialect;
    this.traits = TRAITS[dialect];
    this.tellsStatus = tellsStatus;
  }

  status(options: RequestOptions): Promise<DeviceStatus> {
    return this.#answer({ kind: 'status' }, this.statuses, options);
  }

  async begin(request: BeginRequest, options: RequestOptions): Promise<BeginAnswer> {
    return { session: await this.#answer({ kind: 'begin', ...request }, this.begins, options) };
  }

  write(chunk: Uint8Array<ArrayBuffer>, offset: number, options: RequestOptions): Promise<WriteAnswer> {
    return this.#answer({ kind: 'write', offset, bytes: chunk.length }, this.writes, options);
  }

  async finalize(request: FinalizeRequest, options: RequestOptions): Promise<FinalizeAnswer> {
    return (await this.#answer({ kind: 'finalize', ...request }, this.finalizes, options)) ?? { names: 'image' };
  }

  abort(options: RequestOptions): Promise<AbortAnswer> {
    return this.#answer({ kind: 'abort' }, this.aborts, options);
  }

  async markValid(options: RequestOptions): Promise<void> {
    await this.#answer({ kind: 'mark-valid' }, this.marks, options);
  }

  async #answer<T>(asked: Asked, answers: Answer<T>[], options: RequestOptions): Promise<T> {
    this.asked.push(asked);
    this.limits.push(options.timeoutMs);
    const [next] = answers.splice(0, 1);
    if (next === undefined) throw new Error(`The script has no answer to ${JSON.stringify(asked)}.`);
    if (next instanceof UpdateError) throw next;
    return next;
  }
}

export class MemoryJournal implements Journal {
  readonly entries = new Map<string, JournalEntry>();
  /** Every phase that was written, in order. */
  readonly written: JournalEntry[] = [];

  async read(deviceId: string): Promise<JournalEntry | null> {
    return this.entries.get(deviceId) ?? null;
  }

  async write(entry: JournalEntry): Promise<void> {
    this.entries.set(entry.deviceId, entry);
    this.written.push(entry);
  }

  async clear(deviceId: string): Promise<void> {
    this.entries.delete(deviceId);
  }
}

export class Bench {
  readonly clock = new ManualClock();
  readonly journal = new MemoryJournal();
  readonly network = new Network();
  readonly link: ScriptedLink;

  constructor(link = new ScriptedLink()) {
    this.link = link;
  }

  get ports(): UpdatePorts {
    return {
      clock: this.clock,
      journal: this.journal,
      connectivity: this.network,
      random: () => LUCK,
      open: async () => this.link,
    };
  }

  /** A run whose link is open and that has sent nothing yet. */
  run(changes: Partial<UpdatePlan> = {}, signal: AbortSignal = new AbortController().signal): Run {
    const run = new Run(plan(changes), this.ports, signal);
    run.useLink(this.link);
    return run;
  }

  /** A run whose session is open on the device, with `writtenBytes` acknowledged. */
  begunRun(writtenBytes = 0, changes: Partial<UpdatePlan> = {}): Run {
    const run = this.run(changes);
    run.enterSession(session({ writtenBytes }));
    return run;
  }
}

/** What stopped a step that was performed; fails where the run went on. */
export async function troubleOf(work: Promise<StepResult>): Promise<UpdateError> {
  const result = await work;
  if (result.kind !== 'trouble') throw new Error(`it went on: ${JSON.stringify(result)}`);
  return result.error;
}

/** The step that follows, or what stopped it. */
export async function stepOrError(work: Promise<StepResult>): Promise<Step | UpdateError> {
  const result = await work;
  return result.kind === 'trouble' ? result.error : result;
}

/** The `Refusal` that stopped a step; fails where there is none. */
export async function refusalOf(work: Promise<StepResult>): Promise<Refusal> {
  const error = await troubleOf(work);
  if (!(error instanceof Refusal)) throw error;
  return error;
}

/** What is known of a run, flattened for comparison. */
interface Flat extends Omit<Known, 'session' | 'tries'>, Tries {
  readonly session: { readonly id: string | null; readonly slot: SlotPlace | null } | null;
  readonly beginInDoubt: boolean;
  readonly sentTo: number;
  readonly sessionShown: boolean;
  readonly saidYes: boolean;
  readonly taken: boolean;
  readonly begun: boolean;
  readonly oldFirmware: OldFirmware;
}

export function seen({ known }: Run): Flat {
  const { session, tries, ...rest } = known;
  const opened = openedOf(session);
  return {
    ...rest,
    ...tries,
    session: opened && { id: opened.id, slot: opened.slot },
    beginInDoubt: session.kind === 'begin-in-doubt',
    sentTo: opened?.sentTo ?? 0,
    sessionShown: isShown(known),
    saidYes: saidYes(known),
    taken: session.kind === 'handed-over' && session.answer === 'taken',
    begun: isBegun(known),
    oldFirmware: oldFirmwareOf(known),
  };
}

/** Sets what a run knows, as if it had come that far. */
export function put(run: Run, changes: Partial<Flat>): void {
  const { beginInDoubt, sentTo, sessionShown, saidYes: yes, taken, ...others } = changes;
  const tries = { ...run.known.tries };
  const known: Partial<Known> = {};
  for (const [name, value] of Object.entries(others)) Object.assign(name in tries ? tries : known, { [name]: value });
  run.become({ ...known, tries });
  if (beginInDoubt === true) run.become(withBeginSent(run.known));
  const { session } = run.known;
  if (sentTo !== undefined) run.become({ session: { ...session, sentTo } as Session });
  if (sessionShown !== undefined) run.become({ session: { ...run.known.session, isShown: sessionShown } as Session });
  if (yes === true) run.become({ session: withAnswer(withHandedOver(run.known), 'yes').session });
  if (taken === true) run.become({ session: withAnswer(withHandedOver(run.known), 'taken').session });
}

export function startOver(run: Run, why: UpdateErrorCode): void {
  run.become(withStartedOver(run.known, why, run.meter.acknowledged));
  run.meter.startOver();
}
