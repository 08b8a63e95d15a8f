/** What pairs a browser with this host: a code for a key, a new code for another browser, and who is paired. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import {
  LOG_TOO_MANY_CODES,
  LOG_WRONG_CODE,
  ONLY_OWN_PAGE,
  TOO_MANY_PAIRED,
  WRONG_CODE,
} from '../../words/host/answers.ts';
import { browserName, type Client, type Clients, type PairResult } from './clients.ts';
import { placeOf } from './listeners.ts';
import { OnceIn } from '../once-in.ts';
import type { OwnHosts } from './own-hosts.ts';

/** Carries the key that a browser was paired for, on every request to this host that needs it. */
export const KEY_HEADER = 'moult-key';

/** How a client stands with this host. `needed`: it has to be paired before the host does anything for it. */
export type Pairing = 'not-needed' | 'paired' | 'needed';

/** Whether a request may use what the host does for browsers. */
export class Door {
  readonly #clients: Clients | null;

  /** `clients` is null where no pairing is asked for: the host keeps to its machine, or was told to be open. */
  constructor(clients: Clients | null) {
    this.#clients = clients;
  }

  standing(request: FastifyRequest): Pairing {
    // Over loopback comes this machine's own browser.
    if (this.#clients === null || placeOf(request.raw) === 'here') return 'not-needed';
    const key = request.headers[KEY_HEADER];
    return typeof key === 'string' && this.#clients.knows(key) ? 'paired' : 'needed';
  }

  /** The id of the paired browser that asks; null where it is none, as on this machine. */
  holderOf(request: FastifyRequest): string | null {
    const key = request.headers[KEY_HEADER];
    if (this.#clients === null || placeOf(request.raw) === 'here' || typeof key !== 'string') return null;
    return this.#clients.holderOf(key);
  }

  isOpenTo(request: FastifyRequest): boolean {
    return this.standing(request) !== 'needed';
  }
}

export interface PairingOptions {
  readonly hosts: OwnHosts;
  readonly door: Door;
  readonly clients: Clients;
  /** Told of each browser that was paired. */
  readonly paired: (client: Client) => void;
}

/** A class may pair its laptops from behind one router; whoever tries more than this in a minute guesses. */
export const TRIES_A_MINUTE = 30;
const MINUTE_MS = 60_000;
/** `{"code":"…"}`, and room for a code that somebody typed with blanks. */
const BODY_BYTES = 200;

const CODE = v.object({ code: v.pipe(v.string(), v.maxLength(64)) });

/** Adds the routes. The rate limit plugin must be registered before. */
export function addPairing(app: FastifyInstance, { hosts, door, clients, paired }: PairingOptions): void {
  const isOwnPage = ({ raw, method, headers }: FastifyRequest): boolean =>
    // The browsers that this is for say which page asks: this machine's own always does, and any does at a POST.
    hosts.isOwnPage({ place: placeOf(raw), method, headers, asked: false });
  const refuse = (reply: FastifyReply): FastifyReply => reply.code(403).send({ detail: ONLY_OWN_PAGE });
  const slowedDown = new OnceIn(MINUTE_MS);
  const isHere = (request: FastifyRequest): boolean => placeOf(request.raw) === 'here' && isOwnPage(request);

  app.post(
    '/pair',
    {
      bodyLimit: BODY_BYTES,
      // Before it is counted: what foreign pages ask for costs ours nothing.
      onRequest: async (request, reply) => (isOwnPage(request) ? undefined : refuse(reply)),
      config: {
        rateLimit: {
          ...{ max: TRIES_A_MINUTE, timeWindow: MINUTE_MS },
          onExceeded: (request) => {
            // Each of them would be a line for the asking.
            if (slowedDown.isDue(request.ip)) request.log.warn({ from: request.ip }, LOG_TOO_MANY_CODES);
          },
        },
      },
    },
    async (request, reply) => {
      const asked = v.safeParse(CODE, request.body);
      const done: PairResult = asked.success
        ? await clients.pair(asked.output.code, browserName(request.headers['user-agent']))
        : { kind: 'wrong-code' };
      switch (done.kind) {
        case 'full':
          return reply.code(409).send({ detail: TOO_MANY_PAIRED });
        case 'wrong-code':
          request.log.warn({ from: request.ip }, LOG_WRONG_CODE);
          return reply.code(403).send({ detail: WRONG_CODE });
        case 'paired':
          paired(done.client);
          return reply.header('Cache-Control', 'no-store').send({ key: done.key });
      }
    },
  );

  app.post('/pair/code', async (request, reply) => {
    if (!isOwnPage(request) || !door.isOpenTo(request)) return refuse(reply);
    return reply.header('Cache-Control', 'no-store').send({ code: clients.newCode(door.holderOf(request)) });
  });

  app.get('/clients', async (request, reply) => {
    if (!isHere(request)) return refuse(reply);
    return reply.header('Cache-Control', 'no-store').send({ clients: clients.list() });
  });

  app.delete<{ Params: { id: string } }>('/clients/:id', async (request, reply) => {
    if (!isHere(request)) return refuse(reply);
    return reply.code((await clients.revoke(request.params.id)) ? 204 : 404).send();
  });
}
