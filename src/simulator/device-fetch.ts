/** `fetch`, with a simulated device at the other end instead of a network. */
import { ConnectionDropped } from './power.ts';

/** A simulated device of any kind. */
export interface AnswersRequests {
  handle(request: Request): Promise<Response>;
}

/** Devices by origin: `http://192.168.1.50:8080`. */
export type Devices = ReadonlyMap<string, AnswersRequests>;

/**
 * A `fetch` to `devices`. An origin that is none of theirs, and a dropped connection, reject with the same `TypeError`
 * as in a browser; an abort rejects with the signal's reason. There is no CORS here.
 */
export function fetchFrom(devices: Devices): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  return async (input, init) => {
    const request = new Request(input, init);
    const device = devices.get(new URL(request.url).origin);
    if (device === undefined) throw new TypeError('Failed to fetch');
    try {
      return await device.handle(request);
    } catch (error) {
      if (error instanceof ConnectionDropped) throw new TypeError('Failed to fetch', { cause: error });
      throw error;
    }
  };
}
