/** One run of an image that goes whole: the plan, the ports, the link, and what is known so far. */
import { type DeviceIdentity, type FirmwareTells, wouldShowRestart } from '../../model/device/identity.ts';
import type { ReasonCode } from '../../model/firmware/finding.ts';
import { factsOf, type UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import type { ByIdentity, Leaves, OldFirmware, Progress } from '../../model/update/update-state.ts';
import { JournalWriter } from '../journal-writer.ts';
import { wasHandedOver } from '../preflight.ts';
import { ProgressMeter } from '../progress-meter.ts';
import type { WholeDecided } from './decide-whole.ts';
import { heldSince, mayStartUnseen, withAnswerSeen, withHandedOver } from './held-image.ts';
import { tellsPredicted } from './predicted.ts';
import { withAllMissed, withNewMissed, withNewSeen } from './presence.ts';
import { elapsedMs, type Heard, NOTHING_TOLD, withIdentity } from './told-before.ts';
import {
  isHandedOver,
  nothingKnown,
  saidYes,
  type Sent,
  sentIn,
  type WholeKnown,
  type WholeTries,
  withSent,
  withUploadBegun,
  withYes,
} from './whole-known.ts';
import type { WholeRunParts } from './whole-run-parts.ts';

/** Reasons that the device checks as well: a person who overrules one of them overrules the device's check, too. */
const ALSO_CHECKED_THERE: readonly ReasonCode[] = ['other-firmware', 'other-release', 'installs-from'];

/** Until the device has answered, progress shows no more than this share of the image. */
const MOST_BEFORE_ANSWER = 0.99;

export class WholeRun {
  readonly parts: WholeRunParts;
  readonly meter: ProgressMeter;
  readonly journal: JournalWriter;
  #known: WholeKnown;

  constructor(parts: WholeRunParts) {
    const { plan, ports, link, left } = parts;
    this.parts = parts;
    this.meter = new ProgressMeter(plan.bytes.length);
    this.journal = new JournalWriter(ports.journal);
    const held = heldSince({ runsOn: link.runsOn === true, hidesStart: this.hidesStart }, left, plan.sha256);
    this.#known = nothingKnown(held, NOTHING_TOLD, wasHandedOver(left) || left?.finalizeSent === true);
  }

  get known(): WholeKnown {
    return this.#known;
  }

  /** The one place that writes what is known. */
  become(changes: Partial<WholeKnown>): void {
    this.#known = { ...this.#known, ...changes };
  }

  count(tries: Partial<WholeTries>): void {
    this.become({ tries: { ...this.#known.tries, ...tries } });
  }

  /** Does what was decided after an error. */
  follow({ known, startsOver }: WholeDecided): void {
    this.become(known);
    if (startsOver) this.meter.startOver();
  }

  get before(): Heard | null {
    return this.known.told.firmware;
  }

  /** Milliseconds since its firmware told what it is; 0: it has not. */
  get elapsedMs(): number {
    return elapsedMs(this.before, this.parts.ports.clock);
  }

  /** What there is to conclude from, once it tells `now`. */
  evidence(now: DeviceIdentity) {
    const { told, held } = this.known;
    const { standIn } = told;
    return {
      ...{ before: this.before?.identity ?? now, now, elapsedMs: this.elapsedMs },
      standIn: standIn && { identity: standIn.identity, elapsedMs: elapsedMs(standIn, this.parts.ports.clock) },
      ...{ predicted: this.predicted, mayHoldAnother: held.mayBeAnother },
    };
  }

  /** Notes any answer of the device. */
  hear({ standsIn = false }: DeviceIdentity): void {
    const { held, standIn } = this.known;
    const isAskedFor = standIn === 'asked-for';
    this.become({ held: withAnswerSeen(held), standIn: standsIn ? 'answers' : isAskedFor ? 'asked-for' : 'none' });
  }

  /** Notes what it told before anything is sent. */
  hearBefore(identity: DeviceIdentity): void {
    const told = withIdentity(this.known.told, identity, this.parts.ports.clock);
    this.become({ told, now: null, standIn: identity.standsIn === true ? 'answers' : 'none' });
  }

  /** Whether its firmware does not run, or will soon not, since something takes the upload in its place. */
  get isSetAside(): boolean {
    return this.known.standIn !== 'none';
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

  /** Whether the new firmware answers, and may still roll back. */
  get isSettling(): boolean {
    return this.known.presence.newSince !== null;
  }

  /** Notes that the new firmware answers. */
  seeNew(): void {
    if (!this.isSettling) this.count({ lookedForMs: 0 });
    this.become({ presence: withNewSeen(this.known.presence, this.parts.ports.clock.now()) });
  }

  /** Whether the new firmware has answered for long enough to stay. */
  get hasSettled(): boolean {
    const { newSince } = this.known.presence;
    return newSince !== null && this.parts.ports.clock.now() - newSince >= this.settlesMs;
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
    const { known } = this;
    const presence = withNewMissed(known.presence);
    this.become({ presence, isHeard: false });
    if (factsOf(code).device.answer !== 'none') return;
    if (!this.hidesStart) this.become({ presence: { ...presence, wasAway: presence.wasAway || saidYes(known) } });
    else if (this.parts.ports.connectivity.online()) this.become({ presence: withAllMissed(presence, askedAt) });
  }

  get keepsHalf(): boolean {
    return this.before?.identity.keepsHalf ?? true;
  }

  get leaves(): Leaves {
    return this.known.half && this.keepsHalf ? 'half' : 'nothing';
  }

  get oldFirmware(): OldFirmware {
    const { known } = this;
    const { held } = known;
    if (isHandedOver(known) || known.earlierInDoubt || mayStartUnseen(held)) return 'unknown';
    if ((known.mayRunFile || held.mayHaveStarted) && !this.showsOld) return 'unknown';
    return this.isSetAside ? 'set-aside' : 'runs';
  }

  /**
   * Whether its last answer shows that the old firmware runs: the file would tell something else, or a restart would
   * have shown. Where both would tell the same, without an uptime, it may be either.
   */
  get showsOld(): boolean {
    const before = this.before?.identity ?? null;
    const told = this.known.now ?? before;
    if (told === null) return false;
    const { mayBeAnother, mayHaveStarted } = this.known.held;
    const isNoRestart = !mayHaveStarted && told.uptimeMs !== null && before !== null && wouldShowRestart(before);
    if (isNoRestart) return true;
    // What this file tells shows nothing of another one.
    if (mayHaveStarted && mayBeAnother) return false;
    return this.predicted !== null && tellsPredicted(this.predicted, told) === false;
  }

  /** An upload goes out. */
  begin(): void {
    const { known } = this;
    const isInDoubt = isHandedOver(known);
    const sent = this.parts.link.tellsSent ? 'none' : 'unheard';
    const held = isInDoubt ? withHandedOver(known.held) : known.held;
    this.become(withUploadBegun(known, sent, held, isInDoubt && !this.showsOld));
    // Where it is not known how much has gone, the whole image may be there from here on.
    this.note(sent === 'unheard' ? 'finalizing' : 'writing');
  }

  /** So many bytes were handed over. */
  countSent(bytes: number): void {
    const { total } = this.meter;
    const sent: Sent = bytes >= total ? 'all' : bytes > 0 ? 'part' : 'none';
    if (sentIn(this.known) !== 'unheard') this.become(withSent(this.known, sent));
    this.meter.acknowledge(Math.min(bytes, Math.floor(total * MOST_BEFORE_ANSWER)), this.parts.ports.clock.now());
  }

  /** It said “yes”, so it has every byte. */
  takeYes(): void {
    this.become(withYes(this.known));
    this.meter.acknowledge(this.meter.total, this.parts.ports.clock.now());
    this.note('restarting');
  }

  byIdentity(): ByIdentity | null {
    const { before } = this;
    const { now } = this.known;
    return before === null || now === null ? null : { by: 'identity', before: before.identity, now };
  }

  /** @param inDoubt whether nothing shows which firmware runs */
  note(phase: JournalEntry['phase'], inDoubt = this.#isInDoubt): void {
    const { plan, link, ports } = this.parts;
    const { before } = this;
    const { acknowledged } = this.meter;
    this.journal.note({
      ...(plan.overruled.length > 0 && { overruled: plan.overruled }),
      ...(this.known.held.mayBeAnother && { mayHoldAnother: true }),
      ...(before !== null && { before: { identity: before.identity, at: before.at } }),
      ...{ deviceId: plan.deviceId, sha256: plan.sha256, size: plan.bytes.length, dialect: link.dialect },
      ...{ sessionId: null, slot: null, previousSlot: null, acknowledged, sentTo: acknowledged, phase },
      ...{ finalizeSent: inDoubt, tellsStatus: false, at: ports.clock.date() },
    });
  }

  get #isInDoubt(): boolean {
    const { known } = this;
    return isHandedOver(known) || known.earlierInDoubt || known.held.isThere;
  }

  progress(): Progress {
    return { ...this.meter.snapshot(0), ...(this.parts.link.tellsWritten === true ? {} : { counts: 'sent' }) };
  }
}
