/** Devices that the host found on the network: only when a person asks. */
import { atom } from 'nanostores';
import { array, boolean, object, safeParse, string } from 'valibot';

export interface FoundDevice {
  readonly name: string;
  /** "http://192.168.1.50:8080" */
  readonly address: string;
  /** Whether it announced itself as a ViperHTTP device; else it is some web server. */
  readonly viper: boolean;
}

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

const PLACE = '/discover';

const answer = object({ found: array(object({ name: string(), address: string(), viper: boolean() })) });

/** Asks the host that served the page. `post` is the page's own `fetch`, with POST. */
export async function askForDevices(post: (url: string) => Promise<Response>): Promise<readonly FoundDevice[] | null> {
  try {
    const said = await post(PLACE);
    if (!said.ok) return null;
    const read = safeParse(answer, await said.json());
    return read.success ? read.output.found : null;
  } catch {
    // The host is gone, or something else answers in its place.
    return null;
  }
}
