/** The chip, asked once for all devices of which it is not known. */
import { plural } from '../kit/locale.ts';

/** Once updates have answered it. */
export const CHIPS_KNOWN = 'The chip of each device is known now.';

/** Why it is asked, what is not known, and the question. On a phone `unknown` is the line that opens the other two. */
export interface ChipOfMany {
  readonly file: string;
  readonly unknown: string;
  readonly question: string;
}

/** @param names of the devices, one at least */
export function chipOfMany(chip: string, names: readonly string[]): ChipOfMany {
  const count = names.length;
  const whose = plural(count, names[0] ?? '', `${count} devices`);
  return {
    file: `The file is for an ${chip}.`,
    unknown: `The chip of ${whose} is unknown.`,
    question: `Is ${plural(count, 'it', 'each of them')} an ${chip}?`,
  };
}

export function allAreLabel(devices: number): string {
  return `Yes${others(devices)}`;
}

export function notAllLabel(devices: number): string {
  return devices === 1 ? 'No' : `No, not ${devices === 2 ? 'both' : 'all'}`;
}

function others(devices: number): string {
  if (devices === 1) return '';
  return devices === 2 ? ', both' : `, all ${devices}`;
}
