/** What is said of the history: how to search it, and what was found. */
import { dateInWords } from '../device/moments.ts';
import { counted, plural } from '../kit/locale.ts';

export const NOTHING_YET = 'No updates yet. Each one is recorded here, in this browser.';
export const UPDATES = 'Updates';
export const DEVICE = 'Device';
export const ENDED_AS = 'Result';
/** Every device, every outcome. */
export const ALL = 'All';
export const REMOVED_DEVICE = 'A removed device';
export const SHOW_MORE = 'Show more';
export const SAVE_AS_CSV = 'Save as CSV';
export const SAVE_AS_JSON = 'Save as JSON';
export const PRINT = 'Print';
export const CLEAR = 'Clear';

/** At the head of the paper. */
export function printedText(now: number): string {
  return `Printed ${dateInWords(now)}`;
}

/**
 * @param more whether there are more than these
 * @param filtered whether something was searched for
 */
export function foundText(count: number, more: boolean, filtered: boolean): string {
  if (count === 0) return 'No updates match.';
  const updates = counted(count, 'update', 'updates');
  if (more) return `The latest ${updates}${filtered ? ' that match' : ''}.`;
  return filtered ? `${updates} ${plural(count, 'matches', 'match')}.` : `${updates}.`;
}
