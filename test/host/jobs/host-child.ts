/**
 * A host in a process of its own, which a test may end in any way. Says its port on standard output. Arguments: page, data
 * folder, and "one at a time" for one update at once.
 */
import { JOB_LIMITS } from '../../../src/host/jobs/jobs.ts';
import { startHost } from '../../../src/host/serve/serve.ts';

const [appDir = '', dataDir = '', ...how] = process.argv.slice(2);
const running = how.includes('one at a time') ? 1 : JOB_LIMITS.running;
const host = await startHost({
  ...{ appDir, dataDir, port: 0, simulate: { count: 0, port: 0 }, lan: null, logLevel: 'warn' },
  resolve: () => Promise.resolve([]),
  jobs: { limits: { jobs: { ...JOB_LIMITS, running } } },
});
process.stdout.write(`${new URL(host.url).port}\n`);
process.once('SIGTERM', () => void host.stop());
