/** The MQTT options of `moult serve` and `moult agent`: checked, with their secrets read from where they are kept. */
import { MQTT_PASSWORD_VARIABLE } from '../../model/host/environment.ts';
import { readOwnFile } from '../cli/read-own-file.ts';
import { UsageError } from '../cli/usage.ts';

export interface MqttSettings {
  /** "mqtts://broker.lan:8883": no user and no password is in it. */
  readonly url: string;
  readonly user: string | null;
  readonly password: string | null;
  /** PEM of the authority that signed the broker's certificate; null: the system's authorities. */
  readonly ca: string | null;
}

/** As parseArgs of node:util takes them. */
export const MQTT_OPTIONS = {
  mqtt: { type: 'string' },
  'mqtt-user': { type: 'string' },
  'mqtt-password-file': { type: 'string' },
  'mqtt-ca': { type: 'string' },
} as const;

type Given = Readonly<Partial<Record<keyof typeof MQTT_OPTIONS, string | undefined>>>;

const MOST_BYTES = 64 * 1024;

/** Null where no broker is named. Rejects with `UsageError`; no password is ever in one. */
export async function mqttSettings(
  given: Given,
  env: Readonly<Record<string, string | undefined>>,
): Promise<MqttSettings | null> {
  const { mqtt, 'mqtt-user': user = null, 'mqtt-password-file': file, 'mqtt-ca': ca } = given;
  if (mqtt === undefined) {
    const option = (['mqtt-user', 'mqtt-password-file', 'mqtt-ca'] as const).find((name) => given[name] !== undefined);
    if (option !== undefined) throw new UsageError({ kind: 'without-mqtt', option });
    return null;
  }
  const url = urlOf(mqtt);
  const inEnvironment = env[MQTT_PASSWORD_VARIABLE];
  const password = file === undefined ? (inEnvironment ?? null) : await passwordIn(file);
  // MQTT 3.1.1, 3.1.2.9: there is no password without a user.
  if (password !== null && user === null) throw new UsageError({ kind: 'mqtt-password-without-user' });
  return { url, user, password, ca: ca === undefined ? null : await certificateIn(ca) };
}

function urlOf(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : null;
  const isSecret = url !== null && (url.username !== '' || url.password !== '');
  if (isSecret) throw new UsageError({ kind: 'mqtt-login-in-address' });
  const isBroker = url !== null && /^mqtts?:$/.test(url.protocol) && url.hostname !== '';
  if (!isBroker || !/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new UsageError({ kind: 'no-mqtt-address', text: typed.includes('@') ? '…' : typed });
  }
  return `${url.protocol}//${url.host}`;
}

async function passwordIn(path: string): Promise<string> {
  const read = await readOwnFile(path, MOST_BYTES);
  if (read.kind === 'not-read') throw new UsageError({ kind: 'mqtt-file-not-read', path, said: read.said });
  // The line's end is the editor's; a space may be the password's.
  const password = read.kind === 'too-large' ? '' : read.content.replace(/\r?\n$/, '');
  if (password === '' || /[\r\n]/.test(password)) throw new UsageError({ kind: 'mqtt-file-without-password', path });
  if (read.kind === 'read' && read.openToOthers) throw new UsageError({ kind: 'mqtt-password-file-open', path });
  return password;
}

async function certificateIn(path: string): Promise<string> {
  const read = await readOwnFile(path, MOST_BYTES);
  if (read.kind === 'not-read') throw new UsageError({ kind: 'mqtt-file-not-read', path, said: read.said });
  if (read.kind === 'too-large' || !read.content.includes('-----BEGIN CERTIFICATE-----')) {
    throw new UsageError({ kind: 'mqtt-file-without-certificate', path });
  }
  return read.content;
}
