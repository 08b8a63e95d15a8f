import { expect } from 'chai';
import { send, type FetchLike } from '../../src/device/request.ts';
import { answering, errorOf, limits, target } from './given.ts';
import { ManualClock, settled } from './manual-clock.ts';
import { STATUS, stalled } from './status-request.ts';

describe('the limit on silence', () => {
  let clock: ManualClock;
  beforeEach(() => (clock = new ManualClock()));
  const never: FetchLike = () => new Promise<never>(() => undefined);

  it('ends a request that nothing answers, also where fetch does not heed its signal', async () => {
    let signal: AbortSignal | null = null;
    const fetch: FetchLike = (url, init) => {
      signal = init.signal;
      return never(url, init);
    };
    const work = errorOf(send(target(), STATUS, limits({ timeoutMs: 5000 }), { fetch, clock }));
    await clock.pass(4999);
    expect(clock.pending).to.equal(1);
    await clock.pass(1);
    expect((await work).code).to.equal('silent');
    expect((signal as AbortSignal | null)?.aborted).to.equal(true);
  });

  it('starts anew with each part that arrives, so that a slow answer is no silence', async () => {
    let give: (part: Uint8Array | null) => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        give = (part) => (part === null ? controller.close() : controller.enqueue(part));
      },
    });
    const { fetch } = answering(new Response(body));
    const work = send(target(), STATUS, limits({ timeoutMs: 1000 }), { fetch, clock });
    for (const digit of '123') {
      await clock.pass(999);
      give(new TextEncoder().encode(digit));
    }
    await clock.pass(999);
    give(null);
    expect((await work).json).to.equal(123);
  });

  it('ends an answer that stalls in the middle, and cancels its body', async () => {
    let cancelled = false;
    const body = stalled([new TextEncoder().encode('{"a":')], () => (cancelled = true));
    const { fetch } = answering(new Response(body));
    const work = errorOf(send(target(), STATUS, limits({ timeoutMs: 1000 }), { fetch, clock }));
    await clock.pass(1000);
    expect((await work).code).to.equal('silent');
    await settled();
    expect(cancelled).to.equal(true);
  });

  it('is none at all while a person may be answering the browser', async () => {
    const stop = new AbortController();
    const options = limits({ timeoutMs: Infinity, signal: stop.signal });
    const work = errorOf(send(target(), STATUS, options, { fetch: never, clock }));
    await clock.pass(24 * 3600 * 1000);
    expect(clock.pending).to.equal(0);
    stop.abort();
    expect((await work).code).to.equal('aborted');
  });

  it('is told apart from our own abort, whatever error fetch makes of it', async () => {
    const heeding: FetchLike = (_url, init) =>
      new Promise((_resolve, reject) => {
        init.signal.addEventListener('abort', () => reject(new DOMException('Fetch is aborted', 'AbortError')));
      });
    const silent = errorOf(send(target(), STATUS, limits({ timeoutMs: 10 }), { fetch: heeding, clock }));
    await clock.pass(10);
    expect((await silent).code).to.equal('silent');

    const stop = new AbortController();
    const aborted = errorOf(send(target(), STATUS, limits({ signal: stop.signal }), { fetch: heeding, clock }));
    stop.abort();
    expect((await aborted).code).to.equal('aborted');
    expect(clock.pending).to.equal(0);
  });

  it('sends nothing where the signal has gone already', async () => {
    const { fetch, seen } = answering();
    const error = await errorOf(send(target(), STATUS, limits({ signal: AbortSignal.abort() }), { fetch, clock }));
    expect(error.code).to.equal('aborted');
    expect(seen).to.deep.equal([]);
  });
});
