import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { onEvery } from '../../../src/simulator/faults.ts';
import { Bench } from '../bench.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What one garbage collection releases, the next one frees.
  for (let time = 0; time < 3; time += 1) {
    collect();
    await turn();
  }
}

describe('A request that hangs on a simulated device', () => {
  it('ends when the client gives up, also where only the device references it', async () => {
    const bench = new Bench();
    bench.device.fault = onEvery('status', { kind: 'hang', when: 'after' });
    const client = new AbortController();
    let hasEnded = false;
    // The request is made in a function of its own, so that no variable here references it.
    const ask = async (): Promise<void> => {
      const request = new Request(bench.request('GET', '/status'), { signal: client.signal });
      await bench.device.handle(request).catch(() => undefined);
      hasEnded = true;
    };
    void ask();
    await turn();
    await collectGarbage();
    client.abort();
    await turn();
    expect(hasEnded).to.equal(true);
    expect(bench.device.requests.at(-1)?.status).to.equal('given up');
  });
});
