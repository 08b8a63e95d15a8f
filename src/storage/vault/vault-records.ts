/** What lies in the database for tokens, and how it is opened. No token and no key is ever in a message of an error. */

/** Bytes under AES-GCM, with the nonce they were sealed with. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

export type TokenRecord = SealedToken | PlainToken;

/** `place`: where it goes (`placeOf` in model/device/device.ts). Absent: an earlier version kept it for the id alone. */
export interface SealedToken {
  readonly deviceId: string;
  readonly keeping: 'encrypted';
  readonly keyId: string;
  readonly place?: string;
  readonly sealed: Sealed;
  /** The token lay in the browser's files before the lock that there is now, and may still lie there, sealed as it was. */
  readonly beforeLock?: boolean;
}

export interface PlainToken {
  readonly deviceId: string;
  readonly keeping: 'plain';
  readonly place?: string;
  readonly token: string;
}

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

/**
 * What a token is sealed for: it opens for the address and path that it goes to, and for no other. `place` is what the
 * reader is about to send it to; never take it from the record, except to seal the token anew for the same place.
 */
export function tokenContext(place: string): string {
  return `moult token 2 of ${place}`;
}

/** What versions before that sealed a token for. */
export function earlierTokenContext(deviceId: string): string {
  return `moult token of ${deviceId}`;
}

/** What a record says that it was sealed for. */
export function ownContext({ deviceId, place }: SealedToken): string {
  return place === undefined ? earlierTokenContext(deviceId) : tokenContext(place);
}

/** Whether both hold the same records. Each seal has a nonce of its own, so nonces tell. */
export function sameSeals(a: readonly TokenRecord[], b: readonly TokenRecord[]): boolean {
  const mark = (record: TokenRecord): string =>
    `${record.deviceId} ${record.keeping === 'encrypted' ? record.sealed.iv.join() : 'plain'}`;
  const marks = new Set(a.map(mark));
  return a.length === b.length && b.every((record) => marks.has(mark(record)));
}
