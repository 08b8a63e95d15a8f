/** Devices that the host found on the network: only when a person asks. */
import { atom } from 'nanostores';
import type { FoundDevice } from '../../model/page/page-ports.ts';

export type DiscoveryView =
  | { readonly kind: 'unasked' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'found'; readonly devices: readonly FoundDevice[] }
  | { readonly kind: 'failed' };

/** Null: the host could not look. */
export type FindDevices = () => Promise<readonly FoundDevice[] | null>;

export class DiscoveryState {
  readonly $discovery = atom<DiscoveryView>({ kind: 'unasked' });
  readonly #find: FindDevices;

  constructor(find: FindDevices) {
    this.#find = find;
  }

  async look(): Promise<void> {
    if (this.$discovery.get().kind === 'looking') return;
    this.$discovery.set({ kind: 'looking' });
    const devices = await this.#find();
    this.$discovery.set(devices === null ? { kind: 'failed' } : { kind: 'found', devices });
  }
}
