/**
 * A made-up home network: Chromium takes its names and addresses for what they look like, while every packet stays on
 * loopback. Pages and devices have loopback addresses of their own, by which Chromium is told what counts as public and
 * what as local (docs/browsers.md).
 */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { Authority, type Leaf } from '../../src/host/data/authority.ts';
import { openAuthority } from '../../src/host/data/authority-file.ts';
import { SECURITY_HEADERS } from '../../src/host/serve/headers.ts';
import type { HostOptions } from '../../src/host/serve/serve.ts';
import { asPrepared } from '../../src/simulator/server/cors.ts';
import { serveDevice } from '../../src/simulator/node/node-server.ts';
import type { DeviceOptions } from '../../src/simulator/options.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { APP, Journey, type ServedDevice } from './journey.ts';

/** Where the LAN host listens, where devices do, and where public pages come from. */
export const HOST_ADDRESS = '127.0.0.2';
const DEVICE_ADDRESS = '127.0.0.3';
const PUBLIC_ADDRESS = '127.0.0.4';

/** A device by its address, by its own name, and by a name that only the router knows. */
export const DEVICE_IP = '192.168.1.50';
export const DEVICE_NAMES = [DEVICE_IP, 'board.local', 'board'] as const;
export const HOST_NAME = 'moult.local';
const PUBLIC_NAME = 'moult.example';
/** A name that no device has. */
export const NO_ONE = 'gone.local';

const KINDS: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

export class Lan {
  /** Keeps the authority; a host that is given it has the same. */
  readonly folder: string;
  /** The loopback address behind each name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Options for Chromium. */
  readonly chromiumArgs: readonly string[];
  readonly #authority: Authority;
  readonly #atEnd: (() => Promise<unknown>)[] = [];
  readonly #atEndOfTest: (() => Promise<unknown>)[] = [];

  private constructor(folder: string, authority: Authority) {
    this.folder = folder;
    this.#authority = authority;
    const key = new X509Certificate(authority.der).publicKey.export({ type: 'spki', format: 'der' });
    this.addresses = {
      ...Object.fromEntries(DEVICE_NAMES.map((name) => [name, DEVICE_ADDRESS])),
      [HOST_NAME]: HOST_ADDRESS,
      [PUBLIC_NAME]: PUBLIC_ADDRESS,
    };
    this.chromiumArgs = [
      `--host-resolver-rules=${Object.entries(this.addresses)
        .map(([name, address]) => `MAP ${name} ${address}`)
        .join(',')},MAP ${NO_ONE} ^NOTFOUND`,
      // Port 0 stands for every port.
      `--ip-address-space-overrides=${PUBLIC_ADDRESS}:0=public,${HOST_ADDRESS}:0=local,${DEVICE_ADDRESS}:0=local`,
      // As if the person had trusted this one authority.
      `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
    ];
  }

  static async begin(): Promise<Lan> {
    const folder = await mkdtemp(join(tmpdir(), 'moult-lan-'));
    return new Lan(folder, (await openAuthority(folder, [HOST_NAME], Date.now())).authority);
  }

  async end(): Promise<void> {
    for (const step of this.#atEnd.splice(0).reverse()) await step();
    await rm(this.folder, { recursive: true });
  }

  async endTest(): Promise<void> {
    for (const step of this.#atEndOfTest.splice(0).reverse()) await step();
  }

  /** Serves the built page from a public host that serves files and nothing else. Resolves to its address. */
  async publicPage(scheme: 'http' | 'https', headers: Readonly<Record<string, string>> = SECURITY_HEADERS) {
    const leaf = await this.#trusted();
    const serve = files(headers);
    const server = scheme === 'https' ? createHttpsServer(leaf, serve) : createHttpServer(serve);
    return `${scheme}://${PUBLIC_NAME}:${await this.#listen(server, PUBLIC_ADDRESS)}/`;
  }

  /** The same from this machine. */
  async localPage(headers: Readonly<Record<string, string>> = SECURITY_HEADERS): Promise<string> {
    return `http://localhost:${await this.#listen(createHttpServer(files(headers)), '127.0.0.1')}/`;
  }

  /** A device in the network for one test, called by `name`. It answers at once, and any page may read it. */
  async device(
    options: Partial<DeviceOptions> = {},
    {
      name = DEVICE_IP,
      port = 0,
      https = false,
      http2 = false,
      isTrusted = false,
    }: {
      name?: string;
      port?: number;
      https?: boolean;
      http2?: boolean;
      /** Its certificate is by the authority that the browser was told to trust. */
      isTrusted?: boolean;
    } = {},
  ): Promise<ServedDevice & { readonly port: number }> {
    const token = options.token ?? `secret-${'0123456789abcdef'.repeat(4)}`;
    const device = new SimulatedDevice({
      token,
      cors: asPrepared('*'),
      awayMs: 0,
      ...options,
    });
    const tls = !https ? null : isTrusted ? await this.#trusted() : await selfSigned(name);
    const served = await serveDevice(device, { port, host: DEVICE_ADDRESS, ...(tls === null ? {} : { tls, http2 }) });
    this.#atEndOfTest.push(() => served.close());
    const origin = `${https ? 'https' : 'http'}://${name}:${served.port}`;
    return { device, token, origin, port: served.port, close: () => served.close() };
  }

  /** The authority vouches for its own names only; Chromium was told to take its word for any. */
  #trusted(): Promise<Leaf> {
    return this.#authority.leaf([HOST_NAME], [], Date.now());
  }

  async #listen(server: Server, address: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, address, resolve);
    });
    this.#atEnd.push(async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    });
    return (server.address() as AddressInfo).port;
  }
}

/** The host's way into the same network. It reaches the device and nothing else. */
export const INTO_THE_NETWORK: Required<Pick<HostOptions, 'resolve' | 'connect' | 'ownAddresses'>> = {
  ownAddresses: () => [
    { on: 'lan', address: HOST_ADDRESS, networkBits: 8, zone: 'lan' },
    { on: 'lan', address: '192.168.1.9', networkBits: 24, zone: 'lan' },
  ],
  resolve: async (name) => (DEVICE_NAMES.some((known) => known === name) ? [DEVICE_IP] : []),
  connect: (address, port) => {
    if (address !== DEVICE_IP) throw new Error(`the gateway went for ${address}`);
    return connect({ host: DEVICE_ADDRESS, port });
  },
};

/** A certificate that nobody was told to trust. */
async function selfSigned(name: string): Promise<{ key: string; cert: string }> {
  const { authority } = await Authority.make([], Date.now());
  const { key, cert } = await authority.leaf([], [name], Date.now());
  return { key, cert };
}

function files(headers: Readonly<Record<string, string>>): RequestListener {
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname === '/' ? 'index.html' : normalize(pathname);
    readFile(join(APP, path)).then(
      (content) => {
        const kind = KINDS[extname(path)] ?? 'application/octet-stream';
        response.writeHead(200, { ...headers, 'Content-Type': kind }).end(content);
      },
      () => response.writeHead(404).end(),
    );
  };
}

/** The host as it stands in that network. */
export function hostIn({ folder }: Lan): Partial<HostOptions> {
  return {
    ...INTO_THE_NETWORK,
    dataDir: folder,
    lan: { port: 0, addresses: () => [HOST_ADDRESS], names: [HOST_NAME], now: () => Date.now() },
  };
}

/** For a `describe`: one network, one host and one browser for all its tests. `host`: what is told to the host. */
export function useLan(host: (lan: Lan) => Partial<HostOptions> = () => ({})): {
  readonly lan: () => Lan;
  readonly journey: () => Journey;
} {
  let lan: Lan | null = null;
  let journey: Journey | null = null;
  before(async () => {
    lan = await Lan.begin();
    journey = await Journey.begin({ chromiumArgs: lan.chromiumArgs, host: host(lan) });
  });
  afterEach(async () => {
    await journey?.endTest();
    await lan?.endTest();
  });
  after(async () => {
    await journey?.end();
    await lan?.end();
  });
  const begun = <T>(one: T | null): T => {
    if (one === null) throw new Error('the journey has not begun');
    return one;
  };
  return { lan: () => begun(lan), journey: () => begun(journey) };
}
