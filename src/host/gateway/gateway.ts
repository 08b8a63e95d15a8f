/** The gateway: carries requests of our own page to devices that the page cannot reach itself. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isBadPort } from '../../device/bad-ports.ts';
import { checkedAddress, type Asker, type Resolve } from './addresses.ts';
import type { DeviceAgents } from '../reach/device-agents.ts';
import { costsPreflight, forwardedHeaders, mayPass } from './headers.ts';
import { readTarget, type Target } from './target.ts';
import { INERT_POLICY } from '../serve/headers.ts';
import { HttpServers, questionBefore } from './http-servers.ts';
import { placeOf } from '../serve/listeners.ts';
import type { OwnAddresses } from './on-link.ts';
import type { OwnHosts } from '../serve/own-hosts.ts';
import type { Door } from '../serve/pairing-routes.ts';
import { relay, type RelayFailure, type RelayLimits } from './relay.ts';
import { InFlight } from './in-flight.ts';

/** How many requests one client may send in how many milliseconds. */
export interface ClientRate {
  readonly max: number;
  readonly timeWindow: number;
}

/** A page sends as fast as devices answer: some hundred requests a second in a rollout. More is a runaway. */
export const GATEWAY_RATE: ClientRate = { max: 1_000, timeWindow: 1_000 };

export interface GatewayOptions {
  readonly hosts: OwnHosts;
  readonly door: Door;
  readonly resolve: Resolve;
  readonly ownAddresses: OwnAddresses;
  readonly agents: DeviceAgents;
  readonly limits: RelayLimits;
  readonly rate: ClientRate;
}

/** A device takes no larger body. */
const BODY_BYTES = 65_536;
/** mDNS answers within a second or not at all, DNS within two; the rest is waiting for nothing. */
const RESOLVE_MS = 5_000;

/** Why the gateway itself said no: in the header `Moult-Gateway`, beside a sentence in `detail`. */
export type GatewayCode =
  | 'not-our-page'
  | 'not-paired'
  | 'no-such-path'
  | 'wrong-method'
  | 'header-refused'
  | 'body-refused'
  | 'body-late'
  | 'too-large'
  | 'busy'
  | 'no-such-name'
  | 'bad-port'
  | 'not-private'
  | 'not-on-link'
  | RelayFailure;

const ANSWERS: Readonly<Record<GatewayCode, readonly [status: number, detail: string]>> = {
  'not-our-page': [403, 'The gateway serves only the page of this host.'],
  'not-paired': [403, 'This browser is not paired with the host. Scan the code in the host’s terminal.'],
  'no-such-path': [
    404,
    'The gateway carries update requests only, written as /device/<scheme>/<host>:<port>/<prefix>/<route>.',
  ],
  'wrong-method': [405, 'The device is not asked this way at that route.'],
  'header-refused': [
    400,
    'The gateway passes on no token in a header of that name: it says something else, or no browser sends it.',
  ],
  'body-refused': [400, 'A POST states its length, a GET has no body.'],
  'body-late': [408, 'The request did not come whole. The device was not asked.'],
  'too-large': [413, 'A body of an update request is 65,536 bytes at most.'],
  busy: [503, 'The gateway has too much under way, for this page or in all. Try again in a second.'],
  'no-such-name': [502, 'No device has that name on this network.'],
  'bad-port': [
    403,
    'Browsers send no request to that port, and neither does the gateway: another protocol is at home there. Let the device listen at another port, such as 8080.',
  ],
  'not-private': [403, 'The gateway reaches devices on private networks only.'],
  'not-on-link': [
    403,
    'The gateway reaches for you only what is on your own network: neither its own machine, nor another network of it.',
  ],
  unreachable: [502, 'Nothing answers at that address and port, or the connection broke.'],
  'not-http': [
    502,
    'Something answers at that address and port, but not in HTTP. It may be another service, or want https where http was asked.',
  ],
  silent: [504, 'The device was silent for too long. What it was asked may still have happened.'],
  redirect: [502, 'The device pointed elsewhere. Requests with a token are not taken elsewhere.'],
  'answer-too-large': [502, 'The device answered with more than the app reads.'],
  'certificate-changed': [
    502,
    'The device shows another certificate than before, so the token was not sent. If you replaced its certificate, remove its line from device-certificates.json in the host’s data folder.',
  ],
};

/** Adds `/device/…`. The rate limit plugin must be registered before. */
export function addGateway(app: FastifyInstance, options: GatewayOptions): void {
  const underWay = new InFlight();
  const known = new HttpServers();
  void app.register((scope, _options, done) => {
    // Bodies are passed on as they come in; nothing reads them here.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    // Before it is counted: what foreign pages ask for costs ours nothing.
    const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
      isOwnPage(request, options.hosts) ? undefined : refuse(reply, 'not-our-page');
    scope.all('/device/*', { onRequest, config: { rateLimit: { ...options.rate } } }, async (request, reply) => {
      const verdict = judgeRequest(request, options.door);
      if (typeof verdict === 'string') return refuse(reply, verdict);
      if ('allow' in verdict) return refuse(reply.header('Allow', verdict.allow), 'wrong-method');
      const leave = underWay.enter(request.ip);
      if (leave === null) return refuse(reply, 'busy');
      try {
        return await carry(request, reply, verdict, { ...options, known });
      } finally {
        leave();
      }
    });
    done();
  });
}

function isOwnPage({ method, headers, raw }: FastifyRequest, hosts: OwnHosts): boolean {
  return hosts.isOwnPage({ place: placeOf(raw), method, headers, asked: costsPreflight(headers) });
}

/** Everything else that can be known before a name is resolved. */
function judgeRequest(request: FastifyRequest, door: Door): Target | GatewayCode | { readonly allow: string } {
  const { method, headers } = request;
  if (!door.isOpenTo(request)) return 'not-paired';
  const read = readTarget(method, request.raw.url ?? '');
  if (!read.ok) return read.why === 'method' ? { allow: read.allow } : 'no-such-path';
  if (isBadPort(read.target.port)) return 'bad-port';
  if (!mayPass(headers)) return 'header-refused';
  const length = headers['content-length'];
  if (headers['transfer-encoding'] !== undefined) return 'body-refused';
  if (method === 'GET') return length === undefined || length === '0' ? read.target : 'body-refused';
  if (length === undefined || !/^\d+$/.test(length)) return 'body-refused';
  return Number(length) > BODY_BYTES ? 'too-large' : read.target;
}

async function carry(
  request: FastifyRequest,
  reply: FastifyReply,
  target: Target,
  { resolve, ownAddresses, agents, limits, known }: GatewayOptions & { readonly known: HttpServers },
): Promise<FastifyReply> {
  const asker = placeOf(request.raw) === 'here' ? 'here' : askerAt(request.raw.socket, ownAddresses);
  const checked = await withinTime(checkedAddress(target.host, asker, resolve));
  if (!checked.ok) return refuse(reply, checked.why);
  const body = target.method === 'POST' ? await wholeBody(request.raw, limits.first) : null;
  if (body === 'late') return refuse(reply, 'body-late');
  const asked = {
    target,
    address: checked.address,
    agent: agents[target.scheme],
    headers: forwardedHeaders(request.headers, body?.length ?? null),
    body,
    gone: (tell: () => void) => reply.raw.once('close', tell),
    answered: () => known.answered(target, checked.address),
    good: (socket: Socket) => agents.https.remember(socket),
    limits,
  };
  if (body !== null && body.length > 0 && !known.has(target, checked.address)) {
    const headers = forwardedHeaders(request.headers, null);
    const first = await relay({ ...asked, target: questionBefore(target), headers, body: null });
    // Whatever it said, and be it of another path.
    if (!first.ok && !known.has(target, checked.address)) return refuse(reply, first.why);
    if (request.raw.socket.destroyed) return refuse(reply, 'unreachable');
  }
  const answer = await relay(asked);
  if (!answer.ok) return refuse(reply, answer.why);
  inert(reply).code(answer.status).type(answer.contentType);
  if (answer.retryAfter !== null) reply.header('Retry-After', answer.retryAfter);
  return reply.send(answer.body);
}

/** This machine's addresses are read each time: a VPN may come up while a connection is open. */
function askerAt({ localAddress: local = '', remoteAddress: remote = '' }: Socket, ownAddresses: OwnAddresses): Asker {
  return { local, remote, own: ownAddresses() };
}

/**
 * Gathered before the device is asked: it waits for ever for the rest of a request that it has half of. `late`: the
 * page left, or took longer than `limitMs`. At most `BODY_BYTES`, by the length that was stated.
 */
function wholeBody(request: IncomingMessage, limitMs: number): Promise<Buffer | 'late'> {
  return new Promise((resolve) => {
    // It left while its device's name was looked up.
    if (request.destroyed) resolve('late');
    const parts: Buffer[] = [];
    const settle = (body: Buffer | 'late'): void => {
      clearTimeout(timer);
      resolve(body);
    };
    const timer = setTimeout(() => settle('late'), limitMs);
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => settle(Buffer.concat(parts)));
    request.once('error', () => settle('late'));
    request.once('close', () => settle('late'));
  });
}

function withinTime(check: ReturnType<typeof checkedAddress>): ReturnType<typeof checkedAddress> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ ok: false, why: 'no-such-name' }), RESOLVE_MS);
    check.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What a device says must not become a page of our origin. */
function inert(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'Content-Security-Policy': INERT_POLICY,
    'Content-Disposition': 'attachment',
    'Cache-Control': 'no-store',
  });
}

function refuse(reply: FastifyReply, code: GatewayCode): FastifyReply {
  const [status, detail] = ANSWERS[code];
  if (code === 'busy') reply.header('Retry-After', '1');
  return inert(reply).header('Moult-Gateway', code).code(status).send({ detail });
}

/** How the gateway answers where it says no itself: for whoever else reaches devices by its rules. */
export function gatewayAnswer(code: GatewayCode): readonly [status: number, detail: string] {
  return ANSWERS[code];
}
