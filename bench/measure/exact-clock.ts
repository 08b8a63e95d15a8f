import type { DeviceClock } from '../../src/simulator/clock.ts';

/** Node's timers fire up to a millisecond late, and may fire a little early. */
const TIMER_LATE_MS = 1.5;

/**
 * A clock that wakes to the moment. What a timer is late would count as the page's: 0.4 ms of every 10 ms there and
 * back. The last millisecond is waited for in turns of the event loop, so requests are served meanwhile.
 */
export const exactClock: DeviceClock = {
  now: () => performance.now(),
  async sleep(ms) {
    const end = performance.now() + ms;
    if (ms > TIMER_LATE_MS) await new Promise((resolve) => setTimeout(resolve, ms - TIMER_LATE_MS));
    while (performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
  },
};
