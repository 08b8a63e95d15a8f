/** The settings of an agent, from a command's options or from a file: checked whole, and its tokens fetched. */
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import {
  ACCEPTED_COUNTS_AS,
  AGENT_POLICY,
  type AcceptedCountsAs,
  type Hours,
  SOFT,
  type Soft,
} from '../../model/agent/agent-settings.ts';
import { GATEWAY_TOKEN_VARIABLE } from '../../model/host/environment.ts';
import { readDeviceList } from '../cli/push/device-list.ts';
import type { ListedDevice } from '../cli/push/listed-device.ts';
import { readOwnFile } from '../cli/read-own-file.ts';
import { UsageError } from '../cli/usage.ts';
import type { AgentDevice } from './agent-device.ts';
import type { AgentSettings } from './agent.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** As they were typed or written. */
export interface GivenSettings {
  readonly server: string;
  readonly tenant: string;
  /** The file with the list. */
  readonly devices: string;
  readonly tokenEnv: string | undefined;
  readonly tokenFile: string | undefined;
  readonly acceptedCountsAs: AcceptedCountsAs;
  readonly confirm: boolean;
  readonly soft: Soft;
  /** "22:00-05:00" */
  readonly softHours: string | undefined;
  readonly atOnce: number;
}

export const DEFAULT_TENANT = 'DEFAULT';
/** A site's Wi-Fi and this host carry four at a time without a device waiting for its next chunk. */
export const DEFAULT_AT_ONCE = 4;
/** A rollout runs no more at once, either. */
export const MOST_AT_ONCE = 32;
const MOST_BYTES = 64 * 1024;
const TOKEN = /^[\x21-\x7e]{1,512}$/;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
const FILE = v.strictObject({
  server: text,
  tenant: v.optional(text, DEFAULT_TENANT),
  devices: text,
  tokenEnv: v.optional(text),
  tokenFile: v.optional(text),
  acceptedCountsAs: v.optional(v.picklist(ACCEPTED_COUNTS_AS), AGENT_POLICY.acceptedCountsAs),
  confirm: v.optional(v.boolean(), false),
  soft: v.optional(v.picklist(SOFT), AGENT_POLICY.soft),
  softHours: v.optional(text),
  atOnce: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_AT_ONCE)), DEFAULT_AT_ONCE),
});

/** Of `moult serve --agent FILE`; the files that it names lie beside it. Rejects with `UsageError`. */
export async function readSettingsFile(path: string, env: Environment): Promise<AgentSettings> {
  const read = await readOwnFile(path, MOST_BYTES);
  if (read.kind === 'too-large') throw new UsageError({ kind: 'settings-not-fitting', path, at: null });
  if (read.kind === 'not-read') throw new UsageError({ kind: 'settings-not-read', path, said: read.said });
  let data: unknown;
  try {
    data = JSON.parse(read.content);
  } catch {
    // The parser's own message quotes the file.
    throw new UsageError({ kind: 'settings-not-fitting', path, at: null });
  }
  const parsed = v.safeParse(FILE, data);
  if (!parsed.success) {
    throw new UsageError({ kind: 'settings-not-fitting', path, at: v.getDotPath(parsed.issues[0]) });
  }
  const { devices, tokenFile, tokenEnv, softHours, ...rest } = parsed.output;
  const beside = (name: string): string => resolve(dirname(path), name);
  return settingsOf(
    {
      ...{ ...rest, tokenEnv, softHours, devices: beside(devices) },
      tokenFile: tokenFile === undefined ? undefined : beside(tokenFile),
    },
    env,
  );
}

/** Rejects with `UsageError`; no token is ever in one. */
export async function settingsOf(given: GivenSettings, env: Environment): Promise<AgentSettings> {
  const { tenant, acceptedCountsAs, confirm: confirms, atOnce, soft } = given;
  const server = serverOf(given.server);
  const softHours = given.softHours === undefined ? null : hoursIn(given.softHours);
  const gatewayToken = await gatewayTokenOf(given, env);
  const listed = await readDeviceList(given.devices, env);
  const devices = listed.map((device) => agentDevice(device, gatewayToken !== null, env));
  const seen = new Map<string, string>();
  for (const { name, controllerId } of devices) {
    const other = seen.get(controllerId);
    if (other !== undefined) throw new UsageError({ kind: 'controller-id-twice', names: [other, name], controllerId });
    seen.set(controllerId, name);
  }
  return {
    ...{ server, tenant, devices, gatewayToken, atOnce },
    policy: { ...AGENT_POLICY, acceptedCountsAs, confirms, soft, softHours },
  };
}

function serverOf(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError({ kind: 'no-server-address', text: typed.includes('@') ? '…' : typed });
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** @throws UsageError */
function hoursIn(typed: string): Hours {
  const parts = /^([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)$/.exec(typed)?.slice(1).map(Number);
  if (parts === undefined) throw new UsageError({ kind: 'no-hours', text: typed });
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = parts;
  return { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
}

async function gatewayTokenOf(
  { tokenEnv, tokenFile }: Pick<GivenSettings, 'tokenEnv' | 'tokenFile'>,
  env: Environment,
): Promise<string | null> {
  if (tokenEnv !== undefined && tokenFile !== undefined) throw new UsageError({ kind: 'two-server-tokens' });
  if (tokenFile !== undefined) return tokenIn(tokenFile);
  const token = env[tokenEnv ?? GATEWAY_TOKEN_VARIABLE]?.trim();
  if (token === undefined && tokenEnv !== undefined)
    throw new UsageError({ kind: 'no-such-variable', variable: tokenEnv });
  return token === undefined || !TOKEN.test(token) ? null : token;
}

async function tokenIn(path: string): Promise<string> {
  const read = await readOwnFile(path, MOST_BYTES);
  if (read.kind === 'not-read') throw new UsageError({ kind: 'token-not-read', path, said: read.said });
  if (read.kind === 'too-large') throw new UsageError({ kind: 'token-file-without', path });
  if (read.openToOthers) throw new UsageError({ kind: 'token-file-open', path });
  const token = read.content.trim();
  if (!TOKEN.test(token)) throw new UsageError({ kind: 'token-file-without', path });
  return token;
}

function agentDevice(
  { controllerId, targetToken, targetTokenEnv, ...device }: ListedDevice,
  hasGateway: boolean,
  env: Environment,
): AgentDevice {
  const { name, target } = device;
  if (controllerId === undefined) throw new UsageError({ kind: 'no-controller-id', name });
  const { hostname } = new URL(target.origin);
  const isAddress = isIP(controllerId) !== 0 || [hostname, new URL(target.origin).host].includes(controllerId);
  if (isAddress) throw new UsageError({ kind: 'controller-id-is-address', name });
  const token = (targetToken ?? (targetTokenEnv === undefined ? undefined : env[targetTokenEnv]))?.trim();
  if (token === undefined && targetTokenEnv !== undefined)
    throw new UsageError({ kind: 'no-such-variable', variable: targetTokenEnv });
  const own = token !== undefined && TOKEN.test(token) ? token : null;
  if (own === null && !hasGateway) throw new UsageError({ kind: 'no-server-token', name });
  return { ...device, controllerId, targetToken: own };
}
