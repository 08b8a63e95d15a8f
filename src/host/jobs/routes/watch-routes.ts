/** What programs of this machine are told of the host: that it lives, and how much it does (Prometheus' text format). */
import type { FastifyInstance } from 'fastify';
import type { JobStandingKind } from '../../../model/jobs/job.ts';
import { placeOf } from '../../serve/listeners.ts';
import type { JobService } from '../job-service.ts';
import { METRICS } from '../../../words/host/jobs.ts';

const STANDINGS: readonly JobStandingKind[] = [
  'waiting-for-token',
  'queued',
  'running',
  'paused',
  'offers-to-go-on',
  'ended',
];

/** Adds `/healthz` and `/metrics`. They name no device, no job and no client. */
export function addWatchRoutes(app: FastifyInstance, service: () => JobService | null): void {
  app.get('/healthz', async (request, reply) => {
    if (placeOf(request.raw) !== 'here') {
      reply.callNotFound();
      return reply;
    }
    return reply.header('Cache-Control', 'no-store').send({ ok: true, jobs: service() !== null });
  });
  app.get('/metrics', async (request, reply) => {
    if (placeOf(request.raw) !== 'here') {
      reply.callNotFound();
      return reply;
    }
    return reply
      .header('Cache-Control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(metricsOf(service()));
  });
}

type Sample = readonly [labels: string, value: number];

function metricsOf(service: JobService | null): string {
  const standings = [...(service?.list.entries ?? [])].map(({ record }) => record.job.standing.kind);
  const rollouts = [...(service?.rollouts.entries ?? [])].map(({ now }) => now.standing);
  const families: readonly (readonly [name: string, help: string, samples: readonly Sample[]])[] = [
    [
      'moult_jobs',
      METRICS.jobs,
      STANDINGS.map((kind) => [`{standing="${kind}"}`, standings.filter((one) => one === kind).length]),
    ],
    [
      'moult_rollouts',
      METRICS.rollouts,
      STANDINGS.filter((kind) => kind !== 'queued').map((kind) => [
        `{standing="${kind}"}`,
        rollouts.filter((one) => one === kind).length,
      ]),
    ],
    ['moult_job_streams', METRICS.streams, [['', service?.streams.size ?? 0]]],
    ['moult_firmware_files', METRICS.firmwareFiles, [['', service?.shelf.files ?? 0]]],
    ['moult_firmware_bytes', METRICS.firmwareBytes, [['', service?.shelf.bytes ?? 0]]],
    ['process_resident_memory_bytes', METRICS.memory, [['', process.memoryUsage.rss()]]],
    ['process_cpu_seconds_total', METRICS.processor, [['', processorSeconds()]]],
    [
      'process_start_time_seconds',
      METRICS.startTime,
      [['', Math.round((performance.timeOrigin / 1000) * 1000) / 1000]],
    ],
  ];
  return families
    .map(([name, help, samples]) =>
      [
        `# HELP ${name} ${help}`,
        // A counter's name says that it is one.
        `# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}`,
        ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
      ]
        .map((line) => `${line}\n`)
        .join(''),
    )
    .join('');
}

/** What this process has taken of all cores since its start. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}
