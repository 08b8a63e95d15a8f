/** What a client on the LAN may reach through the gateway: the network that it is on, and nothing else. */
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** One address of this machine. */
export interface OwnAddress {
  /** The interface that has it: "eth0". */
  readonly on: string;
  /** Without a zone. */
  readonly address: string;
  /** How many bits of it are those of its network. */
  readonly networkBits: number;
  /** What stands behind the "%" of a link-local address on this interface. */
  readonly zone: string;
}

/** All addresses of this machine, as of now. Injected in tests. */
export type OwnAddresses = () => readonly OwnAddress[];

export const systemAddresses: OwnAddresses = () =>
  Object.entries(networkInterfaces()).flatMap(([on, entries = []]) =>
    entries.map((entry) => ({
      on,
      address: entry.address,
      // Without a netmask that is one, its network is the address itself.
      networkBits: Number(entry.cidr?.split('/')[1] ?? (entry.family === 'IPv4' ? 32 : 128)),
      // Windows numbers its interfaces, other systems name them.
      zone: process.platform === 'win32' && entry.family === 'IPv6' ? String(entry.scopeid) : on,
    })),
  );

/** The two ends of a client's connection to this host, as its socket tells them. */
export interface Ends {
  /** The address of this machine that was called. */
  readonly local: string;
  /** The client's own. */
  readonly remote: string;
}

/**
 * Whether `address` is on-link at the interface that a client came in by. Answers it as it is connected to: a link-local
 * IPv6 address with its zone. Null where it is not, and for every address of this machine.
 *
 * The client has to be on that network as well. A machine takes packets for any of its addresses at any interface (RFC
 * 1122, 3.3.4.2, the weak model), so a client that calls the address of a container network need not be in it.
 */
export function onLink(address: string, { local, remote }: Ends, own: readonly OwnAddress[]): string | null {
  const [called, client, target] = [read(local), read(remote), read(address)];
  const known = own.map((each) => ({ ...each, ip: read(each.address) }));
  const here = known.find(({ ip }) => isSame(ip, called));
  if (here === undefined || client === null || target === null) return null;
  if (known.some(({ ip }) => isSame(ip, target))) return null;
  const [there, elsewhere] = [known.filter(({ on }) => on === here.on), known.filter(({ on }) => on !== here.on)];
  // Of two networks that both hold an address, packets go to the narrower one.
  const isHere = (ip: Ip): boolean => bitsShared(ip, there) > -1 && bitsShared(ip, there) >= bitsShared(ip, elsewhere);
  if (!isHere(client) || !isHere(target)) return null;
  return target.kind() === 'ipv6' && target.range() === 'linkLocal'
    ? `${target.toString()}%${here.zone}`
    : target.toString();
}

type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/** Null for what is no address. An IPv4 address that is mapped into IPv6 is read as IPv4; zones are dropped. */
function read(address: string): Ip | null {
  const [bare = ''] = address.split('%');
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

function isSame(one: Ip | null, other: Ip | null): boolean {
  return one !== null && other !== null && one.toString() === other.toString();
}

/** The bits of the narrowest of these networks that holds `ip`; -1 where none does. */
function bitsShared(ip: Ip, networks: readonly { readonly ip: Ip | null; readonly networkBits: number }[]): number {
  const holding = networks.filter((each) => each.ip?.kind() === ip.kind() && ip.match([each.ip, each.networkBits]));
  return Math.max(-1, ...holding.map(({ networkBits }) => networkBits));
}
