/** Who may ask for jobs and rollouts: the same checks as the gateway's, before anything is counted or read. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobRefusal } from '../../../model/jobs/job-refusals.ts';
import { JOB_KEY_HEADER } from '../../../model/jobs/job-requests.ts';
import { THIS_MACHINE } from '../../../words/host/jobs.ts';
import type { ClientRate } from '../../gateway/gateway.ts';
import { browserName } from '../../serve/clients.ts';
import { placeOf } from '../../serve/listeners.ts';
import type { OwnHosts } from '../../serve/own-hosts.ts';
import type { Door } from '../../serve/pairing-routes.ts';
import { isJobKey, JOB_ID } from '../job-shapes.ts';
import type { JobService } from '../job-service.ts';
import type { Maker } from '../job-making.ts';
import { refuse } from '../refused.ts';

export interface PageOnlyOptions {
  readonly hosts: OwnHosts;
  readonly door: Door;
}

export interface JobRoutesOptions extends PageOnlyOptions {
  /** Null where the host runs no jobs: another one has its data folder, or there is none. */
  readonly service: () => JobService | null;
}

/** A rollout of the page makes hundreds at once; more than this in a second is a runaway. */
export const RATE: ClientRate = { max: 200, timeWindow: 1_000 };

export interface IdParam {
  Params: { id: string };
}

export type Answer = Promise<FastifyReply>;

/**
 * The options of a route for this host's pages. Foreign pages are refused before anything is counted. `orNot`: why our
 * own page is refused; null: it is not.
 */
export function pageOnly(
  { hosts, door }: PageOnlyOptions,
  rate: ClientRate,
  orNot: () => JobRefusal | null = () => null,
): object {
  const isOwnPage = ({ raw, method, headers }: FastifyRequest): boolean =>
    // Nothing is done at a GET, and a foreign page cannot read the answer: its own Origin alone is refused.
    hosts.isOwnPage({ place: placeOf(raw), method, headers, asked: true });
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!isOwnPage(request)) return refuse(reply, { kind: 'not-our-page' });
    if (!door.isOpenTo(request)) return refuse(reply, { kind: 'not-paired' });
    const why = orNot();
    return why === null ? undefined : refuse(reply, why);
  };
  return { onRequest, config: { rateLimit: { ...rate } } };
}

export class JobDoor {
  readonly #options: JobRoutesOptions;

  constructor(options: JobRoutesOptions) {
    this.#options = options;
  }

  /** The options of a route for jobs. */
  guarded(rate: ClientRate): object {
    const { service } = this.#options;
    return pageOnly(this.#options, rate, () => (service() === null ? { kind: 'cannot-keep' } : null));
  }

  /** Within a guarded route. */
  get service(): JobService {
    const there = this.#options.service();
    if (there === null) throw new Error('the jobs were closed during a request');
    return there;
  }

  isOpenTo(request: FastifyRequest): boolean {
    return this.#options.door.isOpenTo(request);
  }

  makerOf(request: FastifyRequest): Maker {
    const isHere = placeOf(request.raw) === 'here';
    const { localAddress: local = '', remoteAddress: remote = '' } = request.raw.socket;
    const browser = request.headers['user-agent'];
    return {
      network: isHere ? 'here' : { local, remote },
      owner: isHere ? 'here' : (this.#options.door.holderOf(request) ?? remote),
      by: isHere && browser === undefined ? THIS_MACHINE : browserName(browser),
    };
  }
}

/** What a request names by its id, and has the key of. `find`: null where there is none of that id and key. */
export function namedIn<T>(
  { params, headers }: FastifyRequest<IdParam>,
  find: (id: string, key: string) => T | null,
): T | null {
  const key = headers[JOB_KEY_HEADER.toLowerCase()];
  return JOB_ID.test(params.id) && isJobKey(key) ? find(params.id, key) : null;
}

export function ok(reply: FastifyReply, code: number, body: object): FastifyReply {
  return reply.header('Cache-Control', 'no-store').code(code).send(body);
}
