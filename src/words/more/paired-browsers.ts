/** What is said of the browsers that are paired with the host. */
import { dayInWords } from '../device/moments.ts';

export const PAIRED_BROWSERS = 'Paired browsers';
export const NONE_PAIRED = 'None. This machine’s own browser needs no pairing.';
export const REVOKE = 'Revoke';

/** Said aloud, where the button itself only says "Revoke". */
export function revokeLabel(browser: string): string {
  return `Revoke ${browser}`;
}

/** Of the second tap, which does it. */
export function revokeNowLabel(browser: string): string {
  return `Revoke ${browser}: it has to pair again`;
}

/** Both in milliseconds since 1970. */
export function pairedText(pairedAt: number, now: number): string {
  return `since ${dayInWords(pairedAt, now)}`;
}
