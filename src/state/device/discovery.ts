/** Devices that the host found on the network: only when a person asks. */
import { atom } from 'nanostores';
import type { FoundDevice } from '../../model/device/found-device.ts';
import { hostOnly } from '../../model/device/dialect.ts';
import type { AskSelf } from './self-told.ts';

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
  readonly #askSelf: AskSelf;

  constructor(find: FindDevices, askSelf: AskSelf) {
    this.#find = find;
    this.#askSelf = askSelf;
  }

  async look(): Promise<void> {
    if (this.$discovery.get().kind === 'looking') return;
    this.$discovery.set({ kind: 'looking' });
    const devices = await this.#find();
    this.$discovery.set(devices === null ? { kind: 'failed' } : { kind: 'found', devices });
    for (const device of devices ?? []) if (mayTellMore(device)) await this.#ask(device);
  }

  /** What it has not announced, it tells when it is asked: one at a time, as their servers take one client. */
  async #ask(device: FoundDevice): Promise<void> {
    const shown = this.$discovery.get();
    // Another search has begun.
    if (shown.kind !== 'found' || !shown.devices.includes(device)) return;
    const told = await this.#askSelf(
      { origin: device.address, login: null, orElse: null },
      AbortSignal.timeout(TELLS_WITHIN_MS),
    ).catch(() => null); // Nobody waits for it: the list stands without.
    const identity = told?.other?.identity;
    const now = this.$discovery.get();
    if (identity === undefined || now.kind !== 'found') return;
    const { version, chip } = identity;
    const name = identity.name ?? device.name;
    const devices = now.devices.map((each) => (each === device ? { ...device, name, version, chip } : each));
    this.$discovery.set({ kind: 'found', devices });
  }
}

/** A device that is there answers at once. */
const TELLS_WITHIN_MS = 2_000;

/** Whether a page may ask it what it is: where a host has to, it has announced all that it would tell. */
export function canBeAsked({ dialect }: FoundDevice): boolean {
  return hostOnly(dialect) === null;
}

/** Whether it is spoken to with a token, as far as it is known. */
export function takesToken({ dialect }: FoundDevice): boolean {
  return dialect === null;
}

/** It is known to be asked without harm, and has not said it yet. */
function mayTellMore(device: FoundDevice): boolean {
  return device.dialect !== null && device.version === null && canBeAsked(device);
}
