/** The requests that reached the device, for tests and for people who watch. */
import type { DeviceClock } from './clock.ts';

export interface LoggedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** When it arrived, by the device's clock, in milliseconds. */
  readonly at: number;
  /** Bytes of the body, as they were announced; null until it was read. */
  readonly bytes: number | null;
  /** `open` until it ended; `given up` where the client gave up. */
  readonly status: number | 'open' | 'dropped' | 'given up';
}

export interface OpenRequest {
  readonly setBytes: (bytes: number) => void;
  readonly close: (status: number | 'dropped' | 'given up') => void;
}

export class RequestLog {
  readonly requests: LoggedRequest[] = [];
  inFlightMax = 0;
  #inFlight = 0;
  #counted = 0;
  readonly #byRoute = new Map<string, number>();
  readonly #clock: DeviceClock;

  constructor(clock: DeviceClock) {
    this.#clock = clock;
  }

  open(method: string, path: string): OpenRequest {
    const position = this.requests.length;
    let entry: LoggedRequest = {
      method,
      path,
      at: this.#clock.now(),
      bytes: null,
      status: 'open',
    };
    this.requests.push(entry);
    this.#inFlight += 1;
    this.inFlightMax = Math.max(this.inFlightMax, this.#inFlight);
    const change = (part: Partial<LoggedRequest>): void => {
      entry = { ...entry, ...part };
      this.requests[position] = entry;
    };
    return {
      setBytes: (bytes) => change({ bytes }),
      close: (status) => {
        this.#inFlight -= 1;
        change({ status });
      },
    };
  }

  /** Counts one more request to `route`; both numbers are from 1. */
  count(route: string): { readonly route: string; readonly nth: number; readonly index: number } {
    const nth = (this.#byRoute.get(route) ?? 0) + 1;
    this.#byRoute.set(route, nth);
    this.#counted += 1;
    return { route, nth, index: this.#counted };
  }
}
