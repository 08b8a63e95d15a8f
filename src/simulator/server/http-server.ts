/** The C server's part of a request, in the order of the published server. */
import { SERVER_WORDS, plain } from '../answers.ts';
import { answerPreflight, withCors } from './cors.ts';
import type { DeviceOptions } from '../options.ts';
import { ConnectionDropped } from '../power.ts';
import { RateLimit, hostRefusal, methodRefusal, parseRefusal } from './server-limits.ts';
import { firstHeader, type WireRequest } from './wire-request.ts';

export class HttpServer {
  readonly #options: DeviceOptions;
  readonly #rateLimit: RateLimit | null;
  /** What running out of memory can do to the whole device. */
  readonly #crash: () => void;

  constructor(options: DeviceOptions, crash: () => void) {
    this.#options = options;
    this.#rateLimit = options.rateLimit === null ? null : new RateLimit(options.rateLimit, options.clock);
    this.#crash = crash;
  }

  /** Answers `request` by itself, or with what `python` says. */
  async answer(request: WireRequest, python: () => Promise<Response>): Promise<Response> {
    const { allowedHosts, cors, requestBytes } = this.#options;
    // These are sent before the origin is looked at, so that a page of another origin cannot read them.
    const early =
      parseRefusal(request, requestBytes) ??
      methodRefusal(request.method) ??
      hostRefusal(allowedHosts, firstHeader(request, 'host')) ??
      answerPreflight(cors, request);
    if (early) return early;
    const response = this.#rateLimit?.refusal() ?? this.#memoryRefusal(request.body.length) ?? (await python());
    return this.share(request, response);
  }

  /**
   * Makes an answer readable for a page of an allowed origin: those of Python, and those that the server sends once it
   * has looked at the origin.
   */
  share(request: WireRequest, response: Response): Response {
    const { cors, notFoundShared } = this.#options;
    return response.status === 404 && !notFoundShared ? response : withCors(cors, request, response);
  }

  #memoryRefusal(bodyBytes: number): Response | null {
    const { memory } = this.#options;
    if (memory === null || bodyBytes <= memory.bytes) return null;
    switch (memory.fails) {
      case 'error':
        return plain(500, SERVER_WORDS[500]);
      case 'busy':
        return plain(503, 'Backpressure');
      case 'restart':
        this.#crash();
        throw new ConnectionDropped();
      case 'drop':
        throw new ConnectionDropped();
    }
  }
}
