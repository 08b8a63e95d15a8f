/**
 * The answer to a device that asks for a user and password by HTTP's own means (RFC 7235). It is a port, because only a
 * host can read the challenge, and only the host has the code that answers it.
 */
import type { Login } from './login.ts';

/** One device's challenge and the answers to it. */
export interface SignIn {
  /**
   * The value of `Authorization`. Null: the device has not asked for any so far.
   *
   * @param uri path and query, as they are sent
   */
  authorization(method: 'GET' | 'POST', uri: string): string | null;
  /** Takes the `WWW-Authenticate` of a 401. False: it cannot be answered, or that very answer was refused. */
  take(challenge: string | null): boolean;
}

export type MakeSignIn = (login: Login) => SignIn;
