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
  /** An update on the host that a link leads to: its id and its key. */
  readonly job: string | null;
  /** A rollout there. */
  readonly rollout: string | null;
}

const PAIR = 'pair=';
const JOB = 'job=';
const ROLLOUT = 'rollout=';

/**
 * Reads "#/firmware", "#/history?device=…", "#/add?name=…&address=…&sealed=…", "#pair=…", "#job=…" or "#rollout=…". Anything else is the devices.
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
      job: null,
      rollout: null,
    };
  }
  const pairing = path.startsWith(PAIR) ? path.slice(PAIR.length) : null;
  const job = path.startsWith(JOB) ? path.slice(JOB.length) : null;
  const rollout = path.startsWith(ROLLOUT) ? path.slice(ROLLOUT.length) : null;
  const route = rollout !== null ? 'rollout' : isRoute(path) ? path : 'devices';
  return { route, adding: null, deviceId: said.get('device'), pairing, job, rollout };
}

/**
 * What the page's address says now. A device that a link brought is taken out of it at once, so that nobody sees or copies
 * it there. The browser has written the visit into its history by then, with whatever stood in the link.
 */
export function takePlace(): Place {
  const place = placeIn(window.location.hash);
  const { adding, pairing, job, rollout, route } = place;
  if (adding !== null || pairing !== null || job !== null || rollout !== null)
    window.history.replaceState(window.history.state, '', `#/${route}`);
  return adding === null || adding.token === '' ? place : { ...place, adding: { ...adding, inHistory: true } };
}

/** An address of the host, with the code that pairs the browser which opens it, where there is one. */
export function withCode(address: string, code: string | null): string {
  return code === null ? address : `${address}#${PAIR}${code}`;
}

/** What opens the update on another page. `page`: where Moult is open, without a fragment. */
export function jobLink(page: string, { id, key }: { readonly id: string; readonly key: string }): string {
  return `${page}#${JOB}${id}.${key}`;
}

/** What opens the rollout on another page. `page`: as `jobLink` has it. */
export function rolloutLink(page: string, { id, key }: { readonly id: string; readonly key: string }): string {
  return `${page}#${ROLLOUT}${id}.${key}`;
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
