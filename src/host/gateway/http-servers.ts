/**
 * Where an HTTP server was seen to answer. A server of another kind may take each line of a request for a command, and
 * the lines of a body are whatever a page put there: so a body goes only to where a question without one was answered in HTTP.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import { relay, type RelayAnswer, type RelayRequest } from './relay.ts';
import type { Target } from './target.ts';
import { STATUS_ROUTE } from '../../model/device/status-route.ts';

/** Another server may have the address by then. An update that is paused for longer costs one question more. */
const KNOWN_MS = 300_000;
/** More devices than one LAN has. */
const MOST = 1_024;

type Place = Pick<Target, 'scheme' | 'port'>;

export class HttpServers {
  readonly #now: () => number;
  /** When each answered last; what did so longest ago comes first. */
  readonly #answeredAt = new Map<string, number>();

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  has(place: Place, address: string): boolean {
    const at = this.#answeredAt.get(keyOf(place, address));
    return at !== undefined && this.#now() - at < KNOWN_MS;
  }

  noteAnswer(place: Place, address: string): void {
    const key = keyOf(place, address);
    this.#answeredAt.delete(key);
    this.#answeredAt.set(key, this.#now());
    for (const oldest of this.#answeredAt.keys()) {
      if (this.#answeredAt.size <= MOST) break;
      this.#answeredAt.delete(oldest);
    }
  }

  /**
   * As `relay`; before a body goes to where nothing has answered lately, the question is asked.
   * @param bare the headers of a request without a body
   * @param isGone whether nobody waits for the answer any more
   */
  async relay(
    request: Omit<RelayRequest, 'answered'>,
    bare: OutgoingHttpHeaders,
    isGone: () => boolean,
  ): Promise<RelayAnswer> {
    const { target, address, body } = request;
    const asked = { ...request, answered: () => this.noteAnswer(target, address) };
    if (body !== null && body.length > 0 && !this.has(target, address)) {
      const first = await relay({ ...asked, target: questionBefore(target), headers: bare, body: null });
      // Whatever it said, and be it of another path.
      if (first.kind !== 'answer' && !this.has(target, address)) return first;
      if (isGone()) return { kind: 'unreachable' };
    }
    return relay(asked);
  }
}

function keyOf({ scheme, port }: Place, address: string): string {
  return `${scheme} ${address} ${port}`;
}

/** The question before a `post`: for the status beside it, which every page asks for anyway. Any answer will do. */
export function questionBefore(post: Target): Target {
  return { ...post, method: 'GET', path: post.path.replace(/\/[^/]*$/, STATUS_ROUTE) };
}
