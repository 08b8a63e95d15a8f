/**
 * How a device speaks, and what follows from that. The engine asks for traits, so that a new dialect needs a row here
 * and no change there. Only the adapters and the detection in `device/`, the words, the gateway's routes and the
 * simulator go by a dialect's name: `test/device/every-dialect.node.test.ts` checks each of these places.
 */
import type { ChunkedTraits, HostOnly, Traits, WholeImageTraits } from './traits.ts';

/** `documented`: as the documentation says. `shipped`: as the published firmware does (docs/protocol.md). They take chunks. */
export type ChunkedDialect = 'documented' | 'shipped';
/** They take an image whole. */
export type WholeImageDialect =
  'wled' | 'tasmota' | 'esphome' | 'esphome-web' | 'form' | 'elegant-ota' | 'pretty-ota' | 'openbeken' | 'espota';

export const DIALECTS = [
  'documented',
  'shipped',
  'wled',
  'tasmota',
  'esphome',
  'esphome-web',
  'form',
  'elegant-ota',
  'pretty-ota',
  'openbeken',
  'espota',
] as const satisfies readonly (ChunkedDialect | WholeImageDialect)[];
export type Dialect = (typeof DIALECTS)[number];

/** What a person can choose for a device. */
export const PROTOCOLS = ['automatic', ...DIALECTS] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** What all dialects that take an image whole have in common. */
const WHOLE_IMAGE = {
  sends: 'whole-image',
  tellsCount: false,
  sessionEndsBy: 'connection',
  isRecognised: true,
} as const satisfies Partial<WholeImageTraits>;

/** What those have in common whose own web pages take the image, behind a user and password. */
const BY_ITS_PAGES = { ...WHOLE_IMAGE, tokenIn: 'login', usualPort: 80 } as const satisfies Partial<WholeImageTraits>;

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
    ...WHOLE_IMAGE,
    provesWhatRuns: 'identity',
    tokenIn: 'pin',
    hostOnly: null,
    runs: 'WLED',
  },
  form: {
    ...BY_ITS_PAGES,
    // ESPEasy alone tells what it runs.
    provesWhatRuns: 'nothing',
    // The ESP8266's library lets every page read its answer.
    hostOnly: null,
    hostFirst: true,
    restartsByHand: true,
    runs: null,
  },
  'elegant-ota': {
    ...BY_ITS_PAGES,
    provesWhatRuns: 'nothing',
    hostOnly: 'no-cors',
    restartsByHand: true,
    runs: null,
  },
  'pretty-ota': {
    ...BY_ITS_PAGES,
    provesWhatRuns: 'identity',
    hostOnly: 'no-cors',
    restartsByHand: true,
    releasesHalf: true,
    tellsNoStart: true,
    runs: 'PrettyOTA',
  },
  openbeken: {
    ...BY_ITS_PAGES,
    provesWhatRuns: 'identity',
    usualUser: 'admin',
    // Without a password it answers pages, too: that is not worth its code in each of them.
    hostOnly: 'by-host',
    runs: 'OpenBeken',
  },
  espota: {
    ...WHOLE_IMAGE,
    // It checks the image against its MD5, and tells nothing of what it runs afterwards.
    provesWhatRuns: 'nothing',
    tokenIn: 'password',
    hostOnly: 'raw-tcp',
    // An ESP32 listens here, an ESP8266 at 8266.
    usualPort: 3232,
    runs: null,
  },
  tasmota: {
    ...BY_ITS_PAGES,
    provesWhatRuns: 'identity',
    usualUser: 'admin',
    hostOnly: 'no-cors',
    runs: 'Tasmota',
  },
  esphome: {
    ...WHOLE_IMAGE,
    provesWhatRuns: 'identity',
    tokenIn: 'password',
    hostOnly: 'raw-tcp',
    // An ESP32 listens here, an ESP8266 at 8266.
    usualPort: 3232,
    // It marks its image as good a minute after it has started, and a crash before that rolls it back; ten seconds for
    // its start.
    settlesMs: 70_000,
    runs: 'ESPHome',
  },
  'esphome-web': {
    ...BY_ITS_PAGES,
    provesWhatRuns: 'identity',
    hostOnly: 'no-cors',
    restartsByHand: true,
    settlesMs: 70_000,
    runs: 'ESPHome',
  },
};

/** Whether a device that speaks so takes an image whole; of one that is not known yet, no. */
export function goesWhole(dialect: Dialect | null): dialect is WholeImageDialect {
  return traitsOf(dialect)?.sends === 'whole-image';
}

/** How a device is spoken to, as far as that is known without asking it: as the person chose, else as was found out. */
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

/** The port that an address without one stands for, where a person set the protocol; undefined: `DEFAULT_PORT`. */
export function usualPort(protocol: Protocol): number | undefined {
  const traits = traitsOf(protocol);
  return traits?.sends === 'whole-image' ? traits.usualPort : undefined;
}

/** Why a host has to speak to a device of this protocol; null: a page can, or the protocol is not known yet. */
export function hostOnly(protocol: Protocol | null): HostOnly | null {
  return traitsOf(protocol)?.hostOnly ?? null;
}

/** Whether a device that keeps half an upload can be asked to restart; else a person has to restart it. */
export function restartsOnRequest(dialect: Dialect | null): boolean {
  const traits = traitsOf(dialect);
  return traits?.sends === 'whole-image' && traits.restartsByHand !== true;
}

/** Whether whoever began a half upload on such a device can take it away from there. */
export function releasesHalf(dialect: Dialect | null): boolean {
  const traits = traitsOf(dialect);
  return traits?.sends === 'whole-image' && traits.releasesHalf === true;
}

/** Whether a host is the one that speaks to such a device, where there is one. */
export function isHostFirst(protocol: Protocol | null): boolean {
  const traits = traitsOf(protocol);
  return traits?.sends === 'whole-image' && traits.hostFirst === true;
}

/** Whether such a device is left to a host, where there is one: a page cannot speak to it, or to some of its kind. */
export function isLeftToHost(protocol: Protocol | null): boolean {
  return hostOnly(protocol) !== null || isHostFirst(protocol);
}

/** The traits of a dialect that was chosen or found out; null where it is not known yet. */
export function traitsOf(protocol: Protocol | null): Traits | null {
  return protocol === null || protocol === 'automatic' ? null : TRAITS[protocol];
}
