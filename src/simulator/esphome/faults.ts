/** What can go wrong with a connection to a simulated ESPHome device, as data. */

/**
 * Before: it did nothing. After so many bytes of the image were written. `written`: it has all of it, and has not made it
 * bootable. After: it did everything, and its last answer is lost.
 */
export type EsphomeWhen = 'before' | { readonly bytes: number } | 'written' | 'after';

export type EsphomeFault =
  /** The connection ends. */
  | { readonly kind: 'drop'; readonly when: EsphomeWhen }
  /** It says nothing any more; ends when the client gives up. */
  | { readonly kind: 'hang'; readonly when: EsphomeWhen }
  /** Power loss or crash; the connection ends with it. */
  | { readonly kind: 'restart'; readonly when: EsphomeWhen }
  /** Another bit than was sent, at this byte of the image. */
  | { readonly kind: 'corrupt'; readonly at: number }
  /** It says no by this number, where it would have said yes to the password, to the size, to so many bytes, or at the end. */
  | {
      readonly kind: 'error';
      readonly code: number;
      readonly when: 'sign-in' | 'prepare' | 'end' | { readonly bytes: number };
    }
  /** Somebody else answers: an HTTP server. */
  | { readonly kind: 'garbage' };

export type BreakingFault = Extract<EsphomeFault, { readonly kind: 'drop' | 'hang' | 'restart' }>;

export type EsphomeRoute = 'ota' | 'api';

export interface EsphomeFaultInfo {
  readonly route: EsphomeRoute;
  /** Which connection to this port it is since the device was made, from 1. */
  readonly nth: number;
  /** Which connection at all, from 1. */
  readonly index: number;
}

export type EsphomeFaultScript = (info: EsphomeFaultInfo) => EsphomeFault | null;

/** The `nth` connection (from 1) to `route` goes wrong, all others go well. */
export function onNthTo(route: EsphomeRoute, nth: number, fault: EsphomeFault): EsphomeFaultScript {
  return (info) => (info.route === route && info.nth === nth ? fault : null);
}

/** Every connection to `route` goes wrong. */
export function onEveryTo(route: EsphomeRoute, fault: EsphomeFault): EsphomeFaultScript {
  return (info) => (info.route === route ? fault : null);
}

/** The fault where it ends a connection, and that is due here; null: it goes on. */
export function dueAt(fault: EsphomeFault | null, at: EsphomeWhen): BreakingFault | null {
  if (fault === null || (fault.kind !== 'drop' && fault.kind !== 'hang' && fault.kind !== 'restart')) return null;
  const { when } = fault;
  const isDue = typeof at === 'object' ? typeof when === 'object' && at.bytes >= when.bytes : at === when;
  return isDue ? fault : null;
}
