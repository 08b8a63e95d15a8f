/** What can go wrong with a request to a simulated Tasmota device, as data. */
import type { WledFault, WledWhen } from '../wled/faults.ts';

/** The same as with a lamp: each of them ends a connection, turns a byte over, or answers in the device's place. */
export type TasmotaFault = WledFault;
export type BreakingTasmotaFault = Extract<TasmotaFault, { readonly when: WledWhen }>;

export type TasmotaRoute =
  'command' | 'upgrade-page' | 'restore-page' | 'upload' | 'upload-done' | 'partition' | 'unknown';

export interface TasmotaFaultInfo {
  readonly route: TasmotaRoute;
  /** Which request to this route it is since the device was made, from 1. */
  readonly nth: number;
  /** Which request at all, from 1. */
  readonly index: number;
}

export type TasmotaFaultScript = (info: TasmotaFaultInfo) => TasmotaFault | null;

/** The `nth` request (from 1) to `route` goes wrong, all others go well. */
export function onNthTasmota(route: TasmotaRoute, nth: number, fault: TasmotaFault): TasmotaFaultScript {
  return (info) => (info.route === route && info.nth === nth ? fault : null);
}

/** Every request to `route` goes wrong. */
export function onEveryTasmota(route: TasmotaRoute, fault: TasmotaFault): TasmotaFaultScript {
  return (info) => (info.route === route ? fault : null);
}
