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
  /** The connection ends. `before`: nothing was done. `after`: everything was done, and the answer is lost. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** It does nothing, and answers with this status. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number; readonly errorCode?: string }
  /** One byte of an artifact is damaged. */
  | { readonly kind: 'damaged'; readonly at: number }
  /** An artifact ends after so many bytes. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Another server's page comes, with 200. */
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
