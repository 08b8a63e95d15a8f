/** What is said of a device's two slots at rest. */
import { bytesInWords } from '../../kit/quantities.ts';

export const NO_SLOTS = 'Slots unknown';

/** Both in bytes, null where they are not known. */
interface SaidSlot {
  readonly label: string;
  readonly size: number | null;
  readonly filled: number | null;
}

/** Said of a slot behind its name: which of the two it is. */
export const SLOT_ROLES = { running: 'runs', next: 'next' } as const;

/** "812 KB of 1.5 MB", "1.5 MB"; empty where no size is known. */
export function fillText({ size, filled }: SaidSlot): string {
  if (filled !== null && size !== null) return `${bytesInWords(filled)} of ${bytesInWords(size)}`;
  const known = filled ?? size;
  return known === null ? '' : bytesInWords(known);
}

/** The picture, for people who do not see it. */
export function faceText(running: SaidSlot | null, next: SaidSlot | null): string {
  if (running === null) return NO_SLOTS;
  const parts = [said(`${running.label} runs`, running), next === null ? '' : said(`${next.label} is next`, next)];
  return parts.filter(Boolean).join('; ');
}

function said(what: string, slot: SaidSlot): string {
  return [what, fillText(slot)].filter(Boolean).join(', ');
}
