/** The gateway: carries requests of our own page to devices that the page cannot reach itself. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isBadPort } from '../../device/bad-ports.ts';
import type { GatewayCode } from '../../model/host/gateway-code.ts';
import { gatewayRefusalInWords } from '../../words/host/gateway.ts';
import { checkedInTime, type Asker, type Resolve } from './addresses.ts';
import type { DeviceAgents } from '../reach/device-agents.ts';
import { costsPreflight, forwardedHeaders, mayPass } from './headers.ts';
import { readTarget, type Target, type TargetResult } from './target.ts';
import { INERT_POLICY } from '../serve/headers.ts';
import { HttpServers } from './http-servers.ts';
import { placeOf } from '../serve/listeners.ts';
import type { OwnAddresses } from './on-link.ts';
import type { OwnHosts } from '../serve/own-hosts.ts';
import type { Door } from '../serve/pairing-routes.ts';
import type { RelayLimits } from './relay.ts';
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

/** What the gateway answers with where it says no (RFC 9110, 15). */
const STATUS_OF: Readonly<Record<GatewayCode, number>> = {
  'not-our-page': 403,
  'not-paired': 403,
  'no-such-path': 404,
  'wrong-method': 405,
  'header-refused': 400,
  'body-refused': 400,
  'body-late': 408,
  'too-large': 413,
  busy: 503,
  'no-such-name': 502,
  'bad-port': 403,
  'not-private': 403,
  'not-on-link': 403,
  unreachable: 502,
  'not-http': 502,
  silent: 504,
  redirect: 502,
  'answer-too-large': 502,
  'certificate-changed': 502,
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
      if (verdict.kind === 'wrong-method') return refuse(reply.header('Allow', verdict.allow), verdict.kind);
      if (verdict.kind !== 'target') return refuse(reply, verdict.kind);
      const leave = underWay.enter(request.ip);
      if (leave === null) return refuse(reply, 'busy');
      try {
        return await carry(request, reply, verdict.target, { ...options, known });
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
function judgeRequest(
  request: FastifyRequest,
  door: Door,
): TargetResult | { readonly kind: Exclude<GatewayCode, TargetResult['kind']> } {
  const { method, headers } = request;
  if (!door.isOpenTo(request)) return { kind: 'not-paired' };
  const read = readTarget(method, request.raw.url ?? '');
  if (read.kind !== 'target') return read;
  if (isBadPort(read.target.port)) return { kind: 'bad-port' };
  if (!mayPass(headers)) return { kind: 'header-refused' };
  const length = headers['content-length'];
  if (headers['transfer-encoding'] !== undefined) return { kind: 'body-refused' };
  if (method === 'GET') return length === undefined || length === '0' ? read : { kind: 'body-refused' };
  if (length === undefined || !/^\d+$/.test(length)) return { kind: 'body-refused' };
  return Number(length) > BODY_BYTES ? { kind: 'too-large' } : read;
}

async function carry(
  request: FastifyRequest,
  reply: FastifyReply,
  target: Target,
  { resolve, ownAddresses, agents, limits, known }: GatewayOptions & { readonly known: HttpServers },
): Promise<FastifyReply> {
  const asker = placeOf(request.raw) === 'here' ? 'here' : askerAt(request.raw.socket, ownAddresses);
  const checked = await checkedInTime(target.host, asker, resolve);
  if (checked.kind !== 'address') return refuse(reply, checked.kind);
  const body = target.method === 'POST' ? await wholeBody(request.raw, limits.first) : null;
  if (body === 'late') return refuse(reply, 'body-late');
  const answer = await known.relay(
    {
      ...{ target, address: checked.address, agent: agents[target.scheme], body, limits },
      headers: forwardedHeaders(request.headers, body?.length ?? null),
      gone: (tell) => reply.raw.once('close', tell),
      good: (socket) => agents.https.remember(socket),
    },
    forwardedHeaders(request.headers, null),
    () => request.raw.socket.destroyed,
  );
  if (answer.kind !== 'answer') return refuse(reply, answer.kind);
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

/** What a device says must not become a page of our origin. */
function inert(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'Content-Security-Policy': INERT_POLICY,
    'Content-Disposition': 'attachment',
    'Cache-Control': 'no-store',
  });
}

function refuse(reply: FastifyReply, code: GatewayCode): FastifyReply {
  const [status, detail] = gatewayAnswer(code);
  if (code === 'busy') reply.header('Retry-After', '1');
  return inert(reply).header('Moult-Gateway', code).code(status).send({ detail });
}

/** How the gateway answers where it says no itself: for whoever else reaches devices by its rules. */
export function gatewayAnswer(code: GatewayCode): readonly [status: number, detail: string] {
  return [STATUS_OF[code], gatewayRefusalInWords(code, { bodyBytes: BODY_BYTES })];
}
