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

/** What things cost on the device, in milliseconds. */
export interface Costs {
  /** Erasing one 4 KiB block. */
  readonly eraseMsPerBlock: number;
  /** Programming 4096 bytes; less for less. */
  readonly programMsPerBlock: number;
  /** Of every request, preflights included: the way there and back, in which it is also read. */
  readonly roundTripMs: number;
}

export const noCosts: Costs = { eraseMsPerBlock: 0, programMsPerBlock: 0, roundTripMs: 0 };

/** What the bench is set to: an erase costs tens of milliseconds on ESP32 flash, a home Wi-Fi about ten there and back. */
export const realisticCosts: Costs = { eraseMsPerBlock: 25, programMsPerBlock: 11, roundTripMs: 10 };
