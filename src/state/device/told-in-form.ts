/** What the dialog "Device" makes of what a device tells of itself. Loaded with it. */
import { appName, type SelfTold } from '../../model/device/self-told.ts';
import { addressOf } from './device-of-form.ts';
import { LONGEST, type DeviceForm, type FormField } from './read-form.ts';

/** A space and three digits: more boards than a browser remembers. */
const ROOM_FOR_COUNT = 4;

/** The routes that count: those under the path there is, else the first ones. */
export function routesFor({ otas }: SelfTold, prefix: string): SelfTold['otas'][number] | null {
  return otas.find((each) => each.prefix === prefix) ?? otas[0] ?? null;
}

/**
 * What the dialog fills in by itself: a name and a path, where the person has typed none, and how it speaks there.
 *
 * @param typed the fields that the person has typed in
 * @param names those that other devices have
 */
export function filledIn(
  form: DeviceForm,
  told: SelfTold,
  typed: ReadonlySet<FormField>,
  names: readonly string[],
): Partial<DeviceForm> {
  const { other } = told;
  const name = other === undefined ? appName(told) : other.identity.name;
  const hasName = typed.has('name') && form.name.trim() !== '';
  const routes = routesFor(told, form.prefix);
  const mayMove = !typed.has('prefix') && !hasPath(form.address) && routes !== null;
  return {
    ...(name === null || hasName ? {} : { name: another(name, names) }),
    ...(mayMove ? { prefix: routes.prefix, dialect: routes.dialect } : {}),
    ...(other === undefined ? {} : { dialect: other.dialect, address: addressOf(other.origin) }),
  };
}

/** Where a device of another kind answers that was typed without a port: on the web's own. Null: a port was typed. */
export function originOnWebPort(address: string, origin: string): string | null {
  const { protocol, hostname, port } = new URL(origin);
  const isTyped = new RegExp(`:${port || '80'}(/|$)`).test(address.trim());
  return isTyped || protocol !== 'http:' || port === '' ? null : `${protocol}//${hostname}`;
}

function hasPath(address: string): boolean {
  return /[^/:]\/+[^/]/.test(address.trim());
}

/** Two boards with one program have one name. */
function another(name: string, names: readonly string[]): string {
  for (let count = 1; ; count += 1) {
    const each = count === 1 ? name : `${name.slice(0, LONGEST.name - ROOM_FOR_COUNT)} ${count}`;
    if (!names.includes(each)) return each;
  }
}
