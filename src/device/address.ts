import {
  DEFAULT_PORT,
  DEFAULT_PREFIX,
  LAST_PORT,
  type PrefixReading,
  type WrongAddress,
  type WrongPrefix,
} from '../model/device/address-reading.ts';

/** RFC 1035, 2.3.4: the longest name, in characters. */
const NAME_LIMIT = 253;

export type ParsedAddress =
  | {
      readonly kind: 'address';
      /** "http://192.168.1.50:8080", as `URL` writes it: a scheme's own port (80, 443) is left out. */
      readonly origin: string;
      /** "/ota": starts with a slash, no trailing slash. */
      readonly prefix: string;
      /** Whether the path was typed; else the prefix is the usual one. */
      readonly hasPath: boolean;
    }
  | WrongAddress;

type Part<T> = { readonly kind: 'read'; readonly value: T } | WrongAddress;

/**
 * Reads an address as people type it: `192.168.1.50`, `esp32.local:80`, `http://[fe80::1]/ota/`. Without a port it is
 * `usualPort`, whatever the scheme, since that is where devices listen: 8080, unless a protocol has another. Never
 * throws.
 */
export function parseAddress(typed: string, usualPort = DEFAULT_PORT): ParsedAddress {
  // Copied text brings invisible spaces along.
  const text = typed.replace(/[\u200b-\u200d\u2060\ufeff]/g, '').trim();
  const split = splitAddress(text);
  if (split.kind !== 'read') return split;
  const { scheme, authority, path } = split.value;
  const place = readAuthority(authority, usualPort);
  if (place.kind !== 'read') return place;
  const prefix = readPrefix(path);
  if (prefix.kind !== 'read') return prefix;
  return {
    kind: 'address',
    origin: new URL(`${scheme}://${place.value.host}:${place.value.port}`).origin,
    prefix: prefix.value,
    hasPath: /[^/]/.test(path),
  };
}

/** Reads the path of the update routes by itself: "ota/" is "/ota", and nothing is the usual one. Never throws. */
export function parsePrefix(typed: string): PrefixReading {
  const read = readPrefix(typed.trim());
  return read.kind === 'read' ? { kind: 'prefix', prefix: read.value } : read;
}

function splitAddress(text: string): Part<{ scheme: string; authority: string; path: string }> {
  if (text === '') return { kind: 'empty' };
  if (/\s/.test(text)) return { kind: 'spaces' };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return { kind: 'no-scheme-of-devices', text: scheme };
  }
  const rest = scheme === undefined ? text : text.slice(scheme.length + '://'.length);
  // A board may be called "http", so that "http:8080" is a name and a port.
  if (scheme === undefined && /^https?:(?!\d{1,5}(\/|$))/i.test(rest)) {
    return { kind: 'no-slashes' };
  }
  if (rest.includes('\\')) return { kind: 'backslash' };
  if (rest.includes('?')) return { kind: 'query' };
  if (rest.includes('#')) return { kind: 'fragment' };
  const slash = rest.indexOf('/');
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  if (authority.includes('@')) {
    return { kind: 'user-info' };
  }
  return { kind: 'read', value: { scheme: scheme ?? 'http', authority, path: slash === -1 ? '' : rest.slice(slash) } };
}

function readAuthority(authority: string, usualPort: number): Part<{ host: string; port: number }> {
  const bracketed = /^(\[[^\]]*\])(?::(.*))?$/.exec(authority);
  // A text that begins with a name or an IPv4 address has one port too many, which is reported of the port.
  if (bracketed === null && /^\[?[\da-f]*:.*:/i.test(authority)) {
    return { kind: 'ipv6-without-brackets' };
  }
  const colon = authority.indexOf(':');
  const hostText = bracketed?.[1] ?? (colon === -1 ? authority : authority.slice(0, colon));
  const portText = bracketed === null ? (colon === -1 ? undefined : authority.slice(colon + 1)) : bracketed[2];
  const host = readHost(hostText);
  if (host.kind !== 'read') return host;
  if (portText === undefined) return { kind: 'read', value: { host: host.value, port: usualPort } };
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > LAST_PORT) {
    return { kind: 'no-port', text: portText };
  }
  return { kind: 'read', value: { host: host.value, port } };
}

function readHost(text: string): Part<string> {
  if (text === '') return { kind: 'no-host' };
  if (text.startsWith('[')) return readIpv6(text);
  const name = text.replace(/\.$/, '').toLowerCase();
  // `URL` reads a host whose last label is a number as IPv4, fills in missing parts, and takes leading zeros for octal.
  // Here an address has to be written out.
  if (/(^|\.)(\d+|0x[0-9a-f]*)$/.test(name)) return readIpv4(name);
  const labels = name.split('.');
  const fine = labels.every((label) => /^[\p{L}\p{N}_]([\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}_])?$/u.test(label));
  const host = fine ? hostOf(name) : null;
  if (host === null || host.length > NAME_LIMIT || host.split('.').some((label) => label.length > 63)) {
    return { kind: 'no-name', text };
  }
  return { kind: 'read', value: host };
}

function readIpv4(text: string): Part<string> {
  const parts = text.split('.');
  const fine = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  if (!fine) return { kind: 'no-ipv4', text };
  const first = Number(parts[0]);
  // RFC 6890: 0/8 is "this network", 224 and up are groups and broadcast.
  if (first === 0 || first >= 224) {
    return { kind: 'reserved', text };
  }
  return { kind: 'read', value: text };
}

function readIpv6(text: string): Part<string> {
  if (text.includes('%')) {
    return { kind: 'zone' };
  }
  const host = hostOf(text);
  if (host === null) return { kind: 'no-ipv6', text };
  return { kind: 'read', value: host };
}

/** The host as `URL` writes it; null where `URL` does not accept it. */
function hostOf(text: string): string | null {
  try {
    return new URL(`http://${text}/`).hostname;
  } catch {
    // `URL` throws for what is no host, which is the answer.
    return null;
  }
}

function readPrefix(path: string): { readonly kind: 'read'; readonly value: string } | WrongPrefix {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return { kind: 'read', value: DEFAULT_PREFIX };
  const fine = segments.every((segment) => /^[\w.~-]+$/.test(segment) && !/^\.{1,2}$/.test(segment));
  if (!fine) return { kind: 'no-prefix', text: path };
  return { kind: 'read', value: `/${segments.join('/')}` };
}
