/** What is said of the watched file where it is only a line: in the head of the page, and beside the file that is chosen. */

export const WATCH = 'Watch';

export const WATCH_A_FILE = 'Watch a file';

export const FORGET = 'Stop';

export function watchingText(name: string): string {
  return `Watching ${name}`;
}

export function watchAgainLabel(name: string): string {
  return `Watch ${name} again`;
}

export function stopLabel(name: string): string {
  return `Stop watching ${name}`;
}
