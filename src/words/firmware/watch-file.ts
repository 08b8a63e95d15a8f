/** What is said of the file that is watched for new builds. */
import type { WatchEvent } from '../../model/firmware/watched-file.ts';
import { momentInWords } from '../device/moments.ts';

export const HOW_IT_WORKS =
  'Choose the file that your build writes. Each new build is checked when it appears, and sent if you ask for that. While this page is hidden, the browser may look only once a minute.';
/** The file's name follows. */
export const WATCHING = 'Watching';
export const SEND_TO = 'Send each new build to';
export const NO_DEVICE = 'No device, just show it';
export const STOP_WATCHING = 'Stop watching';

/** @param now milliseconds since 1970 */
export function watchText(event: WatchEvent, now: number): string {
  switch (event.kind) {
    case 'waiting':
      return 'Unchanged. A new build is picked up one second after it is written.';
    case 'settling':
      return 'It is being written.';
    case 'missing':
      return 'It’s missing or can’t be read at the moment. Moult keeps looking.';
    case 'refused':
      return `This build can’t be used. ${event.told ?? 'Another file was chosen while it was read.'}`;
    case 'ready':
      return `${event.version ?? 'The build'} has been chosen since ${momentInWords(event.at, now)}.`;
    case 'held':
      return 'A new build is ready. It is sent when no update or rollout is running, here or in another tab.';
    case 'sent':
      return `${event.version ?? 'The build'} was sent to ${event.device}, ${momentInWords(event.at, now)}. Its card shows the result.`;
  }
}
