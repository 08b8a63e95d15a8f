/** Jobs as the host has them: opened once its folder is known, and closed with its sockets. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Job } from '../../model/jobs/job.ts';
import { nodeClock } from '../node-ports.ts';
import type { JobReach } from './run/job-fetch.ts';
import { addRolloutRoutes } from '../rollouts/rollout-routes.ts';
import type { JobRoutesOptions } from './routes/job-door.ts';
import { addJobRoutes } from './routes/job-routes.ts';
import { JobService, type JobServiceOptions } from './job-service.ts';
import { notify, noticeOf, type Post } from './notify.ts';
import { addWatchRoutes } from './routes/watch-routes.ts';
import { NOTICE_NOT_TAKEN } from '../../words/host/jobs.ts';

export interface HostJobsOptions extends Pick<JobServiceOptions, 'limits' | 'createFile'> {
  /** Where another program is told of each end; null or absent: nowhere. */
  readonly notify?: string | null;
  readonly post?: Post;
  /** Told of the jobs once they are open; never where another host has them, or the folder cannot be used. */
  readonly opened?: (service: JobService) => void;
}

export interface JobsWorld {
  readonly dataDir: string;
  readonly reach: JobReach;
  readonly log: FastifyBaseLogger;
  readonly notice: (sentence: string) => void;
}

export class HostJobs {
  readonly #options: HostJobsOptions;
  readonly #closing = new AbortController();
  #service: JobService | null = null;

  constructor(options: HostJobsOptions = {}) {
    this.#options = options;
  }

  get areOpen(): boolean {
    return this.#service !== null;
  }

  addRoutes(app: FastifyInstance, options: Omit<JobRoutesOptions, 'service'>): void {
    const service = (): JobService | null => this.#service;
    addJobRoutes(app, { ...options, service });
    addRolloutRoutes(app, { ...options, service });
    addWatchRoutes(app, service);
  }

  async open({ dataDir, reach, log, notice }: JobsWorld): Promise<void> {
    const { limits, createFile, opened } = this.#options;
    this.#service = await JobService.open({
      ...{ dataDir, reach, clock: nodeClock, trouble: notice },
      surprise: (error) => log.error({ error: String(error) }, 'job'),
      ended: (job) => this.#ended(job, log),
      ...(limits === undefined ? {} : { limits }),
      ...(createFile === undefined ? {} : { createFile }),
    });
    if (this.#service !== null) opened?.(this.#service);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const service = this.#service;
    this.#service = null;
    await service?.close();
  }

  #ended(job: Job, log: FastifyBaseLogger): void {
    const notice = noticeOf(job);
    if (notice === null) return;
    log.info({ job: job.id, outcome: notice.outcome, code: notice.code, ms: notice.durationMs });
    const { notify: url = null, post = fetch } = this.#options;
    if (url === null) return;
    void notify(url, notice, post, nodeClock, this.#closing.signal).then((arrived) => {
      if (!arrived) log.warn({ job: job.id }, NOTICE_NOT_TAKEN);
    });
  }
}
