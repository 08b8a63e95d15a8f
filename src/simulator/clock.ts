/** Time as a simulated device sees it. Tests pass a fake one, so that nothing in them waits. */
export interface DeviceClock {
  /** Milliseconds, monotonic. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const realClock: DeviceClock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
};

/** How long things take on the device, in milliseconds. */
export interface Costs {
  /** Erasing one 4 KiB block. */
  readonly eraseMsPerBlock: number;
  /** Programming 4096 bytes; less for less. */
  readonly programMsPerBlock: number;
  /** The round trip of every request, preflights included, in which it is also read. */
  readonly roundTripMs: number;
}

export const noCosts: Costs = { eraseMsPerBlock: 0, programMsPerBlock: 0, roundTripMs: 0 };

/**
 * The costs of the bench: an erase takes tens of milliseconds on ESP32 flash, a round trip in a home Wi-Fi about ten.
 */
export const realisticCosts: Costs = { eraseMsPerBlock: 25, programMsPerBlock: 11, roundTripMs: 10 };
