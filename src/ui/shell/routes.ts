/** The page's places, in the fragment of its address: no server sees them. */
import type { DialogSubject } from '../kit/events.ts';

export type RouteName = 'devices' | 'rollout' | 'firmware' | 'history' | 'more' | 'prepare';

export interface Place {
  readonly route: RouteName;
  /** A device that a link brought, to be filled in. */
  readonly adding: Extract<DialogSubject, { kind: 'new' }> | null;
  /** The device that the history is about, by its id. */
  readonly deviceId: string | null;
  /** The code that a host showed to pair this browser. */
  readonly pairing: string | null;
}

const PAIR = 'pair=';

/**
 * Reads "#/firmware", "#/history?device=…", "#/add?name=…&address=…&sealed=…" or "#pair=…". Anything else is the devices.
 * Links of earlier versions have `token=…`, as it is.
 */
export function placeIn(hash: string): Place {
  const [path = ''] = hash.replace(/^#\/?/, '').split('?', 1);
  const said = new URLSearchParams(hash.includes('?') ? hash.slice(hash.indexOf('?')) : '');
  if (path === 'add') {
    const named = (name: string): string => said.get(name) ?? '';
    return {
      route: 'devices',
      adding: {
        kind: 'new',
        name: named('name'),
        address: named('address'),
        token: named('token'),
        ...(said.has('sealed') ? { sealed: named('sealed') } : {}),
        ...(said.has('header') ? { tokenHeader: named('header') } : {}),
      },
      deviceId: null,
      pairing: null,
    };
  }
  const pairing = path.startsWith(PAIR) ? path.slice(PAIR.length) : null;
  return { route: isRoute(path) ? path : 'devices', adding: null, deviceId: said.get('device'), pairing };
}

/**
 * What the page's address says now. A device that a link brought is taken out of it at once, so that nobody sees or copies
 * it there. The browser has written the visit into its history by then, with whatever stood in the link.
 */
export function takePlace(): Place {
  const place = placeIn(window.location.hash);
  const { adding, pairing } = place;
  if (adding !== null || pairing !== null) window.history.replaceState(window.history.state, '', '#/devices');
  return adding === null || adding.token === '' ? place : { ...place, adding: { ...adding, inHistory: true } };
}

/** An address of the host, with a code that pairs who opens it: where there is one. */
export function withCode(address: string, code: string | null): string {
  return code === null ? address : `${address}#${PAIR}${code}`;
}

/** The host's page about trust, with a code that pairs the browser once it comes back by https. */
export function trustAddress(code: string | null): string {
  return withCode('/trust', code);
}

function isRoute(path: string): path is RouteName {
  return (
    path === 'devices' ||
    path === 'rollout' ||
    path === 'firmware' ||
    path === 'history' ||
    path === 'more' ||
    path === 'prepare'
  );
}
