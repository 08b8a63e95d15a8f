/** What can go wrong with a request to a simulated hawkBit server, as data. */

export type HawkbitRoute =
  | 'poll'
  | 'deployment'
  | 'feedback'
  | 'cancel'
  | 'cancel-feedback'
  | 'confirmation'
  | 'confirmation-feedback'
  | 'installed'
  | 'config-data'
  | 'artifact'
  | 'unknown';

export type HawkbitFault =
  /** The connection ends. Before: nothing was done. After: all of it, and the answer is lost. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** It does nothing of it, and answers so. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number; readonly errorCode?: string }
  /** Of an artifact: a byte is another one. */
  | { readonly kind: 'damaged'; readonly at: number }
  /** Of an artifact: it ends after so many bytes. */
  | { readonly kind: 'cut'; readonly after: number }
  /** A page of somebody else's comes, with 200. */
  | { readonly kind: 'garbage' };

export interface HawkbitRequest {
  readonly route: HawkbitRoute;
  readonly controllerId: string;
  /** Which request to this route it is since the server was made, from 1. */
  readonly nth: number;
}

export type HawkbitFaultScript = (request: HawkbitRequest) => HawkbitFault | null;

/** The `nth` request (from 1) to `route` goes wrong, all others go well. */
export function onNthAsked(route: HawkbitRoute, nth: number, fault: HawkbitFault): HawkbitFaultScript {
  return (request) => (request.route === route && request.nth === nth ? fault : null);
}

/** Every request to `route` goes wrong. */
export function onEveryAsked(route: HawkbitRoute, fault: HawkbitFault): HawkbitFaultScript {
  return (request) => (request.route === route ? fault : null);
}
