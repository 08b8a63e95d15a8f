/**
 * What a device asks for besides its token, where its program puts every route behind ViperHTTP's `AuthMiddleware`. It
 * goes in the `Authorization` header, so only a `shipped` device can have both: a `documented` one takes its token
 * there.
 */
export interface Login {
  /** Empty: `password` is a bearer token. */
  readonly user: string;
  readonly password: string;
}

/**
 * The most bytes of UTF-8. Beside a token of 64 characters, a chunk of 3,072 bytes still fits into a request of 4,096.
 */
export const LONGEST_LOGIN = { user: 64, password: 128 } as const;

export type WrongLogin =
  /** `bytes` of UTF-8, of which there may be `most`. */
  | { readonly kind: 'too-long'; readonly part: keyof Login; readonly bytes: number; readonly most: number }
  /** A control character, which no header can carry. */
  | { readonly kind: 'control-character'; readonly part: keyof Login }
  | { readonly kind: 'colon-in-user' | 'no-password' }
  /** It has no user, and could not be a bearer token. */
  | { readonly kind: 'no-bearer-token' };

/** What is wrong with a login; null: nothing. */
export function wrongInLogin({ user, password }: Login): WrongLogin | null {
  for (const part of ['user', 'password'] as const) {
    const text = { user, password }[part];
    const most = LONGEST_LOGIN[part];
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > most) return { kind: 'too-long', part, bytes, most };
    if (/\p{Cc}/u.test(text)) return { kind: 'control-character', part };
  }
  // RFC 7617: the first colon ends the user.
  if (user.includes(':')) return { kind: 'colon-in-user' };
  if (password === '') return user === '' ? null : { kind: 'no-password' };
  // RFC 6750, as for the token.
  if (user === '' && !/^[\x21-\x7e]+$/.test(password)) return { kind: 'no-bearer-token' };
  return null;
}
