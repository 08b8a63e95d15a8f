/** The host: the page, the gateway and simulated devices, on this machine and on its LAN. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { join } from 'node:path';
import type { SimulatedDevice } from '../../model/page/page-ports.ts';
import { systemResolve, type Resolve } from '../gateway/addresses.ts';
import { buildApp, type LogLevel } from './app.ts';
import { authorityNoticeInWords } from '../../words/host/authority.ts';
import { dataTroubleInWords } from '../../words/host/data-folder.ts';
import { authorityNotices } from '../data/authority-notices.ts';
import { openAuthority } from '../data/authority-file.ts';
import { CertificatePins } from '../reach/certificate-pins.ts';
import { DataError } from '../data/data-error.ts';
import { deviceAgents, systemConnect, type Connect } from '../reach/device-agents.ts';
import { discover, DISCOVER_MS } from './discover.ts';
import { addGateway, GATEWAY_RATE, type ClientRate } from '../gateway/gateway.ts';
import { Clients, type Client } from './clients.ts';
import { Lan, type LanUrls } from './lan.ts';
import { refreshWithNotices } from './lan-notices.ts';
import { GONE, listen, type Listener } from './listeners.ts';
import { systemAddresses, type OwnAddresses } from '../gateway/on-link.ts';
import { OwnHosts } from './own-hosts.ts';
import type { LanAddresses } from './own-names.ts';
import { addPairing, Door } from './pairing-routes.ts';
import { addAgentRoutes, type AgentFace } from '../agent/agent-routes.ts';
import { RELAY_LIMITS, type RelayLimits } from '../gateway/relay.ts';
import { addRoutes, type LanFacts } from './routes.ts';
import { fleetOf, type ListedSimulated, listOf, type Simulate } from './simulated-fleet.ts';
import { HostJobs, type HostJobsOptions } from '../jobs/host-jobs.ts';
import { makePrivateFolder, whyShared } from '../data/user-data.ts';

export interface HostOptions {
  /** Folder of the built page. */
  readonly appDir: string;
  /** http port; 0 takes a free one. */
  readonly port: number;
  readonly simulate: Simulate;
  /** Null keeps the host to this machine. */
  readonly lan: LanSettings | null;
  /** Folder of the authority and of devices' certificates; null keeps nothing of devices. */
  readonly dataDir: string | null;
  readonly logLevel: LogLevel;
  readonly logTo?: { write(line: string): void };
  /** Told of each browser that was paired. */
  readonly paired?: (client: Client) => void;
  /** Told, in a sentence for people, what they have to know or do; by default it is logged. */
  readonly notice?: (sentence: string) => void;
  /** The world; the real one by default, another in tests. */
  readonly resolve?: Resolve;
  readonly connect?: Connect;
  readonly ownAddresses?: OwnAddresses;
  readonly discover?: typeof discover;
  readonly relayLimits?: RelayLimits;
  readonly gatewayRate?: ClientRate;
  readonly jobs?: HostJobsOptions;
  /** The agent of a rollout server that runs beside the host; null or absent: there is none. */
  readonly agent?: AgentFace | null;
}

export interface LanSettings {
  /** https port; 0 takes a free one. */
  readonly port: number;
  readonly addresses: LanAddresses;
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Does for every browser of the network what it does for paired ones. */
  readonly open?: boolean;
}

export interface Host {
  /** "http://localhost:6685" */
  readonly url: string;
  readonly simulated: readonly ListedSimulated[];
  /** Where phones find it, and the authority's fingerprint; null where, or as long as, the host keeps to this machine. */
  lan(): (LanUrls & { readonly fingerprint: string }) | null;
  /** A code that pairs one browser; another one as soon as that has come. Null where none needs one. */
  pairingCode(): string | null;
  /** Follows the machine to where it is now, and renews the certificate; also done by itself. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

/** A laptop that changes networks is found again within this; looking costs nothing. */
const REFRESH_MS = 10_000;

/** What ends the host: first the sockets, side by side, then what their requests may still need, the last one first. */
interface Undo {
  readonly sockets: (() => Promise<unknown>)[];
  readonly rest: (() => Promise<unknown>)[];
}

/**
 * Starts the host. Throws `PortError` where a port cannot be had; then nothing of it stays behind. Where the data folder
 * is no help, the host keeps to this machine, gives notice, and tries again.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const undo: Undo = { sockets: [], rest: [] };
  const stop = async (): Promise<void> => {
    await Promise.all(undo.sockets.splice(0).map((step) => step()));
    for (const step of undo.rest.splice(0).reverse()) await step();
  };
  try {
    return { ...(await start(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: HostOptions, undo: Undo): Promise<Omit<Host, 'stop'>> {
  const { dataDir, agent = null } = options;
  if (dataDir !== null) makePrivateFolder(dataDir);
  const hosts = new OwnHosts();
  const notice = (sentence: string): void =>
    options.notice === undefined ? app.log.warn(sentence) : options.notice(sentence);
  const pins = new CertificatePins(dataDir === null ? null : join(dataDir, 'device-certificates.json'), (error) =>
    notice(error instanceof Error ? error.message : String(error)),
  );
  const asksForPairing = options.lan !== null && options.lan.open !== true;
  const clients =
    dataDir !== null && asksForPairing ? new Clients(dataDir, undefined, (trouble) => notice(trouble.message)) : null;
  const door = new Door(clients);
  let code: string | null = null;
  const pairingCode = (): string | null => {
    if (clients !== null && (code === null || !clients.waits(code))) code = clients.newCode(null, Infinity);
    return code;
  };
  const agents = deviceAgents(options.connect ?? systemConnect, pins);
  const resolve = options.resolve ?? systemResolve;
  const ownAddresses = options.ownAddresses ?? systemAddresses;
  const limits = options.relayLimits ?? RELAY_LIMITS;
  const jobs = new HostJobs(options.jobs);
  let lan: Lan | null = null;
  let simulated: readonly SimulatedDevice[] = [];
  const app = await buildApp({
    appDir: options.appDir,
    hosts,
    logLevel: options.logLevel,
    ...(options.logTo === undefined ? {} : { logTo: options.logTo }),
    routes: async (routes) => {
      await routes.register(rateLimit, {
        global: false,
        keyGenerator: ({ raw }: FastifyRequest) => raw.socket.remoteAddress ?? GONE,
      });
      addRoutes(routes, {
        hosts,
        door,
        simulated: () => simulated,
        lan: () => (lan === null ? null : factsOf(lan)),
        discover: () => (options.discover ?? discover)({ limitMs: DISCOVER_MS, socket: null }),
        jobs: () => jobs.areOpen,
        agent: agent !== null,
      });
      const rate = options.gatewayRate ?? GATEWAY_RATE;
      if (clients !== null) {
        addPairing(routes, { hosts, door, clients, paired: (client) => options.paired?.(client) });
      }
      jobs.addRoutes(routes, { hosts, door });
      if (agent !== null) addAgentRoutes(routes, { hosts, door, agent });
      addGateway(routes, { hosts, door, resolve, ownAddresses, agents, limits, rate });
    },
  });
  undo.rest.push(async () => {
    await app.close();
    agents.http.destroy();
    agents.https.destroy();
    await pins.written();
  });
  // What is wrong with them is said at the start, not at the first device or browser. On the LAN the authority's file
  // says it of the folder.
  const shared = dataDir !== null && options.lan === null ? whyShared(dataDir) : null;
  if (shared !== null) notice(dataTroubleInWords(shared));
  pins.read();
  clients?.list();
  if (dataDir !== null) {
    await jobs.open({ dataDir, notice, log: app.log, reach: { resolve, ownAddresses, agents, limits } });
    undo.sockets.push(() => jobs.close());
  }
  const handler = app.routing.bind(app);
  const here = await listenHere(options.port, handler, undo);
  const port = here.port;

  const fleet = await fleetOf(options.simulate, port);
  undo.sockets.push(() => Promise.all(fleet.map((member) => member.close())));
  const listed = listOf(fleet);
  simulated = listed;

  const { lan: settings } = options;
  const url = `http://localhost:${port}`;
  if (settings === null || dataDir === null) {
    return { url, simulated: listed, lan: () => null, pairingCode, refresh: () => Promise.resolve() };
  }
  const opened = new Lan({
    ...settings,
    authority: async (now) => {
      const authority = await openAuthority(dataDir, settings.names, now);
      for (const each of authorityNotices(authority, settings.names)) notice(authorityNoticeInWords(each, dataDir));
      return authority.authority;
    },
    ...{ hosts, handler, httpPort: port, httpsPort: settings.port },
  });
  lan = opened;
  undo.sockets.push(() => opened.close());
  const refresh = refreshWithNotices(opened, {
    notice,
    log: (error) => app.log.error({ error: String(error) }, 'LAN'),
    code: pairingCode,
  });
  await refresh().catch((error: unknown) => {
    if (!(error instanceof DataError)) throw error;
  });
  const again = setInterval(() => void refresh().catch(() => undefined), REFRESH_MS); // What it rejects with was told.
  undo.sockets.push(() => {
    clearInterval(again);
    return Promise.resolve();
  });
  return {
    url,
    simulated: listed,
    lan: () => {
      const facts = factsOf(opened);
      return facts === null ? null : { ...facts.urls(), fingerprint: facts.fingerprint };
    },
    pairingCode,
    refresh,
  };
}

/** Null until the authority is there. */
function factsOf({ authority, urls }: Lan): LanFacts | null {
  if (authority === null) return null;
  const { fingerprint, der, tooWide } = authority;
  return { urls: () => urls, fingerprint, certificate: der, tooWide };
}

async function listenHere(
  port: number,
  handler: Parameters<typeof listen>[0]['handler'],
  undo: Undo,
): Promise<Listener> {
  const first = await listen({ place: 'here', address: '127.0.0.1', port, handler });
  if (first === null) throw new Error('this machine has no loopback');
  undo.sockets.push(() => first.close());
  // Browsers try IPv6 first for "localhost"; not every machine has it.
  const second = await listen({ place: 'here', address: '::1', port: first.port, handler });
  if (second !== null) undo.sockets.push(() => second.close());
  return first;
}
