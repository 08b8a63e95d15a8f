/** What stands on the page that a phone on the LAN meets first. Sentences only: the host puts the markup around them. */

import { CERTIFICATE_NAME_BEGINS } from './authority.ts';

/** Whose steps open by themselves. Null: a system that none of them is for. */
export type VisitorSystem = 'android' | 'ios' | 'windows' | 'macos' | 'linux';

export const TITLE = 'Moult runs on this network';
export const WHAT_MOULT_IS = 'Updates the firmware of devices on your network, from this browser.';
export const OPEN_MOULT = 'Open Moult';
export const OPEN_AS_IT_IS =
  'Updates work right away. This connection is not encrypted: others on the network could read what you send, tokens included, and tokens are forgotten when the page is closed.';
export const OPEN_ENCRYPTED = 'This connection is encrypted.';
export const OPEN_HERE = 'You’re on the host’s own machine: nothing you send to it crosses a network.';

export const INSTALL_HEADING = 'Install it and keep tokens';
export const WHY_TRUST =
  'Once your device trusts this host, the connection is encrypted: Moult can be installed, opens without internet, and keeps tokens encrypted. It takes three steps, once.';

export const COMPARE_HEADING = '1. Compare the fingerprint';
export const COMPARE =
  'Compare this with the fingerprint in the terminal where Moult was started, and with what your system shows when it installs the certificate. If they differ, stop here.';

export const TRUST_HEADING = '2. Trust the certificate';
export const DOWNLOAD_CERTIFICATE = 'Download the certificate';
export const SYSTEM_NAMES: Readonly<Record<VisitorSystem, string>> = {
  android: 'Android',
  ios: 'iPhone and iPad',
  windows: 'Windows',
  macos: 'Mac',
  linux: 'Linux',
};

/** What follows the download, in order. */
export const SYSTEM_STEPS: Readonly<Record<VisitorSystem, readonly string[]>> = {
  android: [
    'Open Settings, search for “CA certificate”, choose “Install anyway”, and pick the file moult-ca.crt.',
    'Come back to this page.',
  ],
  ios: [
    'Use Safari. Choose “Allow”.',
    'Open Settings, tap “Profile Downloaded”, then “Install”.',
    `In Settings, General, About, Certificate Trust Settings, switch on the name that begins with “${CERTIFICATE_NAME_BEGINS}”.`,
  ],
  windows: [
    'Open the file, choose “Install Certificate”, and place it in “Trusted Root Certification Authorities”.',
    'Start the browser again. In Firefox: Settings, View Certificates, Authorities, Import.',
  ],
  macos: [
    `Open the file. In Keychain Access, open the certificate that begins with “${CERTIFICATE_NAME_BEGINS}” and choose “Always Trust”.`,
    'Start the browser again. In Firefox: Settings, View Certificates, Authorities, Import.',
  ],
  linux: [
    'In Chromium’s settings, search for “Manage certificates”, and import the file under “Installed by you”.',
    'Start the browser again. In Firefox: Settings, View Certificates, Authorities, Import.',
  ],
};

export const SECURE_HEADING = '3. Open the secure page';
export const OPEN_SECURE_PAGE = 'Open the secure page';
export const OTHER_ADDRESSES = 'The same page has these addresses:';
export const NO_SECURE_PAGE = 'There is no secure page: this machine isn’t on a network now.';

export const PHONE_HEADING = 'Another phone';
export const SCAN_THIS = 'Scan this code to open this page there.';
export const ON_NO_NETWORK = 'This machine isn’t on a network now, so no phone can reach it.';

export function qrCodeOf(address: string): string {
  return `QR code of ${address}`;
}

/** @param tooWide names that the certificate could vouch for besides, with all that is below them */
export function reachText(tooWide: readonly string[]): string {
  const usual = 'The certificate can vouch for this machine’s name that ends in .local and for private addresses';
  return tooWide.length === 0
    ? `${usual} only, not for any site on the internet.`
    : `${usual}, and, because an earlier version of Moult made it, for every name that is or ends in ${tooWide.join(', ')}.`;
}
