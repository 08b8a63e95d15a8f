/** The plain-http page that tells how to trust this host: HTML for any phone, and one script that is not missed where it does not run. */
import { createHash } from 'node:crypto';
import { encodeQR } from 'qr';
import {
  ANOTHER_PHONE,
  codeLabel,
  COMPARE,
  COMPARE_HOW,
  DOWNLOAD,
  HEADING,
  NO_NETWORK,
  OPEN,
  OPEN_BUTTON,
  reachText,
  SCAN,
  TITLE,
  TRUST,
  trustSteps,
  WHY,
  WITHOUT,
  WITHOUT_BUTTON,
  WITHOUT_MEANS,
  type TrustSteps,
} from '../../words/host/trust-page.ts';
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

function heading(text: string): string {
  return `<h2>${text}</h2>`;
}

function paragraph(html: string): string {
  return `<p>${html}</p>`;
}

function mono(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

/** A link that takes a pairing code along. */
function appLink(url: string, html: string, classes: string): string {
  return `<a class="${classes}" href="${escaped(url)}">${html}</a>`;
}

function platform({ platform, steps }: TrustSteps): string {
  return `<details><summary>${platform}</summary><ol>${steps.map((step) => `<li>${step}</li>`).join('')}</ol></details>`;
}

function code(url: string): string {
  const image = encodeQR(url, 'svg');
  return `${paragraph(mono(url))}<span class="code" role="img" aria-label="${escaped(codeLabel(url))}">${image}</span>`;
}

/** The whole page. */
export function trustPage({ plainUrl, secureUrls, fingerprint, tooWide, appPath }: TrustPageFacts): string {
  const [best] = secureUrls;
  const steps = trustSteps(`<a href="${CERTIFICATE_PATH}">${DOWNLOAD}</a>`, mono(CERTIFICATE_PATH.slice(1)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${TITLE}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${HEADING}</h1>
${paragraph(WHY)}
${heading(COMPARE)}
${paragraph(COMPARE_HOW)}
${paragraph(mono(fingerprint))}
${paragraph(reachText(tooWide.map(escaped)))}
${heading(TRUST)}
${steps.map(platform).join('\n')}
${heading(OPEN)}
${best === undefined ? '' : paragraph(appLink(best, OPEN_BUTTON, 'app button main'))}
<ul>${secureUrls.map((url) => `<li>${appLink(url, mono(url), 'app')}</li>`).join('')}</ul>
${heading(WITHOUT)}
${paragraph(WITHOUT_MEANS)}
${paragraph(appLink(appPath, WITHOUT_BUTTON, 'app button'))}
${heading(ANOTHER_PHONE)}
${paragraph(plainUrl === null ? NO_NETWORK : SCAN)}
${plainUrl === null ? '' : code(plainUrl)}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
