/**
 * How a device speaks, and what that means for whoever asks it. The engine asks for traits, so that a new dialect needs a
 * row here and no second look at it. By name go the adapters and the detection in `device/`, and what is told a second
 * time: its words, the gateway's routes, the simulator. `test/device/every-dialect.node.test.ts` goes to each such place.
 */

/** `documented`: as the documentation says. `shipped`: as the published firmware does (docs/protocol.md). */
export const DIALECTS = ['documented', 'shipped'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** What a person can choose for a device. */
export const PROTOCOLS = ['automatic', ...DIALECTS] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** What every device of a dialect has in common. What differs from one to the next is a property of its `DeviceLink`. */
export interface Traits {
  /** Each of them tells how many bytes it has. Where false some do: `DeviceLink.tellsStatus` says of one device. */
  readonly tellsCount: boolean;
  /** A chunk names its place in the image, so that one which is taken twice does no harm. */
  readonly writesAreIdempotent: boolean;
  /** An open session names the size and the hash of the image that it is for. */
  readonly sessionNamesImage: boolean;
  /** Somebody else may throw away an open session and begin another. */
  readonly canForce: boolean;
  /** The ids of its sessions are numbers, counted from 1 after each start. */
  readonly countsSessionsFromStart: boolean;
  /** What ends a session that nobody finalizes: a request, or only the device's own time limit. */
  readonly sessionEndsBy: 'abort' | 'timeout';
  /** What shows, after the restart, which firmware runs: the slot it tells. `nothing`: its answer to the finalize is all. */
  readonly provesWhatRuns: 'slot' | 'nothing';
  /** It is spoken to only after an answer that no other server gives. Where false, any server may be taken for it. */
  readonly isRecognised: boolean;
  /** The header that carries the token: one of the device's own choice, or the one that a user and password would need. */
  readonly tokenIn: 'token-header' | 'bearer';
}

export const TRAITS: Readonly<Record<Dialect, Traits>> = {
  shipped: {
    tellsCount: true,
    writesAreIdempotent: true,
    sessionNamesImage: true,
    canForce: true,
    countsSessionsFromStart: true,
    sessionEndsBy: 'abort',
    provesWhatRuns: 'slot',
    isRecognised: true,
    tokenIn: 'token-header',
  },
  documented: {
    tellsCount: false,
    writesAreIdempotent: false,
    sessionNamesImage: false,
    canForce: false,
    countsSessionsFromStart: false,
    sessionEndsBy: 'timeout',
    provesWhatRuns: 'nothing',
    isRecognised: false,
    tokenIn: 'bearer',
  },
};

/** The traits of a dialect that was chosen or found out; null where it is not known yet. */
export function traitsOf(protocol: Protocol | null): Traits | null {
  return protocol === null || protocol === 'automatic' ? null : TRAITS[protocol];
}
