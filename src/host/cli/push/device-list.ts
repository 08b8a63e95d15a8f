/** The file of devices for `moult push --devices`, a list or a backup of the page: read, checked whole, and its tokens fetched. */
import * as v from 'valibot';
import { parseAddress } from '../../../device/address.ts';
import { BACKUP_MAX_BYTES } from '../../../storage/backup-schema.ts';
import { placeOf } from '../../../model/device/device.ts';
import { DEFAULT_TOKEN_HEADER, wrongInTokenHeader } from '../../../model/device/secrets/token-header.ts';
import { PROTOCOLS, usualPort } from '../../../model/device/dialect.ts';
import { chipNamed } from '../../../model/firmware/chip-named.ts';
import { KNOWN_CHIPS } from '../../../model/firmware/chips.ts';
import { PASSWORD_VARIABLE, TOKEN_VARIABLE } from '../../../model/host/environment.ts';
import type { ListedProblem, ListProblem } from '../../../model/host/usage-problem.ts';
import { listedInBackup } from './backup-list.ts';
import type { ListedDevice } from './listed-device.ts';
import { loginOf } from '../login.ts';
import { readOwnFile } from '../read-own-file.ts';
import { UsageError } from '../usage.ts';

/** An image's header has two bytes for it. */
const MOST_CHIP_ID = 0xffff;

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const variable = v.pipe(v.string(), v.regex(/^\w+$/));
/** As hawkBit takes it, without characters that would have to be escaped in a URL. */
const CONTROLLER_ID = /^[\w.:-]{1,250}$/;
const ListSchema = v.pipe(
  v.array(
    v.strictObject({
      address: text,
      name: v.optional(text),
      token: v.optional(v.string()),
      tokenEnv: v.optional(variable),
      user: v.optional(v.string()),
      passwordEnv: v.optional(variable),
      tokenHeader: v.optional(text, DEFAULT_TOKEN_HEADER),
      protocol: v.optional(v.picklist(PROTOCOLS), 'automatic'),
      // For `moult agent`, which takes the same list.
      controllerId: v.optional(v.pipe(v.string(), v.regex(CONTROLLER_ID))),
      targetToken: v.optional(v.string()),
      targetTokenEnv: v.optional(variable),
      chip: v.optional(v.union([text, v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_CHIP_ID))])),
    }),
  ),
  v.minLength(1),
);
type Listed = v.InferOutput<typeof ListSchema>[number];

/**
 * Reads the list.
 *
 * @param env where tokens are that the list only names
 * @throws UsageError for a file that is no such list; no token is ever in the message
 */
export async function readDeviceList(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly ListedDevice[]> {
  const refuse: Refuse = (problem, cause) => new UsageError({ kind: 'list', path, problem }, { cause });
  const { content, openToOthers } = await readOwn(path, refuse);
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (error) {
    // The parser's own message quotes the file, and a token may be in the quote.
    throw refuse({ kind: 'no-json' }, error instanceof SyntaxError ? null : error);
  }
  if (isBackup(data)) return listedInBackup(content, path, env);
  const parsed = v.safeParse(ListSchema, data);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw refuse({ kind: 'does-not-fit', at: v.getDotPath(issue) });
  }
  if (openToOthers && parsed.output.some(({ token, targetToken }) => (token ?? targetToken) !== undefined)) {
    throw refuse({ kind: 'tokens-open-to-others' });
  }
  const devices = parsed.output.map((device, at) => listed(device, at, env, refuse));
  const seen = new Map<string, string>();
  for (const { name, target } of devices) {
    const place = placeOf(target);
    const other = seen.get(place);
    if (other !== undefined) throw refuse({ kind: 'device-twice', names: [other, name], place });
    seen.set(place, name);
  }
  return devices;
}

/** Makes the error that names the file. */
type Refuse = (problem: ListProblem, cause?: unknown) => UsageError;

function isBackup(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'format' in data && data.format === 'moult-backup';
}

async function readOwn(
  path: string,
  refuse: Refuse,
): Promise<{ readonly content: string; readonly openToOthers: boolean }> {
  const read = await readOwnFile(path, BACKUP_MAX_BYTES);
  if (read.kind !== 'read') throw refuse(read);
  return read;
}

function listed(
  { address, name = address, token, tokenEnv, user, passwordEnv, tokenHeader, protocol, chip, ...forAgent }: Listed,
  at: number,
  env: Readonly<Record<string, string | undefined>>,
  refuse: Refuse,
): ListedDevice {
  const wrong = (problem: ListedProblem): UsageError => refuse({ kind: 'device', name, problem });
  const read = parseAddress(address, usualPort(protocol));
  if (read.kind !== 'address') throw wrong({ kind: 'wrong-address', wrong: read });
  const header = wrongInTokenHeader(tokenHeader);
  if (header !== null) throw wrong({ kind: 'wrong-header', wrong: header });
  if (token !== undefined && tokenEnv !== undefined) throw wrong({ kind: 'token-twice' });
  const fetched = token ?? env[tokenEnv ?? TOKEN_VARIABLE];
  if (fetched === undefined && tokenEnv !== undefined) throw wrong({ kind: 'no-such-variable', variable: tokenEnv });
  if (user === undefined && passwordEnv !== undefined) throw wrong({ kind: 'password-without-user' });
  const own = (fetched ?? '').trim();
  const variable = passwordEnv ?? PASSWORD_VARIABLE;
  const asked = user === undefined ? null : loginOf({ user, variable, protocol, token: own, env });
  if (asked?.kind === 'wrong') throw wrong(asked.problem);
  const chipId = typeof chip === 'string' ? chipNamed(chip) : (chip ?? null);
  if (typeof chip === 'string' && chipId === null) {
    throw wrong({ kind: 'no-such-chip', text: chip, known: KNOWN_CHIPS.map((known) => known.name) });
  }
  const { origin, prefix } = read;
  const { login, token: left } = asked ?? { login: null, token: own };
  // A header cannot carry anything else, and fetch() would throw in the middle.
  if (!/^[\x21-\x7e]*$/.test(left)) throw wrong({ kind: 'token-characters' });
  const { controllerId, targetToken, targetTokenEnv } = forAgent;
  if (targetToken !== undefined && targetTokenEnv !== undefined) throw wrong({ kind: 'token-twice' });
  return {
    id: `${at}`,
    name,
    target: { origin, prefix, protocol, dialect: null, tokenHeader, token: left, login },
    chipId,
    ...(controllerId === undefined ? {} : { controllerId }),
    ...(targetToken === undefined ? {} : { targetToken }),
    ...(targetTokenEnv === undefined ? {} : { targetTokenEnv }),
  };
}
