/** Asks an address what it is: one question after another, and soon given up where nothing answers. */
import { expect } from 'chai';
import { probeWholeByAnyRoute } from '../../../src/device/whole-image/open-whole.ts';
import { wled } from '../../../src/device/whole-image/links.ts';
import type { Probe } from '../../../src/device/link-deps.ts';
import { probeWhole } from '../../../src/device/whole-image/probes.ts';
import type { DeviceIdentity } from '../../../src/model/device/identity.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { fetchFrom } from '../../../src/simulator/device-fetch.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { limits, ORIGIN, target } from '../given.ts';

const LAMP: DeviceIdentity = {
  ...{ product: 'WLED', name: 'Hall', version: '16.0.1', release: 'ESP32', build: null, chipId: 0, chip: 'esp32' },
  ...{ flashBytes: null, uptimeMs: 1000, takesUpdates: true, keepsHalf: false },
};

/** One of the questions. `told`: its result. */
interface Script {
  readonly told: DeviceIdentity | null | UpdateError;
  /** Milliseconds that it takes. */
  readonly takes?: number;
}

async function probed(scripts: readonly Script[]) {
  const clock = new FakeClock();
  const asked: number[] = [];
  let atOnce = 0;
  const probes = scripts.map(({ told, takes = 0 }, index): Probe => ({
    dialect: 'wled',
    ask: async (_target, { timeoutMs }) => {
      atOnce += 1;
      expect(atOnce, 'one at a time').to.equal(1);
      asked.push(index);
      await clock.sleep(Math.min(takes, timeoutMs));
      atOnce -= 1;
      if (takes > timeoutMs) throw new UpdateError('silent');
      if (told instanceof UpdateError) throw told;
      return told;
    },
  }));
  const deps = { fetch: () => Promise.reject(new TypeError('Failed to fetch')), clock };
  const found = await clock.settle(probeWhole(target(), limits(), deps, probes));
  return { found, asked, tookMs: clock.now() };
}

const SECOND = 1_000;
const nothing = { told: null };
const refused = { told: new UpdateError('unreachable') };

describe('asking an address what it is', () => {
  it('ends with the first question that recognises it', async () => {
    const { found, asked } = await probed([nothing, { told: LAMP }, { told: LAMP }]);
    expect(found).to.deep.equal({ dialect: 'wled', identity: LAMP });
    expect(asked).to.deep.equal([0, 1]);
  });

  it('goes through all of them where something else answers', async () => {
    expect(await probed([nothing, refused, nothing])).to.deep.include({ found: null, asked: [0, 1, 2] });
  });

  it('asks only once where nothing answers, in less than two seconds', async () => {
    const silent = { told: LAMP, takes: 60 * SECOND };
    const { found, asked, tookMs } = await probed([silent, silent, silent]);
    expect({ found, asked }).to.deep.equal({ found: 'nobody', asked: [0] });
    expect(tookMs).to.be.lessThan(2 * SECOND);
  });

  it('takes less than two seconds, too, where each question ends slowly and without an answer', async () => {
    const slow = { ...refused, takes: 0.9 * SECOND };
    const { found, tookMs } = await probed([slow, slow, slow, slow]);
    expect(found).to.not.be.an('object');
    expect(tookMs).to.be.lessThan(2 * SECOND);
  });

  it('takes no longer than that where a host could ask more', async () => {
    // The fake clock does not wait for code that is loaded.
    await wled();
    const clock = new FakeClock();
    let byHost = 0;
    const deps = {
      ...{ clock, fetch: () => new Promise<never>(() => undefined), permission: async () => 'none' as const },
      askHost: () => {
        byHost += 1;
        return Promise.resolve(null);
      },
    };
    const found = await clock.settle(probeWholeByAnyRoute(ORIGIN, '', new AbortController().signal, deps));
    expect({ found, byHost }).to.deep.equal({ found: 'nobody', byHost: 0 });
    expect(clock.now()).to.be.lessThan(2 * SECOND);
  });

  it('waits for each question anew where something answered', async () => {
    const { found, asked } = await probed([
      { ...nothing, takes: SECOND },
      { ...nothing, takes: SECOND },
      { told: LAMP, takes: SECOND },
    ]);
    expect(asked).to.deep.equal([0, 1, 2]);
    expect(found).to.deep.include({ dialect: 'wled' });
  });

  it('rejects where it is given up', async () => {
    const aborted = { told: new UpdateError('aborted') };
    const gone = new AbortController();
    gone.abort();
    const deps = { fetch: () => Promise.reject(new TypeError('Failed to fetch')), clock: new FakeClock() };
    const ask = (): Promise<null> => Promise.reject(aborted.told);
    const options = { ...limits(), signal: gone.signal };
    const error: unknown = await probeWhole(target(), options, deps, [{ dialect: 'wled', ask }]).catch(
      (e: unknown) => e,
    );
    expect(error).to.equal(aborted.told);
  });

  it('asks by GET alone, without a secret', async () => {
    const lamp = new SimulatedWled({});
    const requests: Request[] = [];
    const inner = fetchFrom(new Map([[ORIGIN, lamp]]));
    const fetch = (url: string, init: RequestInit) => {
      requests.push(new Request(url, init));
      return inner(url, init);
    };
    const found = await probeWhole(target({ protocol: 'automatic' }), limits(), { fetch, clock: new FakeClock() });
    expect(found).to.deep.include({ dialect: 'wled' });
    for (const { method, headers, url } of requests) {
      expect(method).to.equal('GET');
      expect([...headers.keys()].filter((name) => /token|authorization/i.test(name))).to.deep.equal([]);
      expect(new URL(url).pathname).to.not.match(/^\/(ota\/start|u3|u4|up)\b/);
    }
  });
});
