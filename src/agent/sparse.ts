/** Which progress is worth a word to the server: an action has room for a thousand, failures included. Pure. */

/** The wall that hawkBit has is a thousand; a slow update of an hour stays far below it. */
const EVERY_MS = 30_000;
const EVERY_SHARE = 0.1;

export interface ToldProgress {
  readonly at: number;
  readonly share: number;
}

/** Whether it is told now. `told`: what was told last; null: nothing yet. */
export function isWorthAWord(told: ToldProgress | null, share: number, at: number): boolean {
  if (told === null) return true;
  return share - told.share >= EVERY_SHARE || (at - told.at >= EVERY_MS && share !== told.share);
}
