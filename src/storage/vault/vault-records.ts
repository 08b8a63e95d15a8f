/**
 * The records of tokens and keys in the database, and what they are sealed for. No error message ever has a token or a
 * key.
 */

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
  /** The token was in the browser's files before the present lock was set, and may still be there, sealed as it was. */
  readonly beforeLock?: boolean;
}

export interface PlainToken {
  readonly deviceId: string;
  readonly keeping: 'plain';
  readonly place?: string;
  readonly token: string;
}

/** The vault's key: as a non-extractable CryptoKey, or sealed with a key that is derived from a passphrase. */
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
 * What a token is sealed for: it opens for the address and path that it is sent to, and for no other. `place` is where
 * the reader is about to send it; never take it from the record, except to seal the token again for the same place.
 */
export function tokenContext(place: string): string {
  return `moult token 2 of ${place}`;
}

/** What earlier versions sealed a token for. */
export function earlierTokenContext(deviceId: string): string {
  return `moult token of ${deviceId}`;
}

/** What a token was sealed for, by its own record. */
export function ownContext({ deviceId, place }: SealedToken): string {
  return place === undefined ? earlierTokenContext(deviceId) : tokenContext(place);
}

/** Whether both hold the same records. Each seal has a nonce of its own, so the nonces are compared. */
export function sameSeals(a: readonly TokenRecord[], b: readonly TokenRecord[]): boolean {
  const mark = (record: TokenRecord): string =>
    `${record.deviceId} ${record.keeping === 'encrypted' ? record.sealed.iv.join() : 'plain'}`;
  const marks = new Set(a.map(mark));
  return a.length === b.length && b.every((record) => marks.has(mark(record)));
}
