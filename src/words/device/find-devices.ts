/** What is said while the host looks for devices in its network. */

export const FIND = 'Find devices';
export const FIND_AGAIN = 'Find devices again';
export const FOUND_DEVICES = 'Found devices';
/** Behind an address that is not a ViperHTTP device's for sure. */
export const SOME_WEB_SERVER = ', some web server';

export const WHAT_FINDING_DOES = 'Asks your network which devices are there. It takes four seconds.';
export const ASKING_NETWORK = 'Asking your network …';
export const COULD_NOT_LOOK = 'The computer that serves this page could not look. Type the address instead.';

export function foundText(devices: number): string {
  if (devices === 0) {
    return 'No device introduced itself. Many never do: type the address, as it stands in the device’s log.';
  }
  return devices === 1
    ? 'One found. Tap it to fill in its name and address.'
    : `${devices} found. Tap one to fill in its name and address.`;
}
