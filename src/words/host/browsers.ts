/** What a paired browser is called, in the lists of them. */

export type BrowserMake = 'edge' | 'opera' | 'samsung' | 'firefox' | 'chrome' | 'safari';
export type SystemMake = 'android' | 'iphone' | 'ipad' | 'mac' | 'windows' | 'chromeos' | 'linux';

const BROWSERS: Readonly<Record<BrowserMake, string>> = {
  edge: 'Edge',
  opera: 'Opera',
  samsung: 'Samsung Internet',
  firefox: 'Firefox',
  chrome: 'Chrome',
  safari: 'Safari',
};

const SYSTEMS: Readonly<Record<SystemMake, string>> = {
  android: 'Android',
  iphone: 'iPhone',
  ipad: 'iPad',
  mac: 'a Mac',
  windows: 'Windows',
  chromeos: 'ChromeOS',
  linux: 'Linux',
};

/** "Chrome on Android", "A browser"; null: it does not tell. */
export function browserInWords(browser: BrowserMake | null, system: SystemMake | null): string {
  const name = browser === null ? 'A browser' : BROWSERS[browser];
  return system === null ? name : `${name} on ${SYSTEMS[system]}`;
}
