/** Signs requests in to a device that asks for a user and password, by Basic or Digest. For a host: a page reads no challenge. */
import type { Login } from '../../model/device/secrets/login.ts';
import type { SignIn } from '../../model/device/secrets/sign-in.ts';
import { hex } from '../../model/hex.ts';
import { basicAuthorization } from '../device-request.ts';
import { type Challenge, strongest } from './challenge.ts';
import { digestAuthorization } from './digest.ts';

const CNONCE_BYTES = 8;

export class LoginSignIn implements SignIn {
  readonly #login: Login;
  #challenge: Challenge | null = null;
  #cnonce = '';
  #count = 0;

  constructor(login: Login) {
    this.#login = login;
  }

  authorization(method: 'GET' | 'POST', uri: string): string | null {
    const challenge = this.#challenge;
    if (challenge === null) return null;
    if (challenge.kind === 'basic') return basicAuthorization(this.#login);
    this.#count += 1;
    return digestAuthorization(this.#login, challenge, { method, uri, cnonce: this.#cnonce, count: this.#count });
  }

  take(header: string | null): boolean {
    const challenge = strongest(header);
    if (challenge === null || isSame(challenge, this.#challenge)) return false;
    // After a Digest challenge the password is not sent in clear text.
    if (challenge.kind === 'basic' && this.#challenge?.kind === 'digest') return false;
    this.#challenge = challenge;
    this.#cnonce = hex(crypto.getRandomValues(new Uint8Array(CNONCE_BYTES)));
    this.#count = 0;
    return true;
  }
}

function isSame(one: Challenge, other: Challenge | null): boolean {
  if (other === null || one.kind === 'basic') return one.kind === other?.kind;
  return other.kind === 'digest' && one.nonce === other.nonce;
}
