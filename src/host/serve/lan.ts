/** The host's sockets on the LAN: follows the machine from network to network and renews its certificate. */
import type { Authority, Leaf } from '../data/authority.ts';
import { listen, type Handler, type Listener, type Place } from './listeners.ts';
import type { OwnHosts } from './own-hosts.ts';
import { inUrl, type LanAddresses } from './own-names.ts';

export interface LanOptions {
  /**
   * Opens the authority. Called again only where it may have to be another one, or there was none. Rejects where there
   * can be none.
   */
  readonly authority: (now: number) => Promise<Authority>;
  readonly addresses: LanAddresses;
  readonly names: readonly string[];
  readonly hosts: OwnHosts;
  readonly handler: Handler;
  readonly httpPort: number;
  /** 0 takes a free one. */
  readonly httpsPort: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Where phones find the host, best address first. */
export interface LanUrls {
  /** Plain http: how to trust the host, and the page without trust. */
  readonly plain: readonly string[];
  /** https: the whole app, once the authority is trusted. */
  readonly secure: readonly string[];
}

export class Lan {
  readonly #options: LanOptions;
  #authority: Authority | null = null;
  #open: readonly Listener[] = [];
  #httpsPort: number;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(options: LanOptions) {
    this.#options = options;
    this.#httpsPort = options.httpsPort;
  }

  /** Null until there is one: before that the host is not on the LAN. */
  get authority(): Authority | null {
    return this.#authority;
  }

  get urls(): LanUrls {
    const at = (place: Listener['place']): readonly Listener[] => this.#open.filter((one) => one.place === place);
    const secure = at('lan-https');
    const names = this.#options.names.filter((name) => this.#authority?.covers(name));
    return {
      plain: at('lan-http').map(({ address, port }) => `http://${inUrl(address)}:${port}/`),
      secure: [
        ...secure.map(({ address, port }) => `https://${inUrl(address)}:${port}/`),
        // Last, because not every phone and network knows ".local".
        ...names.flatMap((name) => secure.slice(0, 1).map(({ port }) => `https://${name}:${port}/`)),
      ],
    };
  }

  /**
   * Listens where the machine is now, leaves where it is no more, and renews the certificate. One at a time. Rejects
   * with the first trouble, after it has done all that can be done; the next time tries again.
   */
  refresh(): Promise<void> {
    // Whoever called before has the error of that time.
    this.#refreshing = this.#refreshing.catch(() => undefined).then(() => this.#refresh());
    return this.#refreshing;
  }

  async close(): Promise<void> {
    await this.#refreshing.catch(() => undefined); // Whoever called refresh has the error.
    await Promise.all(this.#open.map((listener) => listener.close()));
    this.#open = [];
  }

  async #refresh(): Promise<void> {
    const now = this.#options.now();
    const trouble = await this.#renewAuthority(now);
    if (this.#authority !== null) await this.#follow(this.#authority, now);
    if (trouble !== null) throw trouble;
  }

  /** Resolves to what went wrong; then the one that was is kept. */
  async #renewAuthority(now: number): Promise<Error | null> {
    if (this.#authority?.outlasts(now) === true) return null;
    try {
      this.#authority = await this.#options.authority(now);
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #follow(authority: Authority, now: number): Promise<void> {
    const { hosts, names } = this.#options;
    const addresses = [...new Set(this.#options.addresses())];
    hosts.set([...names, ...addresses]);
    const gone = this.#open.filter(({ address }) => !addresses.includes(address));
    this.#open = this.#open.filter(({ address }) => addresses.includes(address));
    await Promise.all(gone.map((listener) => listener.close()));
    if (addresses.length === 0) return;
    const context = await authority.leaf(names, addresses, now);
    for (const listener of this.#open) listener.renew(context);
    const troubles: unknown[] = [];
    for (const address of addresses) {
      // A port that is taken at one address is free at another.
      await this.#listenAt(address, context).catch((error: unknown) => troubles.push(error));
    }
    // As at every moment before: in the order of the addresses.
    this.#open = addresses.flatMap((address) => this.#open.filter((one) => one.address === address));
    if (troubles.length > 0) throw troubles[0];
  }

  async #listenAt(address: string, context: Leaf): Promise<void> {
    const { handler, httpPort } = this.#options;
    const isOpen = (place: Place): boolean => this.#open.some((one) => one.address === address && one.place === place);
    if (!isOpen('lan-http')) {
      const plain = await listen({ place: 'lan-http', address, port: httpPort, handler });
      // The machine has left this network meanwhile.
      if (plain === null) return;
      this.#open = [...this.#open, plain];
    }
    if (isOpen('lan-https')) return;
    const secure = await listen({ place: 'lan-https', address, port: this.#httpsPort, handler, context });
    if (secure === null) return;
    // The next addresses take the same port, so that there is one to tell.
    this.#httpsPort = secure.port;
    this.#open = [...this.#open, secure];
  }
}
