/** What is said of one update that has ended. */
import type { Route } from '../../model/device/device.ts';
import type { HistoryRow } from '../../model/update/history-entry.ts';
import { counted } from '../kit/locale.ts';
import { dateInWords, momentInWords } from '../device/moments.ts';
import { bytesInWords, durationInWords, shortHash } from '../kit/quantities.ts';

export const AVERAGE_SPEED = 'Average speed';
export const SENT_AGAIN = 'Parts sent again';
export const STARTED_OVER = 'Started over';
export const SPOKEN_TO = 'Protocol';
export const REACHED = 'Reached';
export const NO_REPORT =
  'No report for help: this page keeps the requests of each device’s latest update only, until it is closed.';

/** When it began, on the screen. Both in milliseconds since 1970. */
export function beganText(startedAt: number, now: number): string {
  return unbroken(momentInWords(startedAt, now));
}

/** The same on paper, where nobody knows what "today" was. */
export function beganOnPaper(startedAt: number): string {
  return unbroken(dateInWords(startedAt));
}

/** What was sent, how much of it, and how long it took. Each part is a line of its own where there is no room. */
export function factsText({ version, project, sha256, bytes, size, durationMs }: HistoryRow): string {
  const facts = [
    version ?? project ?? shortHash(sha256),
    bytes === size ? bytesInWords(size) : `${bytesInWords(bytes)} of ${bytesInWords(size)}`,
    ...(durationMs === 0 ? [] : [durationInWords(durationMs / 1000)]),
  ];
  return facts.map(unbroken).join(' · ');
}

function unbroken(fact: string): string {
  return fact.replaceAll(' ', '\u00a0');
}

export function timesText(count: number): string {
  return counted(count, 'time', 'times');
}

export function routeText(route: Route): string {
  switch (route) {
    case 'gateway':
      return 'through the gateway';
    case 'direct':
      return 'directly';
  }
}
