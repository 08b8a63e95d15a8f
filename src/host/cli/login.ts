/** A user and password on the command line: the user in plain sight, the password from the environment alone. */
import type { DeviceTarget } from '../../device/target.ts';
import { traitsOf } from '../../model/device/dialect.ts';
import { wrongInLogin, type Login } from '../../model/device/login.ts';
import type { LoginProblem } from '../../model/host/usage-problem.ts';

export type LoginResult =
  { readonly kind: 'login'; readonly login: Login } | { readonly kind: 'wrong'; readonly problem: LoginProblem };

/** `variable`: of `env`, with the password. */
export function loginOf(
  user: string,
  variable: string,
  protocol: DeviceTarget['protocol'],
  env: Readonly<Record<string, string | undefined>>,
): LoginResult {
  if (traitsOf(protocol)?.tokenIn === 'bearer') return { kind: 'wrong', problem: { kind: 'login-as-documented' } };
  const password = env[variable] ?? '';
  if (password === '') return { kind: 'wrong', problem: { kind: 'no-password', variable } };
  const wrong = wrongInLogin({ user, password });
  return wrong === null
    ? { kind: 'login', login: { user, password } }
    : { kind: 'wrong', problem: { kind: 'wrong-login', wrong } };
}
