/** Bounds how many devices are updated at a time: first come, first served. */
export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** `turn` is called when it is its turn, perhaps at once; answers whether it was. Each turn is given back. */
  ask(turn: () => void): boolean {
    if (this.#taken >= this.#most) {
      this.#waiting.push(turn);
      return false;
    }
    this.#taken += 1;
    turn();
    return true;
  }

  giveBack(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
