/**
 * `npm run test:mqtt`: Debian's mosquitto in the place of the broker of `npm test`, with its own two commands to look
 * and to press "Install". It has to be installed (Debian: mosquitto, mosquitto-clients), or named in MOULT_MOSQUITTO.
 */
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tellsHomeAssistant } from '../host/mqtt/mqtt-story.ts';
import type { StartBroker, TestBroker } from '../host/mqtt/test-broker.ts';

// Debian installs it outside of most people's PATH.
const PROGRAM = process.env['MOULT_MOSQUITTO'] ?? '/usr/sbin/mosquitto';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Keeps nothing over its end, as the broker of `npm test` does. */
const startMosquitto: StartBroker = async ({ login = null, tls = null } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'moult-mosquitto-'));
  const port = await freePort();
  const config = [`listener ${port} 127.0.0.1`, `user ${userInfo().username}`, 'log_dest stderr'];
  if (login === null) config.push('allow_anonymous true');
  else {
    const passwords = join(folder, 'passwords');
    const { error, stderr } = spawnSync('mosquitto_passwd', ['-c', '-b', passwords, login.user, login.password]);
    if (error !== undefined) throw new Error(`mosquitto_passwd: ${String(stderr)}`);
    config.push('allow_anonymous false', `password_file ${passwords}`);
  }
  if (tls !== null) {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(cert, tls.cert);
    writeFileSync(key, tls.key, { mode: 0o600 });
    config.push(`certfile ${cert}`, `keyfile ${key}`);
  }
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `${config.join('\n')}\n`);
  let running: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const started = spawn(PROGRAM, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    running = started;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      started.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (/mosquitto version \S+ running/.test(said)) resolve();
      });
      started.once('exit', () => reject(new Error(`mosquitto has ended: ${said}`)));
    });
  };
  await start();
  const stop = async (): Promise<void> => {
    const ended = running;
    running = null;
    if (ended === null) return;
    const gone = new Promise((resolve) => ended.once('exit', resolve));
    ended.kill('SIGKILL');
    await gone;
  };
  const broker: TestBroker = {
    ...{ port, url: `${tls === null ? 'mqtt' : 'mqtts'}://127.0.0.1:${port}`, start, stop },
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
  return broker;
};

/** What Debian's own client is told of all that a broker keeps, by topic. */
async function keptBy({ port }: Pick<TestBroker, 'port'>): Promise<ReadonlyMap<string, string>> {
  // It ends with the first message that is not kept, or after so many seconds.
  const args = ['-h', '127.0.0.1', '-p', `${port}`, '-t', '#', '-v', '--retained-only', '-W', '1'];
  const { stdout } = await promisify(execFile)('mosquitto_sub', args).catch(
    (error: unknown) => error as { stdout: string },
  );
  return new Map(stdout.split('\n').flatMap((line) => (line === '' ? [] : [splitAt(line)])));
}

function splitAt(line: string): [string, string] {
  const at = line.indexOf(' ');
  return [line.slice(0, at), line.slice(at + 1)];
}

describe('a host over mosquitto', () => {
  before(() => {
    for (const program of [PROGRAM, 'mosquitto_sub', 'mosquitto_pub', 'mosquitto_passwd']) {
      if (spawnSync(program, ['-h']).error === undefined) continue;
      throw new Error(
        `There is no ${program}. Install it (Debian: mosquitto and mosquitto-clients), or name the broker in MOULT_MOSQUITTO.`,
      );
    }
  });

  tellsHomeAssistant(startMosquitto, {
    kept: keptBy,
    publish: async ({ port }, topic, payload) => {
      await promisify(execFile)('mosquitto_pub', [
        '-h',
        '127.0.0.1',
        '-p',
        `${port}`,
        '-q',
        '1',
        '-t',
        topic,
        '-m',
        payload,
      ]);
    },
  });
});
