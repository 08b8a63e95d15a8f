/** The file of devices for `moult push --devices`, a list or a backup of the page: read, checked whole, and its tokens fetched. */
import { open } from 'node:fs/promises';
import * as v from 'valibot';
import { parseAddress } from '../../device/address.ts';
import { BACKUP_MAX_BYTES } from '../../storage/backup-schema.ts';
import { KNOWN_CHIPS } from '../../model/firmware/chips.ts';
import { listedInBackup } from './backup-list.ts';
import type { ListedDevice } from './listed-device.ts';
import { loginOf, PASSWORD_VARIABLE } from './login.ts';
import { UsageError } from './usage.ts';
import { PROTOCOLS } from '../../model/device/dialect.ts';

/** Read or write for the group or for everyone. */
const OPEN_TO_OTHERS = 0o066;

/** An image's header has two bytes for it. */
const MOST_CHIP_ID = 0xffff;

const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const variable = v.pipe(v.string(), v.regex(/^\w+$/, 'not a name of an environment variable'));
const ListSchema = v.pipe(
  v.array(
    v.strictObject({
      address: text,
      name: v.optional(text),
      token: v.optional(v.string()),
      tokenEnv: v.optional(variable),
      user: v.optional(v.string()),
      passwordEnv: v.optional(variable),
      tokenHeader: v.optional(text, 'X-OTA-Token'),
      protocol: v.optional(v.picklist(PROTOCOLS), 'automatic'),
      chip: v.optional(v.union([text, v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_CHIP_ID))])),
    }),
  ),
  v.minLength(1, 'the list is empty'),
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
  const { content, openToOthers } = await readOwn(path);
  let data: unknown;
  try {
    data = JSON.parse(content);
  } catch (error) {
    // The parser's own message quotes the file, and a token may be in the quote.
    throw new UsageError(`${path} is no JSON.`, { cause: error instanceof SyntaxError ? null : error });
  }
  if (isBackup(data)) return listedInBackup(content, path, env);
  const parsed = v.safeParse(ListSchema, data);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new UsageError(`${path}: ${v.getDotPath(issue) ?? 'the list'} does not fit. See "moult --help".`);
  }
  if (openToOthers && parsed.output.some(({ token }) => token !== undefined)) {
    throw new UsageError(
      `${path} holds tokens, and others on this machine can read it. Make it yours alone (chmod 600 ${path}), or name environment variables in it with "tokenEnv".`,
    );
  }
  const devices = parsed.output.map((device, at) => listed(device, at, path, env));
  const seen = new Map<string, string>();
  for (const { name, target } of devices) {
    const place = target.origin + target.prefix;
    const other = seen.get(place);
    if (other !== undefined) throw new UsageError(`${path}: ${other} and ${name} are one device, ${place}.`);
    seen.set(place, name);
  }
  return devices;
}

function isBackup(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'format' in data && data.format === 'moult-backup';
}

async function readOwn(path: string): Promise<{ readonly content: string; readonly openToOthers: boolean }> {
  try {
    const file = await open(path);
    try {
      // Of the very file that is read, so that nobody can put another one there in between.
      const { mode, size } = await file.stat();
      if (size > BACKUP_MAX_BYTES) throw new UsageError(`${path} is too large for a list of devices.`);
      // Windows keeps its permissions elsewhere, and shows every file as open.
      const openToOthers = process.platform !== 'win32' && (mode & OPEN_TO_OTHERS) !== 0;
      return { content: await file.readFile('utf8'), openToOthers };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function listed(
  { address, name = address, token, tokenEnv, user, passwordEnv, tokenHeader, protocol, chip }: Listed,
  at: number,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): ListedDevice {
  const parsed = parseAddress(address);
  if (!parsed.ok) throw new UsageError(`${path}: ${name}: ${parsed.message}`);
  if (token !== undefined && tokenEnv !== undefined) {
    throw new UsageError(`${path}: ${name} has both "token" and "tokenEnv"; one of them is meant.`);
  }
  const fetched = token ?? env[tokenEnv ?? 'MOULT_TOKEN'];
  if (fetched === undefined && tokenEnv !== undefined) {
    throw new UsageError(`${path}: ${name}: there is no environment variable ${tokenEnv}.`);
  }
  // A header cannot carry anything else, and fetch() would throw in the middle.
  if (!/^[\x21-\x7e]*$/.test((fetched ?? '').trim())) {
    throw new UsageError(`${path}: ${name}: a token has no spaces and no letters outside of ASCII.`);
  }
  const where = `${path}: ${name}`;
  if (user === undefined && passwordEnv !== undefined)
    throw new UsageError(`${where} has "passwordEnv" without a "user".`);
  const login = user === undefined ? null : loginOf(user, passwordEnv ?? PASSWORD_VARIABLE, protocol, where, env);
  const { origin, prefix } = parsed;
  return {
    id: `${at}`,
    name,
    target: { origin, prefix, protocol, dialect: null, tokenHeader, token: (fetched ?? '').trim(), login },
    chipId: typeof chip === 'string' ? chipNamed(chip, `${path}: ${name}`) : (chip ?? null),
  };
}

/** "esp32s3" is "ESP32-S3". */
function chipNamed(name: string, where: string): number {
  const bare = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const known = KNOWN_CHIPS.find((chip) => bare(chip.name) === bare(name));
  if (known !== undefined) return known.id;
  throw new UsageError(
    `${where}: "${name}" is no chip. It is one of ${KNOWN_CHIPS.map((chip) => chip.name).join(', ')}.`,
  );
}
