/** The page's places, in the fragment of its address: no server sees them. */
import type { DialogSubject } from './events.ts';

export type RouteName = 'devices' | 'firmware' | 'history' | 'more';

export interface Place {
  readonly route: RouteName;
  /** A device that a link brought, to be filled in. */
  readonly adding: Extract<DialogSubject, { kind: 'new' }> | null;
}

/** Reads "#/firmware" or "#/add?name=…&address=…&token=…". Anything else is the devices. */
export function placeIn(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  if (path === 'add') {
    const said = new URLSearchParams(query);
    const named = (name: string): string => said.get(name) ?? '';
    return {
      route: 'devices',
      adding: { kind: 'new', name: named('name'), address: named('address'), token: named('token') },
    };
  }
  return { route: isRoute(path) ? path : 'devices', adding: null };
}

function isRoute(path: string): path is RouteName {
  return path === 'devices' || path === 'firmware' || path === 'history' || path === 'more';
}
