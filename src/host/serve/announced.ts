/** What devices announce of themselves by mDNS: which services are listened to, and what of each is read. Pure. */
import { DIALECTS, type Dialect } from '../../model/device/dialect.ts';
import { FOUND_KINDS, type FoundDevice, type FoundKind } from '../../model/device/found-device.ts';
import { isBlank } from '../../model/device/plain-names.ts';
import { LOCALE } from '../../words/kit/locale.ts';
import { judge } from '../gateway/addresses.ts';

/** A service as the library hands it over. */
export interface Announced {
  readonly name?: string;
  readonly port?: number;
  readonly addresses?: readonly string[] | undefined;
  /** Of its TXT record; what has no value is left out. */
  readonly txt?: Readonly<Record<string, unknown>> | undefined;
}

/** The longest label of DNS; a longer name is no name. */
const NAME_CHARS = 63;
/** Of anything else that it says. */
const WORD_CHARS = 40;

/** What a service says of the device that announces it. */
interface Told {
  readonly kind: FoundKind;
  readonly name?: string | null;
  readonly version?: string | null;
  readonly chip?: string | null;
  readonly board?: string | null;
  /** Where it takes updates, where that is not where the service is. */
  readonly port?: number;
}

type Txt = (key: string) => string | null;

/**
 * A service is a row here: its type, and what it says. Sources: ViperHTTP; WLED `wled.cpp`; ESPHome `mdns_component.cpp`;
 * Arduino `ArduinoOTA.cpp`; Tasmota `support_wifi.ino`, where it has to be switched on.
 */
const SERVICES = {
  viperhttp: () => ({ kind: 'viperhttp' }),
  wled: () => ({ kind: 'wled' }),
  esphomelib: (txt) => {
    const platform = txt('platform');
    return {
      ...{ kind: 'esphome', name: txt('friendly_name'), version: txt('version') },
      ...{ chip: platform, board: txt('board'), port: NATIVE_PORTS.get(platform ?? '') ?? OTHER_NATIVE_PORT },
    };
  },
  arduino: (txt) => ({ kind: 'arduino', board: txt('board') }),
  http: (txt) => ({ kind: DEVICE_TYPES.get(txt('devicetype') ?? '') ?? 'web' }),
} as const satisfies Readonly<Record<string, (txt: Txt) => Told>>;

/** What a web page's service may say that it is of. */
const DEVICE_TYPES: ReadonlyMap<string, 'tasmota'> = new Map([['tasmota', 'tasmota']]);

/** The service of ESPHome's is its API's; its updates have a port of their own, by what it runs on. */
const NATIVE_PORTS: ReadonlyMap<string, number> = new Map([
  ['ESP32', 3232],
  ['ESP8266', 8266],
  ['RP2', 2040],
  ['RP2040', 2040],
]);
/** Of the chips that LibreTiny knows, each of which has a name of its own. */
const OTHER_NATIVE_PORT = 8892;

export type ServiceType = keyof typeof SERVICES;
/** In the order in which they are asked for. */
export const SERVICE_TYPES = Object.keys(SERVICES) as readonly ServiceType[];

/** One for each address that the service is at. Devices found this way are reached through IPv4, which every board serves on. */
export function readAnnounced(
  type: ServiceType,
  { name, port, addresses, txt = {} }: Announced,
): readonly FoundDevice[] {
  if (!isPort(port)) return [];
  const read: (txt: Txt) => Told = SERVICES[type];
  const told = read((key) => plain(Object.hasOwn(txt, key) ? txt[key] : null, WORD_CHARS));
  const { kind, version = null, chip = null, board = null } = told;
  return (addresses ?? [])
    .filter((address) => !address.includes(':') && judge(address) === 'private')
    .map((address) => ({
      name: told.name ?? plain(name, NAME_CHARS) ?? address,
      address: `http://${address}:${told.port ?? port}`,
      dialect: dialectOf(kind),
      ...{ kind, version, chip, board },
    }));
}

function isPort(port: number | undefined): port is number {
  return port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** The dialect of the same name. A ViperHTTP device speaks one of two, and only it knows which. */
function dialectOf(kind: FoundKind): Dialect | null {
  return DIALECTS.find((dialect) => dialect === kind) ?? null;
}

/** Without control and direction characters, which could make one name look like another. Null where nothing is left. */
function plain(text: unknown, longest: number): string | null {
  if (typeof text !== 'string') return null;
  const words = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, longest);
  return isBlank(words) ? null : words;
}

/** Services that a device has beside its own, and that say less of it. */
const BESIDE: ReadonlySet<FoundKind> = new Set<FoundKind>(['arduino', 'web']);

/** Each device once: a lamp is a web server, too, and may take updates by espota. What is known best comes first. */
export function devicesIn(found: readonly FoundDevice[]): readonly FoundDevice[] {
  const byPlace = new Map<string, FoundDevice[]>();
  for (const each of found) {
    const { hostname } = new URL(each.address);
    byPlace.set(hostname, [...(byPlace.get(hostname) ?? []), each]);
  }
  return [...byPlace.values()]
    .flatMap(devicesAt)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || a.name.localeCompare(b.name, LOCALE));
}

function rankOf({ kind }: FoundDevice): number {
  return FOUND_KINDS.indexOf(kind);
}

function devicesAt(found: readonly FoundDevice[]): readonly FoundDevice[] {
  const own = found.filter(({ kind }) => !BESIDE.has(kind));
  // A ViperHTTP app's other ports may be somebody else's. The others have their place to themselves.
  if (own.some(({ kind }) => kind !== 'viperhttp')) return onePerAddress(own);
  const web = found.filter(({ kind, address }) => kind === 'web' && own.every((each) => each.address !== address));
  const sketch = found.find(({ kind }) => kind === 'arduino');
  if (sketch === undefined || own.length > 0) return onePerAddress([...own, ...web]);
  // What its web server tells is more than espota does. Without one, that is how it takes updates.
  const { board } = sketch;
  const [page = { ...sketch, dialect: 'espota' as const }, ...others] = web;
  return onePerAddress([{ ...page, kind: 'arduino', board }, ...others]);
}

/** The last word of each. */
function onePerAddress(found: readonly FoundDevice[]): readonly FoundDevice[] {
  const best = new Map<string, FoundDevice>();
  for (const each of found) {
    const other = best.get(each.address);
    if (other === undefined || rankOf(each) <= rankOf(other)) best.set(each.address, each);
  }
  return [...best.values()];
}
