/**
 * What is asked of every dialect, so that no code has to go by its name: one member for each question, with what its
 * answers mean. The answers are in the table in `dialect.ts`.
 */

/**
 * Why a page cannot speak to a device by itself, though the device is in its reach, so that a host has to. `raw-tcp`: it
 * speaks no HTTP. `no-cors`: what it answers is kept from pages. `by-host`: some let pages read their answers, and no page
 * carries the code for them.
 */
export type HostOnly = 'raw-tcp' | 'no-cors' | 'by-host';

/** What every device of a dialect has in common. What differs from one to the next is a property of its link. */
interface EveryTraits {
  /**
   * Whether every device tells how many bytes it has. Where false, some may: `DeviceLink.tellsStatus` says so of one
   * device.
   */
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
   * What carries the secret. `token-header`: a header that the device names. `bearer`: the `Authorization` header, so
   * that there can be no login besides. `pin`: a request of its own. `login`: a user and password take the place of the
   * token (`device/sign-in/`). `password`: one without a user, with which the device's challenge is answered.
   */
  readonly tokenIn: 'token-header' | 'bearer' | 'pin' | 'login' | 'password';
  /** Of a `login`: the user name unless the firmware was built with another one. Absent: there is no usual one. */
  readonly usualUser?: string;
  /** Null: a page can speak to it, too. */
  readonly hostOnly: HostOnly | null;
  /** What firmware has to be so that the device can still be updated this way. Null: it is not known. */
  readonly runs: 'MicroPython' | 'WLED' | 'Tasmota' | 'ESPHome' | 'PrettyOTA' | 'OpenBeken' | null;
}

export interface ChunkedTraits extends EveryTraits {
  readonly sends: 'chunks';
  readonly sessionEndsBy: 'abort' | 'timeout';
  readonly provesWhatRuns: 'slot' | 'nothing';
  readonly tokenIn: 'token-header' | 'bearer';
  /** A chunk names its offset in the image, so that taking it twice does no harm. */
  readonly writesAreIdempotent: boolean;
  /** An open session names the size and the hash of the image that it is for. */
  readonly sessionNamesImage: boolean;
  /** Another client may discard an open session and begin another. */
  readonly canForce: boolean;
  /** The ids of its sessions are numbers, counted from 1 after each start. */
  readonly countsSessionsFromStart: boolean;
}

export interface WholeImageTraits extends EveryTraits {
  readonly sends: 'whole-image';
  readonly tellsCount: false;
  readonly sessionEndsBy: 'connection';
  readonly provesWhatRuns: 'identity' | 'nothing';
  /** Only some of them let a page read their answers, so that a host speaks to them where there is one. */
  readonly hostFirst?: true;
  /** None of them can be asked to restart: a person has to do it, and to say so, where a half upload has to go. */
  readonly restartsByHand?: true;
  /** It takes no upload beside a half one, and whoever began that one can remove it (`WholeImageLink.release`). */
  readonly releasesHalf?: true;
  /**
   * It tells no uptime, and what it tells may be the same with any firmware, so that only its absence shows a restart.
   */
  readonly tellsNoStart?: true;
  /** The port that such devices listen at, for an address that names none. Absent: `DEFAULT_PORT`. */
  readonly usualPort?: number;
  /**
   * How long after its start new firmware may still roll back by itself, in milliseconds. Absent: nothing waits for
   * that.
   */
  readonly settlesMs?: number;
}

export type Traits = ChunkedTraits | WholeImageTraits;
