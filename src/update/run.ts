/** What one run knows: the plan, the link, and what the device has said so far. */
import type { Written } from './after-finalize.ts';
import type { Route } from '../model/device.ts';
import { JournalWriter } from './journal-writer.ts';
import { Pace } from './pace.ts';
import type { UpdatePlan, UpdatePorts } from '../model/plan.ts';
import type { DeviceLink, DeviceStatus, JournalEntry, SessionReport } from '../model/ports.ts';
import { type Claim, claimLeftBy, previousSlotLeft, showsRestart, slotLeft } from './preflight.ts';
import { ProgressMeter } from './progress-meter.ts';
import { isSameSlot, type SlotPlace } from '../model/slots.ts';
import { Refusal } from './step.ts';
import { ChunkPatience } from './time-limits.ts';
import type { UpdateError, UpdateErrorCode } from '../model/update-error.ts';
import type { OldFirmware, Progress } from '../model/update-state.ts';

export class Run {
  readonly plan: UpdatePlan;
  readonly ports: UpdatePorts;
  readonly signal: AbortSignal;
  readonly meter: ProgressMeter;
  readonly chunkPatience = new ChunkPatience();
  readonly journal: JournalWriter;
  readonly startedAt: number;

  /** What an earlier run left, until this run opens a session of its own. */
  left: JournalEntry | null = null;
  /** The session that is ours; its id may not be told (`documented`). */
  session: { readonly id: string | null; readonly slot: SlotPlace | null } | null = null;
  /** The slot that runs before the restart. */
  previousSlot: SlotPlace | null = null;
  /** The slot that an update goes to, as the status told before begin. */
  nextSlot: SlotPlace | null = null;
  /** Whether no other update over the air may follow this one. */
  mayBeOnlyUpdate = false;
  beginInDoubt = false;
  sessionBefore: string | null = null;
  /** A session of ours that can come to nothing: begun in the wrong dialect, or taken down wrong. It is empty. */
  misbegun: string | null = null;
  /** A dialect was guessed, and this is what the device refused of it. */
  guessRefused: UpdateError | null = null;
  /**
   * From the first finalize on, this run's or that of the run it goes on from, the device may restart at any moment and
   * the old firmware is no longer certain.
   */
  finalizeSent = false;
  /** The same of an earlier run's finalize, until a status proves what runs. */
  earlierFinalize = false;
  /** Why progress went back to 0, until what was lost is acknowledged again. */
  startedOver: UpdateErrorCode | null = null;
  /** Bytes that were acknowledged at most before that; where none were, the first one is as good. */
  #lost = 0;
  /** The end of what was sent in this session. */
  sentTo = 0;
  /** Tries since the last acknowledged byte. */
  attempt = 0;
  /** How often a documented device's open session was waited for. */
  sessionWaits = 0;
  /** The device said that it took the image and has not restarted yet. */
  taken = false;
  /** Finalizes that failed without a clear no, and marks that failed. */
  finalizeFailures = 0;
  /** What the last of those finalizes was answered. */
  finalizeError: UpdateError | null = null;
  markFailures = 0;
  /** How often a lost network was waited for. */
  offlineWaits = 0;
  /** Milliseconds spent looking for the device after its restart. */
  lookedForMs = 0;
  /** A documented device said yes to a finalize, in words that a server which did nothing might use, too. */
  saidYes = false;
  /**
   * A finalize before that yes had no answer, which may have been a no that ended the session: then that no session is
   * open any more proves nothing, until the device itself has refused another finalize.
   */
  unheardBeforeYes = false;
  /** The session was shown to be open: begin named it, a status told it, or a chunk was counted in it. */
  sessionShown = false;
  #link: DeviceLink | null = null;
  /** One a way: what fits by the gateway says nothing of what fits from a browser. */
  readonly #paces = new Map<Route, Pace>();

  constructor(plan: UpdatePlan, ports: UpdatePorts, signal: AbortSignal) {
    this.plan = plan;
    this.ports = ports;
    this.signal = signal;
    this.meter = new ProgressMeter(plan.bytes.length);
    this.journal = new JournalWriter(ports.journal);
    this.startedAt = ports.clock.now();
  }

  get link(): DeviceLink {
    if (!this.#link) throw new Error('The link is not open.');
    return this.#link;
  }

  get linkIfOpen(): DeviceLink | null {
    return this.#link;
  }

  openedLink(link: DeviceLink): void {
    this.#link = link;
    this.#paces.clear();
  }

  /** The pace of the way that the link goes now. */
  get pace(): Pace {
    const { route, firstChunkBytes, tellsStatus } = this.link;
    const known = this.#paces.get(route);
    if (known) return known;
    const remembered = this.plan.chunkBytes[route] ?? null;
    const pace = new Pace({ first: firstChunkBytes, remembered, costly: !tellsStatus });
    this.#paces.set(route, pace);
    return pace;
  }

  /** Whether a session may be open on the device because of this run or the one it goes on from. */
  get begun(): boolean {
    return this.session !== null || this.beginInDoubt;
  }

  /**
   * Whether a session was open, or may be and the device can be asked. A begin without an answer may have reached no
   * device at all, or one that was taken for another kind.
   */
  get opens(): boolean {
    return this.session !== null || (this.beginInDoubt && this.#link?.tellsStatus === true);
  }

  /** What an earlier run of this very image left; null where it was another image's. */
  get leftOfThis(): JournalEntry | null {
    return this.left?.sha256 === this.plan.sha256 ? this.left : null;
  }

  /** Whether the firmware from before still runs, as far as known before the end. */
  get oldFirmware(): OldFirmware {
    return this.finalizeSent || this.earlierFinalize ? 'unknown' : 'runs';
  }

  /** What this run may claim, or what an earlier one left to it. */
  claim(): Claim {
    if (!this.begun) return claimLeftBy(this.leftOfThis);
    const { beginInDoubt, sessionBefore, sentTo, session, meter } = this;
    const acknowledged = beginInDoubt ? 0 : meter.acknowledged;
    return {
      opened: session !== null,
      sessionId: session?.id ?? null,
      acknowledged,
      sentTo: beginInDoubt ? 0 : sentTo,
      beginInDoubt,
      sessionBefore,
    };
  }

  /** The device holds `session`, which is not ours. */
  otherSession(session: SessionReport | null): Refusal {
    const { opened, sessionId } = this.claim();
    const restarted = opened && showsRestart(session, sessionId, this.link.dialect);
    return new Refusal('other-session', { otherSession: session, restarted });
  }

  /** It has restarted: another slot than `before` may hold an image that was made bootable at some other time. */
  sawAfterRestart({ running }: DeviceStatus, before: SlotPlace | null): void {
    if (running !== null && before !== null && !isSameSlot(running, before)) this.earlierFinalize = true;
  }

  /** A session is open and ours: at its start, or where an earlier run left it. */
  opened(session: SessionReport): void {
    this.session = {
      id: session.id,
      slot: session.slot ?? this.session?.slot ?? slotLeft(this.left) ?? this.nextSlot,
    };
    this.beginInDoubt = false;
    this.sessionShown ||= session.id !== null || session.writtenBytes !== null;
    this.misbegun = null;
    this.previousSlot ??= previousSlotLeft(this.left);
    this.sentTo = session.writtenBytes ?? 0;
    this.meter.opened(session, this.ports.clock.now());
    this.note('writing');
  }

  /** The device has `bytes` in all. The next chunk, or whatever else follows, takes it down in the journal. */
  acknowledged(bytes: number): void {
    if (bytes > this.meter.acknowledged) {
      this.attempt = 0;
      this.offlineWaits = 0;
    }
    if (bytes >= this.#lost) this.startedOver = null;
    this.sentTo = Math.max(this.sentTo, bytes);
    this.meter.acknowledge(bytes, this.ports.clock.now());
  }

  /** What the session holds is lost, or not known. */
  startOver(why: UpdateErrorCode): void {
    this.#lost = Math.max(this.#lost, this.meter.acknowledged, 1);
    this.startedOver = why;
    this.saidYes = false;
    this.unheardBeforeYes = false;
    this.sessionShown = false;
    this.meter.startedOver();
  }

  note(phase: JournalEntry['phase']): void {
    this.journal.note(this.#entry(phase));
  }

  /** Nothing is left on the device to go on with. That it may run the image all the same stays known. */
  noteDoubt(): void {
    const nothing = { sessionId: null, slot: null, previousSlot: null, acknowledged: 0, sentTo: 0 };
    this.journal.note({ ...this.#entry('unconfirmed'), ...nothing });
  }

  #entry(phase: JournalEntry['phase']): JournalEntry {
    const { overruled } = this.plan;
    const [slot, previous] = [this.session?.slot ?? null, this.previousSlot];
    const [slotAddress, previousSlotAddress] = [slot?.address ?? null, previous?.address ?? null];
    return {
      ...(overruled.length > 0 && { overruled }),
      deviceId: this.plan.deviceId,
      sha256: this.plan.sha256,
      size: this.plan.bytes.length,
      dialect: this.link.dialect,
      sessionId: this.session?.id ?? this.sessionBefore,
      slot: slot?.label ?? null,
      ...(slotAddress !== null && { slotAddress }),
      previousSlot: previous?.label ?? null,
      ...(previousSlotAddress !== null && { previousSlotAddress }),
      acknowledged: this.meter.acknowledged,
      sentTo: this.sentTo,
      phase,
      finalizeSent: this.finalizeSent || this.earlierFinalize,
      tellsStatus: this.link.tellsStatus,
      at: this.ports.clock.date(),
    };
  }

  /** What was written where, to hold a status against. */
  get written(): Written {
    const { session, previousSlot } = this;
    return { slot: session?.slot ?? null, previous: previousSlot, sessionId: session?.id ?? null };
  }

  askStatus(silenceMs: number): Promise<DeviceStatus> {
    return this.link.status({ signal: this.signal, silenceMs });
  }

  progress(): Progress {
    return this.meter.snapshot((this.#link && this.pace.taken) ?? 0);
  }
}
