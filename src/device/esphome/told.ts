/** What an ESPHome device tells of itself without being disturbed: by its API, and by what it announces. */
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { Announced } from '../../model/device/raw-connection.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps } from '../link-deps.ts';
import { supervised } from '../supervision.ts';
import { identityOf } from './identity.ts';
import { API_PORT, askApi, type ToldByApi } from './native-api.ts';

/** A device that is there answers at once. */
const ASIDE_MS = 1_500;

/** Null: nothing answered there, or it told nothing. */
export interface Told {
  readonly api: ToldByApi | null;
  readonly announced: Announced | null;
}

/** Both are asked at once. Rejects with `needs-host` in a page, and with `aborted`. */
export async function askTold(
  origin: string,
  { raw, clock }: Pick<LinkDeps, 'raw' | 'clock'>,
  { signal, timeoutMs }: RequestOptions,
): Promise<Told> {
  if (raw === undefined) throw new UpdateError('needs-host');
  const options = { signal, timeoutMs: Math.min(ASIDE_MS, timeoutMs) };
  const api = supervised(options, clock, async (watch) => {
    const connection = await watch.race(raw.connect(origin, API_PORT, watch.signal));
    try {
      return await watch.race(askApi(connection));
    } finally {
      connection.close();
    }
  });
  const [byApi, announced] = await Promise.all([
    api.catch(() => null),
    // Where the host cannot listen for mDNS, nothing is heard.
    raw.announced(origin, signal).catch(() => null),
  ]);
  if (signal.aborted) throw new UpdateError('aborted');
  return { api: byApi, announced };
}

/** Null: it told nothing. */
export function toldIdentity({ api, announced }: Told): DeviceIdentity | null {
  return api === null && announced === null ? null : identityOf(api, announced);
}

/**
 * What of it may come from the device whose page has this title, which is its friendly name, else its name. Where
 * devices share an address, only one has the port of the API, and announces itself there.
 */
export function toldOfPage(title: string, { api, announced }: Told): Told {
  const isIts = (friendlyName: string | undefined, name: string): boolean =>
    title === '' || title === name || title === friendlyName;
  return {
    api: api !== null && isIts(api.friendlyName, api.name) ? api : null,
    // Two devices of the same name have different friendly names, so that the name alone shows nothing.
    announced:
      announced !== null &&
      (announced['friendly_name'] === undefined || isIts(announced['friendly_name'], announced['name'] ?? ''))
        ? announced
        : null,
  };
}
