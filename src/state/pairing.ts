/** Whether this browser is paired with the page's host, and how others are. */
import { atom } from 'nanostores';
import type { HostState } from './host.ts';
import type { NoticesState } from './notices.ts';
import type { TokenLockState } from './device/secrets/token-lock.ts';
import type { PairCalls, PairedBrowser, PairingKey } from '../model/page/page-ports.ts';

export interface PairingParts {
  readonly key: PairingKey;
  /** Loaded when they are first needed. */
  readonly calls: () => Promise<PairCalls>;
  readonly host: HostState;
  readonly notices: NoticesState;
  /** The key is kept where tokens are. */
  readonly tokenLock: Pick<TokenLockState, '$lock' | 'opened'>;
}

export class PairingState {
  /** What pairs another browser; null where none is needed, or this one may not ask for it. */
  readonly $code = atom<string | null>(null);
  /** Who is paired; null where this page is not told. Only the host's own machine is. */
  readonly $browsers = atom<readonly PairedBrowser[] | null>(null);
  readonly #parts: PairingParts;
  #looking: Promise<void> | null = null;

  constructor(parts: PairingParts) {
    this.#parts = parts;
    const { key, host, notices, tokenLock } = parts;
    key.refused = () => void this.look();
    // Also where the host was away when the page opened.
    host.$offers.listen(({ pairing }) => {
      // While tokens are locked, its key may be among them.
      if (pairing === 'needed' && tokenLock.$lock.get() !== 'locked') notices.show({ kind: 'pairing', is: 'needed' });
      else if (notices.$notices.get().some((one) => one.kind === 'pairing' && one.is === 'needed')) {
        notices.dismiss('pairing');
      }
    });
  }

  /** Asks the host what it offers. `code`: what came with the page's address; null where none did. */
  async load(code: string | null): Promise<void> {
    await this.look();
    if (code !== null) await this.arrive(code);
  }

  /** Asks once more: another tab may have paired this browser, and a locked key may be open now. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** Trades a code for this browser's key. Where the host has let it in already, nothing is asked. */
  async arrive(code: string): Promise<void> {
    const { key, host, notices, tokenLock } = this.#parts;
    if (!(await tokenLock.opened())) {
      notices.show({ kind: 'pairing', is: 'locked' });
      return;
    }
    await this.look();
    const { pairing } = host.$offers.get();
    if (pairing === 'paired' || pairing === 'not-needed') return;
    const { pair } = await this.#parts.calls();
    const got = await pair(code, key.fetch);
    if (got.kind !== 'paired') {
      notices.show({ kind: 'pairing', is: got.kind });
      return;
    }
    await key.keep(got.key);
    await host.load();
    notices.show({ kind: 'pairing', is: 'paired' });
  }

  /** Gets a new code: the one before may be used up, or have expired. */
  async renewCode(): Promise<string | null> {
    const { newCode } = await this.#parts.calls();
    const code = await newCode(this.#parts.key.fetch);
    this.$code.set(code);
    return code;
  }

  async listBrowsers(): Promise<void> {
    const { pairedBrowsers } = await this.#parts.calls();
    this.$browsers.set(await pairedBrowsers(this.#parts.key.fetch));
  }

  async revoke(id: string): Promise<void> {
    const { revoke } = await this.#parts.calls();
    await revoke(id, this.#parts.key.fetch);
    await this.listBrowsers();
  }

  async #look(): Promise<void> {
    await this.#parts.key.load();
    await this.#parts.host.load();
  }
}
