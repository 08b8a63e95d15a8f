/** What is said while the host looks for devices in its network. */

export const FIND = 'Find devices';
export const FIND_AGAIN = 'Find devices again';
export const FOUND_DEVICES = 'Found devices';
/** Behind an address that is not a ViperHTTP device's for sure. */
export const SOME_WEB_SERVER = ', another web server';

export const WHAT_FINDING_DOES = 'Searches your network for devices. This takes four seconds.';
export const ASKING_NETWORK = 'Searching your network…';
export const COULD_NOT_LOOK = 'The computer that serves this page could not search. Type the address instead.';

export function foundText(devices: number): string {
  if (devices === 0) {
    return 'No devices found. Many don’t announce themselves: type the address from the device’s log.';
  }
  return devices === 1
    ? 'One found. Tap it to fill in its name and address.'
    : `${devices} found. Tap one to fill in its name and address.`;
}
