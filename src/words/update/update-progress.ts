/** How far an update is, in numbers and their names. */
import type { Progress } from '../../model/update/update-state.ts';
import { counted } from '../kit/locale.ts';
import { bytesInWords, durationInWords } from '../kit/quantities.ts';

export const WRITTEN = 'Written';
export const SPEED = 'Speed';
export const TIME_LEFT = 'Time left';
export const TRIES = 'Tries';
export const TOOK = 'Took';
export const RESTARTS = 'Restarts';

export function progressLabel(device: string): string {
  return `Written to ${device}`;
}

export function bytesText({ acknowledged, total }: Progress): string {
  return `${bytesInWords(acknowledged)} of ${bytesInWords(total)}`;
}

/** For who does not see the slot map. */
export function progressText(percent: number, progress: Progress): string {
  return `${percent} %, ${bytesText(progress)} acknowledged`;
}

export function timeLeftText(seconds: number): string {
  return `${durationInWords(seconds)} left`;
}

export function retriesText(retries: number): string {
  return counted(retries, 'retry', 'retries');
}

export function tookText(ms: number): string {
  return `took ${durationInWords(ms / 1000)}`;
}

export function startedOverText(times: number): string {
  return `started over ${counted(times, 'time', 'times')}`;
}
