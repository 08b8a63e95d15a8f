/**
 * What a backup file may hold, as a schema of valibot. A file may come from anywhere: each length and form is checked
 * before use.
 */
import {
  array,
  check,
  exactOptional,
  integer,
  length,
  literal,
  maxLength,
  maxValue,
  minLength,
  minValue,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  regex,
  strictObject,
  string,
  transform,
  tuple,
} from 'valibot';
import type { InferOutput } from 'valibot';
import { isNeverSent } from '../model/device/secrets/token-header.ts';
import { LONGEST_PATIENCE_MS } from '../model/update/restart-patience.ts';
import { hasHiddenCharacters, isBlank } from '../model/device/plain-names.ts';
import { PASSPHRASE_ROUNDS } from './vault/passphrase-key.ts';
import { DIALECTS, PROTOCOLS } from '../model/device/dialect.ts';

export const BACKUP_VERSION = 1;

/** 4,000 devices of about 500 bytes each, tokens included, which is read at once. */
export const BACKUP_MAX_BYTES = 2 * 1024 * 1024;

export const MAX_DEVICES = 4000;

/** Longer than any name that fits on a card. */
const MAX_NAME = 100;

/** The device takes 512 bytes of URI in all. */
const MAX_ADDRESS = 512;

/**
 * A token of 1,024 characters, and a login of 192 that take six each where they are not ASCII
 * (model/device/secrets/secrets.ts).
 */
const MAX_SECRET = 2560;

/** The most rounds that a file may ask of this browser: above it the page would stand still for seconds. */
const MAX_ROUNDS = 10_000_000;

/** Base64 of 16 and of 12 bytes. */
const SALT_TEXT = 24;
const IV_TEXT = 16;

// Lit shows markup as text; characters that are hidden, or change the direction of text, have no place in a name.
const line = (max: number) =>
  pipe(
    string(),
    maxLength(max),
    check((text) => !hasHiddenCharacters(text) && !isBlank(text)),
  );

const base64 = regex(/^[A-Za-z0-9+/]+={0,2}$/);

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.origin === text;
}

/** Whether the browser would send requests to exactly this address: there is no “..”, and nothing that it rewrites. */
function isAddress(address: string): boolean {
  return URL.canParse(address) && new URL(address).href === address;
}

const backupDevice = pipe(
  strictObject({
    name: line(MAX_NAME),
    typed: line(MAX_ADDRESS),
    origin: pipe(string(), maxLength(MAX_ADDRESS), check(isOrigin)),
    prefix: pipe(string(), maxLength(MAX_ADDRESS), regex(/^(?:\/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)+$/)),
    protocol: picklist(PROTOCOLS),
    dialect: nullable(picklist(DIALECTS)),
    // A header's name, as RFC 9110 spells tokens.
    tokenHeader: pipe(
      string(),
      maxLength(MAX_NAME),
      regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/),
      check((name) => !isNeverSent(name)),
    ),
    chipId: nullable(pipe(number(), integer(), minValue(0), maxValue(0xffff))),
    group: nullable(line(MAX_NAME)),
    patienceMs: exactOptional(pipe(number(), integer(), minValue(1000), maxValue(LONGEST_PATIENCE_MS))),
  }),
  check(({ origin, prefix }) => isAddress(origin + prefix)),
);

const sealedTokens = strictObject({
  kdf: literal('PBKDF2-SHA-256'),
  rounds: pipe(number(), integer(), minValue(PASSPHRASE_ROUNDS), maxValue(MAX_ROUNDS)),
  salt: pipe(string(), length(SALT_TEXT), base64),
  cipher: literal('AES-256-GCM'),
  iv: pipe(string(), length(IV_TEXT), base64),
  data: pipe(string(), minLength(1), base64),
});

export const backupFile = strictObject({
  format: literal('moult-backup'),
  version: literal(BACKUP_VERSION),
  /** Milliseconds since 1970. */
  made: pipe(number(), integer(), minValue(0)),
  devices: pipe(array(backupDevice), maxLength(MAX_DEVICES)),
  tokens: optional(sealedTokens),
});

/** Pairs of address (origin and prefix) and token. They are no object, since its keys would be untrusted text. */
export const tokenPairs = pipe(
  array(tuple([string(), pipe(string(), minLength(1), maxLength(MAX_SECRET), regex(/^[\x20-\x7e]+$/))])),
  maxLength(MAX_DEVICES),
  transform((pairs): ReadonlyMap<string, string> => new Map(pairs)),
);

export type BackupFile = InferOutput<typeof backupFile>;
export type BackupDevice = InferOutput<typeof backupDevice>;
export type SealedTokens = InferOutput<typeof sealedTokens>;
