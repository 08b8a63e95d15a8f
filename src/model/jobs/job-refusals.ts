/** Why the host does not do what it was asked about jobs: `{ refusal, detail }` in its answer. */
import type { RolloutStanding } from './host-rollout.ts';
import type { JobStandingKind } from './job.ts';

export type JobRefusal =
  /** 403: the request came from no page of this host. */
  | { readonly kind: 'not-our-page' }
  /** 403, with `Moult-Gateway: not-paired`, as the gateway says it. */
  | { readonly kind: 'not-paired' }
  /** 400. `what`: the place in the request, "device.origin". */
  | { readonly kind: 'bad-request'; readonly what: string }
  /** 404: there is none of that id, or the key is another one. */
  | { readonly kind: 'no-such-job' }
  /** 404: it has to be handed over first (again: the host lets go of what it has not needed for long). */
  | { readonly kind: 'no-such-firmware' }
  /** 422: the bytes that came have another SHA-256 than the address says. Nothing of them is kept. */
  | { readonly kind: 'hash-mismatch' }
  /** 413. `most`: bytes. */
  | { readonly kind: 'too-large'; readonly most: number }
  /** 408: the bytes stopped coming. Nothing of them is kept. */
  | { readonly kind: 'too-slow' }
  /** 507: no room, on the disk or in what the host sets aside for firmware, all of which its jobs need. */
  | { readonly kind: 'disk-full' }
  /** 503: the data folder cannot be written, or there is none. */
  | { readonly kind: 'cannot-keep' }
  /** 503: as many jobs as the host keeps, and none of them has ended. `most`: how many. */
  | { readonly kind: 'too-many-jobs'; readonly most: number }
  /** 503, with `Retry-After`: too many streams or uploads of this client, or in all. */
  | { readonly kind: 'too-many-streams' }
  | { readonly kind: 'too-many-uploads' }
  /** 409: another job of this host updates the device. `by`: as `Job.by`. `since`: milliseconds since 1970. */
  | { readonly kind: 'device-busy'; readonly by: string; readonly since: number }
  /**
   * 409: the order does not fit. `standing`: where the job stands; `waiting-for-token` also where an order that starts
   * it brought no secrets, and the host no longer has them.
   */
  | { readonly kind: 'not-now'; readonly standing: JobStandingKind }
  /** 404: there is no rollout of that id, or the key is another one. */
  | { readonly kind: 'no-such-rollout' }
  /** 503: as many rollouts as the host keeps, and none of them has ended. */
  | { readonly kind: 'too-many-rollouts'; readonly most: number }
  /** 422: more than one rollout may have. */
  | { readonly kind: 'too-many-devices'; readonly most: number }
  /** 422: the file shows no sign of MicroPython, and nobody agreed to that. */
  | { readonly kind: 'no-micropython' }
  /** 409: as `not-now`, of a rollout. */
  | { readonly kind: 'rollout-not-now'; readonly standing: RolloutStanding }
  /** 409: no assignment of a rollout server waits for a decision here: it runs, has ended, or was taken back. */
  | { readonly kind: 'no-such-offer' }
  /** 503: what a person said to the agent cannot be written down, so nothing has changed. */
  | { readonly kind: 'not-written' }
  /** 422: the host reaches no such address, for this client. `why`: as the gateway's codes. `device`: which one, of a rollout. */
  | {
      readonly kind: 'not-reached';
      readonly device?: string;
      readonly why: 'bad-address' | 'bad-port' | 'no-such-name' | 'not-private' | 'not-on-link';
    };

export type JobRefusalKind = JobRefusal['kind'];
