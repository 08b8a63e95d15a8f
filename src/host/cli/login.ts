/** A user and password on the command line: the user in plain sight, the password from the environment alone. */
import type { DeviceTarget } from '../../device/target.ts';
import { traitsOf } from '../../model/device/dialect.ts';
import { wrongInLogin, type Login } from '../../model/device/secrets/login.ts';
import type { LoginProblem } from '../../model/host/usage-problem.ts';

export type LoginResult =
  /** `token`: what is left for the token's own place. */
  | { readonly kind: 'login'; readonly login: Login; readonly token: string }
  | { readonly kind: 'wrong'; readonly problem: LoginProblem };

export interface LoginAsked {
  readonly user: string;
  /** Of `env`, with the password. */
  readonly variable: string;
  readonly protocol: DeviceTarget['protocol'];
  /** Empty: there is none. A device that asks for a user instead of a token has its password there. */
  readonly token: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function loginOf({ user, variable, protocol, token, env }: LoginAsked): LoginResult {
  const tokenIn = traitsOf(protocol)?.tokenIn ?? null;
  if (tokenIn === 'bearer') return { kind: 'wrong', problem: { kind: 'login-as-documented' } };
  const own = env[variable] ?? '';
  // A device as shipped has both, and they are two things.
  const isToken = own === '' && tokenIn !== 'token-header';
  const password = isToken ? token : own;
  if (password === '') return { kind: 'wrong', problem: { kind: 'no-password', variable } };
  const wrong = wrongInLogin({ user, password });
  if (wrong !== null) return { kind: 'wrong', problem: { kind: 'wrong-login', wrong } };
  return { kind: 'login', login: { user, password }, token: isToken ? '' : token };
}
