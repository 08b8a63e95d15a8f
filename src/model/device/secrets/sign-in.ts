/**
 * Answering a device that asks for a user and password by HTTP's own means (RFC 7235): a port, since only a host can read what
 * is asked for and only it brings what answers. A page has none.
 */
import type { Login } from './login.ts';

/** One device's question and the answers to it. */
export interface SignIn {
  /** What goes along in `Authorization`. Null: the device has asked for nothing so far. @param uri path and query, as they are sent */
  authorization(method: 'GET' | 'POST', uri: string): string | null;
  /** Takes the `WWW-Authenticate` of a 401. False: nobody can answer it, or it was answered just so, and refused. */
  take(challenge: string | null): boolean;
}

export type MakeSignIn = (login: Login) => SignIn;
