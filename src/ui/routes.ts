/** The page's places, in the fragment of its address: no server sees them. */
import type { DialogSubject } from './events.ts';

export type RouteName = 'devices' | 'rollout' | 'firmware' | 'history' | 'more';

export interface Place {
  readonly route: RouteName;
  /** A device that a link brought, to be filled in. */
  readonly adding: Extract<DialogSubject, { kind: 'new' }> | null;
  /** The device that the history is about, by its id. */
  readonly deviceId: string | null;
}

/** Reads "#/firmware", "#/history?device=…" or "#/add?name=…&address=…&token=…". Anything else is the devices. */
export function placeIn(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const said = new URLSearchParams(query);
  if (path === 'add') {
    const named = (name: string): string => said.get(name) ?? '';
    return {
      route: 'devices',
      adding: {
        kind: 'new',
        name: named('name'),
        address: named('address'),
        token: named('token'),
        ...(said.has('header') ? { tokenHeader: named('header') } : {}),
      },
      deviceId: null,
    };
  }
  return { route: isRoute(path) ? path : 'devices', adding: null, deviceId: said.get('device') };
}

function isRoute(path: string): path is RouteName {
  return path === 'devices' || path === 'rollout' || path === 'firmware' || path === 'history' || path === 'more';
}
