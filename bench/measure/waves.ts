/** How long a rollout takes, and each of its devices, seen from the devices: the same for whoever runs it. */
import type { SimulatedDevice } from '../../src/simulator/simulated-device.ts';

export interface Times {
  /** From the first `begin` to the last end of an update. */
  readonly totalMs: number;
  readonly slowestMs: number;
  /** The first wave: one device, and no other beside it. */
  readonly firstMs: number;
}

export interface Span {
  readonly begunAt: number;
  readonly lastAt: number;
}

export function timesOf(spans: readonly Span[]): Times {
  const begun = spans.map(({ begunAt }) => begunAt);
  const over = spans.map(({ lastAt }) => lastAt);
  return {
    totalMs: Math.max(...over) - Math.min(...begun),
    slowestMs: Math.max(...spans.map(({ begunAt, lastAt }) => lastAt - begunAt)),
    firstMs: Math.min(...over) - Math.min(...begun),
  };
}

/** From the device's first `begin` to the answer to its last request: its whole update, restart and confirmation too. */
export function spanOf(device: SimulatedDevice): Span {
  const span = { begunAt: Infinity, lastAt: 0 };
  const receive = device.receive.bind(device);
  device.receive = async (request, signal, arrivedAt) => {
    if (request.target.endsWith('/begin')) span.begunAt = Math.min(span.begunAt, performance.now());
    try {
      return await receive(request, signal, arrivedAt);
    } finally {
      span.lastAt = performance.now();
    }
  };
  return span;
}

/**
 * How many waves a rollout has if all devices are equally fast: the first, and then as many of full width as it takes.
 */
export function wavesOf(of: { readonly devices: number; readonly firstWave: number; readonly atOnce: number }): number {
  return 1 + Math.ceil((of.devices - of.firstWave) / of.atOnce);
}
