/** What can go wrong with a request to a simulated WLED lamp, as data. */

/** Before: the lamp did nothing of it. After: it did all of it. Else after so many bytes of the image have reached it. */
export type WledWhen = 'before' | 'after' | { readonly bytes: number };

export type WledFault =
  /** The connection ends without an answer. */
  | { readonly kind: 'drop'; readonly when: WledWhen }
  /** No answer ever comes, and nothing more is taken; ends when the client gives up. */
  | { readonly kind: 'hang'; readonly when: WledWhen }
  /** Power loss or crash; the connection ends with it. */
  | { readonly kind: 'restart'; readonly when: WledWhen }
  /** Another bit than was sent, at this byte of the image. */
  | { readonly kind: 'corrupt'; readonly at: number }
  /** It does nothing of it, and answers so. */
  | { readonly kind: 'status'; readonly status: number; readonly text?: string }
  /** It does all of it, and a page of somebody else's comes. */
  | { readonly kind: 'garbage' };

/** One that ends the connection, or never does. */
export type BreakingFault = Extract<WledFault, { readonly when: WledWhen }>;

export type WledRoute = 'info' | 'state' | 'update-page' | 'update' | 'reset' | 'preflight' | 'unknown';

export interface WledFaultInfo {
  readonly route: WledRoute;
  /** Which request to this route it is since the lamp was made, from 1. */
  readonly nth: number;
  /** Which request at all, from 1. */
  readonly index: number;
}

export type WledFaultScript = (info: WledFaultInfo) => WledFault | null;

/** The `nth` request (from 1) to `route` goes wrong, all others go well. */
export function onNthOf(route: WledRoute, nth: number, fault: WledFault): WledFaultScript {
  return (info) => (info.route === route && info.nth === nth ? fault : null);
}

/** Every request to `route` goes wrong. */
export function onEveryOf(route: WledRoute, fault: WledFault): WledFaultScript {
  return (info) => (info.route === route ? fault : null);
}
