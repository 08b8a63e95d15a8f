/** Looks for devices on the network by mDNS: once, for a few seconds, when a person asks for it. */
import type { Socket } from 'node:dgram';
import bonjour from 'bonjour-service';
import type { FoundDevice } from '../../model/device/found-device.ts';
import { type Announced, devicesIn, readAnnounced, SERVICE_TYPES, type ServiceType } from './announced.ts';

export interface DiscoverOptions {
  /** How long to listen, in milliseconds. */
  readonly limitMs: number;
  /** Ends the listening before its time; tests end it when everything was said. */
  readonly heard?: Promise<void>;
  /** Bound by the library to mDNS' port; null lets it open one. Injected in tests. */
  readonly socket: Socket | null;
}

/** Boards in power save answer at the second call; four seconds are as long as people wait at a tap. */
export const DISCOVER_MS = 4_000;
/** Asked again after this, since the first packet after a silence is the one that is lost. */
const AGAIN_MS = 1_000;
/** A list for people; a network that announces more has no use for it. */
const MOST = 100;
/** A device announces three services at most. */
const MOST_HEARD = 3 * MOST;

/** Browses the services that devices announce. Rejects where the socket cannot be had. */
export function discover({ limitMs, heard, socket }: DiscoverOptions): Promise<readonly FoundDevice[]> {
  return new Promise((resolve, reject) => {
    const found = new Map<string, FoundDevice>();
    const mdns = new bonjour.Bonjour(mdnsOptions(socket), (error: Error) => finish(() => reject(error)));
    const hear = (type: ServiceType, service: Announced): void => {
      for (const one of readAnnounced(type, service)) {
        const key = `${type} ${one.address}`;
        if (found.size < MOST_HEARD || found.has(key)) found.set(key, one);
      }
    };
    const browsers = SERVICE_TYPES.map((type) => {
      const browser = mdns.find({ type }, (service) => hear(type, service));
      // Some say who they are first, and what they are later.
      browser.on('txt-update', (service: Announced) => hear(type, service));
      return browser;
    });
    const again = setInterval(() => browsers.forEach((browser) => browser.update()), AGAIN_MS);
    const enough = (): void => finish(() => resolve(devicesIn([...found.values()]).slice(0, MOST)));
    const end = setTimeout(enough, limitMs);
    void heard?.then(enough);
    const finish = (settle: () => void): void => {
      clearInterval(again);
      clearTimeout(end);
      for (const browser of browsers) browser.stop();
      mdns.destroy();
      settle();
    };
  });
}

/** The library hands its options to multicast-dns, whose own its types leave out. */
function mdnsOptions(socket: Socket | null): object {
  return socket === null ? {} : { socket };
}
