/** What is said of how fast an update went. */
import { counted } from '../kit/locale.ts';
import { durationInWords, speedInWords } from '../kit/quantities.ts';

/** The drawing, for people who do not see it. */
export function plotText(durationMs: number, fastest: number, retries: number): string {
  const said = retries === 0 ? 'nothing sent again' : `${counted(retries, 'part', 'parts')} sent again`;
  return `Speed over ${durationInWords(durationMs / 1000)}: ${fastestText(fastest)}, ${said}`;
}

/** @param fastest bytes a second */
export function fastestText(fastest: number): string {
  return `up to ${speedInWords(fastest)}`;
}

export function marksText(retries: number): string {
  return `${counted(retries, 'part', 'parts')} sent again, marked`;
}
