/** The key that this browser was paired with the page's host for. Small: the first view has it. */

import type { PairingKey } from '../../model/page/page-ports.ts';

/** Where it is kept between visits. */
export interface KeyStore {
  read(): Promise<string | null>;
  write(key: string): Promise<void>;
}

export class HostKey implements PairingKey {
  /** Told when the gateway does nothing for this browser any more: it was revoked, or the host has forgotten it. */
  refused: () => void = () => undefined;
  readonly #store: KeyStore;
  readonly #origin: string;
  #key: string | null = null;

  /** `origin`: the page's own, which is its host's. */
  constructor(store: KeyStore, origin: string) {
    this.#store = store;
    this.#origin = origin;
  }

  /** Looks again: a locked vault tells nothing before it is unlocked, and another tab may have paired anew. */
  async load(): Promise<void> {
    this.#key = (await this.#store.read()) ?? this.#key;
  }

  async keep(key: string): Promise<void> {
    this.#key = key;
    await this.#store.write(key);
  }

  /** For what goes to the page's own host by another way than `fetch`. */
  get headers(): Readonly<Record<string, string>> {
    return this.#key === null ? {} : { 'Moult-Key': this.#key };
  }

  /** `fetch`, with the key on what goes to the page's own host. No other address is ever shown it. */
  readonly fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    if (new URL(url, this.#origin).origin !== this.#origin) return fetch(url, init);
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(this.headers)) headers.set(name, value);
    const answer = await fetch(url, { ...init, headers });
    if (answer.headers.get('Moult-Gateway') === 'not-paired') this.refused();
    return answer;
  };
}
