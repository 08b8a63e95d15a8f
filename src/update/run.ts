/** One run: the plan, the ports, the link, what is known, and its counters. */
import type { Route } from '../model/device/device.ts';
import type { JournalEntry } from '../model/update/journal.ts';
import type { DeviceLink, DeviceStatus, SessionReport } from '../model/device/link.ts';
import type { UpdatePlan, UpdatePorts } from '../model/update/plan.ts';
import type { SlotPlace } from '../model/device/slots.ts';
import type { Progress } from '../model/update/update-state.ts';
import type { Decided, Effect, View } from './decision.ts';
import { JournalWriter } from './journal-writer.ts';
import { isBegun, type Known, NOTHING_KNOWN, withAcknowledged, withOpened, withRestartSeen } from './known.ts';
import { openedOf } from './session.ts';
import { Pace } from './pace.ts';
import { type Claim, claimLeftBy, showsRestart } from './preflight.ts';
import { ProgressMeter } from './progress-meter.ts';
import { Refusal } from './steps/step.ts';
import { ChunkTimeout, NOTED_WITHIN_MS } from './time-limits.ts';
import type { Written } from './what-runs.ts';

export class Run {
  readonly plan: UpdatePlan;
  readonly ports: UpdatePorts;
  readonly signal: AbortSignal;
  readonly meter: ProgressMeter;
  readonly chunkTimeout = new ChunkTimeout();
  readonly journal: JournalWriter;
  readonly startedAt: number;
  #known: Known = NOTHING_KNOWN;
  #link: DeviceLink | null = null;
  /** One for each route: what fits through the gateway says nothing of what fits from a browser. */
  readonly #paces = new Map<Route, Pace>();

  constructor(plan: UpdatePlan, ports: UpdatePorts, signal: AbortSignal) {
    this.plan = plan;
    this.ports = ports;
    this.signal = signal;
    this.meter = new ProgressMeter(plan.bytes.length);
    this.journal = new JournalWriter(ports.journal);
    this.startedAt = ports.clock.now();
  }

  get known(): Known {
    return this.#known;
  }

  /** The one place that writes what is known. */
  become(changes: Partial<Known>): void {
    this.#known = { ...this.#known, ...changes };
  }

  /** Does what was decided after an error. */
  follow({ known, effects }: Decided): void {
    this.become(known);
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    switch (effect.kind) {
      case 'shrink-chunks':
        this.pace.countFailed(effect.error, effect.bytes);
        return;
      case 'count-retry':
        this.meter.countRetry();
        return;
      case 'take-back':
        this.meter.takeBack();
        return;
      case 'start-over':
        this.meter.startOver();
        return;
      case 'note':
        this.note(effect.phase);
        return;
    }
  }

  get link(): DeviceLink {
    if (!this.#link) throw new Error('The link is not open.');
    return this.#link;
  }

  get linkIfOpen(): DeviceLink | null {
    return this.#link;
  }

  useLink(link: DeviceLink): void {
    this.#link = link;
    this.#paces.clear();
  }

  /** The pace of the route that the link uses now. */
  get pace(): Pace {
    const { route, firstChunkBytes, tellsStatus } = this.link;
    const known = this.#paces.get(route);
    if (known) return known;
    const remembered = this.plan.chunkBytes[route] ?? null;
    const pace = new Pace({ first: firstChunkBytes, remembered, costly: !tellsStatus });
    this.#paces.set(route, pace);
    return pace;
  }

  /**
   * What `decide` decides by.
   *
   * @param jitter a random number in [0, 1), for the backoff
   */
  view(jitter: number): View {
    const { acknowledged, sessionRestarts } = this.meter;
    return {
      known: this.#known,
      plan: this.plan,
      link: this.#link,
      acknowledged,
      inFlight: this.progress().inFlight,
      sessionRestarts,
      isOnline: this.ports.connectivity.online(),
      jitter,
      blamesSize: (error, bytes) => this.pace.blames(error, bytes),
    };
  }

  /** What an earlier run of this very image left; null where it was another image's. */
  get leftOfThis(): JournalEntry | null {
    const { left } = this.#known;
    return left?.sha256 === this.plan.sha256 ? left : null;
  }

  /** What this run may claim, or what an earlier one left to it. */
  claim(): Claim {
    const { session, sessionBefore } = this.#known;
    if (session.kind === 'none') return claimLeftBy(this.leftOfThis);
    const opened = openedOf(session);
    const beginInDoubt = session.kind === 'begin-in-doubt';
    return {
      opened: opened !== null,
      sessionId: opened?.id ?? null,
      acknowledged: beginInDoubt ? 0 : this.meter.acknowledged,
      sentTo: beginInDoubt ? 0 : (opened?.sentTo ?? 0),
      beginInDoubt,
      sessionBefore,
    };
  }

  /** The refusal for a session on the device that is not ours. Null: it cannot be asked about it. */
  otherSession(session: SessionReport | null): Refusal {
    const { opened, sessionId } = this.claim();
    const restarted = opened && showsRestart(session, sessionId, this.link.traits);
    return new Refusal('other-session', { otherSession: session, restarted });
  }

  seeRestart({ running }: DeviceStatus, before: SlotPlace | null): void {
    this.become(withRestartSeen(this.#known, running, before));
  }

  /** A session is open and ours: at its start, or where an earlier run left it. */
  enterSession(session: SessionReport): void {
    this.become(withOpened(this.#known, session));
    this.meter.enter(session, this.ports.clock.now());
    this.note('writing');
  }

  /** The device has `bytes` in all. The next chunk, or whatever follows, writes that to the journal. */
  acknowledge(bytes: number): void {
    this.become(withAcknowledged(this.#known, bytes, this.meter.acknowledged));
    this.meter.acknowledge(bytes, this.ports.clock.now());
  }

  note(phase: JournalEntry['phase']): void {
    this.journal.note(this.#entry(phase));
  }

  /**
   * Resolves when what was noted is written. It is awaited before requests that change something on the device: if the
   * run ended just after one, the next run would take its session for another client's, or write over an image that was
   * taken.
   */
  async noted(): Promise<void> {
    const over = new AbortController();
    try {
      await Promise.race([this.journal.settled(), this.ports.clock.sleep(NOTED_WITHIN_MS, over.signal)]);
    } finally {
      over.abort();
    }
  }

  /**
   * Nothing is left on the device that could be resumed. The entry keeps that it may run the image all the same; or,
   * where it is `held`, that its next restart starts it.
   */
  noteDoubt(is: 'in-doubt' | 'held'): void {
    const nothing = { sessionId: null, slot: null, previousSlot: null, acknowledged: 0, sentTo: 0 };
    const finalizeSent = is === 'in-doubt';
    this.journal.note({ ...this.#entry('unconfirmed'), ...nothing, finalizeSent });
  }

  #entry(phase: JournalEntry['phase']): JournalEntry {
    const { overruled } = this.plan;
    const { session, sessionBefore, previousSlot, finalizeSent, earlierFinalize, mayHoldAnother } = this.#known;
    const opened = openedOf(session);
    const slot = opened?.slot ?? null;
    const [slotAddress, previousSlotAddress] = [slot?.address ?? null, previousSlot?.address ?? null];
    return {
      ...(overruled.length > 0 && { overruled }),
      ...(mayHoldAnother && { mayHoldAnother }),
      deviceId: this.plan.deviceId,
      sha256: this.plan.sha256,
      size: this.plan.bytes.length,
      dialect: this.link.dialect,
      sessionId: opened?.id ?? sessionBefore,
      slot: slot?.label ?? null,
      ...(slotAddress !== null && { slotAddress }),
      previousSlot: previousSlot?.label ?? null,
      ...(previousSlotAddress !== null && { previousSlotAddress }),
      acknowledged: this.meter.acknowledged,
      sentTo: opened?.sentTo ?? 0,
      phase,
      finalizeSent: finalizeSent || earlierFinalize,
      tellsStatus: this.link.tellsStatus,
      at: this.ports.clock.date(),
    };
  }

  /** What was written where, which a status is compared with. */
  get written(): Written {
    const { session, previousSlot } = this.#known;
    const opened = openedOf(session);
    return { slot: opened?.slot ?? null, previous: previousSlot, sessionId: opened?.id ?? null };
  }

  get isBegun(): boolean {
    return isBegun(this.#known);
  }

  async askStatus(timeoutMs: number): Promise<DeviceStatus> {
    const status = await this.link.status({ signal: this.signal, timeoutMs });
    this.ports.told?.(status);
    return status;
  }

  progress(): Progress {
    return this.meter.snapshot((this.#link && this.pace.taken) ?? 0);
  }
}
