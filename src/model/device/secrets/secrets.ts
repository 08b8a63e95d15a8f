/** What is kept secret of a device: its token, and a login where its program asks for one before any route. */
import { wrongInLogin, type Login } from './login.ts';

export interface Secrets {
  /** Null: there is none, or it cannot be read now. */
  readonly token: string | null;
  readonly login: Login | null;
}

export const NO_SECRETS: Secrets = { token: null, login: null };

/** The key of the login in the vault. No device's id has a space, so that it is no other device's key. */
export function loginKey(deviceId: string): string {
  return `${deviceId} login`;
}

export function loginText({ user, password }: Login): string {
  return JSON.stringify({ user, password });
}

/** Null: the text is no login that could be sent. */
export function readLogin(text: string | null): Login | null {
  const read = parsed(text ?? '');
  const { user, password } = read;
  if (typeof user !== 'string' || typeof password !== 'string' || password === '') return null;
  return wrongInLogin({ user, password }) === null ? { user, password } : null;
}

/** How a packed text begins. No token has a space, so that none begins so. */
const PACKED = ' {';

/** Token and login as one text, for a backup, whose rules for a token then hold for both. Null where there is neither. */
export function packed({ token, login }: Secrets): string | null {
  if (login === null) return token === '' ? null : token;
  const text = JSON.stringify({ token: token ?? '', ...login });
  // A backup takes ASCII alone.
  return ` ${text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}`;
}

export function unpacked(text: string): Secrets {
  const whole = text.startsWith(PACKED) ? parsed(text) : {};
  const login = text.startsWith(PACKED) ? readLogin(text) : null;
  if (login === null || typeof whole['token'] !== 'string') return { token: text, login: null };
  return { token: whole['token'] === '' ? null : whole['token'], login };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // No JSON: no login.
    return {};
  }
}
