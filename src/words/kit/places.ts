/** The names of the app and its places. */

export const APP = 'Moult';
export const PLACES = 'Places';
/** Skips the header, for people who use keys. */
export const SKIP = 'Skip to content';
export const DEVICES = 'Devices';
export const FIRMWARE = 'Firmware';
export const HISTORY = 'History';
export const ROLLOUT = 'Rollout';

/** What the window is called while this place is open. */
export function windowTitle(place: string): string {
  return `${place} · ${APP}`;
}
