/** One run of an image that goes whole: the plan, the ports, the link, and what is known so far. */
import { type DeviceIdentity, type FirmwareTells, wouldShowRestart } from '../../model/device/identity.ts';
import type { ReasonCode } from '../../model/firmware/finding.ts';
import { factsOf, type UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import type { UpdateError } from '../../model/update/update-error.ts';
import type { ByIdentity, Leaves, OldFirmware, Progress } from '../../model/update/update-state.ts';
import { JournalWriter } from '../journal-writer.ts';
import { wasHandedOver } from '../preflight.ts';
import { ProgressMeter } from '../progress-meter.ts';
import { HeldImage } from './held-image.ts';
import { tellsPredicted } from './predicted.ts';
import { Presence } from './presence.ts';
import { type Before, ToldBefore } from './told-before.ts';
import type { WholeRunParts } from './whole-run-parts.ts';

/** How far an upload has come. `unheard`: that is not known before the answer. */
export type Sent = 'none' | 'part' | 'all' | 'unheard';

/** Reasons that the device checks as well: a person who overrules one of them overrules the device's check, too. */
const ALSO_CHECKED_THERE: readonly ReasonCode[] = ['other-firmware', 'other-release', 'installs-from'];

/** Until the device has answered, progress shows no more than this share of the image. */
const MOST_BEFORE_ANSWER = 0.99;

export class WholeRun {
  readonly parts: WholeRunParts;
  readonly meter: ProgressMeter;
  readonly journal: JournalWriter;
  readonly told: ToldBefore;
  readonly presence: Presence;
  /** The last answer since the upload. */
  now: DeviceIdentity | null = null;
  /** The last look had an answer. After one without, the device may have restarted. */
  isHeard = false;
  /** Uploads that were begun. */
  uploads = 0;
  sent: Sent = 'none';
  saidYes = false;
  /** It was asked to start what it took, and said that it will. */
  saysItStarts = false;
  /** The beginning of an upload may be left on the device. */
  half = false;
  /** An image of an earlier run may have been taken, and nothing has shown what runs. */
  earlierInDoubt: boolean;
  /** The device was restarted as the person agreed. */
  restartedFirst = false;
  /** The device was asked to start what takes the upload in the place of its firmware. */
  asksForStandIn = false;
  /** The last answer came from that. */
  #heardStandIn = false;
  /** An upload before the last one may have been taken, and nothing has shown that it was not. */
  #mayRunFile = false;
  /** An image that it may start at a later restart. */
  readonly held: HeldImage;
  /** The error that the last upload broke off with; null: it was answered. */
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
    this.told = new ToldBefore(parts.ports.clock);
    this.presence = new Presence(parts.ports.clock);
    this.earlierInDoubt = wasHandedOver(parts.left) || parts.left?.finalizeSent === true;
    const kind = { runsOn: parts.link.runsOn === true, hidesStart: this.hidesStart };
    this.held = new HeldImage(kind, parts.left, parts.plan.sha256);
  }

  get before(): Before | null {
    return this.told.firmware;
  }

  /** Notes what it told before anything is sent. */
  hearBefore(identity: DeviceIdentity): void {
    this.told.hear(identity);
    this.asksForStandIn = false;
    this.now = null;
  }

  /** Notes any answer of the device. */
  hear({ standsIn = false }: DeviceIdentity): void {
    this.held.seeAnswer();
    this.#heardStandIn = standsIn;
  }

  /** Whether its firmware does not run, or will soon not, since something takes the upload in its place. */
  get isSetAside(): boolean {
    return this.asksForStandIn || this.#heardStandIn;
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

  /** Notes that the new firmware answers. Answers whether it has done so for long enough to stay. */
  settles(): boolean {
    if (!this.presence.isSettling) this.lookedForMs = 0;
    return this.presence.seeNew(this.settlesMs);
  }

  /** Nothing that it tells shows what runs, or a restart. */
  get tellsNothing(): boolean {
    return this.parts.link.traits.provesWhatRuns === 'nothing';
  }

  /** Only its absence shows a restart. */
  get hidesStart(): boolean {
    return this.tellsNothing || this.parts.link.traits.tellsNoStart === true;
  }

  /**
   * Notes that it did not answer, or that something else did.
   *
   * @param askedAt by the monotonic clock
   */
  missAnswer(code: UpdateErrorCode, askedAt: number): void {
    this.presence.missNew();
    this.isHeard = false;
    if (factsOf(code).device.answer !== 'none') return;
    if (!this.hidesStart) this.presence.wasAway ||= this.saidYes;
    else if (this.parts.ports.connectivity.online()) this.presence.missAny(askedAt);
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
    const { mayHaveStarted, mayStartUnseen } = this.held;
    if (this.isHandedOver || this.earlierInDoubt || mayStartUnseen) return 'unknown';
    if ((this.#mayRunFile || mayHaveStarted) && !this.showsOld) return 'unknown';
    return this.isSetAside ? 'set-aside' : 'runs';
  }

  /**
   * Whether its last answer shows that the old firmware runs: the file would tell something else, or a restart would
   * have shown. Where both would tell the same, without an uptime, it may be either.
   */
  get showsOld(): boolean {
    const before = this.before?.identity ?? null;
    const told = this.now ?? before;
    if (told === null) return false;
    const { mayBeAnother, mayHaveStarted } = this.held;
    const isNoRestart = !mayHaveStarted && told.uptimeMs !== null && before !== null && wouldShowRestart(before);
    if (isNoRestart) return true;
    // What this file tells shows nothing of another one.
    if (mayHaveStarted && mayBeAnother) return false;
    return this.predicted !== null && tellsPredicted(this.predicted, told) === false;
  }

  /** An upload goes out. */
  begin(): void {
    const { link } = this.parts;
    if (this.isHandedOver && !this.showsOld) this.#mayRunFile = true;
    this.held.note(this.isHandedOver);
    this.uploads += 1;
    this.sent = link.tellsSent ? 'none' : 'unheard';
    this.saidYes = false;
    this.saysItStarts = false;
    this.lost = null;
    this.presence.begin();
    this.half = true;
    this.lookedForMs = 0;
    this.seenUnchangedMs = 0;
    // Where it is not known how much has gone, the whole image may be there from here on.
    this.note(this.sent === 'unheard' ? 'finalizing' : 'writing');
  }

  /** So many bytes were handed over. */
  count(bytes: number): void {
    const { total } = this.meter;
    if (this.sent !== 'unheard') this.sent = bytes >= total ? 'all' : bytes > 0 ? 'part' : 'none';
    this.meter.acknowledge(Math.min(bytes, Math.floor(total * MOST_BEFORE_ANSWER)), this.parts.ports.clock.now());
  }

  /** It said “yes”, so it has every byte. */
  takeYes(): void {
    this.saidYes = true;
    this.held.replace();
    this.half = false;
    this.lost = null;
    this.startedOver = null;
    this.meter.acknowledge(this.meter.total, this.parts.ports.clock.now());
    this.note('restarting');
  }

  /** It has restarted, so that nothing of an upload is left in its memory. */
  seeRestart(): void {
    this.half = false;
    this.held.seeRestart();
  }

  byIdentity(): ByIdentity | null {
    const { before, now } = this;
    return before === null || now === null ? null : { by: 'identity', before: before.identity, now };
  }

  /** @param inDoubt whether nothing shows which firmware runs */
  note(phase: JournalEntry['phase'], inDoubt = this.isHandedOver || this.earlierInDoubt || this.held.isThere): void {
    const { plan, link, ports } = this.parts;
    const { before } = this;
    const { acknowledged } = this.meter;
    this.journal.note({
      ...(plan.overruled.length > 0 && { overruled: plan.overruled }),
      ...(this.held.mayBeAnother && { mayHoldAnother: true }),
      ...(before !== null && { before: { identity: before.identity, at: before.at } }),
      ...{ deviceId: plan.deviceId, sha256: plan.sha256, size: plan.bytes.length, dialect: link.dialect },
      ...{ sessionId: null, slot: null, previousSlot: null, acknowledged, sentTo: acknowledged, phase },
      ...{ finalizeSent: inDoubt, tellsStatus: false, at: ports.clock.date() },
    });
  }

  progress(): Progress {
    return { ...this.meter.snapshot(0), ...(this.parts.link.tellsWritten === true ? {} : { counts: 'sent' }) };
  }
}
