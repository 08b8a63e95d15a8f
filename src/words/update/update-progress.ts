/** How far an update is, in numbers and their names. */
import { traitsOf } from '../../model/device/dialect.ts';
import type { ActiveState, Progress } from '../../model/update/update-state.ts';
import { HOST_AWAY, HOST_RUNS } from '../kit/host-meanwhile.ts';
import { counted } from '../kit/locale.ts';
import { bytesInWords, durationInWords } from '../kit/quantities.ts';

const WRITTEN = 'Written';
/** The device has fewer, and nobody knows how many. */
const SENT = 'Sent';
export const SPEED = 'Speed';
export const TIME_LEFT = 'Time left';
export const SENT_AGAIN = 'Sent again';
/** Of how long it took, which says so itself. */
export const TOOK = 'Duration';
export const RESTARTS = 'Restarts';

export function progressName({ counts }: Pick<Progress, 'counts'>): string {
  return counts === 'sent' ? SENT : WRITTEN;
}

export function progressLabel(device: string, progress: Pick<Progress, 'counts'>): string {
  return `${progressName(progress)} to ${device}`;
}

export function bytesText({ acknowledged, total }: Progress): string {
  return `${bytesInWords(acknowledged)} of ${bytesInWords(total)}`;
}

/** For people who do not see the slot map. */
export function progressText(percent: number, progress: Progress): string {
  return `${percent} %, ${bytesText(progress)} ${progress.counts === 'sent' ? 'sent' : 'written'}`;
}

export function timeLeftText(seconds: number): string {
  return `${durationInWords(seconds)} left`;
}

/** Of parts, and not of tries to reach the device, which are counted apart. */
export function sentAgainText(retries: number): string {
  return `${counted(retries, 'part', 'parts')} sent again`;
}

export function tookText(ms: number): string {
  return `took ${durationInWords(ms / 1000)}`;
}

export function startedOverText(times: number): string {
  return `started over ${counted(times, 'time', 'times')}`;
}

/** The page itself sends the bytes and looks for the device afterwards. */
const KEEP_OPEN = 'Keep this page open.';

/**
 * What to know meanwhile: which try comes when, and what is not lost; else that the page is needed.
 *
 * @param loss the try that comes next, or is under way, since something failed; null: nothing has
 * @param onHost whether the host that runs it is heard; absent: the page runs it
 */
export function meanwhileText(
  { phase, dialect, progress }: Pick<ActiveState, 'phase' | 'dialect' | 'progress'>,
  loss: { readonly next: number; readonly seconds: number } | null,
  onHost?: 'heard' | 'away',
): string {
  if (onHost === 'away') return HOST_AWAY;
  if (loss === null && phase !== 'waiting') return onHost === undefined ? KEEP_OPEN : HOST_RUNS;
  const { acknowledged, total } = progress;
  // Only a device that counts has said so; once it has everything it may restart.
  const isSafe = traitsOf(dialect)?.tellsCount === true && acknowledged > 0 && acknowledged < total;
  const tried =
    loss === null ? '' : loss.seconds > 0 ? `Try ${loss.next} in ${loss.seconds} s.` : `Try ${loss.next} now.`;
  return [tried, isSafe ? `${bytesInWords(acknowledged)} are safe on the device unless it restarts.` : '']
    .filter(Boolean)
    .join(' ');
}
