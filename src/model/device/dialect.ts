/**
 * How a device speaks, and what that means for whoever asks it. The engine asks for traits, so that a new dialect needs a
 * row here and no second look at it. By name go the adapters and the detection in `device/`, and what is told a second
 * time: its words, the gateway's routes, the simulator. `test/device/every-dialect.node.test.ts` goes to each such place.
 */

/** `documented`: as the documentation says. `shipped`: as the published firmware does (docs/protocol.md). They take chunks. */
export type ChunkedDialect = 'documented' | 'shipped';
/** They take an image whole. */
export type WholeImageDialect = 'wled' | 'tasmota' | 'esphome' | 'esphome-web' | 'form' | 'elegant-ota' | 'espota';

export const DIALECTS = [
  'documented',
  'shipped',
  'wled',
  'tasmota',
  'esphome',
  'esphome-web',
  'form',
  'elegant-ota',
  'espota',
] as const satisfies readonly (ChunkedDialect | WholeImageDialect)[];
export type Dialect = (typeof DIALECTS)[number];

/** What a person can choose for a device. */
export const PROTOCOLS = ['automatic', ...DIALECTS] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/**
 * Why a page cannot speak to a device by itself, though the device is in its reach, so that a host has to. `raw-tcp`: it
 * speaks no HTTP. `no-cors`: what it answers is kept from pages. `wants-origin`: it takes a request only from a page of its
 * own. `challenge`: it asks a question before each secret, which no page may read.
 */
export type HostOnly = 'raw-tcp' | 'no-cors' | 'wants-origin' | 'challenge';

/** What every device of a dialect has in common. What differs from one to the next is a property of its link. */
interface EveryTraits {
  /** Each of them tells how many bytes it has. Where false some do: `DeviceLink.tellsStatus` says of one device. */
  readonly tellsCount: boolean;
  /** What ends an upload that nobody finishes: a request, the device's own time limit, or the end of its connection. */
  readonly sessionEndsBy: 'abort' | 'timeout' | 'connection';
  /**
   * What shows, after the restart, which firmware runs: the slot it tells, or what the firmware calls itself. `nothing`:
   * its answer to the finalize is all.
   */
  readonly provesWhatRuns: 'slot' | 'identity' | 'nothing';
  /** It is spoken to only after an answer that no other server gives. Where false, any server may be taken for it. */
  readonly isRecognised: boolean;
  /**
   * What carries the secret: a header of the device's own choice, the one that a user and password would need, a request of its
   * own; for `login`, a user and password in the place of a token (`device/sign-in/`), and for `password` one without a user, by
   * which a question of the device's is answered.
   */
  readonly tokenIn: 'token-header' | 'bearer' | 'pin' | 'login' | 'password';
  /** Of a `login`: the user of each of them that was not built otherwise. Absent: there is no usual one. */
  readonly usualUser?: string;
  /** Null: a page can speak to it, too. */
  readonly hostOnly: HostOnly | null;
  /** What firmware must be for the device to stay one that is updated so. Null: nobody can say. */
  readonly runs: 'MicroPython' | 'WLED' | 'Tasmota' | 'ESPHome' | null;
}

export interface ChunkedTraits extends EveryTraits {
  readonly sends: 'chunks';
  readonly sessionEndsBy: 'abort' | 'timeout';
  readonly provesWhatRuns: 'slot' | 'nothing';
  readonly tokenIn: 'token-header' | 'bearer';
  /** A chunk names its place in the image, so that one which is taken twice does no harm. */
  readonly writesAreIdempotent: boolean;
  /** An open session names the size and the hash of the image that it is for. */
  readonly sessionNamesImage: boolean;
  /** Somebody else may throw away an open session and begin another. */
  readonly canForce: boolean;
  /** The ids of its sessions are numbers, counted from 1 after each start. */
  readonly countsSessionsFromStart: boolean;
}

export interface WholeImageTraits extends EveryTraits {
  readonly sends: 'whole-image';
  readonly tellsCount: false;
  readonly sessionEndsBy: 'connection';
  readonly provesWhatRuns: 'identity' | 'nothing';
  /** Only some of them let a page read what they say, so that where there is a host, it is the one that speaks. */
  readonly hostFirst?: true;
  /** None of them can be asked to start anew: a person has to do it, and to say so, where a half upload has to go. */
  readonly restartsByHand?: true;
  /** Where such devices listen, where an address names no port. Absent: where ViperHTTP's do. */
  readonly usualPort?: number;
  /** For so long after its start new firmware may go back to the one before by itself, in milliseconds. Absent: nobody waits for it. */
  readonly settlesMs?: number;
}

export type Traits = ChunkedTraits | WholeImageTraits;

export const TRAITS: {
  readonly [Each in Dialect]: Each extends ChunkedDialect ? ChunkedTraits : WholeImageTraits;
} = {
  shipped: {
    sends: 'chunks',
    tellsCount: true,
    writesAreIdempotent: true,
    sessionNamesImage: true,
    canForce: true,
    countsSessionsFromStart: true,
    sessionEndsBy: 'abort',
    provesWhatRuns: 'slot',
    isRecognised: true,
    tokenIn: 'token-header',
    hostOnly: null,
    runs: 'MicroPython',
  },
  documented: {
    sends: 'chunks',
    tellsCount: false,
    writesAreIdempotent: false,
    sessionNamesImage: false,
    canForce: false,
    countsSessionsFromStart: false,
    sessionEndsBy: 'timeout',
    provesWhatRuns: 'nothing',
    isRecognised: false,
    tokenIn: 'bearer',
    hostOnly: null,
    runs: 'MicroPython',
  },
  wled: {
    sends: 'whole-image',
    tellsCount: false,
    sessionEndsBy: 'connection',
    provesWhatRuns: 'identity',
    isRecognised: true,
    tokenIn: 'pin',
    hostOnly: null,
    runs: 'WLED',
  },
  form: {
    sends: 'whole-image',
    tellsCount: false,
    sessionEndsBy: 'connection',
    // ESPEasy alone tells what it runs.
    provesWhatRuns: 'nothing',
    isRecognised: true,
    tokenIn: 'login',
    // The ESP8266's library lets every page read its answer.
    hostOnly: null,
    hostFirst: true,
    restartsByHand: true,
    usualPort: 80,
    runs: null,
  },
  'elegant-ota': {
    sends: 'whole-image',
    tellsCount: false,
    sessionEndsBy: 'connection',
    provesWhatRuns: 'nothing',
    isRecognised: true,
    tokenIn: 'login',
    hostOnly: 'no-cors',
    restartsByHand: true,
    usualPort: 80,
    runs: null,
  },
  espota: {
    sends: 'whole-image',
    tellsCount: false,
    sessionEndsBy: 'connection',
    // It holds the image against its MD5, and tells nothing of what it runs afterwards.
    provesWhatRuns: 'nothing',
    isRecognised: true,
    tokenIn: 'password',
    hostOnly: 'raw-tcp',
    // The ESP32's; an ESP8266 has 8266.
    usualPort: 3232,
    runs: null,
  },
  tasmota: {
    sends: 'whole-image',
    tellsCount: false,
    sessionEndsBy: 'connection',
    provesWhatRuns: 'identity',
    isRecognised: true,
    tokenIn: 'login',
    usualUser: 'admin',
    hostOnly: 'no-cors',
    usualPort: 80,
    runs: 'Tasmota',
  },
  esphome: {
    sends: 'whole-image',
    tellsCount: false,
    sessionEndsBy: 'connection',
    provesWhatRuns: 'identity',
    isRecognised: true,
    tokenIn: 'password',
    hostOnly: 'raw-tcp',
    // The ESP32's; an ESP8266 has 8266.
    usualPort: 3232,
    // It marks itself good after a minute, and a crash before that takes it back; ten seconds for its start.
    settlesMs: 70_000,
    runs: 'ESPHome',
  },
  'esphome-web': {
    sends: 'whole-image',
    tellsCount: false,
    sessionEndsBy: 'connection',
    provesWhatRuns: 'identity',
    isRecognised: true,
    tokenIn: 'login',
    hostOnly: 'no-cors',
    restartsByHand: true,
    usualPort: 80,
    settlesMs: 70_000,
    runs: 'ESPHome',
  },
};

/** Whether a device that speaks so takes an image whole; of one that is not known yet, no. */
export function goesWhole(dialect: Dialect | null): dialect is WholeImageDialect {
  return traitsOf(dialect)?.sends === 'whole-image';
}

/** How a device is spoken to, as far as it is known without asking: as the person chose, else as was found out. */
export function spokenBy({
  protocol,
  dialect,
}: {
  readonly protocol: Protocol;
  readonly dialect: Dialect | null;
}): Dialect | null {
  return protocol === 'automatic' ? dialect : protocol;
}

/** Whether a device asks for a user and password in the place of a token, as far as it is known. */
export function asksForUser(protocol: Protocol, dialect: Dialect | null): boolean {
  return traitsOf(spokenBy({ protocol, dialect }))?.tokenIn === 'login';
}

/** The port that an address without one means, to who set a protocol by hand; undefined: the usual one. */
export function usualPort(protocol: Protocol): number | undefined {
  const traits = traitsOf(protocol);
  return traits?.sends === 'whole-image' ? traits.usualPort : undefined;
}

/** Why a host has to speak to a device, that is known to speak so; null: a page can, or nobody knows yet. */
export function hostOnly(protocol: Protocol | null): HostOnly | null {
  return traitsOf(protocol)?.hostOnly ?? null;
}

/** Whether a device that keeps half an upload can be asked to start anew; else a person has to make it. */
export function restartsOnRequest(dialect: Dialect | null): boolean {
  const traits = traitsOf(dialect);
  return traits?.sends === 'whole-image' && traits.restartsByHand !== true;
}

/** Whether a host is the one that speaks to such a device, where there is one. */
export function isHostFirst(protocol: Protocol | null): boolean {
  const traits = traitsOf(protocol);
  return traits?.sends === 'whole-image' && traits.hostFirst === true;
}

/** The traits of a dialect that was chosen or found out; null where it is not known yet. */
export function traitsOf(protocol: Protocol | null): Traits | null {
  return protocol === null || protocol === 'automatic' ? null : TRAITS[protocol];
}
