/** The connection ended without an answer. Adapters turn it into a network error. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';
  constructor() {
    super('The simulated device dropped the connection.');
  }
}

/** The chip stopped in the middle, and starts again by itself. */
export class Panic extends Error {
  override readonly name = 'Panic';
}

/**
 * One stretch of time between two resets. Whoever works on the device holds the stretch it began in and looks after
 * every wait whether it is over: a device that was reset does not finish what it was doing.
 */
export class Power {
  #on = true;

  get isOn(): boolean {
    return this.#on;
  }

  cut(): void {
    this.#on = false;
  }

  /** Throws `ConnectionDropped` where the device has been reset since. */
  check(): void {
    if (!this.#on) throw new ConnectionDropped();
  }
}
