/** `moult serve`: reads the options, starts the host, says where it is, stops at a signal. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PortError } from './listeners.ts';
import { startHost } from './serve.ts';
import { parsed, UsageError, wholeNumber } from './usage.ts';

/** Vite's preview port, which Vite users know; devices keep 8080. */
const PORT = 4173;
/** As many as `npm run bench` drives at once; each has two slots of flash in memory. */
const MOST_SIMULATED = 100;
/** The port could not be had. */
const FAILED = 1;

export const SERVE_USAGE = `moult serve              serve the page on http://localhost:${PORT}
  --port N               another port
  --simulate N           start N simulated devices (0 to ${MOST_SIMULATED})
  --app DIR              folder of the built page
  --log LEVEL            silent, error, warn (default), info or debug; JSON lines on standard error`;

const LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

export async function serveCommand(args: readonly string[]): Promise<number> {
  const { values } = parsed(() =>
    parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: String(PORT) },
        simulate: { type: 'string', default: '0' },
        app: { type: 'string' },
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
  const port = wholeNumber('port', values.port, 0, 65_535);
  const simulate = wholeNumber('simulate', values.simulate, 0, MOST_SIMULATED);

  try {
    const host = await startHost({ appDir, port, logLevel });
    console.log(`Moult runs on this machine at  ${host.url}`);
    if (simulate > 0) console.log('(simulated devices are still to come)');
    console.log('Stop it with Ctrl+C.');
    await signal();
    console.log('Stopping.');
    await host.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    console.error(`${error.message} For example: moult serve --port ${error.port === PORT ? PORT + 1 : PORT}`);
    return FAILED;
  }
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
