import { expect } from 'chai';
import { notify, type Notice, type Post } from '../../../src/host/jobs/notify.ts';

const NOTICE: Notice = {
  device: { name: 'Kitchen', address: 'http://192.168.1.50:8080/ota' },
  firmware: { name: 'kitchen.bin', sha256: 'a'.repeat(64), version: '2.1.0' },
  outcome: 'updated',
  code: null,
  durationMs: 12_000,
  endedAt: '2026-11-27T20:00:00.000Z',
};

describe('the notice of an end', () => {
  const slept: number[] = [];
  const clock = {
    now: () => 0,
    date: () => 0,
    sleep: (ms: number, signal: AbortSignal): Promise<void> => {
      slept.push(ms);
      return signal.aborted ? Promise.reject(new Error('aborted')) : Promise.resolve();
    },
  };
  beforeEach(() => (slept.length = 0));

  function answers(...said: readonly (boolean | Error)[]): { post: Post; bodies: string[] } {
    const bodies: string[] = [];
    return {
      bodies,
      post: (_url, { body }) => {
        const now = said[bodies.push(body) - 1];
        if (now instanceof Error) return Promise.reject(now);
        return Promise.resolve({ ok: now === true, status: now === true ? 204 : 500 });
      },
    };
  }

  const send = (post: Post, signal = new AbortController().signal): Promise<boolean> =>
    notify('http://127.0.0.1:1/', NOTICE, post, clock, signal);

  it('goes once where it arrives', async () => {
    const { post, bodies } = answers(true);
    expect(await send(post)).to.equal(true);
    expect(bodies.map((body) => JSON.parse(body) as Notice)).to.deep.equal([NOTICE]);
  });

  for (const [name, first] of [
    ['nobody was there', new TypeError('refused')],
    ['it was not taken', false],
  ] as const) {
    it(`goes once more where ${name}, and never a third time`, async () => {
      const again = answers(first, true);
      expect(await send(again.post)).to.equal(true);
      expect(again.bodies.length).to.equal(2);
      const never = answers(first, first, true);
      expect(await send(never.post)).to.equal(false);
      expect(never.bodies.length).to.equal(2);
      expect(slept.length).to.equal(2);
    });
  }

  it('does not wait where the host stops', async () => {
    const { post, bodies } = answers(false, true);
    expect(await send(post, AbortSignal.abort())).to.equal(false);
    expect(bodies.length).to.equal(1);
  });
});
