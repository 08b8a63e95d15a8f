/** How pages ask for jobs (docs/host-jobs.md): the same checks as the gateway's, then the job's own key. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ClientRate } from '../../gateway/gateway.ts';
import { GONE } from '../../serve/listeners.ts';
import { JobDoor, namedIn, ok, RATE, type Answer, type IdParam, type JobRoutesOptions } from './job-door.ts';
import { readCreate, readFollow, readIdentify, readOrder, SHA256 } from '../job-shapes.ts';
import { refuse, refused, type Refused } from '../refused.ts';

/** Each of them may be 64 MiB of disk. */
export const UPLOAD_RATE: ClientRate = { max: 60, timeWindow: 60_000 };
export const STREAM_RATE: ClientRate = { max: 120, timeWindow: 60_000 };

/** Each may take seconds; a household's devices, some times over. */
export const IDENTIFY_RATE: ClientRate = { max: 300, timeWindow: 60_000 };

/** Adds the routes. The rate limit plugin must be registered before. */
export function addJobRoutes(app: FastifyInstance, options: JobRoutesOptions): void {
  const door = new JobDoor(options);

  app.post('/jobs', door.guarded(RATE), async (request, reply): Answer => {
    const read = readCreate(request.body);
    if (read.kind === 'wrong') return refuse(reply, { kind: 'bad-request', what: read.what });
    const made = await door.service.create(read.value, door.makerOf(request));
    if (made.kind === 'refused') return refuse(reply, made.refusal);
    return ok(reply, made.isNew ? 201 : 200, { job: made.job });
  });

  app.post('/jobs/identify', door.guarded(IDENTIFY_RATE), async (request, reply): Answer => {
    const read = readIdentify(request.body);
    if (read.kind === 'wrong') return refuse(reply, { kind: 'bad-request', what: read.what });
    const told = await door.service.identify(read.value, door.makerOf(request));
    return told.kind === 'refused' ? refuse(reply, told.refusal) : ok(reply, 200, told);
  });

  app.get<IdParam>('/jobs/:id', door.guarded(RATE), async (request, reply): Answer => {
    const entry = namedIn(request, (id, key) => door.service.list.find(id, key));
    if (entry === null) return refuse(reply, { kind: 'no-such-job' });
    return ok(reply, 200, { job: entry.record.job });
  });

  app.post<IdParam>('/jobs/:id', door.guarded(RATE), async (request, reply): Answer => {
    const entry = namedIn(request, (id, key) => door.service.list.find(id, key));
    if (entry === null) return refuse(reply, { kind: 'no-such-job' });
    const read = readOrder(request.body);
    if (read.kind === 'wrong') return refuse(reply, { kind: 'bad-request', what: read.what });
    const done = await door.service.order(entry, read.value);
    if (done.kind === 'refused') return refuse(reply, done.refusal);
    return done.job === null ? reply.code(204).send() : ok(reply, 200, { job: done.job });
  });

  app.post('/jobs/events', door.guarded(STREAM_RATE), async (request, reply): Answer => {
    const { streams } = door.service;
    const read = readFollow(request.body);
    if (read.kind === 'wrong') return refuse(reply, { kind: 'bad-request', what: read.what });
    const client = request.raw.socket.remoteAddress ?? GONE;
    if (!streams.hasRoomFor(client)) return refuse(reply, { kind: 'too-many-streams' });
    const lastSeen = request.headers['last-event-id'];
    reply.hijack();
    streams.follow(reply.raw, client, read.value, typeof lastSeen === 'string' ? lastSeen : null, () =>
      door.isOpenTo(request),
    );
    return reply;
  });

  app.get<HashParam>('/jobs/firmware/:sha256', door.guarded(RATE), async (request, reply): Answer => {
    const size = door.service.shelf.sizeOf(request.params.sha256);
    return size === null ? refuse(reply, { kind: 'no-such-firmware' }) : ok(reply, 200, { size });
  });

  void app.register((scope, _options, done) => {
    // The body is read as it comes, and nowhere gathered.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.put<HashParam>('/jobs/firmware/:sha256', door.guarded(UPLOAD_RATE), async (request, reply): Answer => {
      const asked = readUpload(request);
      if (asked.kind === 'refused') return refuse(reply, asked.refusal);
      const { shelf } = door.service;
      const there = shelf.sizeOf(asked.sha256);
      if (there !== null) return ok(reply, 200, { size: there });
      const why = await shelf.receive(asked.sha256, asked.length, request.raw, door.makerOf(request).owner);
      return why === null ? ok(reply, 201, { size: asked.length }) : refuse(reply, why.refusal);
    });
    done();
  });
}

interface HashParam {
  Params: { sha256: string };
}

interface Upload {
  readonly kind: 'upload';
  readonly sha256: string;
  readonly length: number;
}

function readUpload({ params, headers }: FastifyRequest<HashParam>): Upload | Refused {
  const bad = (what: string): Refused => refused({ kind: 'bad-request', what });
  if (!SHA256.test(params.sha256)) return bad('sha256');
  const length = headers['content-length'] ?? '';
  if (headers['transfer-encoding'] !== undefined || !/^[1-9]\d{0,14}$/.test(length)) return bad('Content-Length');
  return { kind: 'upload', sha256: params.sha256, length: Number(length) };
}
