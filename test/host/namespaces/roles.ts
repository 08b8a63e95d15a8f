/** Who is who in the namespaces of setup.sh: a device, the host, and a client that prints what came of each question. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lanAddresses } from '../../../src/host/own-names.ts';
import { startHost } from '../../../src/host/serve.ts';

/** A question: by which address of the host, and for which device. */
export type Question = readonly [by: string, target: string];

const [role = '', first = '', second = ''] = process.argv.slice(2);
const PORT = 4000;

function ask([by, target]: Question): Promise<number | string> {
  const own = by.includes(':') ? `[${by}]:${PORT}` : `${by}:${PORT}`;
  const headers = { host: own, origin: `http://${own}`, 'x-moult': '1' };
  return new Promise((resolve) => {
    const asked = request({ host: by, port: PORT, path: `/device/http/${target}/ota/status`, headers, agent: false });
    asked.on('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message));
    asked.on('response', (answer) => {
      answer.resume();
      const code = answer.headers['moult-gateway'];
      answer.on('end', () => resolve(typeof code === 'string' ? code : (answer.statusCode ?? 0)));
    });
    asked.end();
  });
}

/** Until the host is up. */
async function patiently(question: Question): Promise<number | string> {
  for (;;) {
    const answer = await ask(question);
    if (answer !== 'ECONNREFUSED' && answer !== 'unreachable') return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

switch (role) {
  case 'device':
    createServer((asked, answer) => void asked.resume().on('end', () => answer.end('{}'))).listen(
      Number(second),
      first,
    );
    break;
  case 'host': {
    const folder = mkdtempSync(join(tmpdir(), 'moult-namespaces-'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Moult</title>');
    await startHost({
      appDir: folder,
      port: Number(first),
      simulate: { count: 0, port: 0 },
      lan: { port: 0, addresses: lanAddresses, names: [], now: () => Date.now() },
      dataDir: join(folder, 'data'),
      logLevel: 'error',
    });
    break;
  }
  case 'ask': {
    const answers: (number | string)[] = [];
    for (const question of JSON.parse(first) as Question[]) answers.push(await patiently(question));
    process.stdout.write(`${JSON.stringify(answers)}\n`);
    break;
  }
  default:
    throw new Error(`no such role: ${role}`);
}
