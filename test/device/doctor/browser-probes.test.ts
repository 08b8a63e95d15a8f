import { expect } from 'chai';
import { askForLocalNetwork, browserProbes } from '../../../src/device/doctor/browser-probes.ts';
import type { PageSurroundings } from '../../../src/device/doctor/page-surroundings.ts';
import type { FetchLike } from '../../../src/device/request.ts';
import { answering, errorOf, limits, snapshot, target } from '../given.ts';
import { ManualClock, settled } from '../manual-clock.ts';
import { page } from './surroundings.ts';

const { signal } = limits();

describe('the browser’s permission for the local network', () => {
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

  it('know where the page comes from', async () => {
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

  it('tell what kind of answer it was', async () => {
    const answers: readonly (readonly [answer: Response, code: string | null, body: string])[] = [
      [Response.json(snapshot()), null, 'snapshot'],
      [Response.json(snapshot({ supported: false })), 'unsupported', 'snapshot'],
      [Response.json({ written: 0 }), null, 'json'],
      [Response.json([]), null, 'text'],
      [new Response('It works!'), null, 'text'],
      [new Response(''), null, 'empty'],
      [new Response(' \r\n'), null, 'empty'],
      [new Response(null, { status: 204 }), null, 'empty'],
      [new Response('<!doctype html>'), 'web-page', 'page'],
    ];
    for (const [answer, code, body] of answers) {
      const { status } = answer;
      const asked = await probes(answering(answer).fetch).ask(target(), 'bearer');
      expect(asked).to.deep.equal({ code, status, said: null, body, gatewaySays: null });
    }
  });

  it('ask for a path that cannot exist, and for what the device tells of itself', async () => {
    const { fetch, seen } = answering(new Response(''), Response.json({ openapi: '3.0.3', paths: {} }));
    const made = probes(fetch);
    expect(await made.control(target({ prefix: '/fw' }), 'token-header')).to.include({ status: 200, body: 'empty' });
    expect(await made.describe(target({ prefix: '/fw' }))).to.include({ isViper: false });
    expect(await made.describe(target({ prefix: '/fw' })), 'asked once').to.include({ isViper: false });
    expect(seen[0]?.url).to.match(/^http:\/\/192\.168\.1\.50:8080\/fw\/no-such-route-[0-9a-f]{12}$/);
    expect(seen[0]?.init.headers.get('X-OTA-Token')).to.equal(target().token);
    expect(seen[1]?.url).to.equal('http://192.168.1.50:8080/openapi.json');
  });

  it('tell the gateway’s own answers from the device’s', async () => {
    const refusal = (headers: Record<string, string>) =>
      Response.json({ detail: 'Nothing answers.' }, { status: 502, headers });
    const { fetch } = answering(
      refusal({ 'Moult-Gateway': 'unreachable' }),
      refusal({}),
      refusal({ 'Moult-Gateway': 'x' }),
    );
    const made = probes(fetch);
    const byGateway = target({ viaGateway: '' });
    expect(await made.ask(byGateway, 'none')).to.include({
      gatewaySays: 'unreachable',
      said: 'Nothing answers.',
      body: 'text',
    });
    expect(await made.ask(byGateway, 'none')).to.include({ gatewaySays: null });
    expect(await made.ask(target(), 'none'), 'a device may send any header').to.include({ gatewaySays: null });
  });

  it('report how a question failed, but not that we ended it ourselves', async () => {
    const { fetch } = answering(Response.json({ detail: 'invalid ota token' }, { status: 401 }), new TypeError('x'));
    const made = probes(fetch);
    expect(await made.ask(target(), 'bearer')).to.deep.equal({
      code: 'unauthorised',
      status: 401,
      said: 'invalid ota token',
      body: 'text',
      gatewaySays: null,
    });
    expect(await made.ask(target(), 'bearer')).to.include({ code: 'unreachable', status: null, body: null });
    const empty = answering(new Response('', { status: 404 }));
    expect(await probes(empty.fetch).ask(target(), 'bearer')).to.include({ code: 'no-route', body: 'empty' });
    const router = answering(new Response('<!doctype html><title>Router</title>', { status: 404 }));
    expect(await probes(router.fetch).ask(target(), 'bearer')).to.include({ code: 'no-route', body: 'page' });
    const deps = { fetch, clock: new ManualClock(), gateway: false, signal: AbortSignal.abort() };
    expect((await errorOf(browserProbes(page(), deps).ask(target(), 'none'))).code).to.equal('aborted');
    expect((await errorOf(browserProbes(page(), deps).probe(target()))).code).to.equal('aborted');
  });

  it('measure how long a probe took, and give it up after six seconds', async () => {
    const clock = new ManualClock();
    const refused: FetchLike = async () => {
      await clock.pass(120);
      throw new TypeError('Failed to fetch');
    };
    expect(await probes(refused, {}, clock).probe(target())).to.deep.equal({ reached: false, ms: 120 });
    const silent = probes(() => new Promise<never>(() => undefined), {}, clock).probe(target());
    await clock.pass(6000);
    expect(await silent).to.deep.equal({ reached: false, ms: 6000 });
    expect(await probes(answering(new Response()).fetch, {}, clock).probe(target())).to.deep.equal({
      reached: true,
      ms: 0,
    });
  });

  it('see requests to the device that the page’s policy blocked, a moment after', async () => {
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

  it('see them also where the browser names the origin only', async () => {
    const clock = new ManualClock();
    const onPolicyViolation: PageSurroundings['onPolicyViolation'] = (listener) =>
      listener('connect-src', 'http://192.168.1.50:8080');
    const work = probes(answering().fetch, { onPolicyViolation }, clock).blockedByPolicy(target());
    await clock.pass(50);
    expect(await work).to.equal(true);
  });

  it('watch for blocked requests until their own are ended, or for as long as they are told', async () => {
    for (const longer of [undefined, new AbortController()]) {
      const sending = new AbortController();
      let until: AbortSignal | undefined;
      const onPolicyViolation: PageSurroundings['onPolicyViolation'] = (_listener, signal) => (until = signal);
      const watch = longer === undefined ? {} : { until: longer.signal };
      const deps = { ...answering(), clock: new ManualClock(), gateway: false, signal: sending.signal, ...watch };
      browserProbes(page({ onPolicyViolation }), deps);
      sending.abort();
      expect(until?.aborted).to.equal(longer === undefined);
      longer?.abort();
      expect(until?.aborted).to.equal(true);
    }
  });

  it('say in the log of requests what each question was for', async () => {
    const kinds: string[] = [];
    const deps = { ...answering(new Response(''), new Response('')), clock: new ManualClock(), gateway: false, signal };
    const made = browserProbes(page(), { ...deps, observe: ({ kind }) => kinds.push(kind) });
    await made.ask(target(), 'none');
    await made.control(target(), 'none');
    expect(kinds).to.deep.equal(['status', 'control']);
  });
});
