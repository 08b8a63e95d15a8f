/** How pages ask for jobs (docs/host-jobs.md): the same checks as the gateway's, then the job's own key. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { JOB_KEY_HEADER } from '../../model/jobs/job-requests.ts';
import type { JobRefusal } from '../../model/jobs/job-refusals.ts';
import { THIS_MACHINE } from '../../words/host/jobs.ts';
import type { ClientRate } from '../gateway/gateway.ts';
import { browserName } from '../serve/clients.ts';
import { GONE, placeOf } from '../serve/listeners.ts';
import type { OwnHosts } from '../serve/own-hosts.ts';
import type { Door } from '../serve/pairing-routes.ts';
import type { Entry } from './job-list.ts';
import { isJobKey, JOB_ID, readCreate, readFollow, readOrder, SHA256 } from './job-shapes.ts';
import type { Maker } from './jobs.ts';
import type { JobService } from './job-service.ts';
import { refuse, type Refused } from './refused.ts';

export interface JobRoutesOptions {
  readonly hosts: OwnHosts;
  readonly door: Door;
  /** Null where the host runs no jobs: another one has its data folder, or there is none. */
  readonly service: () => JobService | null;
}

/** A rollout of the page makes hundreds at once; more than this in a second is a runaway. */
const RATE: ClientRate = { max: 200, timeWindow: 1_000 };
/** Each of them may be 64 MiB of disk. */
const UPLOAD_RATE: ClientRate = { max: 60, timeWindow: 60_000 };
const STREAM_RATE: ClientRate = { max: 120, timeWindow: 60_000 };

type Answer = Promise<FastifyReply>;

/** Adds the routes. The rate limit plugin must be registered before. */
export function addJobRoutes(app: FastifyInstance, { hosts, door, service }: JobRoutesOptions): void {
  const isOwnPage = ({ raw, method, headers }: FastifyRequest): boolean =>
    // Nothing is done at a GET, and a foreign page cannot read the answer: its own Origin alone is refused.
    hosts.isOwnPage({ place: placeOf(raw), method, headers, asked: true });
  // Before anything is counted or read: what foreign pages ask for costs ours nothing.
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!isOwnPage(request)) return refuse(reply, { kind: 'not-our-page' });
    if (!door.isOpenTo(request)) return refuse(reply, { kind: 'not-paired' });
    return service() === null ? refuse(reply, { kind: 'cannot-keep' }) : undefined;
  };
  const guarded = (rate: ClientRate): object => ({ onRequest, config: { rateLimit: { ...rate } } });
  const opened = (): JobService => {
    const there = service();
    if (there === null) throw new Error('the jobs were closed during a request');
    return there;
  };
  const makerOf = (request: FastifyRequest): Maker => {
    const { socket } = request.raw;
    const isHere = placeOf(request.raw) === 'here';
    const { localAddress: local = '', remoteAddress: remote = '' } = socket;
    return {
      network: isHere ? 'here' : { local, remote },
      owner: isHere ? 'here' : (door.holderOf(request) ?? remote),
      by:
        isHere && request.headers['user-agent'] === undefined
          ? THIS_MACHINE
          : browserName(request.headers['user-agent']),
    };
  };
  const ok = (reply: FastifyReply, code: number, body: object): FastifyReply =>
    reply.header('Cache-Control', 'no-store').code(code).send(body);

  app.post('/jobs', guarded(RATE), async (request, reply): Answer => {
    const read = readCreate(request.body);
    if (!read.ok) return refuse(reply, { kind: 'bad-request', what: read.what });
    const made = await opened().create(read.value, makerOf(request));
    return isRefused(made) ? refuse(reply, made.refusal) : ok(reply, made.isNew ? 201 : 200, { job: made.job });
  });

  app.get<IdParam>('/jobs/:id', guarded(RATE), async (request, reply): Answer => {
    const entry = entryOf(request, opened());
    if (entry === null) return refuse(reply, { kind: 'no-such-job' });
    return ok(reply, 200, { job: entry.record.job });
  });

  app.post<IdParam>('/jobs/:id', guarded(RATE), async (request, reply): Answer => {
    const entry = entryOf(request, opened());
    if (entry === null) return refuse(reply, { kind: 'no-such-job' });
    const read = readOrder(request.body);
    if (!read.ok) return refuse(reply, { kind: 'bad-request', what: read.what });
    const done = await opened().order(entry, read.value);
    if (isRefused(done)) return refuse(reply, done.refusal);
    return done.job === null ? reply.code(204).send() : ok(reply, 200, { job: done.job });
  });

  app.post('/jobs/events', guarded(STREAM_RATE), async (request, reply): Answer => {
    const { streams } = opened();
    const read = readFollow(request.body);
    if (!read.ok) return refuse(reply, { kind: 'bad-request', what: read.what });
    const client = request.raw.socket.remoteAddress ?? GONE;
    if (!streams.hasRoomFor(client)) return refuse(reply, { kind: 'too-many-streams' });
    const lastSeen = request.headers['last-event-id'];
    reply.hijack();
    streams.follow(reply.raw, client, read.value, typeof lastSeen === 'string' ? lastSeen : null, () =>
      door.isOpenTo(request),
    );
    return reply;
  });

  app.get<HashParam>('/jobs/firmware/:sha256', guarded(RATE), async (request, reply): Answer => {
    const size = opened().shelf.sizeOf(request.params.sha256);
    return size === null ? refuse(reply, { kind: 'no-such-firmware' }) : ok(reply, 200, { size });
  });

  void app.register((scope, _options, done) => {
    // The body is read as it comes, and nowhere gathered.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.put<HashParam>('/jobs/firmware/:sha256', guarded(UPLOAD_RATE), async (request, reply): Answer => {
      const asked = readUpload(request);
      if ('refusal' in asked) return refuse(reply, asked.refusal);
      const { shelf } = opened();
      const there = shelf.sizeOf(asked.sha256);
      if (there !== null) return ok(reply, 200, { size: there });
      const why = await shelf.receive(asked.sha256, asked.length, request.raw, makerOf(request).owner);
      return why === null ? ok(reply, 201, { size: asked.length }) : refuse(reply, why.refusal);
    });
    done();
  });
}

interface IdParam {
  Params: { id: string };
}

interface HashParam {
  Params: { sha256: string };
}

function entryOf(request: FastifyRequest<IdParam>, { list }: JobService): Entry | null {
  const { id } = request.params;
  const key = request.headers[JOB_KEY_HEADER.toLowerCase()];
  return JOB_ID.test(id) && isJobKey(key) ? list.find(id, key) : null;
}

function readUpload({ params, headers }: FastifyRequest<HashParam>): { sha256: string; length: number } | Refused {
  const bad = (what: string): Refused => ({ refusal: { kind: 'bad-request', what } satisfies JobRefusal });
  if (!SHA256.test(params.sha256)) return bad('sha256');
  const length = headers['content-length'] ?? '';
  if (headers['transfer-encoding'] !== undefined || !/^[1-9]\d{0,14}$/.test(length)) return bad('Content-Length');
  return { sha256: params.sha256, length: Number(length) };
}

function isRefused(answer: object): answer is Refused {
  return 'refusal' in answer;
}
