/** What the text of a host tells about where it is, before anything is sent. */

/** Suffixes of names inside a network, from home routers, RFC 8375 and RFC 6762, appendix G. */
const LAN_SUFFIXES = [
  '.lan',
  '.home',
  '.home.arpa',
  '.internal',
  '.intranet',
  '.private',
  '.corp',
  '.localdomain',
  '.fritz.box',
];

/** `host` as `URL.hostname` gives it: lower case, IPv6 in brackets. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

export function isIpAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}

/** Private (RFC 1918), link-local (RFC 3927, RFC 4291), shared (RFC 6598) and unique local (RFC 4193) addresses. */
export function isPrivateAddress(host: string): boolean {
  // Four digits: [fc::1] is 00fc::1, which is none of these.
  if (host.startsWith('[')) return /^\[(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(host);
  if (!isIpAddress(host)) return false;
  const [a = 0, b = 0] = host.split('.').map(Number);
  return (
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127)
  );
}

/**
 * Whether only a router's own DNS knows the name: it has no dot, or one of the suffixes above, and is neither `.local`
 * nor localhost.
 */
export function isPlainLanName(host: string): boolean {
  if (isIpAddress(host) || isLoopback(host) || host.endsWith('.local')) return false;
  return !host.includes('.') || LAN_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

/** Whether a browser counts the host as local by its text alone: a private address, or `.local`. */
export function isLocalByText(host: string): boolean {
  return isPrivateAddress(host) || host.endsWith('.local');
}
