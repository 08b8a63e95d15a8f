/** What is said where the devices of a rollout are chosen. */
import { counted, plural, whole } from '../kit/locale.ts';

/** With a link to where devices are added. */
export const NO_DEVICES = { before: 'There is no device yet. ', link: 'Add one', after: ' first.' };
export const HOW_IT_GOES =
  'Sends one firmware file to all the devices you choose. A device that is off, or that the file doesn’t fit, is skipped before anything is written.';
export const ANY = 'Any';
/** Said of one device of the list. */
export const HAS_IT = 'has it';
/** It was the last file that it accepted, and it tells nothing of what runs. */
export const TOOK_IT = 'took it already';
export const CHIP_NOT_KNOWN = 'chip unknown';

/**
 * Said of one device that could take the file, and would no longer run ViperHTTP then.
 *
 * @param product what the file says it is; null: it shows no sign of MicroPython
 */
export function otherProductText(product: string | null): string {
  return product === null
    ? 'The file shows no sign of MicroPython.'
    : `The file is ${product}: with it, the device no longer runs ViperHTTP.`;
}

/** What the box over the list ticks. */
export function whichLabel(shown: number, all: number): string {
  return shown < all ? `All shown (${whole(shown)})` : `All devices (${whole(all)})`;
}

export function chosenText(chosen: number, all: number): string {
  return `${chosen} of ${all} chosen`;
}

/** "28 need it, 12 have it, 2 took it already", of the file; empty where there is none. */
export function needText(of: Readonly<Record<'needs' | 'has' | 'took' | 'other' | 'misfit', number>> | null): string {
  if (of === null) return '';
  const { needs, has, took, other, misfit } = of;
  const parts = [
    `${needs} ${plural(needs, 'needs', 'need')} it`,
    has === 0 ? '' : `${has} ${plural(has, 'has', 'have')} it`,
    took === 0 ? '' : `${took} took it already`,
    other === 0 ? '' : `${other} ${plural(other, 'runs', 'run')} another product`,
    misfit === 0 ? '' : `${misfit} can’t take it`,
  ].filter((part) => part !== '');
  return `· ${parts.join(', ')}`;
}

export function updateLabel(devices: number): string {
  return `Update ${counted(devices, 'device', 'devices')}`;
}
