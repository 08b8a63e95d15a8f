/** Where ViperHTTP listens unless told otherwise, on http and on https. A scheme's own port has to be typed. */
const DEFAULT_PORT = 8080;
const DEFAULT_PREFIX = '/ota';
/** RFC 1035, 2.3.4: what a whole name may take. */
const NAME_LIMIT = 253;
const LAST_PORT = 65535;

export type ParsedAddress =
  | {
      readonly ok: true;
      /** "http://192.168.1.50:8080", as `URL` writes it: a scheme's own port (80, 443) is left out. */
      readonly origin: string;
      /** "/ota": starts with a slash, no trailing slash. */
      readonly prefix: string;
      /** Whether the path was typed; else the prefix is the usual one. */
      readonly hasPath: boolean;
    }
  | { readonly ok: false; readonly message: string };

type Part<T> = { readonly value: T } | { readonly wrong: string };

/**
 * Reads an address as people type it: `192.168.1.50`, `esp32.local:80`, `http://[fe80::1]/ota/`. Without a port it
 * is 8080, with any scheme, since that is where devices listen. Never throws; `message` is for people.
 */
export function parseAddress(typed: string): ParsedAddress {
  // Copied text brings invisible spaces along.
  const text = typed.replace(/[\u200b-\u200d\u2060\ufeff]/g, '').trim();
  const split = splitAddress(text);
  if ('wrong' in split) return { ok: false, message: split.wrong };
  const { scheme, authority, path } = split.value;
  const place = readAuthority(authority);
  if ('wrong' in place) return { ok: false, message: place.wrong };
  const prefix = readPrefix(path);
  if ('wrong' in prefix) return { ok: false, message: prefix.wrong };
  return {
    ok: true,
    origin: new URL(`${scheme}://${place.value.host}:${place.value.port}`).origin,
    prefix: prefix.value,
    hasPath: /[^/]/.test(path),
  };
}

/** Reads the path of the update routes by itself: "ota/" is "/ota", and nothing is the usual one. Never throws. */
export function parsePrefix(
  typed: string,
): { readonly ok: true; readonly prefix: string } | { readonly ok: false; readonly message: string } {
  const read = readPrefix(typed.trim());
  return 'wrong' in read ? { ok: false, message: read.wrong } : { ok: true, prefix: read.value };
}

function splitAddress(text: string): Part<{ scheme: string; authority: string; path: string }> {
  if (text === '') return { wrong: 'No address yet. Type the device’s address, such as 192.168.1.50 or esp32.local.' };
  if (/\s/.test(text)) return { wrong: 'An address has no spaces. Type it as 192.168.1.50:8080 or esp32.local.' };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return { wrong: `Devices speak http or https, not ${scheme}. Type http://192.168.1.50:8080.` };
  }
  const rest = scheme === undefined ? text : text.slice(scheme.length + '://'.length);
  // A board may be called "http", so that "http:8080" is a name and a port.
  if (scheme === undefined && /^https?:(?!\d{1,5}(\/|$))/i.test(rest)) {
    return { wrong: 'Two slashes follow http: in an address. Type http://192.168.1.50:8080.' };
  }
  if (rest.includes('\\')) return { wrong: 'An address has no backslash. Type http://192.168.1.50:8080.' };
  if (rest.includes('?')) return { wrong: 'Leave out the ? and what follows: the address ends with the path.' };
  if (rest.includes('#')) return { wrong: 'Leave out the # and what follows: the address ends with the path.' };
  const slash = rest.indexOf('/');
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  if (authority.includes('@')) {
    return { wrong: 'A user name or password cannot be part of the address. Leave out what stands before the @.' };
  }
  return { value: { scheme: scheme ?? 'http', authority, path: slash === -1 ? '' : rest.slice(slash) } };
}

function readAuthority(authority: string): Part<{ host: string; port: number }> {
  const bracketed = /^(\[[^\]]*\])(?::(.*))?$/.exec(authority);
  // What begins with a name or with dots has one port too many; that is said of the port.
  if (bracketed === null && /^\[?[\da-f]*(:.*){2}$/i.test(authority)) {
    return { wrong: 'An IPv6 address stands in brackets. Type [fe80::1] or [fe80::1]:8080.' };
  }
  const colon = authority.indexOf(':');
  const hostText = bracketed?.[1] ?? (colon === -1 ? authority : authority.slice(0, colon));
  const portText = bracketed === null ? (colon === -1 ? undefined : authority.slice(colon + 1)) : bracketed[2];
  const host = readHost(hostText);
  if ('wrong' in host) return host;
  if (portText === undefined) return { value: { host: host.value, port: DEFAULT_PORT } };
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > LAST_PORT) {
    return { wrong: `“${portText}” is no port. A port is a number from 1 to ${LAST_PORT}, such as ${DEFAULT_PORT}.` };
  }
  return { value: { host: host.value, port } };
}

function readHost(text: string): Part<string> {
  if (text === '') return { wrong: 'The device’s name or IP address is missing. Type 192.168.1.50 or esp32.local.' };
  if (text.startsWith('[')) return readIpv6(text);
  const name = text.replace(/\.$/, '').toLowerCase();
  // `URL` reads a host whose last label is a number as IPv4, filling in and counting in octal; only all of it is meant.
  if (/(^|\.)(\d+|0x[0-9a-f]*)$/.test(name)) return readIpv4(name);
  const labels = name.split('.');
  const fine = labels.every((label) => /^[\p{L}\p{N}_]([\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}_])?$/u.test(label));
  const host = fine ? hostOf(name) : null;
  if (host === null || host.length > NAME_LIMIT || host.split('.').some((label) => label.length > 63)) {
    return { wrong: `“${text}” is no device name. Use letters, digits and hyphens, such as esp32.local.` };
  }
  return { value: host };
}

function readIpv4(text: string): Part<string> {
  const parts = text.split('.');
  const fine = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  if (!fine) return { wrong: `“${text}” is no IP address. It has four numbers from 0 to 255, such as 192.168.1.50.` };
  const first = Number(parts[0]);
  // RFC 6890: 0/8 is "this network", 224 and up are groups and broadcast.
  if (first === 0 || first >= 224) {
    return { wrong: `No device can have the address ${text}. Look it up on the device or in the router.` };
  }
  return { value: text };
}

function readIpv6(text: string): Part<string> {
  if (text.includes('%')) {
    return { wrong: 'Browsers take no zone in an IPv6 address. Leave out the % and what follows, up to the bracket.' };
  }
  const host = hostOf(text);
  if (host === null) return { wrong: `“${text}” is no IPv6 address. Type it as [fe80::1] or [fe80::1]:8080.` };
  return { value: host };
}

/** The host as `URL` writes it; null where it takes it for none. */
function hostOf(text: string): string | null {
  try {
    return new URL(`http://${text}/`).hostname;
  } catch {
    // `URL` throws for what is no host; that is the answer.
    return null;
  }
}

function readPrefix(path: string): Part<string> {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return { value: DEFAULT_PREFIX };
  const fine = segments.every((segment) => /^[\w.~-]+$/.test(segment) && !/^\.{1,2}$/.test(segment));
  if (!fine)
    return { wrong: `“${path}” cannot be the path of the updates. It is ${DEFAULT_PREFIX} unless it was changed.` };
  return { value: `/${segments.join('/')}` };
}
