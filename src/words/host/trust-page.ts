/** The page that tells how to trust the host. Where a sentence takes a link or a file's name, the page gives it as HTML. */
import { CERTIFICATE_NAME_BEGINS } from './authority.ts';

export const TITLE = 'Moult: trust this host';
export const HEADING = 'Moult runs on this network';
export const WHY =
  'Your browser installs the app, and keeps it for offline use, only from a page that it trusts. This host signs its own certificate, so you tell your phone or computer once that you trust it.';

export const COMPARE = '1. Compare the fingerprint';
export const COMPARE_HOW =
  'This page came without encryption. Before you trust the certificate, compare this with the fingerprint in the terminal where Moult was started, and with what your system shows at installing. If they differ, stop here.';

/** What whoever has the authority's key could sign for. `tooWide`: names of others that it could vouch for, as HTML. */
export function reachText(tooWide: readonly string[]): string {
  const usual = 'The certificate can vouch for this machine’s name that ends in .local and for private addresses';
  return tooWide.length === 0
    ? `${usual} only, not for any site on the internet.`
    : `${usual}, and, because an earlier version of Moult made it, for every name that is or ends in ${tooWide.join(', ')}.`;
}

export const TRUST = '2. Trust it in three steps';
export const DOWNLOAD = 'Download the certificate';

export interface TrustSteps {
  readonly platform: string;
  readonly steps: readonly [string, string, string];
}

/** `download`: the link to the certificate. `file`: its name as phones save it. Both as HTML. */
export function trustSteps(download: string, file: string): readonly TrustSteps[] {
  return [
    {
      platform: 'Android',
      steps: [
        `${download}.`,
        `Open Settings, search for “CA certificate”, choose Install anyway, and pick the file ${file}.`,
        'Come back and open the secure page below.',
      ],
    },
    {
      platform: 'iPhone and iPad',
      steps: [
        `${download} in Safari and choose Allow.`,
        'Open Settings, tap Profile Downloaded, then Install.',
        `In Settings, General, About, Certificate Trust Settings, switch on the name that begins with “${CERTIFICATE_NAME_BEGINS}”. Then open the secure page below.`,
      ],
    },
    {
      platform: 'Computer',
      steps: [
        `${download}.`,
        'Open the file and put it among the trusted root authorities. Windows: “Trusted Root Certification Authorities”. macOS: Keychain Access, “Always Trust”. Linux: in Chromium’s settings, Manage certificates, Installed by you. Firefox on every system: Settings, View Certificates, Authorities, Import.',
        'Start the browser again and open the secure page below.',
      ],
    },
  ];
}

export const OPEN = '3. Open the secure page';
export const OPEN_BUTTON = 'Open the secure page';

export const WITHOUT = 'Or go on without trusting';
export const WITHOUT_MEANS =
  'Updates work all the same. What is missing: installing the app, offline use, and keeping tokens encrypted. What you send, tokens included, crosses the network unencrypted.';
export const WITHOUT_BUTTON = 'Go on without trusting';

export const ANOTHER_PHONE = 'Another phone';
export const SCAN = 'Scan this code to come to this page:';
export const NO_NETWORK = 'This machine is on no network now, so no phone can reach it.';

export function codeLabel(url: string): string {
  return `QR code of ${url}`;
}
