import { expect } from 'chai';
import { ANSWER_LIMIT_BYTES } from '../../src/device/answer.ts';
import { send } from '../../src/device/request.ts';
import { answering, errorOf, limits, target } from './given.ts';
import { ManualClock, settled } from './manual-clock.ts';
import { STATUS, stalled } from './status-request.ts';

describe('the answer to a request', () => {
  const clock = new ManualClock();

  it('may be empty, not JSON, or null', async () => {
    for (const [answer, json] of [
      [new Response(null), undefined],
      [new Response(''), undefined],
      [new Response('{"written_bytes": 40'), undefined],
      [new Response('null'), null],
    ] as const) {
      const { fetch } = answering(answer);
      const read = await send(target(), STATUS, limits(), { fetch, clock });
      expect(read.json).to.equal(json);
      expect(read.truncated).to.equal(false);
    }
  });

  it('is read up to 64 KiB and then cancelled, however long it is', async () => {
    const part = new Uint8Array(10_000).fill('a'.charCodeAt(0));
    let given = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          given += part.length;
          controller.enqueue(part);
          if (given >= 10 * 1024 * 1024) controller.close();
        },
        cancel: () => void (cancelled = true),
      },
      { highWaterMark: 0 },
    );
    const { fetch } = answering(new Response(body));
    const answer = await send(target(), STATUS, limits(), { fetch, clock });
    await settled();
    expect(answer.text.length).to.equal(ANSWER_LIMIT_BYTES);
    expect(answer.truncated).to.equal(true);
    expect(answer.json).to.equal(undefined);
    expect(cancelled).to.equal(true);
    expect(given).to.be.below(ANSWER_LIMIT_BYTES + 2 * part.length);
  });

  describe('that says how short it is', () => {
    const short = (body: string | ReadableStream): Response =>
      new Response(body, { headers: { 'Content-Length': '13', 'Content-Type': 'application/json' } });

    it('is read as any other', async () => {
      const { fetch } = answering(short('{"written":1}'));
      const read = await send(target(), STATUS, limits(), { fetch, clock });
      expect(read).to.deep.include({ text: '{"written":1}', truncated: false, json: { written: 1 } });
    });

    it('is unreachable where it breaks off, and silent where it does not come', async () => {
      const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) });
      const { fetch } = answering(short(broken), short(stalled([])));
      const cut = await errorOf(send(target(), STATUS, limits(), { fetch, clock }));
      expect(cut.code).to.equal('unreachable');
      // A browser has an error of its own for it.
      expect(cut.cause).to.be.instanceOf(TypeError);
      const waiting = errorOf(send(target(), STATUS, limits(), { fetch, clock }));
      await clock.pass(limits().timeoutMs);
      expect((await waiting).code).to.equal('silent');
      expect(clock.pending).to.equal(0);
    });

    it('is cut at 64 KiB where it was compressed', async () => {
      const { fetch } = answering(
        ...[-2, -1].map((more) => short(JSON.stringify('x'.repeat(ANSWER_LIMIT_BYTES + more)))),
      );
      for (const truncated of [false, true]) {
        const read = await send(target(), STATUS, limits(), { fetch, clock });
        expect([read.truncated, read.text.length]).to.deep.equal([truncated, ANSWER_LIMIT_BYTES]);
      }
    });

    it('is one packet, so that no part of it makes the limit on silence start anew', async () => {
      let give: () => void = () => undefined;
      const start = (controller: ReadableStreamDefaultController) => {
        give = () => controller.enqueue(new Uint8Array(1));
      };
      const { fetch } = answering(short(new ReadableStream({ start })));
      const codes: string[] = [];
      void errorOf(send(target(), STATUS, limits(), { fetch, clock })).then(({ code }) => codes.push(code));
      await clock.pass(limits().timeoutMs - 1);
      give();
      await clock.pass(1);
      expect(codes).to.deep.equal(['silent']);
    });
  });

  it('is whole at exactly 64 KiB', async () => {
    const text = JSON.stringify('x'.repeat(ANSWER_LIMIT_BYTES - 2));
    const { fetch } = answering(new Response(text), new Response(`${text} `));
    const whole = await send(target(), STATUS, limits(), { fetch, clock });
    expect([whole.truncated, whole.text.length, typeof whole.json]).to.deep.equal([
      false,
      ANSWER_LIMIT_BYTES,
      'string',
    ]);
    const cut = await send(target(), STATUS, limits(), { fetch, clock });
    expect([cut.truncated, cut.text.length, typeof cut.json]).to.deep.equal([true, ANSWER_LIMIT_BYTES, 'undefined']);
  });

  it('keeps characters whole that came in two parts', async () => {
    const bytes = new TextEncoder().encode('"🐍"');
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.subarray(0, 3));
        controller.enqueue(bytes.subarray(3));
        controller.close();
      },
    });
    const { fetch } = answering(new Response(body));
    expect((await send(target(), STATUS, limits(), { fetch, clock })).json).to.equal('🐍');
  });
});
