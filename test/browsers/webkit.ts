/** WebKitGTK's MiniBrowser by WebDriver, on a screen that is none. Close to Safari; not Safari. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { asScript, Missing, type Browser, type InPage, type Network } from './browser.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const SCREEN = '/usr/bin/Xvfb';
const LIBRARIES = '/usr/lib';
/** The driver says nothing when it listens; it is asked this often, so many times. */
const KNOCK_EVERY_MS = 100;
const KNOCKS = 100;
/** Milliseconds that any command may take: opening a page is the longest. */
const CALL_MS = 60_000;
/** Milliseconds that a script in the page may take. */
const SCRIPT_MS = 30_000;

export async function startWebKit(network: Network): Promise<Browser> {
  const binary = miniBrowser();
  if (!existsSync(DRIVER) || binary === null || !existsSync(SCREEN)) {
    throw new Missing('WebKitGTK was not found. Debian: apt install webkit2gtk-driver xvfb.');
  }
  const screen = spawn(SCREEN, ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x900x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = await firstLine(screen);
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`], {
    env: { ...process.env, DISPLAY: `:${display}`, WEBKIT_DISABLE_COMPOSITING_MODE: '1', LIBGL_ALWAYS_SOFTWARE: '1' },
    stdio: 'ignore',
  });
  const stop = (): void => {
    driver.kill();
    screen.kill();
  };
  try {
    return await session(`http://127.0.0.1:${port}`, binary, network, stop);
  } catch (error) {
    stop();
    throw error;
  }
}

async function session(
  base: string,
  binary: string,
  { proxyPort, pages }: Network,
  stop: () => void,
): Promise<Browser> {
  await listening(base);
  const proxy = `127.0.0.1:${proxyPort}`;
  const { sessionId, capabilities } = (await call(base, 'POST', '/session', {
    capabilities: {
      alwaysMatch: {
        acceptInsecureCerts: true,
        proxy: { proxyType: 'manual', httpProxy: proxy, sslProxy: proxy, noProxy: ['localhost', ...pages] },
        timeouts: { script: SCRIPT_MS },
        'webkitgtk:browserOptions': { binary, args: ['--automation'] },
      },
    },
  })) as { sessionId: string; capabilities: { browserVersion: string } };
  const own = `/session/${sessionId}`;
  return {
    name: `WebKitGTK ${capabilities.browserVersion}`,
    // It speaks TLS to the proxy itself for such pages.
    byAddress: true,
    goto: async (url) => {
      await call(base, 'POST', `${own}/url`, { url });
    },
    run: async <In, Out>(inPage: InPage<In, Out>, input: In): Promise<Out> => {
      const script = `const done = arguments[1];
        Promise.resolve(${asScript(inPage)}(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const { value, error } = (await call(base, 'POST', `${own}/execute/async`, { script, args: [input] })) as {
        value: Out;
        error?: string;
      };
      if (error !== undefined) throw new Error(error);
      return value;
    },
    close: async () => {
      await call(base, 'DELETE', own);
      stop();
    },
  };
}

async function call(base: string, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(base + path, {
    method,
    signal: AbortSignal.timeout(CALL_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  const { value } = (await answer.json()) as { value: unknown };
  if (!answer.ok) throw new Error(`WebDriver: ${JSON.stringify(value)}`);
  return value;
}

async function listening(base: string): Promise<void> {
  for (let knock = 0; ; knock++) {
    try {
      await fetch(`${base}/status`);
      return;
    } catch (error) {
      // Not there yet.
      if (knock === KNOCKS) throw error;
      await new Promise((resolve) => setTimeout(resolve, KNOCK_EVERY_MS));
    }
  }
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const told = server.address();
      server.close(() =>
        typeof told === 'object' && told !== null ? resolve(told.port) : reject(new Error('no port')),
      );
    });
  });
}

function firstLine(screen: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    screen.once('error', reject);
    screen.once('exit', (code) => reject(new Error(`Xvfb ended with ${code ?? 'a signal'}`)));
    screen.stdio[3]?.once('data', (line: Buffer) => resolve(line.toString('utf8').trim()));
  });
}

/** Debian keeps it beside the library, in a folder of the machine's kind. */
function miniBrowser(): string | null {
  for (const machine of existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : []) {
    for (const version of ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0']) {
      const path = join(LIBRARIES, machine, version, 'MiniBrowser');
      if (existsSync(path)) return path;
    }
  }
  return null;
}
