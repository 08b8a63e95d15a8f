/** The host: the page, the gateway and simulated devices, on this machine and on its LAN. */
import rateLimit from '@fastify/rate-limit';
import { join } from 'node:path';
import { asPrepared } from '../simulator/cors.ts';
import { startFleet, type FleetMember } from '../simulator/fleet.ts';
import { systemResolve, type Resolve } from './addresses.ts';
import { buildApp, type LogLevel } from './app.ts';
import { Authority } from './authority.ts';
import { CertificatePins } from './certificate-pins.ts';
import { deviceAgents, systemConnect, type Connect } from './device-agents.ts';
import { discover, DISCOVER_MS } from './discover.ts';
import { addGateway, GATEWAY_RATE, type ClientRate } from './gateway.ts';
import { Lan, type LanUrls } from './lan.ts';
import { listen, PortError, type Listener } from './listeners.ts';
import { systemAddresses, type OwnAddresses } from './on-link.ts';
import { OwnHosts } from './own-hosts.ts';
import { inUrl, LOCAL_NAMES, type LanAddresses } from './own-names.ts';
import { RELAY_LIMITS, type RelayLimits } from './relay.ts';
import { addRoutes, type LanFacts, type SimulatedOffer } from './routes.ts';
import { makePrivateFolder } from './user-data.ts';

export interface HostOptions {
  /** Folder of the built page. */
  readonly appDir: string;
  /** http port; 0 takes a free one. */
  readonly port: number;
  /** How many simulated devices, and the first one's port (0: any free ones). */
  readonly simulate: { readonly count: number; readonly port: number };
  /** Null keeps the host to this machine. */
  readonly lan: LanSettings | null;
  /** Folder of the authority and of devices' certificates; null keeps nothing of devices. */
  readonly dataDir: string | null;
  readonly logLevel: LogLevel;
  readonly logTo?: { write(line: string): void };
  /** The world; the real one by default, another in tests. */
  readonly resolve?: Resolve;
  readonly connect?: Connect;
  readonly ownAddresses?: OwnAddresses;
  readonly discover?: typeof discover;
  readonly relayLimits?: RelayLimits;
  readonly gatewayRate?: ClientRate;
}

export interface LanSettings {
  /** https port; 0 takes a free one. */
  readonly port: number;
  readonly addresses: LanAddresses;
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Host {
  /** "http://localhost:4173" */
  readonly url: string;
  readonly simulated: readonly SimulatedOffer[];
  /** Where phones find it, and the authority's fingerprint; null where the host keeps to this machine. */
  lan(): (LanUrls & { readonly fingerprint: string }) | null;
  /** Follows the machine to where it is now, and renews the certificate; also done by itself. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

/** A laptop that changes networks is found again within this; looking costs nothing. */
const REFRESH_MS = 10_000;

/** Starts the host. Throws `PortError` where a port cannot be had; then nothing of it stays behind. */
export async function startHost(options: HostOptions): Promise<Host> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await start(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: HostOptions, undo: (() => Promise<unknown>)[]): Promise<Omit<Host, 'stop'>> {
  const { dataDir } = options;
  if (dataDir !== null) makePrivateFolder(dataDir);
  const hosts = new OwnHosts();
  const pins = new CertificatePins(dataDir === null ? null : join(dataDir, 'device-certificates.json'), (error) =>
    app.log.error({ error: String(error) }, 'the certificates of devices are not kept'),
  );
  const agents = deviceAgents(options.connect ?? systemConnect, pins);
  let facts: LanFacts | null = null;
  let simulated: readonly SimulatedOffer[] = [];
  const app = await buildApp({
    appDir: options.appDir,
    hosts,
    logLevel: options.logLevel,
    ...(options.logTo === undefined ? {} : { logTo: options.logTo }),
    routes: async (routes) => {
      await routes.register(rateLimit, { global: false });
      addRoutes(routes, {
        hosts,
        simulated: () => simulated,
        lan: () => facts,
        discover: () => (options.discover ?? discover)({ limitMs: DISCOVER_MS, socket: null }),
      });
      const limits = options.relayLimits ?? RELAY_LIMITS;
      const rate = options.gatewayRate ?? GATEWAY_RATE;
      const resolve = options.resolve ?? systemResolve;
      const ownAddresses = options.ownAddresses ?? systemAddresses;
      addGateway(routes, { hosts, resolve, ownAddresses, agents, limits, rate });
    },
  });
  undo.push(async () => {
    await app.close();
    agents.http.destroy();
    agents.https.destroy();
    await pins.written();
  });
  const handler = app.routing.bind(app);
  const here = await listenHere(options.port, handler, undo);
  const port = here.port;

  const fleet = await fleetOf(options.simulate, port, undo);
  simulated = fleet.map(({ name, origin, token }) => ({ name, address: origin, token }));

  const { lan: settings } = options;
  if (settings === null || dataDir === null) {
    return { url: `http://localhost:${port}`, simulated, lan: () => null, refresh: () => Promise.resolve() };
  }
  const authority = await Authority.open(dataDir, settings.names, settings.now());
  if (authority.tooWide.length > 0) {
    app.log.warn(
      { names: authority.tooWide },
      'An earlier version made the certificate authority: its key could sign for sites below these names. ' +
        'Remove authority*.pem in the data folder, start again, and trust the new one.',
    );
  }
  const lan = new Lan({ ...settings, authority, hosts, handler, httpPort: port, httpsPort: settings.port });
  undo.push(() => lan.close());
  await lan.refresh();
  const fingerprint = await authority.fingerprint();
  facts = { urls: () => lan.urls, fingerprint, certificate: authority.der };
  const again = setInterval(() => {
    lan.refresh().catch((error: unknown) => app.log.error({ error: String(error) }, 'LAN'));
  }, REFRESH_MS);
  undo.push(() => {
    clearInterval(again);
    return Promise.resolve();
  });
  return {
    url: `http://localhost:${port}`,
    simulated,
    lan: () => ({ ...lan.urls, fingerprint }),
    refresh: () => lan.refresh(),
  };
}

async function listenHere(
  port: number,
  handler: Parameters<typeof listen>[0]['handler'],
  undo: (() => Promise<unknown>)[],
): Promise<Listener> {
  const first = await listen({ place: 'here', address: '127.0.0.1', port, handler });
  if (first === null) throw new Error('this machine has no loopback');
  undo.push(() => first.close());
  // Browsers try IPv6 first for "localhost"; not every machine has it.
  const second = await listen({ place: 'here', address: '::1', port: first.port, handler });
  if (second !== null) undo.push(() => second.close());
  return first;
}

async function fleetOf(
  { count, port }: HostOptions['simulate'],
  hostPort: number,
  undo: (() => Promise<unknown>)[],
): Promise<readonly FleetMember[]> {
  const cors = asPrepared(LOCAL_NAMES.map((name) => `http://${inUrl(name)}:${hostPort}`));
  try {
    const fleet = await startFleet({ count, basePort: port, device: { cors } });
    undo.push(() => Promise.all(fleet.map((member) => member.close())));
    return fleet;
  } catch (error) {
    throw PortError.from(error) ?? error;
  }
}
