/** How a refusal is answered. */
import type { FastifyReply } from 'fastify';
import type { JobRefusal, JobRefusalKind } from '../../model/jobs/job-refusals.ts';
import { jobRefusalWords } from '../../words/host/jobs.ts';

/** What is refused, as a value. */
export interface Refused {
  readonly kind: 'refused';
  readonly refusal: JobRefusal;
}

export function refused(refusal: JobRefusal): Refused {
  return { kind: 'refused', refusal };
}

const STATUS: Readonly<Record<JobRefusalKind, number>> = {
  'not-our-page': 403,
  'not-paired': 403,
  'bad-request': 400,
  'no-such-job': 404,
  'no-such-firmware': 404,
  'hash-mismatch': 422,
  'too-large': 413,
  'too-slow': 408,
  'disk-full': 507,
  'cannot-keep': 503,
  'too-many-jobs': 503,
  'too-many-streams': 503,
  'too-many-uploads': 503,
  'device-busy': 409,
  'not-now': 409,
  'not-reached': 422,
  'no-such-rollout': 404,
  'too-many-rollouts': 503,
  'too-many-devices': 422,
  'no-micropython': 422,
  'rollout-not-now': 409,
  'no-such-offer': 409,
  'not-written': 503,
};

export function refuse(reply: FastifyReply, refusal: JobRefusal): FastifyReply {
  // In the words of the gateway: the page looks again how it stands.
  if (refusal.kind === 'not-paired') reply.header('Moult-Gateway', 'not-paired');
  if (refusal.kind === 'too-many-streams' || refusal.kind === 'too-many-uploads') reply.header('Retry-After', '5');
  // What was to come is not waited for.
  if (refusal.kind === 'too-slow') reply.header('Connection', 'close');
  return reply
    .header('Cache-Control', 'no-store')
    .code(STATUS[refusal.kind])
    .send({ refusal, detail: jobRefusalWords(refusal) });
}
