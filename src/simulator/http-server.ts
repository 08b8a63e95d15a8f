/** The C server's part of a request, in the order in which the published server takes it. */
import { SERVER_WORDS, plain } from './answers.ts';
import type { Call } from './call.ts';
import { answerPreflight, withCors } from './cors.ts';
import type { DeviceOptions } from './options.ts';
import { ConnectionDropped } from './power.ts';
import { RateLimit, hostRefusal, parseRefusal } from './server-limits.ts';
import { answerStatic } from './static-files.ts';

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

  /** Answers `request` by itself, or with what `python` says to `call`. */
  async answer(request: Request, call: Call, python: (call: Call) => Promise<Response>): Promise<Response> {
    const url = new URL(request.url);
    const { allowedHosts, cors, mount, notFoundShared } = this.#options;
    // These go out before anything is known of origins, so a page elsewhere cannot read them.
    const early =
      parseRefusal(url, call.body.length) ??
      hostRefusal(allowedHosts, request.headers.get('Host') ?? url.host) ??
      answerPreflight(cors, request);
    if (early) return early;
    const response =
      this.#rateLimit?.refusal() ??
      answerStatic(mount, request, url) ??
      this.#memoryRefusal(call.body.length) ??
      (await python(call));
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
