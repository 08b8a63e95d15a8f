/** The plain-http page that tells how to trust this host: HTML for any phone, and one script that is not missed where it does not run. */
import { createHash } from 'node:crypto';
import { encodeQR } from 'qr';
import { contentSecurityPolicy } from './headers.ts';

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
}

const STYLE = `
:root { color-scheme: light dark; --paper: #faf8f5; --ink: #1f1d1a; --line: #d9d4cc; --accent: #14532d; --on-accent: #fff; }
@media (prefers-color-scheme: dark) { :root { --paper: #1b1a18; --ink: #ece8e1; --line: #413d37; --accent: #86d3a4; --on-accent: #10251a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 40rem; padding: 24px 16px 48px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; line-height: 1.25; } h2 { font-size: 18px; margin: 32px 0 8px; }
a { color: var(--accent); } .button { display: inline-block; min-height: 44px; padding: 10px 16px; border: 1px solid var(--accent); border-radius: 10px; text-decoration: none; }
.main { background: var(--accent); color: var(--on-accent); }
code { font: 13px/1.6 ui-monospace, monospace; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); padding: 4px 0; } summary { min-height: 44px; padding: 10px 0; cursor: pointer; font-weight: 600; }
.code { display: block; width: 208px; padding: 12px; border-radius: 10px; background: #fff; } .code svg { display: block; width: 100%; height: auto; }
`;

/** Whoever came by a pairing code takes it along to the app. It stands in the fragment, which links do not keep. */
const SCRIPT = `for (const link of document.querySelectorAll('a.app')) link.hash = location.hash;`;

const named = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Policy of this page: the app's, with the style sheet and the script above by their hashes. */
export const TRUST_PAGE_POLICY = contentSecurityPolicy({ style: named(STYLE), script: named(SCRIPT) });

/** Where the authority's certificate is downloaded; phones know the file by this ending. */
export const CERTIFICATE_PATH = '/moult-ca.crt';

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function platform(name: string, steps: readonly [string, string, string]): string {
  return `<details><summary>${name}</summary><ol>${steps.map((step) => `<li>${step}</li>`).join('')}</ol></details>`;
}

const DOWNLOAD = `<a href="${CERTIFICATE_PATH}">Download the certificate</a>`;

const PLATFORMS = [
  platform('Android', [
    `${DOWNLOAD}.`,
    'Open Settings, search for “CA certificate”, choose Install anyway, and pick the file <code>moult-ca.crt</code>.',
    'Come back and open the secure page below.',
  ]),
  platform('iPhone and iPad', [
    `${DOWNLOAD} in Safari and choose Allow.`,
    'Open Settings, tap Profile Downloaded, then Install.',
    'In Settings, General, About, Certificate Trust Settings, switch on the name that begins with “Moult on”. Then open the secure page below.',
  ]),
  platform('Computer', [
    `${DOWNLOAD}.`,
    'Open the file and put it among the trusted root authorities. Windows: “Trusted Root Certification Authorities”. macOS: Keychain Access, “Always Trust”. ' +
      'Linux: in Chromium’s settings, Manage certificates, Installed by you. Firefox on every system: Settings, View Certificates, Authorities, Import.',
    'Start the browser again and open the secure page below.',
  ]),
].join('\n');

/** What whoever has the authority's key could sign for. */
function reach(tooWide: readonly string[]): string {
  const usual = 'The certificate can vouch for this machine’s name that ends in .local and for private addresses';
  return tooWide.length === 0
    ? `${usual} only, not for any site\non the internet.`
    : `${usual}, and, because an earlier\nversion of Moult made it, for every name that is or ends in ${tooWide.map(escaped).join(', ')}.`;
}

/** The whole page. */
export function trustPage({ plainUrl, secureUrls, fingerprint, tooWide, appPath }: TrustPageFacts): string {
  const links = secureUrls.map(
    (url) => `<li><a class="app" href="${escaped(url)}"><code>${escaped(url)}</code></a></li>`,
  );
  const [best] = secureUrls;
  const code =
    plainUrl === null
      ? '<p>This machine is on no network now, so no phone can reach it.</p>'
      : `<p><code>${escaped(plainUrl)}</code></p><span class="code" role="img" aria-label="QR code of ${escaped(plainUrl)}">${encodeQR(plainUrl, 'svg')}</span>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Moult: trust this host</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Moult runs on this network</h1>
<p>Your browser installs the app, and keeps it for offline use, only from a page that it trusts. This host signs its own
certificate, so you tell your phone or computer once that you trust it.</p>
<h2>1. Compare the fingerprint</h2>
<p>This page came without encryption. Before you trust the certificate, compare this with the fingerprint in the terminal
where Moult was started, and with what your system shows at installing. If they differ, stop here.</p>
<p><code>${escaped(fingerprint)}</code></p>
<p>${reach(tooWide)}</p>
<h2>2. Trust it in three steps</h2>
${PLATFORMS}
<h2>3. Open the secure page</h2>
${best === undefined ? '' : `<p><a class="app button main" href="${escaped(best)}">Open the secure page</a></p>`}
<ul>${links.join('')}</ul>
<h2>Or go on without trusting</h2>
<p>Updates work all the same. What is missing: installing the app, offline use, and keeping tokens encrypted. What you send,
tokens included, crosses the network unencrypted.</p>
<p><a class="app button" href="${escaped(appPath)}">Go on without trusting</a></p>
<h2>Another phone</h2>
<p>Scan this code to come to this page:</p>
${code}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
