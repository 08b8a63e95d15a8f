/** Takes addresses out of a text that goes to strangers. */
import { HOST_NAME, IPV4_ADDRESS, IPV6_ADDRESS, LOCAL_NAME, MAC_ADDRESS } from '../../words/history/masks.ts';

/** Takes these hosts out of the whole text, in whatever letter case: the device's own words may hold its address, too. */
export function withoutHosts(text: string, origins: readonly string[], typed: string): string {
  const hosts = origins.flatMap((origin) => (URL.canParse(origin) ? [new URL(origin).hostname] : []));
  const bare = typed.replace(/^[a-z]+:\/\//i, '').replace(/[:/].*$/, '');
  return [...new Set([...hosts, bare])]
    .filter((host) => host !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((masked, host) => masked.replace(whole(host), kindOf(host)), text);
}

/** The host, and not a part of a longer word or address. */
function whole(host: string): RegExp {
  const literal = host.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_.-])${literal}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`, 'giu');
}

const GROUP = '[0-9a-f]{1,4}';
const GROUPS = `${GROUP}(?::${GROUP})*`;

/** Anything that has the form of an address; MAC before IPv6, which has its colons. */
const FORMS: readonly (readonly [form: RegExp, kind: string])[] = [
  [/(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])/gi, MAC_ADDRESS],
  [new RegExp(`(?<![\\w:])(?:(?:${GROUP}:){7}${GROUP}|(?:${GROUPS})?::(?:${GROUPS})?)(?![\\w:])`, 'gi'), IPV6_ADDRESS],
  [/(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)/g, IPV4_ADDRESS],
  [/[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.local(?![\p{L}\p{N}_-])/giu, LOCAL_NAME],
];

export function withoutAnyAddress(text: string): string {
  return FORMS.reduce((masked, [form, kind]) => masked.replace(form, kind), text);
}

function kindOf(host: string): string {
  if (host.startsWith('[')) return IPV6_ADDRESS;
  if (/^[\d.]+$/.test(host)) return IPV4_ADDRESS;
  if (host === 'localhost') return host;
  return host.toLowerCase().endsWith('.local') ? LOCAL_NAME : HOST_NAME;
}
