/**
 * An image that a device may hold which keeps running after it has taken one (`WholeImageLink.runsOn`): its next
 * restart starts that image, whenever it comes.
 */

export class HeldImage {
  readonly #runsOn: boolean;
  #isThere: boolean;
  /** It may have started since, so that an uptime no longer shows that the old firmware runs. */
  mayHaveStarted = false;
  /** The last request was answered. */
  isInSight = false;

  /** @param left whether an earlier run may have left one */
  constructor(runsOn: boolean, left: boolean) {
    this.#runsOn = runsOn;
    this.#isThere = runsOn && left;
  }

  /** Whether there may be one. It may start even before a later upload has replaced it. */
  get isThere(): boolean {
    return this.#isThere;
  }

  get mayStartUnseen(): boolean {
    return this.#isThere && !this.isInSight;
  }

  note(isHandedOver: boolean): void {
    this.#isThere ||= this.#runsOn && isHandedOver;
  }

  seeRestart(): void {
    this.mayHaveStarted ||= this.#isThere;
  }
}
