/** A host in a process of its own, which a test may end in any way. Says its port on standard output. Arguments: page, data folder. */
import { startHost } from '../../../src/host/serve/serve.ts';

const [appDir = '', dataDir = ''] = process.argv.slice(2);
const host = await startHost({
  ...{ appDir, dataDir, port: 0, simulate: { count: 0, port: 0 }, lan: null, logLevel: 'warn' },
  resolve: () => Promise.resolve([]),
});
process.stdout.write(`${new URL(host.url).port}\n`);
process.once('SIGTERM', () => void host.stop());
