/** What the documentation's own client does: 4,096 bytes, wait for the answer, the next 4,096, on one connection. */
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';

const CHUNK_BYTES = 4096;

export interface LoopTarget {
  readonly origin: string;
  readonly token: string;
  readonly dialect: 'documented' | 'shipped';
}

/** Sends the whole image; resolves with the milliseconds from begin's request to finalize's answer, or its dropping. */
export async function plainLoop({ origin, token, dialect }: LoopTarget, image: Uint8Array): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sha256 = createHash('sha256').update(image).digest('hex');
  const shipped = dialect === 'shipped';
  const auth: Record<string, string> = shipped ? { 'X-OTA-Token': token } : { Authorization: `Bearer ${token}` };
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
  const good = async (route: string, body: Uint8Array | string): Promise<void> => {
    const status = await post(route, body);
    if (status !== 200) throw new Error(`${route} was answered with ${status}`);
  };

  const startedAt = performance.now();
  const size = image.length;
  await good('begin', JSON.stringify(shipped ? { expected_size: size, expected_sha256: sha256 } : { size }));
  for (let at = 0; at < size; at += CHUNK_BYTES) {
    await good(shipped ? `chunk?offset=${at}` : 'write', image.subarray(at, at + CHUNK_BYTES));
  }
  if (shipped) {
    // It restarts before it answers; any answer at all would be a refusal.
    const answered = await post('finalize', JSON.stringify({ set_boot: true, reboot: true })).catch(() => null);
    if (answered !== null) throw new Error(`finalize was answered with ${answered}`);
  } else {
    await good('finalize', JSON.stringify({ sha256 }));
  }
  agent.destroy();
  return performance.now() - startedAt;
}
