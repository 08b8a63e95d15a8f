/** What a person should know about the page itself. */
import type { WhyNotPaired } from './page-ports.ts';
import type { KeepResult } from './stores.ts';

/** `no-room-made`: other files would have had to go, and none is removed for a file that was handed over. */
export type WhyNotKept = Exclude<KeepResult['kind'], 'kept'> | 'no-room-made';

/**
 * What was removed, and can be brought back while the notice is there. `update`: a line of the history, about the
 * device of that name.
 */
export interface Removed {
  readonly what: 'device' | 'firmware' | 'update';
  readonly name: string;
}

/** Something the person should know about the page itself. Its words are made in `words/kit/notices.ts`. */
export type Notice =
  /** Why there was no database from the start. */
  | { readonly kind: 'storage-in-memory'; readonly why: 'blocked' | 'newer' | 'silent' | 'refused' }
  /** Why changes are no longer kept. */
  | { readonly kind: 'storage-lost'; readonly why: 'newer-version' | 'terminated' | 'full' }
  /** `trust`: whether the host offers a page that tells how to trust it. */
  | { readonly kind: 'not-secure'; readonly trust: boolean }
  /** Whether this browser is paired with the page's host, or why it could not be. */
  | { readonly kind: 'pairing'; readonly is: 'needed' | 'paired' | 'locked' | WhyNotPaired }
  | { readonly kind: 'keep-screen-on' }
  /** `held`: which tab has an update under way that the new version has to wait for. */
  | { readonly kind: 'new-version'; readonly held: 'this-tab' | 'other-tab' | null }
  | { readonly kind: 'can-install' }
  | { readonly kind: 'handed-over'; readonly names: readonly string[] }
  /** By another app or by a web page. */
  | { readonly kind: 'shared'; readonly name: string }
  | { readonly kind: 'shared-lost'; readonly why: 'several' | 'too-large' | 'lost' }
  | { readonly kind: 'library-full'; readonly files: readonly { readonly name: string; readonly why: WhyNotKept }[] }
  | { readonly kind: 'library-made-room'; readonly names: readonly string[] }
  /** `count` of the `total` that were dropped together are in the library. */
  | {
      readonly kind: 'kept-files';
      readonly count: number;
      readonly total: number;
      readonly refused: readonly string[];
    }
  /** It goes to the device at once: an earlier build of it was agreed to. */
  | { readonly kind: 'sent-dropped'; readonly device: string; readonly firmware: string }
  | { readonly kind: 'file-gone'; readonly name: string | null }
  /** The code of the devices that are simulated in this tab could not be loaded. */
  | { readonly kind: 'simulator-away' }
  | ({ readonly kind: 'removed' } & Removed)
  | { readonly kind: 'rollout-left' }
  /** Of the file that is watched. */
  | { readonly kind: 'new-build'; readonly name: string; readonly version: string | null }
  | { readonly kind: 'tokens-locked'; readonly device: string }
  /** `why` is the browser's name for it: "QuotaExceededError". */
  | { readonly kind: 'history-trouble'; readonly what: 'keep' | 'read' | 'clear' | 'remove'; readonly why: string }
  /** What became of an update on the host, or of where it runs: a sentence (`words/update/host-jobs.ts`), loaded with the first. */
  | { readonly kind: 'host-job'; readonly text: string }
  | { readonly kind: 'broken'; readonly what: string };
