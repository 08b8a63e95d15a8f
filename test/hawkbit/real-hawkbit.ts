/**
 * The real hawkBit update server, brought at run time and started on loopback. It needs Java 17 or later, and Maven to
 * bring it (or its file in MOULT_HAWKBIT_JAR).
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { endOf } from './end-of.ts';

const VERSION = '1.0.4';
const ARTIFACT = `org.eclipse.hawkbit:hawkbit-update-server:${VERSION}`;
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy';
const OLDEST_JAVA = 17;
/** Milliseconds until it must answer: half a minute on two cores that have nothing else to do. */
const START_MS = 400_000;
const LOOK_EVERY_MS = 500;
const ADMIN = `Basic ${Buffer.from('admin:admin').toString('base64')}`;

export const GATEWAY_TOKEN = 'a-gateway-token-of-the-test';

/** Its file, brought where it is not here yet. Throws in words where something is missing. */
function jar(): string {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = Number(/version "(\d+)/.exec(java.stderr)?.[1] ?? 0);
  if (java.error !== undefined || major < OLDEST_JAVA)
    throw new Error(
      `hawkBit ${VERSION} needs Java ${OLDEST_JAVA} or later, and there is ${major === 0 ? 'none' : `Java ${major}`}. Install a JRE (Debian: openjdk-17-jre-headless).`,
    );
  const named = process.env['MOULT_HAWKBIT_JAR'];
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`There is no file ${named}, which MOULT_HAWKBIT_JAR names.`);
    return named;
  }
  const folder = join(tmpdir(), 'moult-hawkbit');
  const file = join(folder, `hawkbit-update-server-${VERSION}.jar`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const args = ['-B', '-q', COPY, `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${folder}`];
  const brought = spawnSync('mvn', args, { encoding: 'utf8' });
  if (brought.error !== undefined)
    throw new Error(
      `There is no Maven (mvn) to bring ${ARTIFACT}. Install it, or name the server's file in MOULT_HAWKBIT_JAR.`,
    );
  if (!existsSync(file))
    throw new Error(
      `Maven did not bring ${ARTIFACT}; is its repository reachable? ${(brought.stdout + brought.stderr).slice(-600)}`,
    );
  return file;
}

export interface RealAction {
  readonly id: number;
  /** Whether the device has still to do it. */
  readonly active: boolean;
  /** "finished", "error", "canceled", "running" … */
  readonly status: string;
}

/** What was said of an action. */
export interface RealEntry {
  readonly type: string;
  readonly messages: readonly string[];
  readonly code?: number;
}

/** A target as the server's UI shows it; sets by their ids, null where there is none. */
export interface RealStanding {
  /** "in_sync", "pending", "error", "registered" … */
  readonly status: string;
  readonly assigned: number | null;
  readonly installed: number | null;
}

export class RealHawkbit {
  readonly origin: string;
  /** What `setWith` has made a set of, by its id. */
  readonly images = new Map<number, Uint8Array<ArrayBuffer>>();
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'moult-hawkbit-data-'));
  #process: ChildProcess | null = null;
  #version = 0;

  private constructor(port: number) {
    this.#port = port;
    this.origin = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<RealHawkbit> {
    jar();
    const hawkbit = new RealHawkbit(await freePort());
    await hawkbit.#run();
    await hawkbit.ask('PUT', '/system/configs', {
      'authentication.gatewaytoken.enabled': true,
      'authentication.gatewaytoken.key': GATEWAY_TOKEN,
      pollingTime: '00:00:02',
    });
    return hawkbit;
  }

  async #run(): Promise<void> {
    const log = openSync(join(this.#folder, 'log'), 'a');
    this.#process = spawn(
      'java',
      [
        ...['-Xmx1g', '-jar', jar(), `--server.port=${this.#port}`, '--server.address=127.0.0.1'],
        '--hawkbit.server.ddi.security.authentication.gatewaytoken.enabled=true',
        '--hawkbit.server.ddi.security.authentication.targettoken.enabled=true',
        '--hawkbit.server.security.dos.filter.enabled=false',
        // So that a test does not wait for the half minute that hawkBit asks for at least.
        '--hawkbit.controller.minPollingTime=00:00:01',
        // A database that outlives it.
        `--spring.datasource.url=jdbc:h2:file:${join(this.#folder, 'database')};MODE=LEGACY;DB_CLOSE_ON_EXIT=FALSE`,
        `--org.eclipse.hawkbit.artifact.fs.path=${join(this.#folder, 'artifacts')}`,
        `--org.eclipse.hawkbit.repository.file.path=${join(this.#folder, 'artifacts')}`,
      ],
      { stdio: ['ignore', log, log], cwd: this.#folder },
    );
    const end = performance.now() + START_MS;
    while (!(await this.#answers())) {
      if (this.#process.exitCode !== null || performance.now() > end)
        throw new Error(`hawkBit did not start: ${readFileSync(join(this.#folder, 'log'), 'utf8').slice(-3_000)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/rest/v1/targets`, { headers: { Authorization: ADMIN } })).ok;
    } catch {
      // Not yet.
      return false;
    }
  }

  /** Asks the Management API. Rejects where it refuses. */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.origin}/rest/v1${path}`, {
      method,
      headers: { Authorization: ADMIN, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** Makes a set with this image alone; returns its id. */
  async setWith(image: Uint8Array<ArrayBuffer>): Promise<number> {
    const version = String((this.#version += 1));
    const [module] = (await this.ask('POST', '/softwaremodules', [{ name: 'kitchen', version, type: 'os' }])) as {
      id: number;
    }[];
    const form = new FormData();
    form.set('file', new Blob([image]), `kitchen-${version}.bin`);
    const uploaded = await fetch(`${this.origin}/rest/v1/softwaremodules/${module?.id}/artifacts`, {
      method: 'POST',
      headers: { Authorization: ADMIN },
      body: form,
    });
    if (!uploaded.ok) throw new Error(`upload: ${uploaded.status} ${await uploaded.text()}`);
    const sets = [{ name: 'kitchen', version, type: 'os', modules: [{ id: module?.id }] }];
    const [set] = (await this.ask('POST', '/distributionsets', sets)) as { id: number }[];
    if (set === undefined) throw new Error('there is no set');
    this.images.set(set.id, image);
    return set.id;
  }

  /** Inverts a byte of the image where the server keeps it, or restores it. */
  turnByteOf(image: Uint8Array<ArrayBuffer>): void {
    const sha1 = createHash('sha1').update(image).digest('hex');
    const kept = readdirSync(this.#folder, { recursive: true, encoding: 'utf8' });
    const path = kept.find((name) => basename(name) === sha1);
    if (path === undefined) throw new Error('the server does not keep the image under its SHA-1');
    const file = join(this.#folder, path);
    const bytes = readFileSync(file);
    const at = bytes.length >> 1;
    writeFileSync(file, bytes.fill(0xff ^ (bytes[at] ?? 0), at, at + 1));
  }

  async assign(set: number, controllerId: string, more: object = {}): Promise<void> {
    await this.ask('POST', `/distributionsets/${set}/assignedTargets`, [{ id: controllerId, type: 'forced', ...more }]);
  }

  async actionsOf(controllerId: string): Promise<readonly RealAction[]> {
    const { content } = (await this.ask('GET', `/targets/${controllerId}/actions?sort=ID:DESC`)) as {
      content: RealAction[];
    };
    return content;
  }

  /** What was said of an action, the newest first. */
  async entriesOf(controllerId: string, id: number): Promise<readonly RealEntry[]> {
    const path = `/targets/${controllerId}/actions/${id}/status?limit=500&sort=ID:DESC`;
    const { content } = (await this.ask('GET', path)) as { content: RealEntry[] };
    return content;
  }

  /** The id of the set that an action is about. */
  async setOfAction(controllerId: string, id: number): Promise<number> {
    const { _links: links } = (await this.ask('GET', `/targets/${controllerId}/actions/${id}`)) as {
      _links: { distributionset: { href: string } };
    };
    return Number(links.distributionset.href.split('/').at(-1));
  }

  async standingOf(controllerId: string): Promise<RealStanding> {
    const path = `/targets/${controllerId}`;
    const [target, assigned, installed] = (await Promise.all(
      [path, `${path}/assignedDS`, `${path}/installedDS`].map((one) => this.ask('GET', one)),
    )) as [{ updateStatus: string }, { id: number } | null, { id: number } | null];
    return { status: target.updateStatus, assigned: assigned?.id ?? null, installed: installed?.id ?? null };
  }

  async restart(): Promise<void> {
    await this.#end();
    await this.#run();
  }

  async #end(): Promise<void> {
    await endOf(this.#process, 'SIGTERM');
    this.#process = null;
  }

  async stop(): Promise<void> {
    await this.#end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
