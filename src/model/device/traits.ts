/**
 * What is asked of every dialect, so that nobody has to ask for its name: one member a question, with what its answers mean.
 * The answers are the table in `dialect.ts`.
 */

/**
 * Why a page cannot speak to a device by itself, though the device is in its reach, so that a host has to. `raw-tcp`: it
 * speaks no HTTP. `no-cors`: what it answers is kept from pages. `by-host`: some let pages read their answers, and no page
 * carries the code for them.
 */
export type HostOnly = 'raw-tcp' | 'no-cors' | 'by-host';

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
  readonly runs: 'MicroPython' | 'WLED' | 'Tasmota' | 'ESPHome' | 'PrettyOTA' | 'OpenBeken' | null;
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
  /** It takes no upload beside a half one, and who began that one can take it away (`WholeImageLink.release`). */
  readonly releasesHalf?: true;
  /** It tells no uptime, and what it tells may be the same of any firmware, so that a restart shows by its absence alone. */
  readonly tellsNoStart?: true;
  /** Where such devices listen, where an address names no port. Absent: where ViperHTTP's do. */
  readonly usualPort?: number;
  /** For so long after its start new firmware may go back to the one before by itself, in milliseconds. Absent: nobody waits for it. */
  readonly settlesMs?: number;
}

export type Traits = ChunkedTraits | WholeImageTraits;
