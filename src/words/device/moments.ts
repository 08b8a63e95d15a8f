/** Points in time as people say them. Both arguments are milliseconds since 1970. */
import { LOCALE } from '../kit/locale.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "4 min ago", "3 h ago", then the day. */
export function agoInWords(at: number, now: number): string {
  const past = now - at;
  if (past < MINUTE) return 'just now';
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  return `on ${dayInWords(at, now)}`;
}

/** "14:05 today", "12 Nov, 14:05", "12 Nov 2025, 14:05". */
export function momentInWords(at: number, now: number): string {
  const day = dayInWords(at, now);
  return day.endsWith('today') ? day : `${day}, ${timeOfDay(at)}`;
}

/** "12 Nov 2025, 14:05": still says which day it was when it is read on paper, or years later. */
export function dateInWords(at: number): string {
  const day = new Date(at).toLocaleDateString(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
  return `${day}, ${timeOfDay(at)}`;
}

/** "14:05 today", "12 Nov", "12 Nov 2025": all of them fit behind "since". */
export function dayInWords(at: number, now: number): string {
  const day = new Date(at);
  const today = new Date(now);
  if (day.toDateString() === today.toDateString()) {
    return `${timeOfDay(at)} today`;
  }
  const year = day.getFullYear() === today.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return day.toLocaleDateString(LOCALE, { day: 'numeric', month: 'short', ...year });
}

function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString(LOCALE, { hour: '2-digit', minute: '2-digit' });
}
