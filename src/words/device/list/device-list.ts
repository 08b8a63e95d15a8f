/** What is said in the list of many devices. */
import { counted } from '../../kit/locale.ts';

/** Opens what finds and sorts them, on a phone. */
export const FIND = 'Search, sort';
export const SORT = 'Sort';
export const CHECK_ALL = 'Check all';
export const VERSION_UNKNOWN = 'Version unknown';
/** Of the chosen file, after what the device runs. */
export const DOES_NOT_FIT = 'doesn’t fit';
/** Heard between what a device runs and what it would get. */
export const GETS = ' gets ';

export const SORTS = {
  attention: 'Needs attention first',
  name: 'Name',
  group: 'Group',
  version: 'Version',
  seen: 'Last seen',
} as const;

/** Empty where none does. */
export function attentionText(devices: number): string {
  return devices === 0 ? '' : `${counted(devices, 'device needs', 'devices need')} attention`;
}

/** Of all that are asked at once. */
export function checkingText(devices: number): string {
  return `Checking ${counted(devices, 'device', 'devices')}.`;
}

/** "Checked 12 devices: 9 online, 2 gave no answer, 1 needs attention." `others` answered, and not well. */
export function checkedText({
  online,
  offline,
  others,
}: Readonly<Record<'online' | 'offline' | 'others', number>>): string {
  const parts = [
    online > 0 ? `${online} online` : '',
    offline > 0 ? `${offline} gave no answer` : '',
    others > 0 ? `${counted(others, 'needs', 'need')} attention` : '',
  ].filter(Boolean);
  const checked = `Checked ${counted(online + offline + others, 'device', 'devices')}`;
  return parts.length === 0 ? `${checked}.` : `${checked}: ${parts.join(', ')}.`;
}
