/** `moult serve`: reads the options, starts the host, says where it is, stops at a signal. */
import { accessSync, constants, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { encodeQR } from 'qr';
import {
  greetingText,
  pairedText,
  STOPPING,
  tryPortText,
  type Entrance,
  type GreetingFacts,
} from '../../words/cli/serve.ts';
import type { ServeFacts } from '../../words/cli/usage.ts';
import { folderUnusableText } from '../../words/host/data-folder.ts';
import { reasonOf } from '../data/data-error.ts';
import { PortError } from '../serve/listeners.ts';
import { lanAddresses, lanNames } from '../serve/own-names.ts';
import type { Agent } from '../agent/agent.ts';
import type { Client } from '../serve/clients.ts';
import { startHost, type Host } from '../serve/serve.ts';
import type { HostMqtt } from '../mqtt/host-mqtt.ts';
import { MQTT_OPTIONS, mqttSettings, type MqttSettings } from '../mqtt/mqtt-settings.ts';
import { oneOf, parsed, UsageError, wholeNumber } from './usage.ts';
import { ownVersion } from './version.ts';
import { makePrivateFolder, userDataFolder } from '../data/user-data.ts';
import { stopSignal } from './stop-signal.ts';

/**
 * "MOUL" on a telephone's keys. Whatever else is ever served on this port of localhost is the same origin, and reads
 * what is kept there: so it is no tool's usual one (docs/decisions/lan-host.md).
 */
const PORT = 6685;
/** The next one: https on the LAN. */
const HTTPS_PORT = 6686;
/** Beside 8080, the port of real devices and of half the world's test servers. */
const DEVICE_PORT = 8081;
/** As many as the benchmark drives at once; each has two slots of flash in memory. */
const MOST_SIMULATED = 100;
const HIGHEST_PORT = 65_535;
/** A port could not be had. */
const FAILED = 1;

const LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** For `moult --help`. */
export const SERVE_FACTS: ServeFacts = {
  port: PORT,
  httpsPort: HTTPS_PORT,
  devicePort: DEVICE_PORT,
  mostSimulated: MOST_SIMULATED,
  logLevels: LEVELS,
};

/** As parseArgs of node:util takes them. */
export const SERVE_OPTIONS = {
  port: { type: 'string', default: String(PORT) },
  'https-port': { type: 'string', default: String(HTTPS_PORT) },
  'no-lan': { type: 'boolean', default: false },
  open: { type: 'boolean', default: false },
  simulate: { type: 'string', default: '0' },
  shelf: { type: 'boolean', default: false },
  'device-port': { type: 'string' },
  data: { type: 'string' },
  app: { type: 'string' },
  notify: { type: 'string' },
  agent: { type: 'string' },
  ...MQTT_OPTIONS,
  log: { type: 'string', default: 'warn' },
} as const;

export async function serveCommand(args: readonly string[]): Promise<number> {
  const { values } = parsed(() =>
    parseArgs({
      args: [...args],
      options: SERVE_OPTIONS,
    }),
  );
  const logLevel = oneOf('log', values.log, LEVELS);
  const appDir = resolve(values.app ?? join(fileURLToPath(import.meta.url), '..', '..', 'app'));
  if (!existsSync(join(appDir, 'index.html'))) {
    throw new UsageError({ kind: 'no-built-page', folder: appDir });
  }
  const port = wholeNumber('port', values.port, 0, HIGHEST_PORT);
  const httpsPort = wholeNumber('https-port', values['https-port'], 0, HIGHEST_PORT);
  const count = wholeNumber('simulate', values.simulate, 0, MOST_SIMULATED);
  const devicePort = wholeNumber(
    'device-port',
    values['device-port'] ?? String(DEVICE_PORT),
    0,
    HIGHEST_PORT - MOST_SIMULATED,
  );

  if (!values['no-lan'] && port !== 0 && port === httpsPort) {
    throw new UsageError({ kind: 'one-port-for-two', port });
  }
  if (values['device-port'] !== undefined && devicePort !== 0 && port >= devicePort && port < devicePort + count) {
    throw new UsageError({ kind: 'port-of-simulated', port });
  }

  const { notify } = values;
  if (notify !== undefined && !(URL.canParse(notify) && /^https?:\/\//.test(notify))) {
    throw new UsageError({ kind: 'no-notify-address', text: notify });
  }
  const broker = await mqttSettings(values, process.env);
  const dataDir = usable(resolve(values.data ?? userDataFolder()));
  if (broker !== null && dataDir === null) throw new UsageError({ kind: 'mqtt-without-folder' });
  const agent = values.agent === undefined ? null : await agentOf(resolve(values.agent), dataDir);
  const mqtt = broker === null || dataDir === null ? null : await mqttOf(broker, dataDir, agent);

  try {
    const host = await startHost({
      appDir,
      port,
      // Whoever named a port is told where it cannot be had.
      simulate: { count, port: devicePort, orAnyPort: values['device-port'] === undefined, shelf: values.shelf },
      lan:
        values['no-lan'] || dataDir === null
          ? null
          : { port: httpsPort, addresses: lanAddresses, names: lanNames(), now: () => Date.now(), open: values.open },
      dataDir,
      logLevel,
      jobs: { notify: notify ?? null, opened: (service) => mqtt?.addJobs(service) },
      agent,
      paired: (client) => console.log(pairedWords(host, client)),
      notice: (sentence) => console.error(sentence),
    });
    console.log(greeting(host));
    void agent?.run();
    mqtt?.run();
    await stopSignal();
    console.log(STOPPING);
    await mqtt?.stop();
    await agent?.stop();
    await host.stop();
    return 0;
  } catch (error) {
    await mqtt?.stop();
    await agent?.stop();
    if (!(error instanceof PortError)) throw error;
    console.error(tryAnotherPort(error.message, error.port, { port, httpsPort }));
    return FAILED;
  }
}

/** The agent of a rollout server, to run beside the host; null where another one runs already, which was said. */
async function agentOf(file: string, dataDir: string | null): Promise<Agent | null> {
  if (dataDir === null) throw new UsageError({ kind: 'agent-without-folder' });
  // Loaded where it is asked for.
  const [{ Agent }, { readSettingsFile }] = await Promise.all([
    import('../agent/agent.ts'),
    import('../agent/read-settings.ts'),
  ]);
  return Agent.open(await readSettingsFile(file, process.env), {
    ...{ dataDir, agentVersion: await ownVersion(), say: (sentence) => console.log(sentence) },
    surprise: (error) => console.error(error),
  });
}

/** What announces the host's devices to a home automation. */
async function mqttOf(settings: MqttSettings, folder: string, agent: Agent | null): Promise<HostMqtt> {
  // Loaded where it is asked for.
  const { HostMqtt } = await import('../mqtt/host-mqtt.ts');
  return HostMqtt.open(settings, {
    ...{ folder, agent, version: await ownVersion(), say: (sentence) => console.log(sentence) },
    surprise: (error) => console.error(error),
  });
}

/** The folder, made where it was not there; null, and said so, where this account may not look into it. */
function usable(folder: string): string | null {
  try {
    makePrivateFolder(folder);
    accessSync(folder, constants.R_OK | constants.X_OK);
    return folder;
  } catch (error) {
    console.error(folderUnusableText(folder, reasonOf(error)));
    return null;
  }
}

/** `trouble`: why the port cannot be had, in words. */
function tryAnotherPort(trouble: string, taken: number, given: { port: number; httpsPort: number }): string {
  const option = taken === given.port ? 'port' : taken === given.httpsPort ? 'https-port' : 'device-port';
  // Far enough for a hundred simulated devices to fit.
  return tryPortText(trouble, option, taken + 1_000 > HIGHEST_PORT ? taken - 1_000 : taken + 1_000);
}

/** What stands in the terminal once it runs. */
export function greeting(host: Host): string {
  const { url, simulated } = host;
  return greetingText({ url, simulated, lan: lanOf(host) });
}

function lanOf(host: Host): GreetingFacts['lan'] {
  const lan = host.lan();
  if (lan === null) return null;
  const code = host.pairingCode();
  const entrance = entranceOf(lan.plain, code);
  if (entrance === null) return { kind: 'off-network' };
  const secure = lan.secure.map((url) => withCode(url, code));
  return { kind: 'on-network', entrance, open: code === null, secure, fingerprint: lan.fingerprint };
}

/** Null where there is no address. What pairs a browser stands behind the "#". */
function entranceOf(plain: readonly string[], code: string | null): Entrance | null {
  const urls = plain.map((url) => withCode(url, code));
  const [first] = urls;
  // Half blocks: readable to a phone, and small enough for a terminal.
  return first === undefined ? null : { code: encodeQR(first, 'ascii'), urls };
}

const withCode = (url: string, code: string | null): string => (code === null ? url : `${url}#pair=${code}`);

/** What stands in the terminal once a browser was paired. */
export function pairedWords(host: Pick<Host, 'lan' | 'pairingCode'>, { name, id }: Client): string {
  return pairedText(name, id, entranceOf(host.lan()?.plain ?? [], host.pairingCode()));
}
