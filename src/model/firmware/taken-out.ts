/** What becomes of a file that is taken out of the file that holds it. */

export type NotTaken =
  | { readonly kind: 'damaged' | 'encrypted' | 'unknown-method' | 'absent' }
  /** It unpacks to more than any firmware has. */
  | { readonly kind: 'too-large'; readonly limitBytes: number };

export type TakenOut = { readonly kind: 'taken'; readonly bytes: Uint8Array<ArrayBuffer> } | NotTaken;

/** Why a file inside another one is not looked into. */
export type Bound = 'levels' | 'files' | 'work' | 'memory';
