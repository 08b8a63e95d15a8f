/** The browser's permission question about the local network, which is only asked from a tap. */
import type { ProbeDeps } from './browser-probes.ts';
import type { LocalNetworkPermission } from '../link-deps.ts';
import { localNetworkPermission, type PageSurroundings } from './page-surroundings.ts';
import type { DeviceTarget } from '../target.ts';

export class LocalNetwork {
  readonly #page: PageSurroundings;
  /**
   * Set where the browser said "prompt" and let a request through all the same, so that no question stands in the way.
   */
  #letsThrough = false;

  constructor(page: PageSurroundings) {
    this.#page = page;
  }

  /** Whether the question stands between this page and `target`. */
  async permission({ origin }: Pick<DeviceTarget, 'origin'>): Promise<LocalNetworkPermission> {
    if (origin === this.#page.origin) return 'none';
    const permission = await localNetworkPermission(this.#page, new URL(origin).hostname);
    return permission === 'prompt' && this.#letsThrough ? 'none' : permission;
  }

  /** Lets the browser ask. Call it from a tap only. Resolves when the person or the device has answered. */
  async ask(target: DeviceTarget, deps: Pick<ProbeDeps, 'fetch' | 'clock' | 'signal'>): Promise<void> {
    // Loaded here, so that the code that sends requests is no part of the first view.
    const { askForLocalNetwork } = await import('./browser-probes.ts');
    const reached = await askForLocalNetwork(target, this.#page, deps);
    if (reached && (await this.permission(target)) === 'prompt') this.#letsThrough = true;
  }
}
