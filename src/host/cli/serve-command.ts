/** `moult serve`: reads the options, starts the host, says where it is, stops at a signal. */
import { accessSync, constants, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { encodeQR } from 'qr';
import { reasonOf } from '../data/data-error.ts';
import { PortError } from '../serve/listeners.ts';
import { lanAddresses, lanNames } from '../serve/own-names.ts';
import type { Client } from '../serve/clients.ts';
import { startHost, type Host } from '../serve/serve.ts';
import { parsed, UsageError, wholeNumber } from './usage.ts';
import { makePrivateFolder, userDataFolder } from '../data/user-data.ts';

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

export const SERVE_USAGE = `moult serve                serve the page: http://localhost:${PORT}, and https on the LAN
  --port N                 another port (for http, on this machine and on the LAN)
  --https-port N           port of https on the LAN (${HTTPS_PORT})
  --no-lan                 keep to this machine
  --open                   do for every browser on the LAN what is done for paired ones
  --simulate N             start N simulated devices (0 to ${MOST_SIMULATED})
  --device-port N          port of the first simulated device (${DEVICE_PORT}, or free ones where that is taken); 0 takes
                           free ones
  --data DIR               where the certificate authority, paired browsers and devices' certificates are kept
  --notify URL             POST a line of JSON there when an update that this host runs has ended
  --app DIR                folder of the built page
  --log LEVEL              ${LEVELS.join(', ')}; JSON lines on standard error (warn)`;

export async function serveCommand(args: readonly string[]): Promise<number> {
  const { values } = parsed(() =>
    parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: String(PORT) },
        'https-port': { type: 'string', default: String(HTTPS_PORT) },
        'no-lan': { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        simulate: { type: 'string', default: '0' },
        'device-port': { type: 'string' },
        data: { type: 'string' },
        app: { type: 'string' },
        notify: { type: 'string' },
        log: { type: 'string', default: 'warn' },
      },
    }),
  );
  const logLevel = LEVELS.find((level) => level === values.log);
  if (logLevel === undefined) throw new UsageError(`--log takes ${LEVELS.join(', ')}, not "${values.log}".`);
  const appDir = resolve(values.app ?? join(fileURLToPath(import.meta.url), '..', '..', 'app'));
  if (!existsSync(join(appDir, 'index.html'))) {
    throw new UsageError(`There is no built page in ${appDir}. Build it with "npm run build", or name it with --app.`);
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
    throw new UsageError(`--port and --https-port are both ${port}: http and https need a port each.`);
  }
  if (values['device-port'] !== undefined && devicePort !== 0 && port >= devicePort && port < devicePort + count) {
    throw new UsageError(
      `--port ${port} is one of the simulated devices’: name another one, or another --device-port.`,
    );
  }

  const { notify } = values;
  if (notify !== undefined && !(URL.canParse(notify) && /^https?:\/\//.test(notify))) {
    throw new UsageError(`--notify takes an http or https address, not "${notify}".`);
  }
  const dataDir = usable(resolve(values.data ?? userDataFolder()));

  try {
    const host = await startHost({
      appDir,
      port,
      // Whoever named a port is told where it cannot be had.
      simulate: { count, port: devicePort, orAnyPort: values['device-port'] === undefined },
      lan:
        values['no-lan'] || dataDir === null
          ? null
          : { port: httpsPort, addresses: lanAddresses, names: lanNames(), now: () => Date.now(), open: values.open },
      dataDir,
      logLevel,
      jobs: { notify: notify ?? null },
      paired: (client) => console.log(pairedWords(host, client)),
      notice: (sentence) => console.error(sentence),
    });
    console.log(greeting(host));
    await signal();
    console.log('Stopping.');
    await host.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    console.error(`${error.message}\nPorts are options: ${portOption(error.port, { port, httpsPort })}`);
    return FAILED;
  }
}

/** The folder, made where it was not there; null, and said so, where this account may not look into it. */
function usable(folder: string): string | null {
  try {
    makePrivateFolder(folder);
    accessSync(folder, constants.R_OK | constants.X_OK);
    return folder;
  } catch (error) {
    console.error(
      `The folder for the host’s own data, ${folder}, cannot be used: ${reasonOf(error)}. The host keeps to this machine; for phones, name a folder with --data DIR.`,
    );
    return null;
  }
}

function portOption(taken: number, { port, httpsPort }: { port: number; httpsPort: number }): string {
  const option = taken === port ? 'port' : taken === httpsPort ? 'https-port' : 'device-port';
  // Far enough for a hundred simulated devices to fit.
  const said = `--${option} ${taken + 1_000 > HIGHEST_PORT ? taken - 1_000 : taken + 1_000}`;
  // After a clone there is no `moult` on the path, only `npm start`.
  return `npm start -- ${said}, or moult serve ${said}`;
}

/** What stands in the terminal once it runs. */
export function greeting(host: Host): string {
  const lines = ['', `Moult is open at  ${host.url}`];
  const lan = host.lan();
  if (lan?.plain[0] !== undefined) {
    lines.push('', 'For a phone on this network, scan this or open the address; it tells how to go on:', '');
    lines.push(...entrance(lan.plain, host.pairingCode()));
    if (host.pairingCode() === null)
      lines.push('', 'Open: every browser on this network may have this host reach devices (--open).');
    lines.push(
      '',
      'Once its certificate is trusted:',
      ...lan.secure.map((url) => `  ${paired(url, host.pairingCode())}`),
    );
    lines.push('', `Fingerprint of the certificate (SHA-256):\n  ${lan.fingerprint}`);
  } else if (lan !== null) {
    lines.push('', 'This machine is on no private network now; phones can come as soon as it is.');
  }
  if (host.simulated.length > 0) lines.push('', 'Simulated devices, for this machine:');
  for (const { name, address, token } of host.simulated) lines.push(`  ${name}  ${address}\n    token ${token}`);
  lines.push('', 'Stop it with Ctrl+C.');
  return lines.join('\n');
}

/** The code to scan, and the addresses, with what pairs a browser behind the "#". */
function entrance(plain: readonly string[], code: string | null): readonly string[] {
  const urls = plain.map((url) => paired(url, code));
  // Half blocks: readable to a phone, and small enough for a terminal.
  return [encodeQR(urls[0] ?? '', 'ascii'), ...urls.map((url) => `  ${url}`)];
}

const paired = (url: string, code: string | null): string => (code === null ? url : `${url}#pair=${code}`);

/** What stands in the terminal once a browser was paired: its code is used up, and the next browser needs another. */
export function pairedWords(host: Pick<Host, 'lan' | 'pairingCode'>, { name, id }: Client): string {
  const plain = host.lan()?.plain ?? [];
  const lines = ['', `Paired: ${name} (${id}). If that was not you: moult clients --revoke ${id}`];
  if (plain.length > 0) lines.push('', 'For another one:', '', ...entrance(plain, host.pairingCode()));
  return lines.join('\n');
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once, as without us. */
function signal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
