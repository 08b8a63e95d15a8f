/** The file of devices for `moult push --devices`, a list or a backup of the page: read, checked whole, and its tokens fetched. */
import { open } from 'node:fs/promises';
import * as v from 'valibot';
import { parseAddress } from '../../../device/address.ts';
import { BACKUP_MAX_BYTES } from '../../../storage/backup-schema.ts';
import { DEFAULT_TOKEN_HEADER, wrongInTokenHeader } from '../../../model/device/token-header.ts';
import { PROTOCOLS, usualPort } from '../../../model/device/dialect.ts';
import { KNOWN_CHIPS } from '../../../model/firmware/chips.ts';
import { PASSWORD_VARIABLE, TOKEN_VARIABLE } from '../../../model/host/environment.ts';
import type { ListedProblem, ListProblem } from '../../../model/host/usage-problem.ts';
import { listedInBackup } from './backup-list.ts';
import type { ListedDevice } from './listed-device.ts';
import { loginOf } from '../login.ts';
import { UsageError } from '../usage.ts';

/** Read or write for the group or for everyone. */
const OPEN_TO_OTHERS = 0o066;

/** An image's header has two bytes for it. */
const MOST_CHIP_ID = 0xffff;

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const variable = v.pipe(v.string(), v.regex(/^\w+$/));
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
 * @throws UsageError for a file that cannot be meant; no token is ever in the message
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
  if (openToOthers && parsed.output.some(({ token }) => token !== undefined)) {
    throw refuse({ kind: 'tokens-open-to-others' });
  }
  const devices = parsed.output.map((device, at) => listed(device, at, env, refuse));
  const seen = new Map<string, string>();
  for (const { name, target } of devices) {
    const place = target.origin + target.prefix;
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
  try {
    const file = await open(path);
    try {
      // Of the very file that is read, so that nobody can put another one there in between.
      const { mode, size } = await file.stat();
      if (size > BACKUP_MAX_BYTES) throw refuse({ kind: 'too-large' });
      // Windows keeps its permissions elsewhere, and shows every file as open.
      const openToOthers = process.platform !== 'win32' && (mode & OPEN_TO_OTHERS) !== 0;
      return { content: await file.readFile('utf8'), openToOthers };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw refuse({ kind: 'not-read', said: error instanceof Error ? error.message : String(error) });
  }
}

function listed(
  { address, name = address, token, tokenEnv, user, passwordEnv, tokenHeader, protocol, chip }: Listed,
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
  if (chipId === undefined) {
    throw wrong({ kind: 'no-such-chip', text: String(chip), known: KNOWN_CHIPS.map((known) => known.name) });
  }
  const { origin, prefix } = read;
  const { login, token: left } = asked ?? { login: null, token: own };
  // A header cannot carry anything else, and fetch() would throw in the middle.
  if (!/^[\x21-\x7e]*$/.test(left)) throw wrong({ kind: 'token-signs' });
  return {
    id: `${at}`,
    name,
    target: { origin, prefix, protocol, dialect: null, tokenHeader, token: left, login },
    chipId,
  };
}

/** "esp32s3" is "ESP32-S3". Undefined: no chip is called so. */
function chipNamed(name: string): number | undefined {
  const bare = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return KNOWN_CHIPS.find((chip) => bare(chip.name) === bare(name))?.id;
}
