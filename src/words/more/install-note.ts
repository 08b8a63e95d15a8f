/** What is said of installing this page as an app. */

export const THIS_APP = 'This app';
export const WHAT_INSTALLING_BRINGS =
  'Installed, Moult opens like an app, works without internet and takes files from other apps.';
export const INSTALL = 'Install Moult';
export const INSTALLED = 'Moult is installed. It opens without internet; new versions wait until you reload.';
export const BY_SHARE_SHEET = 'To install Moult: tap Share in Safari’s bar, then “Add to Home Screen”.';
export const BY_DOCK = 'To install Moult: choose “Add to Dock” in Safari’s File menu.';
export const THEN_LIKE_AN_APP = 'It then opens like an app, also without internet.';
export const BY_MENU =
  'This page works without internet once it was opened. Where the browser can install it, “Install” or “Add to Home Screen” stands in the browser’s menu.';
export const NOT_SECURE =
  'This page is not encrypted, so the browser does not let it be installed or opened without its host. Open it by https, or on the host’s own machine as localhost.';

export function versionText(version: string): string {
  return `Moult ${version}`;
}
