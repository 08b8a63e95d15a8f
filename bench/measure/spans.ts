/** How long updates take, seen from the device: the same for whoever sends them. */
import type { SimulatedDevice } from '../../src/simulator/simulated-device.ts';

export interface Update {
  /**
   * From the arrival of begin, or of its preflight, to the end of the first finalize: its answer, or its dropping for
   * the restart. What is asked after that does not depend on the image.
   */
  readonly ms: number;
  /** Preflights are counted by themselves. Begin, chunks, what is asked in between, and finalize. */
  readonly requests: number;
  readonly preflights: number;
  /** Chunks that were refused, dropped or given up. */
  readonly failedChunks: number;
}

/** Watches a device from now on. */
export class Spans {
  readonly #device: SimulatedDevice;
  readonly #spans: { fromMs: number; toMs: number | null; readonly from: number; to: number }[] = [];

  constructor(device: SimulatedDevice) {
    this.#device = device;
    const receive = device.receive.bind(device);
    device.receive = async (request, signal, arrivedAt) => {
      const isBegin = request.target.endsWith('/begin');
      // A preflight opens it and the begin that follows does not open another; a second begin is the same update's.
      const isOpen = this.#spans.at(-1)?.toMs === null;
      if (isBegin && !isOpen) {
        const from = device.requests.length;
        this.#spans.push({ fromMs: performance.now(), toMs: null, from, to: from });
      }
      try {
        return await receive(request, signal, arrivedAt);
      } finally {
        const span = this.#spans.at(-1);
        if (request.method === 'POST' && request.target.endsWith('/finalize') && span?.toMs === null) {
          span.toMs = performance.now();
          span.to = device.requests.length;
        }
      }
    };
  }

  get updates(): readonly Update[] {
    return this.#spans.map(({ fromMs, toMs, from, to }) => {
      if (toMs === null) throw new Error('an update did not end');
      const requests = this.#device.requests.slice(from, to);
      const preflights = requests.filter(({ method }) => method === 'OPTIONS').length;
      const failed = requests.filter(
        ({ method, path, status }) => method === 'POST' && /\/(chunk|write)(\?|$)/.test(path) && status !== 200,
      );
      return { ms: toMs - fromMs, requests: requests.length - preflights, preflights, failedChunks: failed.length };
    });
  }
}
