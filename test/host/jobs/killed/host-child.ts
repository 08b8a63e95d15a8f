/** A host in a process of its own, which a test may end in any way. Says its port on standard output. The argument: `Asked`, as JSON. */
import { JOB_LIMITS } from '../../../../src/host/jobs/job-making.ts';
import { startHost } from '../../../../src/host/serve/serve.ts';

export interface Asked {
  readonly appDir: string;
  readonly dataDir: string;
  /** 0: any free one. */
  readonly port: number;
  /** Updates at a time. */
  readonly running?: number;
}

const { running = JOB_LIMITS.running, ...asked } = JSON.parse(process.argv[2] ?? '') as Asked;
const host = await startHost({
  ...{ ...asked, simulate: { count: 0, port: 0 }, lan: null, logLevel: 'warn' },
  resolve: () => Promise.resolve([]),
  discover: () => Promise.resolve([]),
  jobs: { limits: { jobs: { ...JOB_LIMITS, running } } },
});
process.stdout.write(`${new URL(host.url).port}\n`);
process.once('SIGTERM', () => void host.stop());
