/** A simulated device, and plain requests to drive it with: no client of ours in between. */
import { expect } from 'chai';
import type { DeviceClock } from '../../src/simulator/clock.ts';
import type { DeviceOptions } from '../../src/simulator/options.ts';
import { ConnectionDropped } from '../../src/simulator/power.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';

export const TOKEN = 'a-token-for-tests';

/** Four blocks: enough to cross block borders, small enough to compare whole. */
export const SLOT_BYTES = 4 * 4096;

/** Fits into one request with any client's headers. */
const CHUNK_BYTES = 3072;

/** Time that passes only while code sleeps. */
export class SleepingClock implements DeviceClock {
  time = 0;

  now(): number {
    return this.time;
  }

  sleep(ms: number): Promise<void> {
    this.time += ms;
    return Promise.resolve();
  }
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export class Bench {
  readonly clock = new SleepingClock();
  readonly device: SimulatedDevice;
  readonly #prefix: string;
  readonly #auth: Readonly<Record<string, string>>;

  constructor(options: Partial<DeviceOptions> = {}) {
    this.device = new SimulatedDevice({
      token: TOKEN,
      slotBytes: SLOT_BYTES,
      awayMs: 0,
      clock: this.clock,
      ...options,
    });
    const { dialect, token, tokenHeader, prefix } = this.device.options;
    this.#prefix = `http://device.test:8080${prefix}`;
    const value = token ?? 'none';
    this.#auth = dialect === 'shipped' ? { [tokenHeader]: value } : { Authorization: `Bearer ${value}` };
  }

  /** One request below the prefix, with the token; `body` that is neither text nor bytes goes as JSON. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const response = await this.device.handle(this.request(method, path, body, headers));
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.send('POST', path, body);
  }

  /** Posts, expects 200, and reads JSON. */
  async ask(path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
    const { status, text } = await this.send(path === '/status' ? 'GET' : 'POST', path, body);
    expect(status, text).to.equal(200);
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  }

  request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = this.#auth,
  ): Request {
    const sent = body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body);
    return new Request(this.#prefix + path, {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent as string | Uint8Array<ArrayBuffer> }),
    });
  }
}

/** An app image as far as the device looks: the magic byte, then anything. */
export function image(bytes: number, seed = 1): Uint8Array<ArrayBuffer> {
  const out = Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 0xff);
  out.set([0xe9]);
  return out;
}

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sends all of `bytes` as the device's dialect has it; ends with the answer to finalize. */
export async function update(bench: Bench, bytes: Uint8Array<ArrayBuffer>, finalize: object = {}): Promise<Answer> {
  const hash = await sha256(bytes);
  const shipped = bench.device.options.dialect === 'shipped';
  await bench.ask('/begin', shipped ? { expected_size: bytes.length, expected_sha256: hash } : { size: bytes.length });
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.slice(at, at + CHUNK_BYTES);
    await bench.ask(shipped ? `/chunk?offset=${at}` : '/write', chunk);
  }
  return bench.post('/finalize', shipped ? finalize : { sha256: hash, ...finalize });
}

/** Expects that no answer came. */
export async function expectDropped(work: Promise<unknown>): Promise<void> {
  const outcome = await work.then(
    () => 'an answer came',
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(ConnectionDropped);
}
