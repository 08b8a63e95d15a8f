/** What a device announces of itself on the network of this machine: asked for once, and only its own word counts. */
import type { Socket } from 'node:dgram';
import bonjour from 'bonjour-service';
import type { Announced, AnnouncedService } from '../../model/device/raw-connection.ts';
import { judge } from '../gateway/addresses.ts';

/** A device that is there answers at once; its first packet after a silence is the one that is lost, so it is asked twice. */
const HEARD_WITHIN_MS = 1_200;
const AGAIN_MS = 400;
/** Of what it says in all, and of each value: the record of a real one is some hundred bytes. */
const MOST_FIELDS = 30;
const LONGEST_VALUE = 255;

export interface HearOptions {
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Default: ESPHome's. */
  readonly service?: AnnouncedService;
  /** Bound by the library to mDNS' port; null lets it open one. Injected in tests. */
  readonly socket: Socket | null;
}

/** A service as the library hands it over; `referer`: who sent it. */
interface Service {
  readonly name?: string;
  readonly port?: number;
  readonly txt?: unknown;
  readonly referer?: { readonly address?: string };
}

/**
 * What a device at one of these addresses announces on its link; null: nothing in time. This machine's own devices announce
 * nothing, and IPv6 is announced by names.
 */
export async function heardOnLink(
  addresses: readonly string[],
  signal: AbortSignal,
  service: AnnouncedService = 'esphomelib',
): Promise<Announced | null> {
  const address = addresses.find((each) => !each.includes(':') && judge(each) === 'private');
  if (address === undefined) return null;
  return heardByMdns(address, { limitMs: HEARD_WITHIN_MS, signal, service, socket: null });
}

/**
 * Its TXT record, with the service's own name as `name` and its port as `port`. Null: nothing was heard from that
 * address in time. Rejects where the socket cannot be opened.
 *
 * @param address the device's IPv4 address: nobody else speaks for it
 */
export function heardByMdns(
  address: string,
  { limitMs, signal, socket, service: type = 'esphomelib' }: HearOptions,
): Promise<Readonly<Record<string, string>> | null> {
  return new Promise((resolve, reject) => {
    const mdns = new bonjour.Bonjour(socket === null ? {} : ({ socket } as object), (error: Error) =>
      finish(() => reject(error)),
    );
    const browser = mdns.find({ type }, (service: Service) => {
      if (service.referer?.address === address) finish(() => resolve(fieldsOf(service)));
    });
    const again = setInterval(() => browser.update(), AGAIN_MS);
    const nothing = (): void => finish(() => resolve(null));
    const end = setTimeout(nothing, limitMs);
    signal.addEventListener('abort', nothing, { once: true });
    let isOver = false;
    const finish = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      clearInterval(again);
      clearTimeout(end);
      signal.removeEventListener('abort', nothing);
      browser.stop();
      mdns.destroy();
      settle();
    };
  });
}

function fieldsOf({ name, port, txt }: Service): Readonly<Record<string, string>> {
  const told = typeof txt === 'object' && txt !== null ? Object.entries(txt) : [];
  const fields = told
    .filter((field): field is [string, string] => typeof field[1] === 'string' && field[1].length <= LONGEST_VALUE)
    .slice(0, MOST_FIELDS);
  return {
    ...Object.fromEntries(fields),
    ...(name === undefined ? {} : { name }),
    ...(port === undefined ? {} : { port: String(port) }),
  };
}
