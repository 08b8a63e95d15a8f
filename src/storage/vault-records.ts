/** What lies in the database for tokens, and how it is opened. No token and no key is ever in a message of an error. */

/** Bytes under AES-GCM, with the nonce they were sealed with. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

export type TokenRecord =
  | { readonly deviceId: string; readonly keeping: 'encrypted'; readonly keyId: string; readonly sealed: Sealed }
  | { readonly deviceId: string; readonly keeping: 'plain'; readonly token: string };

/** The vault's key: as a non-extractable CryptoKey, or sealed under a key that is made of a passphrase. */
export type KeyRecord = OpenKeyRecord | LockedKeyRecord;

export interface OpenKeyRecord {
  readonly id: 'vault';
  readonly keyId: string;
  readonly lock: 'none';
  readonly key: CryptoKey;
}

export interface LockedKeyRecord {
  readonly id: 'vault';
  readonly keyId: string;
  readonly lock: 'passphrase';
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly rounds: number;
  readonly sealedKey: Sealed;
}

/** What a token is sealed for: under another device's id it does not open. */
export function tokenContext(deviceId: string): string {
  return `moult token of ${deviceId}`;
}

/** Whether both hold the same records. Each seal has a nonce of its own, so nonces tell. */
export function sameSeals(a: readonly TokenRecord[], b: readonly TokenRecord[]): boolean {
  const mark = (record: TokenRecord): string =>
    `${record.deviceId} ${record.keeping === 'encrypted' ? record.sealed.iv.join() : 'plain'}`;
  const marks = new Set(a.map(mark));
  return a.length === b.length && b.every((record) => marks.has(mark(record)));
}
