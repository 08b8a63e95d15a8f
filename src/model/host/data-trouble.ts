/** What is wrong with the host's own folder or a file in it. */

/** Why the system refused. */
export interface SystemReason {
  /** "EACCES"; empty where it gave none. */
  readonly code: string;
  /** In the system's own words. */
  readonly said: string;
}

/**
 * Why a file is no certificate authority of ours. `damaged`: it cannot be read as one. `foreign`: something else made
 * it. `mismatched`: its key belongs to another certificate.
 */
export type NoAuthority = 'damaged' | 'foreign' | 'mismatched';

/** What the host keeps: the browsers that are paired, the certificates that devices have shown, or one update that it runs. */
export type KeptList = 'clients' | 'certificates' | 'job';

/** Times are in milliseconds since 1970. `files`: one, or the two that an earlier version kept the authority in. */
export type DataTrouble =
  | { readonly kind: 'folder-writable-by-others' | 'folder-of-another-account'; readonly folder: string }
  | { readonly kind: 'authority-not-written'; readonly file: string; readonly reason: SystemReason }
  | { readonly kind: 'authority-not-read'; readonly file: string; readonly reason: SystemReason }
  /** Others can read `file`, and the key in it. */
  | { readonly kind: 'key-open-to-others'; readonly file: string }
  /** One file of the two is there without the other. */
  | { readonly kind: 'half-an-authority'; readonly file: string; readonly missing: string }
  | { readonly kind: 'no-authority'; readonly files: readonly string[]; readonly found: NoAuthority }
  | {
      readonly kind: 'authority-out-of-time';
      readonly files: readonly string[];
      readonly validFrom: number;
      readonly validTo: number;
      readonly now: number;
    }
  /** The clock shows a day before this program was made. */
  | { readonly kind: 'clock-too-early'; readonly now: number }
  /** `holder`: null where the lock does not name it. */
  | {
      readonly kind: 'lock-held';
      readonly file: string;
      readonly holder: { readonly pid: number; readonly machine: string } | null;
    }
  | {
      readonly kind: 'list-not-read' | 'list-not-written' | 'damaged-list-not-moved';
      readonly list: KeptList;
      readonly file: string;
      readonly reason: SystemReason;
    }
  /** It was damaged, and is `aside` now. */
  | { readonly kind: 'damaged-list-moved'; readonly list: KeptList; readonly file: string; readonly aside: string }
  /** Whoever may write the list of paired browsers pairs whom they like. */
  | { readonly kind: 'clients-writable-by-others'; readonly file: string };

/** What a person has to know of the certificate authority once the host has opened it. `names`: of the machine. */
export type AuthorityNotice =
  | { readonly kind: 'new' }
  /** The machine was given these names later, and the authority does not vouch for them. */
  | { readonly kind: 'uncovered'; readonly names: readonly string[] }
  /** An earlier version made it, and its key could sign for these names, too. */
  | { readonly kind: 'too-wide'; readonly names: readonly string[] };
