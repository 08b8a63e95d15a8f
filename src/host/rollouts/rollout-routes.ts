/** How pages ask for rollouts (docs/host-jobs.md). They are followed over the stream of the jobs. */
import type { FastifyInstance } from 'fastify';
import {
  JobDoor,
  namedIn,
  ok,
  RATE,
  type Answer,
  type IdParam,
  type JobRoutesOptions,
} from '../jobs/routes/job-door.ts';
import { refuse } from '../jobs/refused.ts';
import { wholeOf } from './rollout-list.ts';
import { readCreateRollout, readRolloutOrder, ROLLOUT_BYTES } from './rollout-shapes.ts';

/** Each of them may be two megabytes to read. */
export const MAKE_RATE = { max: 30, timeWindow: 60_000 };

/** Adds the routes. The rate limit plugin must be registered before. */
export function addRolloutRoutes(app: FastifyInstance, options: JobRoutesOptions): void {
  const door = new JobDoor(options);

  app.post('/rollouts', { ...door.guarded(MAKE_RATE), bodyLimit: ROLLOUT_BYTES }, async (request, reply): Answer => {
    const read = readCreateRollout(request.body);
    if (read.kind === 'wrong') return refuse(reply, { kind: 'bad-request', what: read.what });
    const made = await door.service.createRollout(read.value, door.makerOf(request));
    if (made.kind === 'refused') return refuse(reply, made.refusal);
    return ok(reply, made.isNew ? 201 : 200, { rollout: made.rollout });
  });

  app.get<IdParam>('/rollouts/:id', door.guarded(RATE), async (request, reply): Answer => {
    const entry = namedIn(request, (id, key) => door.service.rollouts.find(id, key));
    return entry === null ? refuse(reply, { kind: 'no-such-rollout' }) : ok(reply, 200, { rollout: wholeOf(entry) });
  });

  const ordered = { ...door.guarded(RATE), bodyLimit: ROLLOUT_BYTES };
  app.post<IdParam>('/rollouts/:id', ordered, async (request, reply): Answer => {
    const entry = namedIn(request, (id, key) => door.service.rollouts.find(id, key));
    if (entry === null) return refuse(reply, { kind: 'no-such-rollout' });
    const read = readRolloutOrder(request.body);
    if (read.kind === 'wrong') return refuse(reply, { kind: 'bad-request', what: read.what });
    const done = await door.service.orderRollout(entry, read.value);
    if (done.kind === 'refused') return refuse(reply, done.refusal);
    return done.rollout === null ? reply.code(204).send() : ok(reply, 200, { rollout: done.rollout });
  });
}
