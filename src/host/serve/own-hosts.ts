/** Whether a request was meant for this host: the check behind every refusal of foreign pages. */
import type { IncomingMessage } from 'node:http';
import type { Place } from './listeners.ts';
import { LOCAL_NAMES } from './own-names.ts';

/** Host and port of a Host header; the port is not looked at (it may be forwarded), the name is. */
const HOST = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/;

/** Whether a request names two hosts: in two `Host` headers, or in its target and in its header. */
export function isAmbiguous({ headersDistinct, url = '' }: IncomingMessage): boolean {
  const hosts = headersDistinct['host'] ?? [];
  const target = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
  return hosts.length > 1 || (target !== undefined && target.toLowerCase() !== hosts[0]?.toLowerCase());
}

export class OwnHosts {
  #lan: readonly string[] = [];

  /** Replaces the names and addresses that are ours on the LAN. */
  set(lan: readonly string[]): void {
    this.#lan = lan.map((name) => name.toLowerCase());
  }

  /** The names this host goes by at `place`, without brackets. */
  names(place: Place): readonly string[] {
    return place === 'here' ? LOCAL_NAMES : this.#lan;
  }

  /** Whether `header`, a Host header, names this host. */
  isOwn(header: string | undefined, place: Place): boolean {
    const match = HOST.exec(header?.toLowerCase() ?? '');
    const name = match?.[1] ?? match?.[2];
    return name !== undefined && this.names(place).includes(name);
  }

  /**
   * Whether a request comes from a page of this very host. A browser writes Origin on every POST and on every request
   * of a foreign page that could read the answer, so any Origin must be ours. A GET of our own page has none: then the
   * browser's word (`Sec-Fetch-Site`) counts, or, on a plain-http page where it gives none, a header that a foreign
   * page could not send without asking first (`asked`).
   */
  isOwnPage(request: OwnPageRequest): boolean {
    const { host, origin, 'sec-fetch-site': site } = request.headers;
    if (!this.isOwn(host, request.place)) return false;
    if (site !== undefined && site !== 'same-origin') return false;
    if (origin !== undefined) {
      const scheme = request.place === 'lan-https' ? 'https' : 'http';
      return origin === `${scheme}://${host?.toLowerCase() ?? ''}`;
    }
    return request.method === 'GET' && (site === 'same-origin' || request.asked);
  }
}

export interface OwnPageRequest {
  readonly place: Place;
  readonly method: string;
  readonly headers: {
    readonly host?: string | undefined;
    readonly origin?: string | undefined;
    readonly 'sec-fetch-site'?: string | string[] | undefined;
  };
  /** Whether it carries a header that costs a foreign page a preflight, which this host never grants. */
  readonly asked: boolean;
}
