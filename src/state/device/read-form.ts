/** What the dialog "Device" holds, and what of it can be saved. */
import type { Device } from '../../model/device/device.ts';
import { DEFAULT_TOKEN_HEADER, wrongInTokenHeader } from '../../model/device/secrets/token-header.ts';
import { DEFAULT_PREFIX } from '../../model/device/address-reading.ts';
import type { FormProblem } from '../../model/device/form-problem.ts';
import { wrongInLogin, type Login } from '../../model/device/secrets/login.ts';
import { hasHiddenCharacters, isBlank } from '../../model/device/plain-names.ts';
import {
  asksForUser,
  type Dialect,
  goesWhole,
  type Protocol,
  spokenBy,
  traitsOf,
  usualPort,
} from '../../model/device/dialect.ts';
import { RESTART_PATIENCE_MS } from '../../model/update/restart-patience.ts';
import type { ReadAddress, ReadPrefix } from '../tools.ts';

export { DEFAULT_PREFIX } from '../../model/device/address-reading.ts';
export { DEFAULT_TOKEN_HEADER } from '../../model/device/secrets/token-header.ts';
export { RESTART_PATIENCE_MS } from '../../model/update/restart-patience.ts';

/** What can be chosen: the default, then for a device that starts slowly, one behind a slow router, one that sleeps. */
export const PATIENCES_MS: readonly number[] = [
  RESTART_PATIENCE_MS,
  ...[300_000, 600_000, 1_800_000].filter((ms) => ms > RESTART_PATIENCE_MS),
];

/** Characters at most, of each field: what a backup file takes, too (storage/backup-schema.ts). */
export const LONGEST = { name: 100, group: 100, address: 512, prefix: 512, tokenHeader: 100, token: 1024 } as const;

/** What the dialog "Device" holds. */
export interface DeviceForm {
  readonly name: string;
  readonly address: string;
  /** Null: keep the one there is. Empty: the device takes none. */
  readonly token: string | null;
  /** Keep the token on this device although it cannot be encrypted here. */
  readonly keepPlain: boolean;
  /**
   * What the device asks for before it looks at the token. Absent or null: keep what there is. All empty: nothing. Of a device
   * that asks for a user instead of a token, its user; `token` holds the password.
   */
  readonly login?: Login | null;
  readonly protocol: Protocol;
  readonly prefix: string;
  /** What it told of itself at this path; absent or null: it is found out at the first contact. */
  readonly dialect?: Dialect | null;
  readonly tokenHeader: string;
  readonly chipId: number | null;
  /** Absent: it keeps the one it has. Empty: in none. */
  readonly group?: string;
  /** Absent: it keeps the one it has. */
  readonly patienceMs?: number;
}

/** Of a new device. */
export const EMPTY_FORM: DeviceForm = {
  name: '',
  address: '',
  token: null,
  keepPlain: false,
  protocol: 'automatic',
  prefix: DEFAULT_PREFIX,
  tokenHeader: DEFAULT_TOKEN_HEADER,
  chipId: null,
};

export type FormField = 'name' | 'address' | 'token' | 'prefix' | 'tokenHeader' | 'group' | 'login';

/** What is wrong with one field, and what to do about it. */
export interface Wrong {
  readonly field: FormField;
  readonly problem: FormProblem;
}

/** All that is wrong with a form, one thing a field: nobody has to save again to hear of the next. */
export interface NotSaved {
  readonly kind: 'wrong';
  readonly wrongs: readonly [Wrong, ...Wrong[]];
}

/** The secrets that stay cannot go along to another address while they are locked. */
export const STILL_LOCKED: NotSaved = {
  kind: 'wrong',
  wrongs: [{ field: 'token', problem: { kind: 'token-locked' } }],
};

export interface ReadForm {
  readonly name: string;
  readonly typed: string;
  readonly origin: string;
  readonly prefix: string;
  readonly tokenHeader: string;
  readonly token: string | null;
  readonly login: Login | null;
  readonly group: string | null;
}

export interface Readers {
  readonly readAddress: ReadAddress;
  readonly readPrefix: ReadPrefix;
}

/** `before`: the device as it is saved; undefined for a new one. `others`: all that are saved besides it. */
export function readForm(
  form: DeviceForm,
  before: Device | undefined,
  others: readonly Device[],
  readers: Readers,
): { readonly kind: 'read'; readonly form: ReadForm } | NotSaved {
  const name = form.name.trim();
  const group = form.group?.trim() ?? before?.group ?? '';
  const typed = form.address.trim();
  const tokenHeader = form.tokenHeader.trim() || DEFAULT_TOKEN_HEADER;
  const { token, login } = asksForUserOf(form, before)
    ? userOf(form, before)
    : { token: form.token?.trim() ?? null, login: loginOf(form) };
  const where = readWhere(typed, form, before, readers);
  const wrongs = [
    isBlank(name) ? wrong('name', { kind: 'no-name' }) : null,
    ...tooLong({ name, address: typed, token: token ?? '', tokenHeader, group }),
    // No keyboard has them, but a link or a code can.
    ...notShown({ name, group }),
    'problem' in where ? null : takenBy(where, others),
    wrongInHeader(tokenHeader),
    // A header cannot carry anything else, and fetch() would throw in the middle of an update.
    token === null || /^[\x21-\x7e]*$/.test(token) ? null : wrong('token', { kind: 'token-characters' }),
    wrongInLoginOf(login, form.protocol),
  ].filter((each) => each !== null);
  if ('problem' in where) return { kind: 'wrong', wrongs: [where, ...onePerField(wrongs, where)] };
  const [first, ...more] = onePerField(wrongs);
  if (first !== undefined) return { kind: 'wrong', wrongs: [first, ...more] };
  return {
    kind: 'read',
    form: { name, typed, ...where, tokenHeader, token, login, group: group === '' ? null : group },
  };
}

function tooLong(texts: Readonly<Partial<Record<keyof typeof LONGEST, string>>>): readonly Wrong[] {
  return (['name', 'address', 'token', 'tokenHeader', 'group'] as const).flatMap((field) => {
    const { length } = texts[field] ?? '';
    const most = LONGEST[field];
    return length > most ? [wrong(field, { kind: 'too-long', length, most })] : [];
  });
}

function notShown(texts: Readonly<Record<'name' | 'group', string>>): readonly Wrong[] {
  return (['name', 'group'] as const)
    .filter((field) => hasHiddenCharacters(texts[field]) || (texts[field] !== '' && isBlank(texts[field])))
    .map((field) => wrong(field, { kind: 'hidden-characters' }));
}

function takenBy(where: Where, others: readonly Device[]): Wrong | null {
  const same = others.find(({ origin, prefix }) => origin === where.origin && prefix === where.prefix);
  return same === undefined ? null : wrong('address', { kind: 'address-taken', name: same.name });
}

function wrongInHeader(tokenHeader: string): Wrong | null {
  const kind = wrongInTokenHeader(tokenHeader);
  return kind === null ? null : wrong('tokenHeader', { kind });
}

function loginOf({ login = null }: DeviceForm): Login | null {
  return login === null ? null : { user: login.user.trim(), password: login.password };
}

/** Whether the device asks for a user and password in the place of a token, as far as it is known. */
export function asksForUserOf(form: DeviceForm, before: Device | undefined): boolean {
  return asksForUser(form.protocol, foundIn(form, before));
}

/** Whether the device takes an image whole, as far as it is known: then it has no update path, and no token with a header. */
export function takesWholeOf(form: DeviceForm, before: Device | undefined): boolean {
  return goesWhole(spokenBy({ protocol: form.protocol, dialect: foundIn(form, before) }));
}

/** Empty: there is none. */
export function usualUserOf(form: DeviceForm, before: Device | undefined): string {
  return traitsOf(form.protocol === 'automatic' ? foundIn(form, before) : form.protocol)?.usualUser ?? '';
}

function foundIn(form: DeviceForm, before: Device | undefined): Dialect | null {
  return form.dialect ?? before?.dialect ?? null;
}

/** A password in the token's field. One of the two alone does not change the other, which nobody here reads. */
function userOf(form: DeviceForm, before: Device | undefined): Pick<ReadForm, 'token' | 'login'> {
  const user = form.login?.user.trim() ?? '';
  const password = form.token ?? '';
  if (form.token === null && user === '') return { token: null, login: null };
  const named = user === '' && password !== '' ? usualUserOf(form, before) : user;
  return { token: '', login: { user: named, password } };
}

function wrongInLoginOf(login: Login | null, protocol: Protocol): Wrong | null {
  if (login === null) return null;
  if (traitsOf(protocol)?.tokenIn === 'bearer' && login.user + login.password !== '')
    return wrong('login', { kind: 'login-as-documented' });
  const found = wrongInLogin(login);
  return found === null ? null : wrong('login', { kind: 'wrong-login', wrong: found });
}

/** The first thing about each field, and none about the one that `said` is about. */
function onePerField(wrongs: readonly Wrong[], said?: Wrong): readonly Wrong[] {
  return wrongs.filter(
    ({ field }, at) => field !== said?.field && wrongs.findIndex((each) => each.field === field) === at,
  );
}

interface Where {
  readonly origin: string;
  readonly prefix: string;
}

/** The path can stand at the end of the address or in a field of its own. */
function readWhere(
  typed: string,
  { prefix: field, protocol }: Pick<DeviceForm, 'prefix' | 'protocol'>,
  before: Device | undefined,
  { readAddress, readPrefix }: Readers,
): Where | Wrong {
  const address = readAddress(typed, usualPort(protocol));
  if (address.kind !== 'address') return wrong('address', { kind: 'wrong-address', wrong: address });
  const path = readPrefix(field);
  if (path.kind !== 'prefix') return wrong('prefix', { kind: 'wrong-prefix', wrong: path });
  const { origin, prefix } = address;
  const fieldWasChanged = path.prefix !== (before?.prefix ?? DEFAULT_PREFIX);
  if (prefix !== null && prefix !== path.prefix && fieldWasChanged) {
    return wrong('prefix', { kind: 'two-prefixes', prefix });
  }
  return { origin, prefix: prefix ?? path.prefix };
}

function wrong(field: FormField, problem: FormProblem): Wrong {
  return { field, problem };
}
