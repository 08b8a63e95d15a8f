/** What can go wrong with a connection to a simulated ESPHome device, as data. */

/**
 * `before`: it did nothing. `bytes`: after so many bytes of the image were written. `written`: it has the whole image,
 * and has not made it bootable. `after`: it did everything, and its last answer is lost.
 */
export type EsphomeWhen = 'before' | { readonly bytes: number } | 'written' | 'after';

export type EsphomeFault =
  /** The connection ends. */
  | { readonly kind: 'drop'; readonly when: EsphomeWhen }
  /** It sends nothing more; the connection ends when the client gives up. */
  | { readonly kind: 'hang'; readonly when: EsphomeWhen }
  /** Power loss or crash; the connection ends with it. */
  | { readonly kind: 'restart'; readonly when: EsphomeWhen }
  /** One bit of this byte of the image is flipped on the way. */
  | { readonly kind: 'corrupt'; readonly at: number }
  /** It refuses with this number, where it would have accepted the password, the size, so many bytes, or the image. */
  | {
      readonly kind: 'error';
      readonly code: number;
      readonly when: 'sign-in' | 'prepare' | 'end' | { readonly bytes: number };
    }
  /** Another server answers, by HTTP. */
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

/** The fault, where it ends the connection at this point; null: the connection goes on. */
export function dueAt(fault: EsphomeFault | null, at: EsphomeWhen): BreakingFault | null {
  if (fault === null || (fault.kind !== 'drop' && fault.kind !== 'hang' && fault.kind !== 'restart')) return null;
  const { when } = fault;
  const isDue = typeof at === 'object' ? typeof when === 'object' && at.bytes >= when.bytes : at === when;
  return isDue ? fault : null;
}
