import { expect } from 'chai';
import { nextTask } from '../../src/firmware/bytes/yielder.ts';
import type { HashAnswer, HashOrder } from '../../src/firmware/bytes/hash-worker.ts';
import { WorkerHash, IDLE_MS, PIECE_BYTES, START_MS, type HashWorker } from '../../src/page/worker-hash.ts';

/** Time that passes when the test says so. */
class Sleeps {
  readonly #waiting: { readonly ms: number; readonly wake: () => void }[] = [];

  get waiting(): readonly number[] {
    return this.#waiting.map(({ ms }) => ms);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleep = { ms, wake: resolve };
      this.#waiting.push(sleep);
      signal.addEventListener('abort', () => {
        this.#waiting.splice(this.#waiting.indexOf(sleep), 1);
        reject(new Error('woken'));
      });
    });
  }

  pass(): void {
    for (const { wake } of this.#waiting.splice(0)) wake();
  }
}

type Says = (piece: Uint8Array | null | 'order', port: MessagePort) => void;

/** Says what the test wants, in place of a thread. */
class PlayedWorker extends EventTarget implements HashWorker {
  readonly orders: HashOrder[] = [];
  readonly pieces: number[] = [];
  ended = false;
  readonly #says: Says;

  constructor(says: Says) {
    super();
    this.#says = says;
  }

  postMessage(order: HashOrder, [port]: MessagePort[]): void {
    if (port === undefined) throw new Error('an order has no port');
    this.orders.push(order);
    port.onmessage = ({ data: piece }: MessageEvent<Uint8Array | null>) => {
      if (piece !== null) this.pieces.push(piece.length);
      this.#says(piece, port);
    };
    this.#says('order', port);
  }

  terminate(): void {
    this.ended = true;
  }
}

const say = (port: MessagePort, answer: HashAnswer): void => port.postMessage(answer);

/** Its digest is as long as the file, so that a test sees that all of it came. */
function willing(): PlayedWorker {
  const heard = new Map<MessagePort, number>();
  return new PlayedWorker((piece, port) => {
    const before = heard.get(port) ?? 0;
    if (piece === 'order') say(port, 'here');
    else if (piece === null) say(port, new ArrayBuffer(before));
    else heard.set(port, before + piece.length);
  });
}

/** Asked anew after every await; TypeScript believes the value it saw first. */
const isTrue = (value: boolean): boolean => value;

function given(makes: () => PlayedWorker) {
  const started: PlayedWorker[] = [];
  const sleeps = new Sleeps();
  const away = new WorkerHash(() => {
    const worker = makes();
    started.push(worker);
    return worker;
  }, sleeps);
  const hash = (size: number, signal?: AbortSignal) => away.digest('SHA-256', new Uint8Array(size), signal);
  return { started, sleeps, hash };
}

describe('hashing in a worker', () => {
  it('hands the file over in pieces, none larger than a short task can copy, and leaves the file as it is', async () => {
    const worker = willing();
    const away = new WorkerHash(() => worker, new Sleeps());
    const file = new Uint8Array(2 * PIECE_BYTES + 1).fill(7);
    const digest = await away.digest('SHA-384', file.subarray(1));
    expect(digest?.length).to.equal(2 * PIECE_BYTES);
    expect(worker.orders).to.deep.equal([{ algorithm: 'SHA-384', size: 2 * PIECE_BYTES }]);
    expect(worker.pieces).to.deep.equal([PIECE_BYTES, PIECE_BYTES]);
    expect(file.length).to.equal(2 * PIECE_BYTES + 1);
    expect(file.every((byte) => byte === 7)).to.equal(true);
  });

  it('gives the page a turn between pieces that take their time', async () => {
    const file = new Uint8Array(4 * PIECE_BYTES);
    const turnsAtPiece: number[] = [];
    let turns = 0;
    file.slice = (from, to) => {
      turnsAtPiece.push(turns);
      // As on a slow phone: longer than a slice.
      const end = performance.now() + 10;
      while (performance.now() < end);
      return new Uint8Array(file.subarray(from, to));
    };
    const hashing = new WorkerHash(willing, new Sleeps()).digest('SHA-256', file);
    let done = false;
    void hashing.finally(() => (done = true));
    for (; !isTrue(done); turns += 1) await nextTask();
    expect((await hashing)?.length).to.equal(file.length);
    expect(new Set(turnsAtPiece).size).to.equal(4);
  });

  it('asks for an empty file, too', async () => {
    const { started, hash } = given(willing);
    expect(await hash(0)).to.deep.equal(new Uint8Array(0));
    expect(started[0]?.pieces).to.deep.equal([]);
  });

  it('uses one worker for all that comes soon, and ends it when nothing more does', async () => {
    const { started, sleeps, hash } = given(willing);
    await Promise.all([hash(1), hash(2)]);
    await hash(3);
    expect(started.map(({ orders, ended }) => [orders.length, ended])).to.deep.equal([[3, false]]);
    expect(sleeps.waiting).to.deep.equal([IDLE_MS]);
    sleeps.pass();
    await nextTask();
    await hash(4);
    expect(started.map(({ orders, ended }) => [orders.length, ended])).to.deep.equal([
      [3, true],
      [1, false],
    ]);
  });

  it('keeps the worker for an order that comes in the moment when it was to end', async () => {
    const { started, sleeps, hash } = given(willing);
    await hash(1);
    sleeps.pass();
    expect(await hash(2)).to.deep.equal(new Uint8Array(2));
    expect(started.map(({ ended }) => ended)).to.deep.equal([false]);
  });

  it('is given up when the signal says so, and the next file is hashed', async () => {
    const { hash } = given(willing);
    const stop = new AbortController();
    const reason = new Error('another file was chosen');
    const hashing = hash(2 * PIECE_BYTES, stop.signal);
    stop.abort(reason);
    expect(await hashing.catch((error: unknown) => error)).to.equal(reason);
    expect(await hash(1)).to.deep.equal(new Uint8Array(1));
  });

  it('cannot be done where the browser starts no worker, and is not tried again', async () => {
    let tries = 0;
    const away = new WorkerHash(() => {
      tries += 1;
      throw new TypeError('the policy forbids it');
    }, new Sleeps());
    expect(await away.digest('SHA-256', new Uint8Array(1))).to.equal(null);
    expect(await away.digest('SHA-256', new Uint8Array(1))).to.equal(null);
    expect(tries).to.equal(1);
  });

  it('cannot be done where the worker fails at its start: no script, or one that this browser does not read', async () => {
    const { started, hash } = given(() => new PlayedWorker(() => undefined));
    const hashing = hash(1);
    const failure = new Event('error', { cancelable: true });
    started[0]?.dispatchEvent(failure);
    expect(await hashing).to.equal(null);
    // The window hashes instead, so the failure is not reported.
    expect(failure.defaultPrevented).to.equal(true);
    expect(await hash(1)).to.equal(null);
    expect(started.map(({ ended }) => ended)).to.deep.equal([true]);
  });

  it('cannot be done where the worker says nothing for seconds, and no byte is copied for it', async () => {
    const { started, sleeps, hash } = given(() => new PlayedWorker(() => undefined));
    const hashing = Promise.all([hash(PIECE_BYTES), hash(1)]);
    expect(sleeps.waiting).to.deep.equal([START_MS, START_MS]);
    sleeps.pass();
    expect(await hashing).to.deep.equal([null, null]);
    expect(started.map(({ ended, pieces }) => [ended, pieces.length])).to.deep.equal([[true, 0]]);
    expect(await hash(1)).to.equal(null);
    expect(started).to.have.length(1);
  });

  it('cannot be done this time where the worker has no memory for it, before or after the bytes came', async () => {
    for (const unable of ['order', null] as const) {
      const { started, hash } = given(
        () => new PlayedWorker((piece, port) => say(port, piece === unable ? 'unable' : 'here')),
      );
      expect(await hash(1)).to.equal(null);
      expect(await hash(2)).to.equal(null);
      expect(started.map(({ orders }) => orders.length)).to.deep.equal([2]);
    }
  });

  it('cannot be done by a worker that fell silent, and whoever still waits for it is told', async () => {
    let orders = 0;
    const { started, sleeps, hash } = given(
      () =>
        new PlayedWorker((piece, port) => {
          if (piece !== 'order') return;
          orders += 1;
          if (orders === 1) say(port, 'here');
        }),
    );
    const first = hash(1);
    for (let turn = 0; turn < 1_000 && started[0]?.pieces.length !== 1; turn += 1) await nextTask();
    const second = hash(1);
    sleeps.pass();
    expect(await Promise.all([first, second])).to.deep.equal([null, null]);
    expect(started.map(({ ended }) => ended)).to.deep.equal([true]);
  });

  it('starts another worker where one broke in the middle, and whoever waited for that one is told', async () => {
    const broken = new PlayedWorker((piece, port) => {
      if (piece === 'order') say(port, 'here');
      if (piece === null) broken.dispatchEvent(new Event('error'));
    });
    const workers = [broken, willing()];
    const { started, hash } = given(() => workers.shift() ?? willing());
    expect(await Promise.all([hash(1), hash(2)])).to.deep.equal([null, null]);
    expect(await hash(3)).to.deep.equal(new Uint8Array(3));
    expect(started.map(({ ended }) => ended)).to.deep.equal([true, false]);
  });
});
