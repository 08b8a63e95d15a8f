/**
 * A form with an image, or an image without a form, as it reaches a device: part by part, at the pace of its flash,
 * with what a fault does to it.
 */
import { ConnectionDropped } from '../power.ts';
import type { BreakingFault } from './faults.ts';
import { boundaryOf, MultipartReader, type PartOfBody } from './multipart.ts';
import type { Passing } from './simulated-whole.ts';

const BLOCK_BYTES = 4096;

export interface FormPace {
  /** Milliseconds for each block of 4096 bytes. */
  readonly blockMs: number;
  /** Rejects with `ConnectionDropped` where the device is reset meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
  /** Never answers. */
  readonly fail: (fault: BreakingFault) => Promise<never>;
}

/** Splits a body into its parts. */
type Parts = Pick<MultipartReader, 'push' | 'ended'>;

/** For a body that is the image itself, up to the announced length, or to the end of the connection. */
const PLAIN: Parts = { ended: false, push: (bytes) => [{ name: '', isFile: true, bytes }] };

export class FormBody {
  readonly #passing: Passing;
  readonly #pace: FormPace;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #form: Parts;
  readonly #gone: Promise<never>;
  readonly #breaks: BreakingFault | null;
  readonly #breaksAt: number;
  #taken = 0;

  private constructor(passing: Passing, pace: FormPace, body: ReadableStream<Uint8Array>, form: Parts) {
    const { request, fault } = passing;
    this.#passing = passing;
    this.#pace = pace;
    this.#reader = body.getReader();
    this.#form = form;
    this.#gone = leaving(request.signal);
    this.#breaks = fault !== null && 'when' in fault && typeof fault.when === 'object' ? fault : null;
    this.#breaksAt = typeof this.#breaks?.when === 'object' ? this.#breaks.when.bytes : Infinity;
  }

  /** Null where the request brings no form. */
  static of(passing: Passing, pace: FormPace): FormBody | null {
    const { body, headers } = passing.request;
    const boundary = boundaryOf(headers.get('content-type'));
    return boundary === null || body === null ? null : new FormBody(passing, pace, body, new MultipartReader(boundary));
  }

  /** For a request whose body is the image itself. Null where it has no body. */
  static plain(passing: Passing, pace: FormPace): FormBody | null {
    const { body } = passing.request;
    return body === null ? null : new FormBody(passing, pace, body, PLAIN);
  }

  /** Bytes of the image that have come. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether the form came to its end. */
  get ended(): boolean {
    return this.#form.ended;
  }

  /** The bytes of the parts as they come. Rejects with `ConnectionDropped` where the client or the power is gone. */
  async *parts(): AsyncGenerator<PartOfBody, void, void> {
    try {
      for (;;) {
        // However the body breaks off, to the device the client is gone.
        const { done, value } = await Promise.race([this.#reader.read(), this.#gone]).catch(() =>
          Promise.reject(new ConnectionDropped()),
        );
        this.#passing.power.check();
        if (done) return;
        yield* this.#form.push(value);
      }
    } finally {
      // The rest is not needed; an error of the cancel does not matter.
      this.#reader.cancel().catch(() => undefined);
    }
  }

  /** Takes bytes of the image: waits as long as the flash needs, and answers with the bytes as they arrive. */
  async take(bytes: Uint8Array): Promise<Uint8Array> {
    const { fault, count } = this.#passing;
    const own = bytes.subarray(0, this.#breaksAt - this.#taken);
    const arrived = fault?.kind === 'corrupt' ? withFlippedBit(own, fault.at - this.#taken) : own;
    this.#taken += own.length;
    count(this.#taken);
    await Promise.race([this.#pace.pause((this.#pace.blockMs * own.length) / BLOCK_BYTES), this.#gone]);
    return arrived;
  }

  /** Where the connection breaks after the bytes that were taken, this never resolves. */
  async breakIfDue(): Promise<void> {
    if (this.#breaks === null || this.#taken < this.#breaksAt) return;
    await Promise.race([this.#pace.fail(this.#breaks), this.#gone]);
  }
}

/** Rejects when the client goes away. */
function leaving(signal: AbortSignal): Promise<never> {
  const gone = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(new ConnectionDropped());
    signal.addEventListener('abort', () => reject(new ConnectionDropped()), { once: true });
  });
  // It is handled where the body is read; afterwards it does not matter.
  gone.catch(() => undefined);
  return gone;
}

/** The bytes with one bit flipped, where `at` is among them. */
export function withFlippedBit(bytes: Uint8Array, at: number): Uint8Array {
  if (at < 0 || at >= bytes.length) return bytes;
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
