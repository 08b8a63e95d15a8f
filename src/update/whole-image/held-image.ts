/** What a device may hold that runs on with what it has taken (`WholeImageLink.runsOn`): its next restart starts it, whenever that is. */

export class HeldImage {
  readonly #runsOn: boolean;
  #isThere: boolean;
  /** It may have started since, so that no uptime shows any more that the old firmware runs. */
  mayHaveStarted = false;
  /** The last question was answered. */
  isInSight = false;

  /** @param left whether an earlier run may have left one */
  constructor(runsOn: boolean, left: boolean) {
    this.#runsOn = runsOn;
    this.#isThere = runsOn && left;
  }

  /** Whether there may be one. What goes over it later may do so before it is begun. */
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
