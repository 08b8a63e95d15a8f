/** What is said where the devices of a rollout are chosen. */
import { counted, plural } from '../kit/locale.ts';
import { allOf } from './rollout-progress.ts';

/** With a link to where devices are added. */
export const NO_DEVICES = { before: 'There is no device yet. ', link: 'Add one', after: ' first.' };
export const HOW_IT_GOES =
  'Sends one firmware file to all the devices you choose. A device that is off, or that the file doesn’t fit, is skipped before anything is written.';
export const ANY = 'Any';
/** Said of one device of the list. */
export const HAS_IT = 'has it';
export const CHIP_NOT_KNOWN = 'chip unknown';

/** What the box over the list ticks. */
export function whichLabel(shown: number, all: number): string {
  const some = shown < all;
  if (shown === 1) return some ? 'The one shown' : 'The one device';
  return `${allOf(shown)} ${some ? 'shown' : 'devices'}`;
}

export function chosenText(chosen: number, all: number): string {
  return `${chosen} of ${all} chosen`;
}

/** "28 need it, 12 have it", of the file; empty where there is none. */
export function needText(
  of: { readonly need: number; readonly have: number; readonly misfits: number } | null,
): string {
  if (of === null) return '';
  const { need, have, misfits } = of;
  const parts = [
    `${need} ${plural(need, 'needs', 'need')} it`,
    have === 0 ? '' : `${have} ${plural(have, 'has', 'have')} it`,
    misfits === 0 ? '' : `${misfits} can’t take it`,
  ].filter((part) => part !== '');
  return `· ${parts.join(', ')}`;
}

export function updateLabel(devices: number): string {
  return `Update ${counted(devices, 'device', 'devices')}`;
}
