/** A job's way to its device: what the gateway would carry for the same client, and nothing else. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { isBadPort } from '../../../device/bad-ports.ts';
import type { FetchInit } from '../../../device/device-request.ts';
import { API_PORT } from '../../../device/esphome/native-api.ts';
import type { FetchLike } from '../../../device/request.ts';
import { deviceUrl } from '../../../device/target.ts';
import { DEFAULT_PREFIX } from '../../../model/device/address-reading.ts';
import { STATUS_ROUTE } from '../../../model/device/status-route.ts';
import type { Announced, AnnouncedService, RawWays } from '../../../model/device/raw-connection.ts';
import { heardOnLink } from '../../reach/heard-by-mdns.ts';
import { UpdateError } from '../../../model/update/update-error.ts';
import { inviteWays } from '../../reach/invite-ways.ts';
import { rawConnection } from '../../reach/raw-connection.ts';
import type { GatewayCode } from '../../../model/host/gateway-code.ts';
import type { JobRefusal } from '../../../model/jobs/job-refusals.ts';
import { checkedInTime, type AddressCheck, type Asker, type Resolve } from '../../gateway/addresses.ts';
import { gatewayAnswer } from '../../gateway/gateway.ts';
import { forwardedHeaders, mayPass } from '../../gateway/headers.ts';
import { HttpServers } from '../../gateway/http-servers.ts';
import type { Ends, OwnAddresses } from '../../gateway/on-link.ts';
import { hostHeader, type RelayAnswer, type RelayLimits } from '../../gateway/relay.ts';
import { headersOfWhole, sendWhole } from '../../reach/send-whole.ts';
import type { Upload } from '../../../model/device/upload.ts';
import { endsLinesLoosely, readTarget, type Target } from '../../gateway/target.ts';
import type { DeviceAgents } from '../../reach/device-agents.ts';
import { hasNoBody } from '../../reach/no-body.ts';

/** For whom a job reaches its device: a client on this machine, or one on the LAN, by the ends of its connection then. */
export type JobNetwork = 'here' | Ends;

export interface JobReach {
  readonly resolve: Resolve;
  readonly ownAddresses: OwnAddresses;
  readonly agents: DeviceAgents;
  readonly limits: RelayLimits;
  /** What the device at an address announces on the network; null: nothing in time. The real one by default, another in tests. */
  readonly hear?: (address: string, signal: AbortSignal, service?: AnnouncedService) => Promise<Announced | null>;
}

/** A network without an answer, which the engine knows what to do about. */
const NO_ANSWER: ReadonlySet<GatewayCode> = new Set<GatewayCode>(['unreachable', 'silent', 'no-such-name']);

/** Where a device is, by the gateway's own reading. */
function targetAt(origin: string): { readonly target: Target } {
  // Any path will do.
  const read = readTarget('GET', deviceUrl({ origin, viaGateway: '' }, `${DEFAULT_PREFIX}${STATUS_ROUTE}`), 'job');
  if (read.kind !== 'target') throw refusedBy('no-such-path');
  return read;
}

export class JobWays {
  readonly #reach: JobReach;
  readonly #known = new HttpServers();

  constructor(reach: JobReach) {
    this.#reach = reach;
  }

  /** Why no job may go to the device at `url`, a gateway's path; null where one may. */
  async refusal(url: string, network: JobNetwork): Promise<JobRefusal | null> {
    const read = readTarget('GET', url);
    if (read.kind !== 'target') return { kind: 'not-reached', why: 'bad-address' };
    if (isBadPort(read.target.port)) return { kind: 'not-reached', why: 'bad-port' };
    const checked = await this.#check(read.target, network);
    return checked.kind === 'address' ? null : { kind: 'not-reached', why: checked.kind };
  }

  /** Takes gateway paths. What the host itself says no to comes as the gateway's answer; where none came, it rejects as `fetch` does. */
  fetchFor(network: JobNetwork): FetchLike {
    return async (url, init) => {
      const read = readTarget(init.method, url, 'job');
      const headers = Object.fromEntries(init.headers);
      if (read.kind !== 'target') return own('no-such-path');
      if (isBadPort(read.target.port)) return own('bad-port');
      if (!mayPass(headers)) return own('header-refused');
      // The address is judged for each request: names move, and so does this machine.
      const checked = await this.#check(read.target, network);
      if (checked.kind !== 'address') return own(checked.kind);
      const answer = await this.#ask(read.target, checked.address, headers, init);
      if (answer.kind !== 'answer') return own(answer.kind);
      const { status, contentType, retryAfter, challenge, server, cookie, body } = answer;
      return new Response(hasNoBody(status) ? null : new Uint8Array(body), {
        status,
        headers: {
          'Content-Type': contentType,
          ...(retryAfter === null ? {} : { 'Retry-After': retryAfter }),
          ...(challenge === null ? {} : { 'WWW-Authenticate': challenge }),
          ...(server === null ? {} : { Server: server }),
          ...(cookie === null ? {} : { 'Set-Cookie': cookie }),
        },
      });
    };
  }

  /** The same for an image that goes whole, on a connection of its own. */
  uploadFor(network: JobNetwork): Upload {
    return async (request) => {
      const read = readTarget('POST', request.url, 'job');
      if (read.kind !== 'target' || isBadPort(read.target.port)) throw new TypeError('no such path');
      const { target } = read;
      const checked = await this.#check(target, network);
      if (checked.kind !== 'address') throw new TypeError(checked.kind);
      // A body goes only to where a question was answered in HTTP. One was, just before; whether by this address is
      // checked here.
      if (!this.#known.has(target, checked.address)) throw new TypeError('not known to speak HTTP');
      const agent = this.#reach.agents[target.scheme];
      const send = target.scheme === 'https' ? httpsRequest : httpRequest;
      const outgoing = send({
        ...{ host: checked.address, port: target.port, method: 'POST', path: target.path },
        insecureHTTPParser: endsLinesLoosely(target.path),
        ...(target.scheme === 'https' ? { servername: target.host } : {}),
        headers: { ...headersOfWhole(request), ...ownPage(target, request.headers ?? {}), host: hostHeader(target) },
        createConnection: (options, done) => agent.createConnection(options, done),
      });
      return sendWhole(outgoing, request);
    };
  }

  /** The same for a device that speaks no HTTP: to its own port, and to the one where it tells what it is. */
  rawFor(network: JobNetwork): RawWays {
    const hear: NonNullable<JobReach['hear']> =
      this.#reach.hear ?? ((address, signal, service) => heardOnLink([address], signal, service));
    const addressOf = async (origin: string, port: number | null): Promise<string> => {
      const { target } = targetAt(origin);
      if (port !== null && (isBadPort(port) || (port !== target.port && port !== API_PORT)))
        throw refusedBy('bad-port');
      const checked = await this.#check(target, network);
      if (checked.kind !== 'address') throw refusedBy(checked.kind);
      return checked.address;
    };
    return {
      connect: async (origin, port, signal) => rawConnection(await addressOf(origin, port), port, signal),
      announced: async (origin, signal, service) => hear(await addressOf(origin, null), signal, service),
      invite: inviteWays(addressOf),
    };
  }

  async #ask(
    target: Target,
    address: string,
    headers: Readonly<Record<string, string>>,
    { body, signal }: FetchInit,
  ): Promise<RelayAnswer> {
    const { agents, limits } = this.#reach;
    const bytes = target.method === 'POST' ? bytesOf(body ?? '') : null;
    let tell: () => void = () => undefined;
    const gone = (): void => tell();
    signal.addEventListener('abort', gone, { once: true });
    const asked = {
      ...{ target, address, agent: agents[target.scheme], limits, body: bytes },
      headers: {
        ...forwardedHeaders(headers, bytes?.length ?? null),
        ...ownPage(target, headers),
        ...ownSession(target, headers),
      },
      gone: (told: () => void) => {
        tell = told;
        if (signal.aborted) told();
      },
      good: (socket: Socket) => agents.https.remember(socket),
    };
    try {
      return await this.#known.relay(asked, forwardedHeaders(headers, null), () => signal.aborted);
    } finally {
      signal.removeEventListener('abort', gone);
    }
  }

  #check({ host }: Target, network: JobNetwork): Promise<AddressCheck> {
    const { resolve, ownAddresses } = this.#reach;
    const asker: Asker = network === 'here' ? 'here' : { ...network, own: ownAddresses() };
    return checkedInTime(host, asker, resolve);
  }
}

/** What the host itself says no to, in its words. */
function refusedBy(code: GatewayCode): Error {
  if (NO_ANSWER.has(code)) return new TypeError(code);
  const [status, said] = gatewayAnswer(code);
  return new UpdateError('forbidden', { status, said });
}

/** Where a device wants to be asked by its own page: just that page is named, whatever the request says. */
function ownPage(target: Target, headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const origin = `${target.scheme}://${hostHeader(target)}`;
  return {
    ...(named.has('origin') ? { origin } : {}),
    ...(named.has('referer') ? { referer: `${origin}/` } : {}),
  };
}

/** What a device is signed in to with that wants it as a cookie (src/device/pretty-ota/). No other goes anywhere. */
function ownSession({ path }: Target, { cookie }: Readonly<Record<string, string>>): { readonly cookie?: string } {
  const isOne = cookie !== undefined && path.startsWith('/prettyota/') && /^sessionID=[\w-]{1,64}$/.test(cookie);
  return isOne ? { cookie } : {};
}

function bytesOf(body: Uint8Array<ArrayBuffer> | string): Buffer {
  // A view: a chunk is not copied.
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length);
}

function own(code: GatewayCode): Response {
  if (NO_ANSWER.has(code)) throw new TypeError(code);
  const [status, detail] = gatewayAnswer(code);
  return Response.json({ detail }, { status, headers: { 'Moult-Gateway': code } });
}
