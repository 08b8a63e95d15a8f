/**
 * What a device asks for besides its token, where its program puts every route behind ViperHTTP's `AuthMiddleware`. It
 * takes the `Authorization` header, so it is for `shipped` alone: as documented, the token is in there.
 */
export interface Login {
  /** Empty: `password` is a bearer token. */
  readonly user: string;
  readonly password: string;
}

/** Bytes of UTF-8 at most. With a token of 64 characters they leave a chunk of 3,072 bytes its place in a request of 4,096. */
export const LONGEST_LOGIN = { user: 64, password: 128 } as const;

/** What is wrong with a login, in words; null: nothing. */
export function wrongInLogin({ user, password }: Login): string | null {
  for (const [part, text] of Object.entries({ user, password })) {
    const most = LONGEST_LOGIN[part as keyof typeof LONGEST_LOGIN];
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > most) return `The ${part} takes ${bytes} bytes, and there is room for ${most}.`;
    if (/\p{Cc}/u.test(text)) return `The ${part} has a sign that no header can carry. Leave that out.`;
  }
  // RFC 7617: the first colon ends the user.
  if (user.includes(':')) return 'A user has no colon.';
  if (password === '') return user === '' ? null : 'Type the password, too.';
  // RFC 6750, as for the token.
  if (user === '' && !/^[\x21-\x7e]+$/.test(password))
    return 'A bearer token has no spaces and no letters outside of ASCII. A password needs its user.';
  return null;
}
