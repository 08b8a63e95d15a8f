/** What the host answers besides files: the trust page, what it offers to its page, and finding devices. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FoundDevice } from '../../model/device/found-device.ts';
import type { HostOffers, SimulatedDevice } from '../../model/page/page-ports.ts';
import { NO_MDNS, NOT_ON_LAN, ONLY_OWN_PAGE } from '../../words/host/answers.ts';
import { sampleFirmware } from '../../simulator/sample-firmware.ts';
import type { LanUrls } from './lan.ts';
import { placeOf } from './listeners.ts';
import type { OwnHosts } from './own-hosts.ts';
import type { Door } from './pairing-routes.ts';
import { CERTIFICATE_PATH, TRUST_PAGE_POLICY, trustPage } from './trust-page.ts';

/** The host on the LAN, as routes need it. */
export interface LanFacts {
  readonly urls: () => LanUrls;
  readonly fingerprint: string;
  readonly certificate: Buffer;
  /** Names of others that it could vouch for. */
  readonly tooWide: readonly string[];
}

export interface RoutesOptions {
  readonly hosts: OwnHosts;
  readonly door: Door;
  readonly simulated: () => readonly SimulatedDevice[];
  readonly lan: () => LanFacts | null;
  readonly discover: () => Promise<readonly FoundDevice[]>;
  /** Whether the host runs updates by itself. */
  readonly jobs: () => boolean;
  /** Whether a rollout server's agent runs beside it. */
  readonly agent: boolean;
}

/** Taps of a person, each of some seconds; more is a loop. */
const DISCOVERIES_A_MINUTE = 10;

/** Adds the routes. The rate limit plugin must be registered before. */
export function addRoutes(app: FastifyInstance, options: RoutesOptions): void {
  const { hosts, door, lan } = options;
  const ownPage = (request: FastifyRequest): boolean =>
    hosts.isOwnPage({
      place: placeOf(request.raw),
      method: request.method,
      headers: request.headers,
      // Nothing is done at a GET, and a foreign page cannot read the answer: its own Origin alone is refused.
      asked: true,
    });
  const refuse = (reply: FastifyReply): FastifyReply => reply.code(403).send({ detail: ONLY_OWN_PAGE });

  const notOnLan = (reply: FastifyReply): FastifyReply => reply.code(404).type('text/plain').send(`${NOT_ON_LAN}\n`);

  const sendTrustPage = (request: FastifyRequest, reply: FastifyReply, facts: LanFacts): FastifyReply => {
    const { plain, secure } = facts.urls();
    const place = placeOf(request.raw);
    return reply
      .headers({ 'Content-Security-Policy': TRUST_PAGE_POLICY, 'Cache-Control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(
        trustPage({
          plainUrl: plain[0] ?? null,
          secureUrls: secure,
          fingerprint: facts.fingerprint,
          tooWide: facts.tooWide,
          // On plain http "/" is this page; there the app goes by its file name.
          appPath: place === 'lan-http' ? '/index.html' : '/',
          place,
          userAgent: request.headers['user-agent'],
        }),
      );
  };

  let sample: Buffer | null = null;

  app.get('/', async (request, reply) => {
    const facts = lan();
    if (facts !== null && placeOf(request.raw) === 'lan-http') return sendTrustPage(request, reply, facts);
    return reply.sendFile('index.html');
  });

  app.get('/trust', async (request, reply) => {
    const facts = lan();
    return facts === null ? notOnLan(reply) : sendTrustPage(request, reply, facts);
  });

  app.get(CERTIFICATE_PATH, async (_request, reply) => {
    const facts = lan();
    if (facts === null) return notOnLan(reply);
    return reply.header('Cache-Control', 'no-store').type('application/x-x509-ca-cert').send(facts.certificate);
  });

  app.get('/moult.json', async (request, reply) => {
    if (!ownPage(request)) return refuse(reply);
    const facts = lan();
    const pairing = door.standing(request);
    const offers: Required<HostOffers> = {
      gateway: pairing !== 'needed',
      discover: pairing !== 'needed',
      jobs: pairing !== 'needed' && options.jobs(),
      agent: pairing !== 'needed' && options.agent,
      pairing,
      simulated: placeOf(request.raw) === 'here' ? options.simulated() : [],
      lan: facts === null ? null : { ...facts.urls(), fingerprint: facts.fingerprint },
    };
    return reply.header('Cache-Control', 'no-store').send(offers);
  });

  app.get('/sample-firmware.bin', async (request, reply) => {
    // For the simulated devices, so where they are: on this machine.
    if (options.simulated().length === 0 || placeOf(request.raw) !== 'here') {
      reply.callNotFound();
      return reply;
    }
    sample ??= Buffer.from(sampleFirmware());
    return reply.header('Cache-Control', 'no-store').type('application/octet-stream').send(sample);
  });

  let looking: Promise<readonly FoundDevice[]> | null = null;
  app.post(
    '/discover',
    {
      // Before it is counted: what foreign pages ask for costs ours nothing.
      onRequest: async (request, reply) => (ownPage(request) ? undefined : refuse(reply)),
      config: { rateLimit: { max: DISCOVERIES_A_MINUTE, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      // In the words of the gateway: the page looks again how it stands.
      if (!door.isOpenTo(request)) return refuse(reply.header('Moult-Gateway', 'not-paired'));
      // Two phones at once share one look: mDNS' port is one.
      looking ??= options.discover().finally(() => (looking = null));
      try {
        return await reply.header('Cache-Control', 'no-store').send({ found: await looking });
      } catch (error) {
        request.log.warn({ error: String(error) }, 'mDNS');
        return reply.code(503).send({ detail: NO_MDNS });
      }
    },
  );
}
