/** The names and addresses under which this machine is reached. */
import { hostname, networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** Addresses of this machine on its networks, best first, without loopback. Injected in tests. */
export type LanAddresses = () => readonly string[];

/** Interfaces of virtual machines and containers: real, but no phone is behind them. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|utun|tun|tap|wg|zt|tailscale|vEthernet)/i;

/**
 * The private addresses of this machine's networks: Wi-Fi and cable first. Public addresses are left out on purpose:
 * the host is for a LAN. So is IPv6 link-local, which needs a zone that no browser takes in a URL.
 */
export function lanAddresses(): readonly string[] {
  const found: { address: string; rank: number }[] = [];
  for (const [name, entries] of Object.entries(networkInterfaces())) {
    for (const { address, internal } of entries ?? []) {
      if (internal || !isLanAddress(address)) continue;
      found.push({ address, rank: (VIRTUAL.test(name) ? 2 : 0) + (address.includes(':') ? 1 : 0) });
    }
  }
  return found.sort((a, b) => a.rank - b.rank).map(({ address }) => address);
}

function isLanAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  return range === 'private' || range === 'uniqueLocal' || (range === 'linkLocal' && parsed.kind() === 'ipv4');
}

/** This machine's names on the LAN: as it calls itself, and as mDNS knows it. Lower case, without the rest of a domain. */
export function lanNames(own: string = hostname()): readonly string[] {
  const label = own.toLowerCase().split('.')[0] ?? '';
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label) ? [label, `${label}.local`] : [];
}

/** The names of loopback. */
export const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'] as const;

/** As it stands in a URL: IPv6 in brackets. */
export function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
