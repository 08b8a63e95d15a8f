/** The connection ended without an answer. Adapters turn it into a network error. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';
  constructor() {
    super('The simulated device dropped the connection.');
  }
}

/** The chip panicked in the middle of its work, and restarts by itself. */
export class Panic extends Error {
  override readonly name = 'Panic';
}

/**
 * The time between two resets. Any work on the device keeps the one that it began in, and checks after each wait
 * whether it is over: a device that was reset does not finish what it was doing.
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
