import { expect } from 'chai';
import type { FetchLike, RequestDeps } from '../../../src/device/request.ts';
import { askControl, refusesWithoutToken } from '../../../src/device/viperhttp/control.ts';
import { answering, errorOf, limits, ORIGIN, target, TOKEN } from '../given.ts';
import { ManualClock } from '../manual-clock.ts';

const STOPPED = limits({ signal: AbortSignal.abort() });

/** What a request needs, with a defect of our own in it. */
function defective(defect: Error): RequestDeps {
  const observe = (): never => {
    throw defect;
  };
  return { ...answering(new Response()), clock: new ManualClock(), observe };
}

describe('asking for a path that cannot exist', () => {
  const ask = (method: 'GET' | 'POST', fetch: FetchLike, options = limits()) =>
    askControl(target(), method, options, { fetch, clock: new ManualClock() });

  it('carries the token, and a size and a hash of no image where it posts', async () => {
    const { fetch, seen } = answering(new Response('ok'), new Response('ok'));
    for (const method of ['POST', 'GET'] as const) await ask(method, fetch);
    const [posted, got] = seen.map(({ init }) => init);
    for (const { url, init } of seen) {
      expect(url.startsWith(`${ORIGIN}/ota/no-such-route-`)).to.equal(true);
      expect(init.headers.get('Authorization')).to.equal(`Bearer ${TOKEN}`);
    }
    expect(await new Response(posted?.body).text()).to.match(/^{"size":1,"sha256":"[0-9a-f]{64}"}$/);
    expect(got).to.include({ method: 'GET' }).and.not.to.have.property('body');
  });

  it('shows whether the server sends back what it is sent', async () => {
    const echo: FetchLike = async (_url, { body }) => new Response(`You sent ${await new Response(body).text()}.`);
    expect((await ask('POST', echo))?.echoes).to.equal(true);
    const { fetch } = answering(new Response('ok'));
    expect(await ask('POST', fetch))
      .to.deep.include({ echoes: false })
      .and.nested.include({ 'answer.text': 'ok' });
  });

  it('shows nothing where it is refused, or cannot be read', async () => {
    for (const answer of [
      new Response(null, { status: 404 }),
      new Response(null, { status: 401 }),
      new Response(null, { status: 500 }),
      new TypeError('Failed to fetch'),
    ]) {
      expect(await ask('POST', answering(answer).fetch)).to.equal(null);
    }
  });

  it('is an error where nothing was learned, so that it is asked again', async () => {
    const { fetch } = answering(new Response('Queue Full', { status: 503 }));
    expect((await errorOf(ask('GET', fetch))).code).to.equal('busy');
    expect((await errorOf(ask('GET', fetch, STOPPED))).code).to.equal('aborted');
  });

  it('hides no defect of ours', async () => {
    const defect = new RangeError('a defect');
    const asked = askControl(target(), 'GET', limits(), defective(defect)).catch((error: unknown) => error);
    expect(await asked).to.equal(defect);
  });
});

describe('whether a device refuses its status without a token', () => {
  const refuses = (answer: Response | Error, options = limits()) =>
    refusesWithoutToken(target(), options, { ...answering(answer), clock: new ManualClock() });

  it('is shown by a 401 alone', async () => {
    expect(await refuses(new Response(null, { status: 401 }))).to.equal(true);
    for (const answer of [
      new Response('ready'),
      new Response(null, { status: 403 }),
      new Response(null, { status: 404 }),
      new TypeError('Failed to fetch'),
    ]) {
      expect(await refuses(answer)).to.equal(false);
    }
  });

  it('stays open where the person stops, and hides no defect of ours', async () => {
    expect((await errorOf(refuses(new Response(), STOPPED))).code).to.equal('aborted');
    const defect = new RangeError('a defect');
    const asked = refusesWithoutToken(target(), limits(), defective(defect)).catch((error: unknown) => error);
    expect(await asked).to.equal(defect);
  });
});
