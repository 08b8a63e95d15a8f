/** What is said where devices are found among many. */

import { counted } from '../../kit/locale.ts';

export const SEARCH_EXAMPLE = 'Name, address, group or version';
export const ALL_GROUPS = 'All';

/** Empty where all are shown. */
export function shownCount(shown: number, of: number): string {
  if (shown === of) return '';
  return shown === 0 ? 'No devices match.' : `${shown} of ${counted(of, 'device', 'devices')}`;
}
