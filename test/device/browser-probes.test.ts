import { expect } from 'chai';
import {
  askForLocalNetwork,
  browserProbes,
  localNetworkPermission,
  type PageSurroundings,
} from '../../src/device/browser-probes.ts';
import type { FetchLike } from '../../src/device/request.ts';
import type { UpdateErrorCode } from '../../src/update/update-error.ts';
import { answering, errorOf, limits, snapshot, target } from './given.ts';
import { ManualClock, settled } from './manual-clock.ts';

const { signal } = limits();
const HOST = '192.168.1.50';

function page(changes: Partial<PageSurroundings> = {}): PageSurroundings {
  return {
    origin: 'https://moult.example',
    hostname: 'moult.example',
    isSecureContext: true,
    knowsAddressSpaces: true,
    online: () => true,
    queryPermission: async () => ({ state: 'prompt' }),
    onPolicyViolation: () => undefined,
    ...changes,
  };
}

describe('the browser’s permission for the local network', () => {
  it('is what the browser tells on a secure page', async () => {
    for (const state of ['granted', 'denied', 'prompt'] as const) {
      expect(await localNetworkPermission(page({ queryPermission: async () => ({ state }) }), HOST)).to.equal(state);
    }
  });

  it('is asked under the name it had at first, where the browser does not know the other', async () => {
    const asked: string[] = [];
    const queryPermission = async (name: string) => {
      asked.push(name);
      if (name === 'local-network') throw new TypeError('unknown name');
      return { state: 'granted' };
    };
    expect(await localNetworkPermission(page({ queryPermission }), HOST)).to.equal('granted');
    expect(asked).to.deep.equal(['local-network', 'local-network-access']);
  });

  it('is another one for devices on this machine, where the browser tells them apart', async () => {
    const queryPermission = async (name: string) => ({ state: name === 'loopback-network' ? 'denied' : 'granted' });
    expect(await localNetworkPermission(page({ queryPermission }), '127.0.0.1')).to.equal('denied');
    expect(await localNetworkPermission(page({ queryPermission }), HOST)).to.equal('granted');
  });

  it('plays no part where the browser has none, the page is not secure, or the page is local itself', async () => {
    const unknown = () => Promise.reject(new TypeError('unknown name'));
    const cases: readonly Partial<PageSurroundings>[] = [
      { queryPermission: unknown },
      { queryPermission: null },
      { queryPermission: async () => ({ state: 'other' }) },
      { isSecureContext: false },
      { hostname: 'localhost' },
      { hostname: '127.0.0.1' },
      { hostname: '192.168.1.9' },
      { hostname: 'laptop.local' },
    ];
    for (const changes of cases) expect(await localNetworkPermission(page(changes), HOST)).to.equal('none');
  });

  it('is asked for without a token and without a time limit, and it tells whether anything answered', async () => {
    const clock = new ManualClock();
    let answerIt: (response: Response) => void = () => undefined;
    const headers: string[] = [];
    const fetch: FetchLike = (_url, init) => {
      headers.push(...init.headers.keys());
      return new Promise((resolve) => (answerIt = resolve));
    };
    const work = askForLocalNetwork(target(), page(), { fetch, clock, signal });
    await settled();
    expect(clock.pending).to.equal(0);
    answerIt(new Response());
    expect(await work).to.equal(true);
    expect(headers).to.deep.equal([]);
    expect(await askForLocalNetwork(target(), page(), { ...answering(new TypeError()), clock, signal })).to.equal(
      false,
    );
  });
});

describe('the doctor’s probes in a page', () => {
  function probes(fetch: FetchLike, changes: Partial<PageSurroundings> = {}, clock = new ManualClock()) {
    return browserProbes(page(changes), { fetch, clock, gateway: false, signal });
  }

  it('know the page', async () => {
    const { fetch } = answering();
    const made = browserProbes(page({ online: () => false }), {
      fetch,
      clock: new ManualClock(),
      gateway: true,
      signal,
    });
    expect(made.page).to.deep.equal({ origin: 'https://moult.example', secure: true });
    expect([made.gateway, made.online(), await made.permission(target()), await made.letsLocalHttp()]).to.deep.equal([
      true,
      false,
      'prompt',
      true,
    ]);
    expect(await probes(fetch, { queryPermission: null }).letsLocalHttp()).to.equal(false);
    // As Firefox 153: the permission has a name there, and mixed content stays blocked.
    expect(await probes(fetch, { knowsAddressSpaces: false }).letsLocalHttp()).to.equal(false);
  });

  it('tell a device’s answer from other servers’', async () => {
    const answers: readonly (readonly [answer: Response, foreign: boolean, code?: UpdateErrorCode])[] = [
      [Response.json(snapshot()), false],
      [Response.json({ written: 0 }), false],
      [Response.json({ status: 'ok' }), false],
      [new Response('It works!'), true],
      [new Response('<!doctype html>'), true, 'web-page'],
    ];
    for (const [answer, foreign, code = null] of answers) {
      const asked = await probes(answering(answer).fetch).ask(target(), 'bearer');
      expect(asked).to.deep.equal({ code, status: 200, said: null, foreign });
    }
  });

  it('tell how a question failed, but not that we stopped asking', async () => {
    const { fetch } = answering(Response.json({ detail: 'invalid ota token' }, { status: 401 }), new TypeError('x'));
    const made = probes(fetch);
    expect(await made.ask(target(), 'bearer')).to.deep.equal({
      code: 'unauthorised',
      status: 401,
      said: 'invalid ota token',
      foreign: false,
    });
    expect((await made.ask(target(), 'bearer')).code).to.equal('unreachable');
    const router = answering(new Response('<!doctype html><title>Router</title>', { status: 404 }));
    expect(await probes(router.fetch).ask(target(), 'bearer')).to.include({ code: 'no-route', foreign: true });
    const deps = { fetch, clock: new ManualClock(), gateway: false, signal: AbortSignal.abort() };
    expect((await errorOf(browserProbes(page(), deps).ask(target(), 'none'))).code).to.equal('aborted');
    expect((await errorOf(browserProbes(page(), deps).knock(target()))).code).to.equal('aborted');
  });

  it('measure how long a knock took, and give it up after six seconds', async () => {
    const clock = new ManualClock();
    const refused: FetchLike = async () => {
      await clock.pass(120);
      throw new TypeError('Failed to fetch');
    };
    expect(await probes(refused, {}, clock).knock(target())).to.deep.equal({ reached: false, ms: 120 });
    const silent = probes(() => new Promise<never>(() => undefined), {}, clock).knock(target());
    await clock.pass(6000);
    expect(await silent).to.deep.equal({ reached: false, ms: 6000 });
    expect(await probes(answering(new Response()).fetch, {}, clock).knock(target())).to.deep.equal({
      reached: true,
      ms: 0,
    });
  });

  it('hear of requests to the device that the page’s policy stopped, a moment after', async () => {
    const clock = new ManualClock();
    let report: (directive: string, uri: string) => void = () => undefined;
    const onPolicyViolation: PageSurroundings['onPolicyViolation'] = (listener) => (report = listener);
    const made = probes(answering().fetch, { onPolicyViolation }, clock);
    const blocked = async (): Promise<boolean> => {
      const work = made.blockedByPolicy(target());
      await clock.pass(50);
      return work;
    };
    report('connect-src', 'http://192.168.1.51:8080/ota/status');
    report('connect-src', 'http://192.168.1.50:80801/ota/status');
    report('img-src', 'http://192.168.1.50:8080/logo.png');
    expect(await blocked()).to.equal(false);
    report('connect-src', 'http://192.168.1.50:8080/ota/status');
    expect(await blocked()).to.equal(true);
  });

  it('hear of it also where the browser names the origin only', async () => {
    const clock = new ManualClock();
    const onPolicyViolation: PageSurroundings['onPolicyViolation'] = (listener) =>
      listener('connect-src', 'http://192.168.1.50:8080');
    const work = probes(answering().fetch, { onPolicyViolation }, clock).blockedByPolicy(target());
    await clock.pass(50);
    expect(await work).to.equal(true);
  });
});
