/**
 * Reads whatever can be imported: this app's backup, the command line's list, CSV, and pasted lines. Changes nothing.
 */
import type { NamedElsewhere } from '../model/page/backup.ts';
import { type AddressReading, DEFAULT_PREFIX } from '../model/device/address-reading.ts';
import { chipNamed } from '../model/firmware/chip-named.ts';
import type { RowFault, TableField } from '../model/device/device-list.ts';
import { placeOf, type Device } from '../model/device/device.ts';
import { PROTOCOLS, traitsOf, type Protocol, usualPort } from '../model/device/dialect.ts';
import { wrongInLogin } from '../model/device/secrets/login.ts';
import { packed, type Secrets } from '../model/device/secrets/secrets.ts';
import { DEFAULT_TOKEN_HEADER, wrongInTokenHeader } from '../model/device/secrets/token-header.ts';
import { hasHiddenCharacters, isBlank } from '../model/device/plain-names.ts';
import type { ReadImportResult } from '../model/page/backup.ts';
import { planOf, readBackup, type ReadBackupOptions } from './backup.ts';
import { BACKUP_MAX_BYTES, MAX_DEVICES, type BackupDevice } from './backup-schema.ts';
import { readTable, wrong, type Row, type Table } from './device-table.ts';

export interface ReadImportOptions extends ReadBackupOptions {
  /**
   * Reads an address as people type it. `prefix` is null where it has none.
   *
   * @param usualPort the port of an address without one; undefined: that of ViperHTTP
   */
  readonly readAddress: (typed: string, usualPort?: number) => AddressReading;
}

/** As in the dialog "Device" (state/device/read-form.ts). */
const LONGEST: Readonly<Record<TableField, number>> = {
  name: 100,
  group: 100,
  address: 512,
  token: 1024,
  user: 100,
  password: 1024,
  tokenHeader: 100,
  chip: 100,
  protocol: 100,
};

/**
 * Keys of the command line's list (host/cli/push/device-list.ts). A page cannot read what it keeps in the environment.
 */
const ELSEWHERE = ['tokenEnv', 'passwordEnv'];
const LIST_KEYS: readonly string[] = [
  ...['address', 'name', 'token', 'user', 'tokenHeader', 'protocol', 'chip'],
  ...ELSEWHERE,
];

export async function readImport(source: string | Blob, options: ReadImportOptions): Promise<ReadImportResult> {
  const size = typeof source === 'string' ? source.length : source.size;
  if (size > BACKUP_MAX_BYTES) return { kind: 'too-large', limitBytes: BACKUP_MAX_BYTES };
  const text = typeof source === 'string' ? source : await source.text();
  const begins = text.trimStart()[0];
  if (begins === '{') return readBackup(text, options);
  if (isNoText(text)) return { kind: 'not-a-backup' };
  const table = begins === '[' ? readList(text) : readTable(text);
  if (table.kind === 'wrong') return { kind: 'row', problem: table.problem };
  const isEntry = begins === '[';
  const devices: BackupDevice[] = [];
  const tokens = new Map<string, string>();
  const lines = new Map<string, number>();
  const without: (NamedElsewhere & { readonly place: string })[] = [];
  if (table.rows.length > MAX_DEVICES) {
    return { kind: 'row', problem: { line: MAX_DEVICES + 1, isEntry, field: null, kind: 'too-many' } };
  }
  for (const row of table.rows) {
    const read = deviceOf(row, options);
    if (read.kind !== 'device') return { kind: 'row', problem: { line: row.line, isEntry, ...read } };
    const place = placeOf(read.device);
    const other = lines.get(place);
    if (other !== undefined) {
      const twice = { field: 'address', kind: 'duplicate', said: String(other) } as const;
      return { kind: 'row', problem: { line: row.line, isEntry, ...twice } };
    }
    lines.set(place, row.line);
    devices.push(read.device);
    if (read.token !== null) tokens.set(place, read.token);
    if (row.lacks !== undefined) without.push({ place, name: read.device.name, lacks: row.lacks });
  }
  const plan = planOf(devices, tokens.size === 0 ? 'none' : tokens, options);
  const added = new Set(plan.add.map(placeOf));
  const lacking = without.filter(({ place }) => added.has(place)).map(({ name, lacks }) => ({ name, lacks }));
  return { kind: 'read', plan: { ...plan, without: lacking } };
}

/** Whether it is a picture, an archive or firmware: no text has such characters. */
function isNoText(text: string): boolean {
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text);
}

type Problem = { readonly field: string } & RowFault;

/** The device of a row. What the list does not say of a device that is saved here stays as it is. */
function deviceOf(
  { cells }: Row,
  { readAddress, devices }: ReadImportOptions,
): { readonly kind: 'device'; readonly device: BackupDevice; readonly token: string | null } | Problem {
  for (const [field, text] of Object.entries(cells) as [TableField, string][]) {
    if (text.length > LONGEST[field]) return { field, kind: 'too-long', said: String(LONGEST[field]) };
    if (hasHiddenCharacters(text) || isBlank(text)) return { field, kind: 'hidden-characters' };
  }
  const { address: typed, name, group, chip, protocol, tokenHeader } = cells;
  if (typed === undefined) return { field: 'address', kind: 'missing' };
  const spoken = PROTOCOLS.find((one) => one === protocol?.toLowerCase());
  const read = readAddress(typed, spoken === undefined ? undefined : usualPort(spoken));
  if (read.kind !== 'address') return { field: 'address', kind: 'not-an-address', address: read };
  const header = tokenHeader === undefined ? null : wrongInTokenHeader(tokenHeader);
  if (header !== null) return { field: 'tokenHeader', kind: 'not-a-header', header };
  const known = chip === undefined ? undefined : chipIn(chip);
  if (known === null) return { field: 'chip', kind: 'unknown-chip' };
  if (protocol !== undefined && spoken === undefined) return { field: 'protocol', kind: 'unknown-protocol' };
  const secrets = secretsIn(cells, spoken ?? 'automatic');
  if ('kind' in secrets) return secrets;
  const { origin } = read;
  const prefix = read.prefix ?? DEFAULT_PREFIX;
  const here: Device | undefined = devices.find((each) => each.origin === origin && each.prefix === prefix);
  return {
    kind: 'device',
    device: {
      ...{ origin, prefix },
      typed: here?.typed ?? typed,
      name: name ?? here?.name ?? typed,
      protocol: spoken ?? here?.protocol ?? 'automatic',
      dialect: spoken === undefined || spoken === 'automatic' ? null : spoken,
      tokenHeader: tokenHeader ?? here?.tokenHeader ?? DEFAULT_TOKEN_HEADER,
      chipId: known ?? null,
      group: group ?? null,
    },
    token: packed(secrets),
  };
}

/** Where a device asks for a user, and its row has no password, the password is in the token's column. */
function secretsIn({ token, user, password }: Row['cells'], protocol: Protocol): Secrets | Problem {
  const tokenIn = traitsOf(protocol)?.tokenIn ?? null;
  const isPassword = user !== undefined && password === undefined && tokenIn !== 'token-header';
  if (token !== undefined && !isPassword && !/^[\x21-\x7e]+$/.test(token))
    return { field: 'token', kind: 'token-characters' };
  if (user === undefined) {
    if (password !== undefined) return { field: 'password', kind: 'password-without-user' };
    return { token: token ?? null, login: null };
  }
  if (tokenIn === 'bearer') return { field: 'user', kind: 'login-as-documented' };
  const login = { user, password: (isPassword ? token : password) ?? '' };
  const found = wrongInLogin(login);
  if (found !== null) return { field: 'user', kind: 'not-a-login', login: found };
  return { token: isPassword ? null : (token ?? null), login };
}

/** The id of a chip, by its name or by the id itself in digits. Null: there is no such chip. */
function chipIn(said: string): number | null {
  if (!/^\d{1,5}$/.test(said)) return chipNamed(said);
  return Number(said) <= 0xffff ? Number(said) : null;
}

/** The list that `moult push --devices` takes. */
function readList(text: string): Table {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    // The parser's own message quotes the file, and a token may be in the quote.
    return wrong({ line: 1, isEntry: true, field: null, kind: 'not-a-list' });
  }
  if (!Array.isArray(list) || list.length === 0) {
    return wrong({ line: 1, isEntry: true, field: null, kind: 'empty' });
  }
  const rows: Row[] = [];
  for (const [at, entry] of (list as readonly unknown[]).entries()) {
    const place = { line: at + 1, isEntry: true };
    if (typeof entry !== 'object' || entry === null) return wrong({ ...place, field: null, kind: 'not-a-list' });
    const cells: [string, string][] = [];
    const elsewhere = new Set<string>();
    for (const [key, value] of Object.entries(entry as Readonly<Record<string, unknown>>)) {
      if (!LIST_KEYS.includes(key)) return wrong({ ...place, field: null, kind: 'unknown-key', said: key });
      const isText = typeof value === 'string' || (key === 'chip' && typeof value === 'number');
      if (!isText) return wrong({ ...place, field: key, kind: 'wrong-type' });
      const said = String(value).trim();
      if (said === '') continue;
      if (ELSEWHERE.includes(key)) elsewhere.add(key);
      else cells.push([key, said]);
    }
    const said = new Map(cells);
    // Its password is in the environment, unless the list has it in the token's place.
    const spoken = PROTOCOLS.find((one) => one === said.get('protocol')?.toLowerCase()) ?? null;
    const hasBoth = traitsOf(spoken)?.tokenIn === 'token-header';
    const isElsewhere = elsewhere.has('passwordEnv') || !said.has('token') || hasBoth;
    if (said.has('user') && isElsewhere) {
      said.delete('user');
      elsewhere.add('user');
    }
    const lacks = lackOf(elsewhere);
    rows.push({ line: at + 1, cells: Object.fromEntries(said), ...(lacks && { lacks }) });
  }
  return { kind: 'rows', rows };
}

function lackOf(elsewhere: ReadonlySet<string>): NamedElsewhere['lacks'] | null {
  const login = elsewhere.has('user') || elsewhere.has('passwordEnv');
  if (elsewhere.has('tokenEnv')) return login ? 'token-and-login' : 'token';
  return login ? 'login' : null;
}
