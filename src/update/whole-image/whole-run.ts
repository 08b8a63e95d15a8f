/** One run of an image that goes whole: the plan, the ports, the link, and what is known so far. */
import { isAsPredicted } from '../../model/device/as-predicted.ts';
import { type DeviceIdentity, type FirmwareTells, wouldShowRestart } from '../../model/device/identity.ts';
import type { WholeImageLink } from '../../model/device/whole-image-link.ts';
import type { ReasonCode } from '../../model/firmware/finding.ts';
import { factsOf, type UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import type { UpdatePlan, UpdatePorts } from '../../model/update/plan.ts';
import type { UpdateError } from '../../model/update/update-error.ts';
import type { ByIdentity, Leaves, OldFirmware, Progress } from '../../model/update/update-state.ts';
import type { UpdateControls } from '../controls.ts';
import { JournalWriter } from '../journal-writer.ts';
import { wasHandedOver } from '../preflight.ts';
import { ProgressMeter } from '../progress-meter.ts';
import { AWAY_AFTER_MS } from '../time-limits.ts';

export interface WholeRunParts {
  readonly plan: UpdatePlan;
  readonly ports: UpdatePorts;
  readonly controls: UpdateControls;
  readonly link: WholeImageLink;
  /** What an earlier run left on this device, of whatever image. */
  readonly left: JournalEntry | null;
  /** By the monotonic clock, in milliseconds. */
  readonly startedAt: number;
}

/** What the device told before the upload, and when. */
export interface Before {
  readonly identity: DeviceIdentity;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The same, and by the monotonic clock where this run heard it: a page's date may jump. */
interface Heard extends Before {
  readonly monotonic: number | null;
}

/** How far an upload has come. `unheard`: nobody tells before the answer. */
export type Sent = 'none' | 'part' | 'all' | 'unheard';

/** A person who sends it all the same knows better than the device's own check of these, too. */
const ALSO_CHECKED_THERE: readonly ReasonCode[] = ['other-firmware', 'other-release', 'installs-from'];

/** Before the device has answered there is no more than this share of the image. */
const MOST_BEFORE_ANSWER = 0.99;

export class WholeRun {
  readonly parts: WholeRunParts;
  readonly meter: ProgressMeter;
  readonly journal: JournalWriter;
  #before: Heard | null = null;
  #standIn: Heard | null = null;
  /** The last answer since. */
  now: DeviceIdentity | null = null;
  /** Uploads that were begun. */
  uploads = 0;
  sent: Sent = 'none';
  saidYes = false;
  /** The beginning of an upload may lie on the device. */
  half = false;
  /** An image of an earlier run may have been taken, and nothing has shown what runs. */
  earlierInDoubt: boolean;
  /** The device was restarted as the person agreed. */
  restartedFirst = false;
  /** The device was asked to start what takes the upload in the place of its firmware. */
  asksForStandIn = false;
  /** That was what answered last. */
  #heardStandIn = false;
  /** It did not answer for a time since its yes. */
  wasAway = false;
  /** The new firmware has answered. */
  sawNew = false;
  /** Since when it answers without a gap, by the monotonic clock; null: it does not, or has not yet. */
  #newSince: number | null = null;
  /** An upload before the last one may have been taken, and nothing has shown that it was not. */
  #mayRunFile = false;
  /** Since when it gives no answer since the upload, by the monotonic clock; null: it does. */
  #awaySince: number | null = null;
  /** What the last upload broke off with; null: it was answered. */
  lost: UpdateError | null = null;
  startedOver: UpdateErrorCode | null = null;
  /** Tries of the step that is under way. */
  attempt = 0;
  offlineWaits = 0;
  /** Milliseconds spent looking for the device after an upload, and those in which it answered and had not restarted. */
  lookedForMs = 0;
  seenUnchangedMs = 0;

  constructor(parts: WholeRunParts) {
    this.parts = parts;
    this.meter = new ProgressMeter(parts.plan.bytes.length);
    this.journal = new JournalWriter(parts.ports.journal);
    this.earlierInDoubt = wasHandedOver(parts.left) || parts.left?.finalizeSent === true;
  }

  get before(): Before | null {
    return this.#before;
  }

  /** It told this before anything is sent. */
  hearBefore(identity: DeviceIdentity): void {
    const { clock } = this.parts.ports;
    const heard = { identity, at: clock.date(), monotonic: clock.now() };
    // What runs in its place is not what the update began with.
    this.#standIn = identity.standsIn === true ? heard : null;
    if (this.#standIn === null || this.#before === null) this.#before = heard;
    this.asksForStandIn = false;
    this.now = null;
  }

  /** What runs in the place of its firmware, and how long ago it was heard, in milliseconds. Null: nothing does. */
  get standIn(): { readonly identity: DeviceIdentity; readonly elapsedMs: number } | null {
    const heard = this.#standIn;
    return heard === null ? null : { identity: heard.identity, elapsedMs: this.#since(heard) };
  }

  /** Any answer of its own. */
  hear({ standsIn = false }: DeviceIdentity): void {
    this.#heardStandIn = standsIn;
  }

  /** Whether its firmware does not run, or soon will not, since something takes an upload in its place. */
  get isSetAside(): boolean {
    return this.asksForStandIn || this.#heardStandIn;
  }

  /** It told this to an earlier run. */
  recall({ identity, at }: Before): void {
    this.#before = { identity, at, monotonic: null };
  }

  get predicted(): FirmwareTells | null {
    return this.parts.plan.inspection.tells ?? null;
  }

  get withoutCheck(): boolean {
    const { inspection, overruled } = this.parts.plan;
    return inspection.tells === undefined || ALSO_CHECKED_THERE.some((reason) => overruled.includes(reason));
  }

  /** What an earlier run of this very image left. */
  get leftOfThis(): JournalEntry | null {
    const { left, plan } = this.parts;
    return left?.sha256 === plan.sha256 ? left : null;
  }

  /** How long new firmware has to run before it stays, in milliseconds. */
  get settlesMs(): number {
    return this.parts.link.traits.settlesMs ?? 0;
  }

  get isSettling(): boolean {
    return this.#newSince !== null;
  }

  /** The new firmware answers. Whether it has done so for long enough to stay. */
  settles(): boolean {
    const now = this.parts.ports.clock.now();
    if (this.#newSince === null) this.lookedForMs = 0;
    this.#newSince ??= now;
    this.sawNew = true;
    return now - this.#newSince >= this.settlesMs;
  }

  /** None of what it tells shows what runs, or a restart. */
  get tellsNothing(): boolean {
    return this.parts.link.traits.provesWhatRuns === 'nothing';
  }

  /** It did not answer, or not as itself. @param askedAt by the monotonic clock */
  missAnswer(code: UpdateErrorCode, askedAt: number): void {
    this.#newSince = null;
    if (factsOf(code).device.answer !== 'none') return;
    if (!this.tellsNothing) this.wasAway ||= this.saidYes;
    else if (this.parts.ports.connectivity.online()) this.#awaySince ??= askedAt;
  }

  /** It answers. Where nothing else shows a restart, one answer that was lost is none. */
  hearAgain(): void {
    const since = this.#awaySince;
    this.#awaySince = null;
    if (since !== null && this.parts.ports.clock.now() - since >= AWAY_AFTER_MS) this.wasAway = true;
  }

  /** Whether it may have taken the image. */
  get isHandedOver(): boolean {
    return this.saidYes || (this.uploads > 0 && this.lost !== null && (this.sent === 'all' || this.sent === 'unheard'));
  }

  get keepsHalf(): boolean {
    return this.before?.identity.keepsHalf ?? true;
  }

  get leaves(): Leaves {
    return this.half && this.keepsHalf ? 'half' : 'nothing';
  }

  get oldFirmware(): OldFirmware {
    const inDoubt = this.isHandedOver || this.earlierInDoubt || (this.#mayRunFile && !this.showsOld);
    if (inDoubt) return 'unknown';
    return this.isSetAside ? 'set-aside' : 'runs';
  }

  /**
   * Whether what it told last is the old firmware's: the file says another, or a restart would have shown. Two that tell the
   * same, with no uptime, may be either.
   */
  get showsOld(): boolean {
    const before = this.before?.identity ?? null;
    const told = this.now ?? before;
    if (told === null) return false;
    const isNoRestart = told.uptimeMs !== null && before !== null && wouldShowRestart(before);
    return isNoRestart || (this.predicted !== null && isAsPredicted(this.predicted, told) === false);
  }

  /** An upload goes out. */
  begin(): void {
    const { link } = this.parts;
    if (this.isHandedOver && !this.showsOld) this.#mayRunFile = true;
    this.uploads += 1;
    this.sent = link.tellsSent ? 'none' : 'unheard';
    this.saidYes = false;
    this.lost = null;
    this.wasAway = false;
    this.sawNew = false;
    this.#newSince = null;
    this.#awaySince = null;
    this.half = true;
    this.lookedForMs = 0;
    this.seenUnchangedMs = 0;
    this.note('writing');
  }

  /** So many bytes were handed over. */
  count(bytes: number): void {
    const { total } = this.meter;
    if (this.sent !== 'unheard') this.sent = bytes >= total ? 'all' : bytes > 0 ? 'part' : 'none';
    this.meter.acknowledge(Math.min(bytes, Math.floor(total * MOST_BEFORE_ANSWER)), this.parts.ports.clock.now());
  }

  /** It said yes, so it has every byte. */
  takeYes(): void {
    this.saidYes = true;
    this.half = false;
    this.lost = null;
    this.startedOver = null;
    this.meter.acknowledge(this.meter.total, this.parts.ports.clock.now());
    this.note('restarting');
  }

  /** It has restarted, so that nothing of an upload is left in its memory. */
  seeRestart(): void {
    this.half = false;
  }

  byIdentity(): ByIdentity | null {
    const { before, now } = this;
    return before === null || now === null ? null : { by: 'identity', before: before.identity, now };
  }

  /** Milliseconds since it told what it was before. */
  elapsedMs(): number {
    return this.#before === null ? 0 : this.#since(this.#before);
  }

  #since({ at, monotonic }: Heard): number {
    const { clock } = this.parts.ports;
    return monotonic === null ? clock.date() - at : clock.now() - monotonic;
  }

  note(phase: JournalEntry['phase']): void {
    const { plan, link, ports } = this.parts;
    const { acknowledged } = this.meter;
    this.journal.note({
      ...(plan.overruled.length > 0 && { overruled: plan.overruled }),
      ...(this.#before !== null && { before: { identity: this.#before.identity, at: this.#before.at } }),
      ...{ deviceId: plan.deviceId, sha256: plan.sha256, size: plan.bytes.length, dialect: link.dialect },
      ...{ sessionId: null, slot: null, previousSlot: null, acknowledged, sentTo: acknowledged, phase },
      ...{ finalizeSent: this.isHandedOver || this.earlierInDoubt, tellsStatus: false, at: ports.clock.date() },
    });
  }

  progress(): Progress {
    return { ...this.meter.snapshot(0), ...(this.parts.link.tellsWritten === true ? {} : { counts: 'sent' }) };
  }
}
