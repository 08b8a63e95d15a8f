/** The page's backup as a list of devices for `moult push --devices`. */
import { parseAddress } from '../../device/address.ts';
import type { BackupFileRefusal, BackupPlan } from '../../model/page/backup.ts';
import { unpacked } from '../../model/device/secrets.ts';
import { readBackup } from '../../storage/backup.ts';
import type { ListedDevice } from './listed-device.ts';
import { UsageError } from './usage.ts';

/** Where the passphrase is that the tokens were sealed with: an argument could be read by every program on this machine. */
export const PASSPHRASE_VARIABLE = 'MOULT_PASSPHRASE';

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws UsageError for a file that cannot be meant, and for tokens that stay sealed; none is ever in the message */
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
      return address.ok ? address.origin : null;
    },
  });
  if (!read.ok) throw new UsageError(`${path}: ${refusalText(read)}`);
  const { add, tokens } = read.plan;
  if (add.length === 0) throw new UsageError(`${path}: there is no device in this backup.`);
  if (tokens === 'locked') {
    throw new UsageError(
      `${path} holds tokens, and they are sealed. Put the passphrase that they were saved with into the environment variable ${PASSPHRASE_VARIABLE}.`,
    );
  }
  return add.map((device, at) => listed(device, at, tokens, env));
}

function listed(
  { id, name, origin, prefix, protocol, dialect, tokenHeader, chipId }: BackupPlan['add'][number],
  at: number,
  tokens: Exclude<BackupPlan['tokens'], 'locked'>,
  env: Environment,
): ListedDevice {
  // As in a list: a device without a token of its own gets the one that is for all.
  const sealed = tokens === 'none' ? undefined : tokens.get(id);
  const { token, login } = sealed === undefined ? { token: env['MOULT_TOKEN'] ?? '', login: null } : unpacked(sealed);
  return {
    id: `${at}`,
    name,
    target: { origin, prefix, protocol, dialect, tokenHeader, token: (token ?? '').trim(), login },
    chipId,
  };
}

function refusalText(refusal: BackupFileRefusal): string {
  switch (refusal.why) {
    case 'too-large':
      return `it is larger than ${refusal.limitBytes / 1024 / 1024} MB.`;
    case 'not-json':
    case 'not-a-backup':
      return 'it is no list of devices, and no backup of the page. See "moult --help".';
    case 'newer':
      return 'it was saved by a newer version of Moult.';
    case 'unsafe-keys':
      return 'it holds something that no backup has. Do not trust where it came from.';
    case 'invalid':
      return `it is damaged or was changed by hand, at "${refusal.where}".`;
    case 'duplicate':
      return `it has one address twice, at "${refusal.where}".`;
    case 'other-address':
      return `it shows one address and would send to another, at "${refusal.where}". Do not trust where it came from.`;
    case 'wrong-passphrase':
      return `what is in ${PASSPHRASE_VARIABLE} is not the passphrase that its tokens were sealed with.`;
    case 'no-secure-context':
    case 'damaged-tokens':
      return 'its tokens are damaged.';
  }
}
