/** What the text of a host tells about where it is, before anything is sent. */

/** Suffixes that home routers and RFC 8375 / RFC 6762 appendix G give to names inside a network. */
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

/** A name that only a router's own DNS knows: no dot at all, or one of the suffixes for it. Not `.local`, not localhost. */
export function isPlainLanName(host: string): boolean {
  if (isIpAddress(host) || isLoopback(host) || host.endsWith('.local')) return false;
  return !host.includes('.') || LAN_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

/** Anything a browser counts as local by its text alone: private addresses and `.local`. */
export function isLocalByText(host: string): boolean {
  return isPrivateAddress(host) || host.endsWith('.local');
}
