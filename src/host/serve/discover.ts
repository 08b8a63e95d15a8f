/** Looks for devices on the network by mDNS: once, for a few seconds, when a person asks for it. */
import type { Socket } from 'node:dgram';
import bonjour from 'bonjour-service';
import { isBlank } from '../../model/device/plain-names.ts';
import { judge } from '../gateway/addresses.ts';

/** What introduced itself on the network. Everything in it is the other side's word. */
export interface Found {
  readonly name: string;
  /** "http://192.168.1.50:8080" */
  readonly address: string;
  /** Whether it announced itself as a ViperHTTP device; else it is some web server. */
  readonly viper: boolean;
}

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
/** The longest label of DNS; a longer name is no name. */
const NAME_CHARS = 63;
const TYPES = ['viperhttp', 'http'] as const;

/** Browses `_viperhttp._tcp` and `_http._tcp`. Rejects where the socket cannot be had. */
export function discover({ limitMs, heard, socket }: DiscoverOptions): Promise<readonly Found[]> {
  return new Promise((resolve, reject) => {
    const found = new Map<string, Found>();
    const mdns = new bonjour.Bonjour(mdnsOptions(socket), (error: Error) => finish(() => reject(error)));
    const browsers = TYPES.map((type) =>
      mdns.find({ type }, (service) => {
        for (const one of readService(service, type === 'viperhttp')) {
          if (found.size < MOST && found.get(one.address)?.viper !== true) found.set(one.address, one);
        }
      }),
    );
    const again = setInterval(() => browsers.forEach((browser) => browser.update()), AGAIN_MS);
    const enough = (): void => finish(() => resolve(inOrder([...found.values()])));
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

interface Announced {
  readonly name?: string;
  readonly port?: number;
  readonly addresses?: readonly string[] | undefined;
}

/** Devices found this way are reached through IPv4, which every board serves on. */
function readService({ name, port, addresses }: Announced, viper: boolean): readonly Found[] {
  if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) return [];
  const shown = plainName(name ?? '');
  return (addresses ?? [])
    .filter((address) => !address.includes(':') && judge(address) === 'private')
    .map((address) => ({ name: isBlank(shown) ? address : shown, address: `http://${address}:${port}`, viper }));
}

/** Without control and direction characters, which could make one name look like another. */
function plainName(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, NAME_CHARS);
}

function inOrder(found: readonly Found[]): readonly Found[] {
  return found.toSorted((a, b) => Number(b.viper) - Number(a.viper) || a.name.localeCompare(b.name));
}
