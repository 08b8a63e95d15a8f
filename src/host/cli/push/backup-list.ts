/** The page's backup as a list of devices for `moult push --devices`. */
import { parseAddress } from '../../../device/address.ts';
import { PASSPHRASE_VARIABLE, TOKEN_VARIABLE } from '../../../model/host/environment.ts';
import type { ListProblem } from '../../../model/host/usage-problem.ts';
import type { BackupPlan } from '../../../model/page/backup.ts';
import { wrongInTokenHeader } from '../../../model/device/secrets/token-header.ts';
import { unpacked } from '../../../model/device/secrets/secrets.ts';
import { readBackup } from '../../../storage/backup.ts';
import type { ListedDevice } from './listed-device.ts';
import { UsageError } from '../usage.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @throws UsageError for a file that is no such backup, and for tokens that stay sealed; none is ever in the message
 */
export async function listedInBackup(
  content: string,
  path: string,
  env: Environment,
): Promise<readonly ListedDevice[]> {
  const passphrase = env[PASSPHRASE_VARIABLE] ?? null;
  const read = await readBackup(content, {
    ...{ subtle: crypto.subtle, now: Date.now(), devices: [], passphrase },
    originOf: (typed) => {
      const address = parseAddress(typed);
      return address.kind === 'address' ? address.origin : null;
    },
  });
  const refuse = (problem: ListProblem): UsageError => new UsageError({ kind: 'list', path, problem });
  if (read.kind !== 'read') throw refuse({ kind: 'backup-refused', refusal: read });
  const { add, tokens } = read.plan;
  if (add.length === 0) throw refuse({ kind: 'empty-backup' });
  if (tokens === 'locked') throw refuse({ kind: 'tokens-sealed' });
  return add.map((device, at) => {
    // Of an earlier version: the page no longer takes it, and no job does.
    const wrong = wrongInTokenHeader(device.tokenHeader);
    if (wrong !== null) throw refuse({ kind: 'device', name: device.name, problem: { kind: 'wrong-header', wrong } });
    return listed(device, at, tokens, env);
  });
}

function listed(
  { id, name, origin, prefix, protocol, dialect, tokenHeader, chipId, patienceMs }: BackupPlan['add'][number],
  at: number,
  tokens: Exclude<BackupPlan['tokens'], 'locked'>,
  env: Environment,
): ListedDevice {
  // As in a list: a device without a token of its own gets the one that is for all.
  const sealed = tokens === 'none' ? undefined : tokens.get(id);
  const { token, login } = sealed === undefined ? { token: env[TOKEN_VARIABLE] ?? '', login: null } : unpacked(sealed);
  return {
    id: `${at}`,
    name,
    target: { origin, prefix, protocol, dialect, tokenHeader, token: (token ?? '').trim(), login },
    chipId,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  };
}
