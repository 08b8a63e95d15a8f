/** The plain-http page that a phone meets first: the app, and how to trust this host. HTML for any phone, and one script that is not missed where it does not run. */
import { createHash } from 'node:crypto';
import { encodeQR } from 'qr';
import * as words from '../../words/host/trust-page.ts';
import type { VisitorSystem } from '../../words/host/trust-page.ts';
import { contentSecurityPolicy } from './headers.ts';
import type { Place } from './listeners.ts';
import { TRUST_PAGE_STYLE } from './trust-page-style.ts';

export interface TrustPageFacts {
  /** Where this page is on the LAN; null where the machine is on no network. */
  readonly plainUrl: string | null;
  /** https addresses, best first. */
  readonly secureUrls: readonly string[];
  /** SHA-256 of the authority's certificate, "AB:CD:…". */
  readonly fingerprint: string;
  /** Names that it could vouch for besides, with all that is below them: an earlier version made it. */
  readonly tooWide: readonly string[];
  /** Where the app is for those who go on without trust. */
  readonly appPath: string;
  /** Where the visitor came in. */
  readonly place: Place;
  /** The visitor's `User-Agent`; undefined where there was none. */
  readonly userAgent: string | undefined;
}

/**
 * Whoever came by a pairing code takes it along to the app. It stands in the fragment, which links do not keep. An iPad
 * says that it is a Mac, and only the page sees its touch screen.
 */
const SCRIPT = `for (const link of document.querySelectorAll('a.app')) link.hash = location.hash;
const mac = document.querySelector('#macos[open]');
if (mac && navigator.maxTouchPoints > 1) { mac.open = false; document.querySelector('#ios').open = true; }`;

const named = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Policy of this page: the app's, with the style sheet and the script above by their hashes. */
export const TRUST_PAGE_POLICY = contentSecurityPolicy({ style: named(TRUST_PAGE_STYLE), script: named(SCRIPT) });

/** Where the authority's certificate is downloaded; phones know the file by this ending. */
export const CERTIFICATE_PATH = '/moult-ca.crt';

/** How each system names itself; the first that fits counts, since Android says "Linux", too. */
const SIGNS: readonly (readonly [sign: RegExp, system: VisitorSystem])[] = [
  [/iPhone|iPad|iPod/, 'ios'],
  [/Android/, 'android'],
  [/Windows NT/, 'windows'],
  [/Macintosh/, 'macos'],
  [/Linux/, 'linux'],
];

/** What to know before the app is opened from there. */
const OPENS: Readonly<Record<Place, string>> = {
  'lan-http': words.OPEN_AS_IT_IS,
  'lan-https': words.OPEN_ENCRYPTED,
  here: words.OPEN_HERE,
};

const SYSTEMS: readonly VisitorSystem[] = ['android', 'ios', 'windows', 'macos', 'linux'];

/** The system that a `User-Agent` names; null where it is none that there are steps for. */
export function systemOf(userAgent: string): VisitorSystem | null {
  return SIGNS.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function steps(system: VisitorSystem, open: boolean): string {
  const download = `<a href="${CERTIFICATE_PATH}">${words.DOWNLOAD_CERTIFICATE}</a>`;
  const items = [download, ...words.SYSTEM_STEPS[system].map(escaped)].map((step) => `<li>${step}</li>`).join('');
  return `<details id="${system}"${open ? ' open' : ''}><summary>${words.SYSTEM_NAMES[system]}</summary><ol>${items}</ol></details>`;
}

/** The visitor's own first. */
function allSteps(userAgent: string | undefined): string {
  const own = systemOf(userAgent ?? '');
  const ordered = own === null ? SYSTEMS : [own, ...SYSTEMS.filter((system) => system !== own)];
  return ordered.map((system) => steps(system, system === own)).join('\n');
}

function secureLinks([best, ...others]: readonly string[]): string {
  if (best === undefined) return `<p>${words.NO_SECURE_PAGE}</p>`;
  const link = (url: string): string =>
    `<li><a class="app" href="${escaped(url)}"><code>${escaped(url)}</code></a></li>`;
  return `<a class="app button" href="${escaped(best)}">${words.OPEN_SECURE_PAGE}</a>
<p class="small soft">${words.OTHER_ADDRESSES}</p>
<ul>${[best, ...others].map(link).join('')}</ul>`;
}

function anotherPhone(plainUrl: string | null): string {
  if (plainUrl === null) return `<p>${words.ON_NO_NETWORK}</p>`;
  const url = escaped(plainUrl);
  return `<p>${words.SCAN_THIS}</p>
<span class="code" role="img" aria-label="${words.qrCodeOf(url)}">${encodeQR(plainUrl, 'svg')}</span>
<p><code>${url}</code></p>`;
}

/** The app's mark: a field of cells, some of them just written. */
const MARK =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 3h5v5H3zM9.5 3h5v5h-5zM16 3h5v5h-5zM3 9.5h5v5H3zM9.5 9.5h5v5h-5zM3 16h5v5H3z"/><path fill="none" stroke="currentColor" d="M16.5 10h4v4h-4zM10 16.5h4v4h-4zM16.5 16.5h4v4h-4z"/></svg>';

/** The whole page. */
export function trustPage(facts: TrustPageFacts): string {
  const { plainUrl, secureUrls, fingerprint, tooWide, appPath, place, userAgent } = facts;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#f6f4ef">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#161513">
<title>${words.TITLE}</title>
<style>${TRUST_PAGE_STYLE}</style>
</head>
<body>
<header>${MARK}Moult</header>
<main>
<h1>${words.TITLE}</h1>
<p>${words.WHAT_MOULT_IS}</p>
<a class="app button next" href="${escaped(appPath)}">${words.OPEN_MOULT}</a>
<p class="small soft">${OPENS[place]}</p>
<h2>${words.INSTALL_HEADING}</h2>
<p>${words.WHY_TRUST}</p>
<h3>${words.COMPARE_HEADING}</h3>
<p>${words.COMPARE}</p>
<code class="fingerprint">${escaped(fingerprint)}</code>
<p class="small soft">${escaped(words.reachText(tooWide))}</p>
<h3>${words.TRUST_HEADING}</h3>
<div class="systems">
${allSteps(userAgent)}
</div>
<h3>${words.SECURE_HEADING}</h3>
${secureLinks(secureUrls)}
<h2>${words.PHONE_HEADING}</h2>
${anotherPhone(plainUrl)}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
