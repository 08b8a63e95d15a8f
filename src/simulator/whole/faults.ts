/** What can go wrong with a request to a simulated device that takes an image whole by HTTP, as data. */

/**
 * `before`: the device did nothing. `after`: it did everything. `bytes`: after so many bytes of the image have reached
 * it.
 */
export type WholeWhen = 'before' | 'after' | { readonly bytes: number };

export type WholeFault =
  /** The connection ends without an answer. */
  | { readonly kind: 'drop'; readonly when: WholeWhen }
  /** No answer ever comes, and nothing more is taken; ends when the client gives up. */
  | { readonly kind: 'hang'; readonly when: WholeWhen }
  /** Power loss or crash; the connection ends with it. */
  | { readonly kind: 'restart'; readonly when: WholeWhen }
  /** One bit of this byte of the image is flipped on the way. */
  | { readonly kind: 'corrupt'; readonly at: number }
  /** It does nothing, and answers with this status. */
  | { readonly kind: 'status'; readonly status: number; readonly text?: string }
  /** It does everything, and another server's page comes as the answer. */
  | { readonly kind: 'garbage' };

/** A fault that ends the connection, or leaves it hanging. */
export type BreakingFault = Extract<WholeFault, { readonly when: WholeWhen }>;

export interface WholeFaultInfo<Route extends string> {
  readonly route: Route;
  /** Which request to this route it is since the device was made, from 1. */
  readonly nth: number;
  /** Which request at all, from 1. */
  readonly index: number;
}

export type WholeFaultScript<Route extends string> = (info: WholeFaultInfo<Route>) => WholeFault | null;

/** The `nth` request (from 1) to `route` goes wrong, all others go well. */
export function onNthOf<Route extends string>(
  route: NoInfer<Route>,
  nth: number,
  fault: WholeFault,
): WholeFaultScript<Route> {
  return (info) => (info.route === route && info.nth === nth ? fault : null);
}

/** Every request to `route` goes wrong. */
export function onEveryOf<Route extends string>(route: NoInfer<Route>, fault: WholeFault): WholeFaultScript<Route> {
  return (info) => (info.route === route ? fault : null);
}
