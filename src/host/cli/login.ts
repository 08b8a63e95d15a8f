/** A user and password on the command line: the user in plain sight, the password from the environment alone. */
import type { DeviceTarget } from '../../device/target.ts';
import { wrongInLogin, type Login } from '../../model/device/login.ts';
import { UsageError } from './usage.ts';
import { traitsOf } from '../../model/device/dialect.ts';

/** Where the password is, unless a list of devices names another variable. */
export const PASSWORD_VARIABLE = 'MOULT_PASSWORD';

/** `where` says whose user it is in the complaint; no password is ever in it. */
export function loginOf(
  user: string,
  variable: string,
  protocol: DeviceTarget['protocol'],
  where: string,
  env: Readonly<Record<string, string | undefined>>,
): Login {
  if (traitsOf(protocol)?.tokenIn === 'bearer')
    throw new UsageError(`${where}: as documented, the token is in the header that a user and password would need.`);
  const password = env[variable] ?? '';
  if (password === '') throw new UsageError(`${where}: there is no password in the environment variable ${variable}.`);
  const wrong = wrongInLogin({ user, password });
  if (wrong !== null) throw new UsageError(`${where}: ${wrong}`);
  return { user, password };
}
