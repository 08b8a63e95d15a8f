/** Devices and groups as one file, to carry to another browser; tokens in it only under a passphrase. */
import { safeParse } from 'valibot';
import type {
  BackupPlan,
  BackupFileRefusal,
  BackupTokens,
  ReadBackupResult,
  WriteBackupResult,
} from '../model/page/backup.ts';
import { placeOf, type Device } from '../model/device/device.ts';
import { BACKUP_MAX_BYTES, BACKUP_VERSION, backupFile, tokenPairs } from './backup-schema.ts';
import type { BackupDevice, BackupFile, SealedTokens } from './backup-schema.ts';
import { keyFromPassphrase, isLongEnough, newSalt, PASSPHRASE_ROUNDS } from './vault/passphrase-key.ts';
import { newId, seal, unseal } from './vault/seal.ts';

/** Authenticated together with the tokens, so that nothing sealed for another use opens as a backup. */
const BACKUP_CONTEXT = 'moult backup tokens 1';

/** What the browser provides; handed in so that tests can run anywhere. */
export interface BackupPorts {
  /** `crypto.subtle`, null where the page is no secure context: then a backup holds no tokens. */
  readonly subtle: SubtleCrypto | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface ReadBackupOptions extends BackupPorts {
  /** The devices saved here. */
  readonly devices: readonly Device[];
  readonly passphrase?: string | null;
  /** The origin that a typed address means; null where it is none. */
  readonly originOf: (typed: string) => string | null;
}

/** Writes devices, and the tokens if they are to come along, as the text of a file. */
export async function writeBackup(
  devices: readonly Device[],
  tokens: BackupTokens | null,
  ports: BackupPorts,
): Promise<WriteBackupResult> {
  const file: BackupFile = {
    format: 'moult-backup',
    version: BACKUP_VERSION,
    made: ports.now,
    devices: devices.map(portable),
  };
  if (tokens !== null) {
    if (ports.subtle === null) return { kind: 'no-secure-context' };
    if (!isLongEnough(tokens.passphrase)) return { kind: 'too-short' };
    const pairs = devices.flatMap((device) => {
      const token = tokens.byDevice.get(device.id);
      return token === undefined ? [] : [[placeOf(device), token]];
    });
    file.tokens = await sealPairs(ports.subtle, pairs, tokens.passphrase);
  }
  return { kind: 'written', text: `${JSON.stringify(file, null, 2)}\n` };
}

/** Reads a backup against the devices saved here, and changes nothing. A `Blob` too large is refused unread. */
export async function readBackup(source: string | Blob, options: ReadBackupOptions): Promise<ReadBackupResult> {
  const size = typeof source === 'string' ? source.length : source.size;
  if (size > BACKUP_MAX_BYTES) return { kind: 'too-large', limitBytes: BACKUP_MAX_BYTES };
  const parsed = parseFile(typeof source === 'string' ? source : await source.text());
  if ('kind' in parsed) return parsed;
  const twice = firstTwice(parsed.devices.map(placeOf));
  if (twice !== null) return { kind: 'duplicate', where: `devices.${twice}` };
  const lying = parsed.devices.findIndex(({ typed, origin }) => options.originOf(typed) !== origin);
  if (lying !== -1) return { kind: 'other-address', where: `devices.${lying}` };
  const tokens = await readTokens(parsed.tokens, options);
  if (typeof tokens === 'object' && 'kind' in tokens) return tokens;
  return { kind: 'read', plan: planOf(parsed.devices, tokens, options) };
}

/** What another browser can use of a device: not what this one saw of it. */
function portable(device: Device): BackupDevice {
  const { name, typed, origin, prefix, protocol, dialect, tokenHeader, chipId, group, patienceMs } = device;
  const patience = patienceMs === undefined ? {} : { patienceMs };
  return { name, typed, origin, prefix, protocol, dialect, tokenHeader, chipId, group, ...patience };
}

/** Keys that mean something to JavaScript itself; no backup has them. */
const UNSAFE_KEYS = ['__proto__', 'constructor', 'prototype'];

const UNSAFE = Symbol('unsafe keys');

/** Undefined where it is not JSON. */
function parseJson(text: string): unknown {
  const keys = new Set<string>();
  try {
    const json: unknown = JSON.parse(text, (key, value: unknown) => {
      keys.add(key);
      return value;
    });
    return UNSAFE_KEYS.some((key) => keys.has(key)) ? UNSAFE : json;
  } catch {
    // A SyntaxError, or a RangeError for endless nesting: it is not JSON of ours either way.
    return undefined;
  }
}

function parseFile(text: string): BackupFile | BackupFileRefusal {
  const json = parseJson(text);
  if (json === undefined) return { kind: 'not-json' };
  if (json === UNSAFE) return { kind: 'unsafe-keys' };
  const { format, version } = Object(json) as { format?: unknown; version?: unknown };
  if (format !== 'moult-backup') return { kind: 'not-a-backup' };
  if (typeof version === 'number' && version > BACKUP_VERSION) return { kind: 'newer' };
  const result = safeParse(backupFile, json, { abortEarly: true });
  if (result.success) return result.output;
  return { kind: 'invalid', where: result.issues[0].path?.map(({ key }) => String(key)).join('.') ?? '' };
}

function firstTwice(places: readonly string[]): number | null {
  const seen = new Set<string>();
  for (const [index, each] of places.entries()) {
    if (seen.has(each)) return index;
    seen.add(each);
  }
  return null;
}

async function sealPairs(subtle: SubtleCrypto, pairs: readonly string[][], passphrase: string): Promise<SealedTokens> {
  const salt = newSalt();
  const key = await keyFromPassphrase(subtle, passphrase, salt, PASSPHRASE_ROUNDS);
  const { iv, data } = await seal(subtle, key, new TextEncoder().encode(JSON.stringify(pairs)), BACKUP_CONTEXT);
  return {
    kdf: 'PBKDF2-SHA-256',
    rounds: PASSPHRASE_ROUNDS,
    salt: toBase64(salt),
    cipher: 'AES-256-GCM',
    iv: toBase64(iv),
    data: toBase64(new Uint8Array(data)),
  };
}

/** Tokens by place. */
async function readTokens(
  sealed: SealedTokens | undefined,
  { subtle, passphrase = null }: ReadBackupOptions,
): Promise<BackupPlan['tokens'] | BackupFileRefusal> {
  if (sealed === undefined) return 'none';
  if (passphrase === null) return 'locked';
  if (subtle === null) return { kind: 'no-secure-context' };
  const [salt, iv, data] = [fromBase64(sealed.salt), fromBase64(sealed.iv), fromBase64(sealed.data)];
  if (salt === null || iv === null || data === null) return { kind: 'damaged-tokens' };
  const key = await keyFromPassphrase(subtle, passphrase, salt, sealed.rounds);
  const bytes = await unseal(subtle, key, { iv, data: data.buffer }, BACKUP_CONTEXT);
  if (bytes === null) return { kind: 'wrong-passphrase' };
  const pairs = safeParse(tokenPairs, parseJson(new TextDecoder().decode(bytes)));
  return pairs.success ? pairs.output : { kind: 'damaged-tokens' };
}

/** What devices from elsewhere, and their tokens by place, change here. */
export function planOf(
  incoming: readonly BackupDevice[],
  tokens: BackupPlan['tokens'],
  { devices, now }: ReadBackupOptions,
): BackupPlan {
  const here = new Map(devices.map((device) => [placeOf(device), device]));
  const add: Device[] = [];
  const change: { before: Device; after: Device }[] = [];
  const tokensById = new Map<string, string>();
  for (const each of incoming) {
    const before = here.get(placeOf(each));
    const after = before === undefined ? added(each, now) : merged(before, each);
    if (before === undefined) add.push(after);
    else if (JSON.stringify(portable(before)) !== JSON.stringify(portable(after))) change.push({ before, after });
    const token = typeof tokens === 'string' ? undefined : tokens.get(placeOf(each));
    if (token !== undefined) tokensById.set(after.id, token);
  }
  const keep = devices.filter((device) => change.every(({ before }) => before !== device));
  return { add, change, keep, tokens: typeof tokens === 'string' ? tokens : tokensById, without: [] };
}

function added(each: BackupDevice, now: number): Device {
  const unseen = { route: null, chunkBytes: {}, runs: null, ranBefore: null, lastSeen: null };
  return { ...each, ...unseen, id: newId(), added: now };
}

/** What the file does not know (null) does not wipe out what is known here. */
function merged(before: Device, each: BackupDevice): Device {
  return {
    ...before,
    ...each,
    dialect: each.dialect ?? before.dialect,
    chipId: each.chipId ?? before.chipId,
    group: each.group ?? before.group,
  };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (error) {
    // The schema checks the characters; wrong padding is found here.
    if (error instanceof DOMException && error.name === 'InvalidCharacterError') return null;
    throw error;
  }
}
