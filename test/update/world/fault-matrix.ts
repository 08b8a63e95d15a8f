/** The columns of the fault matrix, and what a row of it says. */
import type { Fault } from '../../../src/simulator/faults.ts';
import type { ActiveState, OutcomeName, UpdateState } from '../../../src/model/update/update-state.ts';
import type { Runs } from './slot-bytes.ts';
import type { WorldOptions } from './world.ts';

const status = (code: number, retryAfter?: string): Fault => ({
  kind: 'status',
  when: 'before',
  status: code,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

export const FAULTS = {
  'dropped before': { kind: 'drop', when: 'before' },
  'dropped after': { kind: 'drop', when: 'after' },
  'hangs before': { kind: 'hang', when: 'before' },
  'hangs after': { kind: 'hang', when: 'after' },
  '401': status(401),
  '404': status(404),
  '409': status(409),
  '413': status(413),
  '429': status(429, '3'),
  '500': status(500),
  '503': status(503),
  '504 before': status(504),
  '504 after': { kind: 'status', when: 'after', status: 504 },
  'restart before': { kind: 'restart', when: 'before' },
  'restart after': { kind: 'restart', when: 'after' },
  'corrupt flash before': { kind: 'corrupt', where: 'flash', when: 'before' },
  'corrupt flash after': { kind: 'corrupt', where: 'flash', when: 'after' },
  'corrupt on the way': { kind: 'corrupt', where: 'wire' },
  'other session': { kind: 'other-session', when: 'before' },
  'garbage: a page': { kind: 'garbage', answer: 'html' },
  'garbage: nothing': { kind: 'garbage', answer: 'empty' },
  'garbage: half of JSON': { kind: 'garbage', answer: 'broken-json' },
  'garbage: 10 MB': { kind: 'garbage', answer: 'huge' },
} as const satisfies Record<string, Fault>;

/** What goes wrong first, or happens, with a chunk in the middle: the one that comes so often to this route. */
export function firstAtChunk(route: First['route'], nth: number) {
  const lost: First = { words: 'the answer to a chunk was lost', route, nth, fault: LOST };
  return {
    lost,
    /** Not a lost answer, since that might be put down to its size. */
    slow: { words: 'the device took too long over a chunk', route, nth, fault: FAULTS['504 after'] },
    cut: { ...lost, words: 'the network went with a chunk', also: 'offline' },
    paused: { words: 'Pause was pressed', route, nth, fault: null, also: 'paused' },
  } as const satisfies Record<string, First>;
}

/** What goes wrong with the request itself, or with what the device does meanwhile. */
export type DeviceTrouble = keyof typeof FAULTS;
/** What happens to the page, the person or the network instead, with the request under way. */
export const OUTSIDE = [
  'page reloaded',
  'offline after it was sent',
  'offline for a minute',
  'cancelled',
  'paused for a minute',
] as const;
export type Outside = (typeof OUTSIDE)[number];
/** What can happen while nothing is asked. What is asked next is a row of its own. */
export const MEANWHILE = [
  'restart',
  'corrupt flash',
  'other session',
  'page reloaded',
  'offline for a minute',
  'cancelled',
  'paused for a minute',
] as const;
export type Meanwhile = (typeof MEANWHILE)[number];

/** The outcome, and the image that runs then, every byte of it: see `Runs`. */
export type Expected = `${OutcomeName | `failed: ${string}`}${Runs}`;

/** What goes wrong first, and brings an update where it never comes without trouble. */
export interface First {
  readonly words: string;
  readonly route: string;
  /** Which request to that route, from 1. */
  readonly nth: number;
  readonly fault: Fault | null;
  /** The network goes with it, or Pause is pressed; it ends after a lull of twenty seconds. */
  readonly also?: 'offline' | 'paused';
}

/** A request that meets each of the faults. */
export interface Row {
  readonly phase: ActiveState['phase'];
  readonly route: string;
  /** Which request to that route within the phase, from 1, which is what it is where nothing is said. */
  readonly nth?: number;
  readonly first?: First;
  /** Nothing was written yet: no byte of the image is in flash whose bits could flip. */
  readonly beforeAnyByte?: true;
  /** What most faults lead to, and those that lead elsewhere. */
  readonly usually: Expected;
  readonly but: Partial<Record<DeviceTrouble | Outside, Expected>>;
}

/** A wait between two requests. */
export interface Lull {
  readonly first: First;
  readonly isReached: (state: UpdateState) => boolean;
  readonly beforeAnyByte?: true;
  readonly usually: Expected;
  readonly but: Partial<Record<Meanwhile, Expected>>;
}

export interface Kind {
  readonly name: string;
  readonly device: WorldOptions;
  /** The outcome of an image that starts on no device: rolled back where that can be seen. */
  readonly doesNotStart: Expected;
  /** The outcome of a damaged image where the device reads it back before it makes it bootable. */
  readonly damagedAndVerified: Expected;
  readonly rows: readonly Row[];
  readonly lulls: readonly Lull[];
}

export const LOST: Fault = { kind: 'drop', when: 'after' };
export const NEVER_CAME: Fault = { kind: 'drop', when: 'before' };
export const isRetrying = ({ phase }: UpdateState): boolean => phase === 'retrying';
export const isWaiting =
  (why: 'offline' | 'paused' | 'device-session') =>
  (state: UpdateState): boolean =>
    state.phase === 'waiting' && state.why === why;

export const BUSY_BEGIN: First = { words: 'it was too busy to begin', route: 'begin', nth: 1, fault: FAULTS['503'] };

/** Before anything was begun, a web page ends the run at once. */
export const A_PAGE = { 'garbage: a page': 'failed: web-page' } as const;

export const REFUSED = { '401': 'failed: unauthorised', '404': 'failed: no-route' } as const;
/** With bytes in a session, on a device that can be asked about it. */
export const WITH_BYTES = {
  ...REFUSED,
  'restart before': 'failed: session-lost',
  'restart after': 'failed: session-lost',
  'other session': 'failed: other-session',
  cancelled: 'cancelled',
} as const;
