/** What the devices' own clients do: a chunk, wait for the answer, the next chunk, on one connection for as long as it is kept. */
import { Agent, request } from 'node:http';
import type { SimulatedDialect } from '../../src/simulator/options.ts';
import { authOf, evenChunks, updateRequests } from './update-requests.ts';

export interface LoopTarget {
  readonly origin: string;
  readonly token: string;
  readonly dialect: SimulatedDialect;
}

/** What the documentation shows. */
export const DOCUMENTED_CHUNK = 4096;
/** What the published device's end-to-end test sends (tools/ota_e2e_test.py): with its headers it fits one request. */
export const PUBLISHED_CHUNK = 3840;

/** Sends the whole image in chunks of `chunkBytes`; resolves with the milliseconds from begin's request to finalize's answer, or its dropping. */
export async function plainLoop(
  { origin, token, dialect }: LoopTarget,
  image: Uint8Array,
  chunkBytes: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const auth = Object.fromEntries([authOf(dialect, token)]);
  const post = (route: string, body: Uint8Array | string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { ...auth, 'Content-Length': Buffer.byteLength(body) };
      const outgoing = request(`${origin}/ota/${route}`, { method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });

  const requests = updateRequests(dialect, image, evenChunks(chunkBytes));
  const startedAt = performance.now();
  for (const { route, body } of requests) {
    const answered = post(route, typeof body === 'string' ? body : image.subarray(...body));
    // A shipped device restarts before it answers; any answer at all would be a refusal.
    const expected = dialect === 'shipped' && route === 'finalize' ? null : 200;
    const status = expected === null ? await answered.catch(() => null) : await answered;
    if (status !== expected) throw new Error(`${route} was answered with ${status}`);
  }
  agent.destroy();
  return performance.now() - startedAt;
}
