/** Which addresses the gateway may connect to: the networks around this machine, never the internet. */
import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import type { AddressRefusal } from '../../model/host/gateway-code.ts';
import { onLink, type Ends, type OwnAddress } from './on-link.ts';

/** All addresses of a name. Rejects, or resolves to none, where there is no such name. Injected in tests. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (name) =>
  (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address);

export type AddressCheck = { readonly kind: 'address'; readonly address: string } | { readonly kind: AddressRefusal };

/** Who asks: a client on this machine, or one on the LAN, which reaches no more than it could by itself. */
export type Asker = 'here' | (Ends & { readonly own: readonly OwnAddress[] });

/**
 * Cloud machines answer here with their keys. No device has these addresses.
 * (169.254.169.254 and its IPv6 twin: the instance metadata services.)
 */
const METADATA = new Set(['169.254.169.254', 'fd00:ec2::254']);

const PRIVATE: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'linkLocal']);

/** What may be connected to: `loopback` by clients on this machine only, `private` by others where it is on their own network. */
export function judge(address: string): 'private' | 'loopback' | 'refused' {
  // A zone ("%eth0") names an interface of this machine; no device needs that.
  if (!ipaddr.isValid(address) || address.includes('%')) return 'refused';
  // An IPv4 address that is mapped into IPv6 is judged as the IPv4 address.
  const parsed = ipaddr.process(address);
  if (METADATA.has(parsed.toString())) return 'refused';
  const range = parsed.range();
  if (range === 'loopback') return 'loopback';
  return PRIVATE.has(range) ? 'private' : 'refused';
}

/**
 * Resolves `host` and picks the address to connect to. The caller connects to exactly this address: a name that
 * resolves otherwise a moment later changes nothing.
 *
 * `host` is a name or an IP address without brackets.
 */
export async function checkedAddress(host: string, asker: Asker, resolve: Resolve): Promise<AddressCheck> {
  const literal = ipaddr.isValid(host);
  // A resolver rejects where there is no such name, or nobody to ask: either way there is no address.
  const addresses = literal ? [host] : await resolve(host).catch(() => []);
  if (addresses.length === 0) return { kind: 'no-such-name' };
  const judged = addresses.map((address) => ({ address, verdict: judge(address) }));
  const near = judged.filter(({ verdict }) => verdict !== 'refused').map(({ address }) => address);
  const allowed =
    asker === 'here'
      ? near.map((address) => ipaddr.process(address).toString())
      : judged
          .filter(({ verdict }) => verdict === 'private')
          .map(({ address }) => onLink(address, asker, asker.own))
          .filter((address) => address !== null);
  // IPv4 first: boards announce IPv6 addresses that they do not serve on.
  const best = allowed.find((address) => !address.includes(':')) ?? allowed[0];
  if (best !== undefined) return { kind: 'address', address: best };
  return { kind: near.length === 0 ? 'not-private' : 'not-on-link' };
}

/** mDNS answers within a second or not at all, DNS within two; the rest is waiting for nothing. */
const RESOLVE_MS = 5_000;

/** As `checkedAddress`; a name that takes longer to look up is none. */
export function checkedInTime(host: string, asker: Asker, resolve: Resolve): Promise<AddressCheck> {
  return new Promise((done, reject) => {
    const timer = setTimeout(() => done({ kind: 'no-such-name' }), RESOLVE_MS);
    checkedAddress(host, asker, resolve)
      .then(done, reject)
      .finally(() => clearTimeout(timer));
  });
}
