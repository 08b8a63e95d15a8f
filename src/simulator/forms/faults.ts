/** What can go wrong with a request to a simulated device that takes firmware by a form, as data. */
import type { WledFault, WledWhen } from '../wled/faults.ts';

/** The same as with a lamp: each of them ends a connection, turns a byte over, or answers in the device's place. */
export type FormFault = WledFault;
export type BreakingFormFault = Extract<FormFault, { readonly when: WledWhen }>;

export type FormRoute = 'page' | 'upload' | 'start' | 'identity' | 'json' | 'preflight' | 'unknown';

export interface FormFaultInfo {
  readonly route: FormRoute;
  /** Which request to this route it is since the device was made, from 1. */
  readonly nth: number;
  /** Which request at all, from 1. */
  readonly index: number;
}

export type FormFaultScript = (info: FormFaultInfo) => FormFault | null;

/** The `nth` request (from 1) to `route` goes wrong, all others go well. */
export function onNthForm(route: FormRoute, nth: number, fault: FormFault): FormFaultScript {
  return (info) => (info.route === route && info.nth === nth ? fault : null);
}

/** Every request to `route` goes wrong. */
export function onEveryForm(route: FormRoute, fault: FormFault): FormFaultScript {
  return (info) => (info.route === route ? fault : null);
}
