/** Devices that the host found on the network: only when a person asks. */
import { atom } from 'nanostores';
import type { FoundDevice } from '../../model/device/found-device.ts';

export type DiscoveryView =
  | { readonly kind: 'unasked' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'found'; readonly devices: readonly FoundDevice[] }
  | { readonly kind: 'failed' };

/** Null: the host could not look. */
export type FindDevices = () => Promise<readonly FoundDevice[] | null>;

/** Asks a device for more than it has announced. Null: it tells no more. */
export type TellMore = (device: FoundDevice) => Promise<FoundDevice | null>;

export class DiscoveryState {
  readonly $discovery = atom<DiscoveryView>({ kind: 'unasked' });
  readonly #find: FindDevices;
  readonly #tellMore: TellMore;

  constructor(find: FindDevices, tellMore: TellMore) {
    this.#find = find;
    this.#tellMore = tellMore;
  }

  async look(): Promise<void> {
    if (this.$discovery.get().kind === 'looking') return;
    this.$discovery.set({ kind: 'looking' });
    const devices = await this.#find();
    this.$discovery.set(devices === null ? { kind: 'failed' } : { kind: 'found', devices });
    // One at a time: nobody waits for it, and a long list is not asked all at once.
    for (const device of devices ?? []) {
      const shown = this.$discovery.get();
      // Another search has begun.
      if (shown.kind !== 'found' || !shown.devices.includes(device)) return;
      const told = await this.#tellMore(device);
      const now = this.$discovery.get();
      if (told === null || now.kind !== 'found') continue;
      this.$discovery.set({ kind: 'found', devices: now.devices.map((each) => (each === device ? told : each)) });
    }
  }
}
