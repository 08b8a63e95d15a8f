/**
 * A page's `fetch` as the Fetch standard has it: preflights, what `*` covers, opaque answers. Devices stand behind it
 * by origin. Requests are kept as they went over the wire, so that tests can check every byte.
 */
import type { FetchInit } from '../../src/device/device-request.ts';
import type { FetchLike } from '../../src/device/request.ts';

export type Handler = (request: Request) => Promise<Response>;

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly init: FetchInit | null;
}

export interface PageOptions {
  readonly origin: string;
  readonly devices: ReadonlyMap<string, Handler>;
  /** Whether refusals by the device's C server carry CORS headers. On real devices they often do not. */
  readonly refusalsShared?: boolean;
}

export class Page {
  readonly sent: Sent[] = [];
  readonly #options: PageOptions;

  constructor(options: PageOptions) {
    this.#options = options;
  }

  /** What was sent besides preflights. */
  get requests(): readonly Sent[] {
    return this.sent.filter(({ method }) => method !== 'OPTIONS');
  }

  readonly fetch: FetchLike = async (url, init) => {
    const target = new URL(url, this.#options.origin);
    if (target.origin === this.#options.origin) return this.#send(target, init, {});
    const origin = { Origin: this.#options.origin };
    if (init.mode === 'no-cors') {
      await this.#send(target, init, origin);
      return Object.defineProperty(new Response(null), 'type', { value: 'opaque' });
    }
    const asking = [...init.headers].filter(([name, value]) => !isSafelisted(name, value)).map(([name]) => name);
    if (asking.length > 0) await this.#preflight(target, init, asking, origin);
    const response = await this.#send(target, init, origin);
    const plain = response.headers.get('Content-Type')?.startsWith('text/plain') === true;
    const hidden = this.#options.refusalsShared === false && plain && !response.ok;
    if (hidden || !this.#shares(response)) throw new TypeError('Failed to fetch');
    // Neither followed nor shown (Fetch standard, opaque-redirect filtered response).
    if (response.status >= 300 && response.status < 400)
      return Object.defineProperties(new Response(null), { type: { value: 'opaqueredirect' }, status: { value: 0 } });
    return response;
  };

  async #preflight(target: URL, init: FetchInit, asking: readonly string[], origin: Record<string, string>) {
    const headers = {
      ...origin,
      'Access-Control-Request-Method': init.method,
      'Access-Control-Request-Headers': asking.join(','),
    };
    const response = await this.#send(target, null, headers);
    const allowed = (response.headers.get('Access-Control-Allow-Headers') ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase());
    const covered = asking.every(
      (name) => allowed.includes(name) || (allowed.includes('*') && name !== 'authorization'),
    );
    if (!response.ok || !this.#shares(response) || !covered) throw new TypeError('Failed to fetch');
  }

  async #send(target: URL, init: FetchInit | null, extra: Readonly<Record<string, string>>): Promise<Response> {
    const headers = new Headers(init === null ? {} : init.headers);
    for (const [name, value] of Object.entries(extra)) headers.set(name, value);
    const method = init?.method ?? 'OPTIONS';
    const request = new Request(target, {
      method,
      ...(init?.body === undefined ? {} : { body: init.body }),
      ...(init === null ? {} : { signal: init.signal }),
    });
    // A browser's `Request` drops `Origin` and its like; the device has to see them.
    Object.defineProperty(request, 'headers', { value: headers });
    const body = init?.body ?? '';
    this.sent.push({
      method,
      url: target.href,
      headers: Object.fromEntries(headers),
      body: typeof body === 'string' ? body : `${body.length} bytes`,
      init,
    });
    const device = this.#options.devices.get(target.origin);
    if (device === undefined) throw new TypeError('Failed to fetch');
    try {
      return await device(request);
    } catch (cause) {
      throw new TypeError('Failed to fetch', { cause });
    }
  }

  #shares(response: Response): boolean {
    const allowed = response.headers.get('Access-Control-Allow-Origin');
    return allowed === '*' || allowed === this.#options.origin;
  }
}

function isSafelisted(name: string, value: string): boolean {
  return name === 'accept' || (name === 'content-type' && value === 'text/plain');
}
