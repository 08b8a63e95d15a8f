/** What is said of installing this page as an app. */

export const THIS_APP = 'This app';
export const WHAT_INSTALLING_BRINGS =
  'When installed, Moult opens like an app, works without internet and accepts files from other apps.';
export const INSTALL = 'Install Moult';
export const INSTALLED = 'Moult is installed. It opens without internet; new versions wait until you reload.';
export const BY_SHARE_SHEET = 'To install Moult: tap Share in Safari’s bar, then “Add to Home Screen”.';
export const BY_DOCK = 'To install Moult: choose “Add to Dock” in Safari’s File menu.';
export const THEN_LIKE_AN_APP = 'It then opens like an app, even without internet.';
export const BY_MENU =
  'This page works without internet once it has been opened. If the browser can install it, its menu has “Install” or “Add to Home Screen”.';
export const NOT_SECURE =
  'This page isn’t encrypted, so the browser can’t install it or open it without its host. Open it over https, or on the host’s own machine as localhost.';

export function versionText(version: string): string {
  return `Moult ${version}`;
}
