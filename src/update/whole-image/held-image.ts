/**
 * An image that a device may hold: its next restart starts that image, whenever it comes. Some keep running after they
 * have taken one (`WholeImageLink.runsOn`), and each may lose the restart that it had promised. Where its absence alone
 * shows one, the network may have been away instead. And a page may go away, and come back, before it restarts.
 */
import type { JournalEntry } from '../../model/update/journal.ts';
import { wasHandedOver, wasLeftHolding } from '../preflight.ts';

interface Kind {
  readonly runsOn: boolean;
  /** Only its absence shows a restart. */
  readonly hidesStart: boolean;
}

export class HeldImage {
  readonly #kind: Kind;
  #isThere: boolean;
  #mayBeAnother: boolean;
  #isInSight = false;
  /** It may have started since, so that an uptime no longer shows that the old firmware runs. */
  mayHaveStarted = false;

  /**
   * @param left what an earlier run left
   * @param sha256 of the image that is sent now
   */
  constructor(kind: Kind, left: JournalEntry | null, sha256: string) {
    this.#kind = kind;
    this.#isThere = kind.runsOn ? left !== null : wasHandedOver(left) || wasLeftHolding(left);
    this.#mayBeAnother = this.#isThere && (left?.sha256 !== sha256 || left.mayHoldAnother === true);
  }

  /** Whether there may be one. It may start even before a later upload has replaced it. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** Whether it may be that of another file, which may tell the very same of itself. */
  get mayBeAnother(): boolean {
    return this.#mayBeAnother;
  }

  get mayStartUnseen(): boolean {
    return this.#isThere && !this.#isInSight;
  }

  /** Notes an answer. */
  seeAnswer(): void {
    this.#isInSight = true;
  }

  /** Notes a request without an answer. */
  missAnswer(): void {
    this.#isInSight = false;
    // There may be no more than that to see of a restart.
    if (this.#kind.hidesStart) this.seeRestart();
  }

  note(isHandedOver: boolean): void {
    this.#isThere ||= this.#kind.runsOn && isHandedOver;
  }

  /** Notes that the device took the image that is sent now, in the place of what it held. */
  replace(): void {
    this.note(true);
    this.#mayBeAnother = false;
  }

  seeRestart(): void {
    this.mayHaveStarted ||= this.#isThere;
  }
}
